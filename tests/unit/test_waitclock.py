"""The wait clock's figures, from what the desk shows it (NEEDS A6)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from socialdesk.domain.calendars import Calendar, Shift, Timeline, timeline
from socialdesk.domain.waitclock import (
    ENOUGH,
    Answer,
    Expected,
    Promised,
    Seen,
    estimate,
    hands_lately,
    honesty,
)

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)  # Wednesday, 12:00 in Madrid
MINUTE = timedelta(minutes=1)
ALWAYS = timeline(Calendar())
SHOP = timeline(Calendar("Europe/Madrid", ((Shift(600, 840), Shift(1020, 1200)),) * 5 + ((), ())))
"""10-14 and 17-20 from Monday to Friday."""


def steady(now: datetime, each: int = 5, *, many: int = 40, agents: int = 1) -> list[Answer]:
    """A desk that has long been busy: every agent answers one customer each so many minutes."""
    answers = []
    for number in range(many):
        at = now - each * MINUTE * (number // agents) - timedelta(seconds=20)
        answers.append(Answer(at - 4 * each * MINUTE, at, f"agent {number % agents}"))
    return answers


def clock(
    now: datetime, waiting: int, answers: list[Answer], hours: Timeline = ALWAYS, hands: int = 1
) -> Expected:
    since = [now - MINUTE * (number + 1) / 2 for number in range(waiting)]
    return estimate(Seen(now, since, answers, hands, hours))


def minutes(seconds: int | None) -> float:
    assert seconds is not None
    return seconds / 60


def test_a6_whoever_writes_now_comes_after_those_who_wait() -> None:
    """Twelve before you, five minutes each: about an hour; with three at work, about twenty minutes."""
    one = clock(NOON, 12, steady(NOON))
    three = clock(NOON, 12, steady(NOON, agents=3, many=90), hands=3)
    assert 50 <= minutes(one.expected) <= 75
    assert 15 <= minutes(three.expected) <= 32
    assert one.waiting == 12


def test_a6_a_longer_queue_is_a_longer_wait_and_the_range_holds_the_middle() -> None:
    waits = [clock(NOON, many, steady(NOON)) for many in (2, 6, 12, 30)]
    assert sorted(minutes(wait.expected) for wait in waits) == [minutes(wait.expected) for wait in waits]
    for wait in waits:
        assert 0 < minutes(wait.low) <= minutes(wait.expected) <= minutes(wait.high)


def test_a6_the_newest_answers_count_most() -> None:
    slow_now = [*steady(NOON - timedelta(hours=3), 4), *steady(NOON, 12, many=15)]
    assert minutes(clock(NOON, 5, slow_now).expected) > 1.5 * minutes(
        clock(NOON, 5, steady(NOON, 4)).expected
    )


def test_a5_a6_out_of_hours_the_wait_runs_to_the_next_opening() -> None:
    """At 15:00 the shop is closed until 17:00; the customer's own wait counts the siesta."""
    siesta = NOON + timedelta(hours=3)
    wait = clock(siesta, 0, steady(NOON + timedelta(hours=1, minutes=50)), SHOP)
    assert not wait.open_now
    assert wait.opens_at == wait.answers_from == NOON + timedelta(hours=5)
    assert 120 <= minutes(wait.low) <= minutes(wait.expected) <= minutes(wait.high) <= 180


def test_a5_a6_what_does_not_fit_before_closing_time_is_answered_after_it() -> None:
    """At 13:50, twelve wait: they take an hour, and ten minutes are left; the shop opens again at 17:00."""
    wait = clock(NOON + timedelta(minutes=110), 12, steady(NOON + timedelta(minutes=110)), SHOP)
    assert wait.open_now and wait.opens_at is None
    assert wait.answers_from == NOON + timedelta(hours=5)
    assert minutes(wait.expected) > 190


def test_a5_a6_the_night_makes_nobody_slow() -> None:
    """Answers of yesterday evening and this morning: the closed hours between them are no pace."""
    opening = NOON - timedelta(hours=2)
    answers = [
        *steady(opening - timedelta(hours=14, minutes=1), 5),
        Answer(opening, opening + 5 * MINUTE, "agent 0"),
    ]
    assert minutes(clock(opening + 5 * MINUTE, 3, answers, SHOP).high) < 60


def test_a6_a_desk_where_nobody_answers_says_more_from_minute_to_minute() -> None:
    answers = steady(NOON)
    asked = [NOON - MINUTE]
    later = [estimate(Seen(NOON + gone * MINUTE, asked, answers, 1, ALWAYS)) for gone in (1, 60, 120)]
    waits = [minutes(wait.expected) for wait in later]
    assert waits[0] < 20 and waits[1] > waits[0] + 15 and waits[2] > waits[1] + 30


def test_a6_those_whom_everybody_passes_over_are_in_front_of_nobody() -> None:
    """Five hundred comments of last year that nobody will answer do not make a customer wait for weeks."""
    old = [NOON - timedelta(days=300, minutes=number) for number in range(500)]
    wait = estimate(Seen(NOON, old, steady(NOON), 1, ALWAYS))
    assert wait.waiting == 500 and minutes(wait.high) < 60


def test_a6_a_desk_that_has_answered_nobody_yet_says_nothing() -> None:
    wait = clock(NOON, 3, [])
    assert (wait.low, wait.expected, wait.high) == (None, None, None)
    assert wait.waiting == 3 and wait.open_now


def test_a6_a_business_that_never_opens_again_says_nothing() -> None:
    closed = timeline(Calendar(week=((),) * 7))
    wait = clock(NOON, 1, steady(NOON), closed)
    assert (wait.expected, wait.opens_at, wait.open_now) == (None, None, False)


def test_a6_hands_are_those_who_answered_in_the_last_open_hour() -> None:
    """In the morning those of yesterday evening count: the hour between is the shop's, not the night's."""
    evening = datetime(2026, 11, 17, 18, 50, tzinfo=UTC)
    answers = [Answer(evening - MINUTE, evening, "ana"), Answer(evening, evening + 5 * MINUTE, "luis")]
    answers.append(Answer(evening - timedelta(hours=2), evening - timedelta(hours=1, minutes=30), "eva"))
    morning = datetime(2026, 11, 18, 9, 20, tzinfo=UTC)
    assert hands_lately(answers, morning, SHOP) == 2
    assert hands_lately(answers, morning, ALWAYS) == 0


def test_a6_the_clock_is_held_to_what_it_said() -> None:
    """Said 20 minutes at noon: one answered after 10, one after 30, one still waiting after 25, one after 5."""
    said = [Promised(NOON, 300, 600, 1200)]
    answered = [Answer(NOON, NOON + 10 * MINUTE), Answer(NOON, NOON + 30 * MINUTE)]
    now = NOON + 40 * MINUTE
    found = honesty(said, answered, [now - 25 * MINUTE, now - 5 * MINUTE], now)
    assert (found.customers, found.kept, found.share) == (3, 1, 1 / 3)


def test_a6_nobody_is_counted_who_could_read_no_figure() -> None:
    said = [Promised(NOON, 300, 600, 1200)]
    before = Answer(NOON - MINUTE, NOON)
    stale = Answer(NOON + timedelta(hours=2), NOON + timedelta(hours=9))
    assert honesty(said, [before, stale], [], NOON + timedelta(days=1)).share is None


@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(0, 60), st.integers(0, 10_000))
def test_a6_whatever_happened_the_figures_are_in_order_and_finite(
    seed: int, many: int, waiting: int, minute: int
) -> None:
    luck = random.Random(seed)
    now = NOON + minute * MINUTE
    answers = []
    for _ in range(many):
        at = now - luck.random() * timedelta(days=12)
        answers.append(
            Answer(at - luck.random() ** 3 * timedelta(days=2), at, luck.choice(["", "ana", "luis"]))
        )
    waits = [now - luck.random() ** 2 * timedelta(days=3) for _ in range(waiting)]
    for hours in (ALWAYS, SHOP):
        found = estimate(Seen(now, waits, answers, hands_lately(answers, now, hours), hours))
        if len(answers) < ENOUGH:
            assert found.low is found.expected is found.high is None
        else:
            assert 0 <= minutes(found.low) <= minutes(found.expected) <= minutes(found.high) < 10**7
        assert (found.opens_at is None) == found.open_now
