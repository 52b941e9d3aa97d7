"""What is promised, when it falls due, and the arithmetic of it (NEEDS A2, A3, A4, A5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.domain.calendars import ALWAYS, Calendar, Shift, timeline, zone
from socialdesk.domain.models import Direction
from socialdesk.domain.promises import (
    PRESETS,
    Guess,
    Kept,
    Policy,
    Rule,
    Runs,
    Step,
    due,
    kept_for,
    situation_of,
    steps,
)
from socialdesk.domain.waiting import Heard, wait_of

MADRID = zone("Europe/Madrid")
HOUR = timedelta(hours=1)
SPLIT = (Shift(10 * 60, 14 * 60), Shift(17 * 60, 20 * 60))
SHOP = Calendar("Europe/Madrid", (SPLIT,) * 5 + ((), ()))
OPEN_HOURS = Policy(calendars={"Sol": SHOP})


def madrid(*parts: int) -> datetime:
    """An instant by Madrid's wall clock."""
    return datetime(*parts, tzinfo=MADRID)  # type: ignore[arg-type,misc]


def wall(moment: datetime | None) -> str:
    """What Madrid's wall clock shows."""
    return "" if moment is None else f"{moment.astimezone(MADRID):%a %d %H:%M}"


# A4: the sources' own case


ASKED, INSISTED, ANSWERED = madrid(2012, 10, 18, 20), madrid(2012, 10, 19, 14), madrid(2012, 10, 22, 13, 30)


def test_a4_the_sources_case_waits_from_the_first_message_and_counts_the_nudge() -> None:
    heard = [Heard(Direction.IN, at, at) for at in (ASKED, INSISTED)]
    wait = wait_of(heard)
    assert (wait.since, wait.nudges) == (ASKED, 1)
    assert wait.since is not None
    assert ANSWERED - wait.since == timedelta(hours=89, minutes=30)
    answer = Heard(Direction.OUT, ANSWERED, ANSWERED, from_desk=True)
    assert wait_of([*heard, answer]).since is None


def test_a4_around_the_clock_the_promise_of_24_hours_is_broken_on_friday_at_20_00() -> None:
    found = due(Policy(), "Sol", "facebook", "", ASKED)
    assert found.at == madrid(2012, 10, 19, 20)
    assert (found.promise, found.runs) == (24 * HOUR, Runs.WALL)


def test_a4_in_opening_hours_the_same_promise_holds_until_wednesday_at_13_00() -> None:
    found = due(OPEN_HOURS, "Sol", "facebook", "", ASKED)
    assert found.at == madrid(2012, 10, 24, 13)
    assert (found.runs, found.opening_seconds) == (Runs.OPENING, 86_400)
    assert timeline(SHOP).open_seconds(ASKED, ANSWERED) == 10.5 * 3_600


def test_a4_the_arithmetic_of_the_same_case_shift_by_shift() -> None:
    told = steps(OPEN_HOURS, "Sol", "facebook", "", ASKED)
    assert [(step.kind, wall(step.start), wall(step.end), step.seconds // 3600, step.left // 3600) for step in told] == [
        ("started", "Thu 18 20:00", "", 0, 24),
        ("promise", "Thu 18 20:00", "", 24, 24),
        ("closed", "Thu 18 20:00", "Fri 19 10:00", 0, 24),
        ("shift", "Fri 19 10:00", "Fri 19 14:00", 4, 20),
        ("closed", "Fri 19 14:00", "Fri 19 17:00", 0, 20),
        ("shift", "Fri 19 17:00", "Fri 19 20:00", 3, 17),
        ("closed", "Fri 19 20:00", "Mon 22 10:00", 0, 17),
        ("shift", "Mon 22 10:00", "Mon 22 14:00", 4, 13),
        ("closed", "Mon 22 14:00", "Mon 22 17:00", 0, 13),
        ("shift", "Mon 22 17:00", "Mon 22 20:00", 3, 10),
        ("closed", "Mon 22 20:00", "Tue 23 10:00", 0, 10),
        ("shift", "Tue 23 10:00", "Tue 23 14:00", 4, 6),
        ("closed", "Tue 23 14:00", "Tue 23 17:00", 0, 6),
        ("shift", "Tue 23 17:00", "Tue 23 20:00", 3, 3),
        ("closed", "Tue 23 20:00", "Wed 24 10:00", 0, 3),
        ("shift", "Wed 24 10:00", "Wed 24 13:00", 3, 0),
        ("due", "Wed 24 13:00", "", 24, 0),
    ]  # fmt: skip


# A2, A3: which promise


@pytest.mark.parametrize(
    ("channel", "situation", "promise"),
    [
        ("x", "", 5 * HOUR),
        ("facebook", "", 24 * HOUR),
        ("google", "", 24 * HOUR),
        ("bluesky", "", 5 * HOUR),
        ("facebook", "advanced", HOUR),
        ("facebook", "stranded", HOUR / 4),
        ("x", "can_wait", 24 * HOUR),
        ("x", "of nobody's making", 5 * HOUR),
    ],
)
def test_a2_a3_the_presets_are_those_of_the_sources(channel: str, situation: str, promise: timedelta) -> None:
    assert kept_for(Policy(), "Sol", channel, situation) == Kept(promise, promise, None, Runs.WALL)


def test_a2_the_most_specific_rule_wins_for_each_field_apart() -> None:
    policy = Policy(
        rules=(
            *PRESETS,
            Rule(Kept(first=2 * HOUR, next=HOUR, resolution=48 * HOUR), brand="Sol"),
            Rule(Kept(first=3 * HOUR), channel="x"),
            Rule(Kept(first=4 * HOUR), brand="Sol", channel="x"),
            Rule(Kept(next=HOUR / 2), situation="refund"),
            Rule(Kept(resolution=72 * HOUR), brand="Sol", situation="refund"),
        )
    )
    assert kept_for(policy, "Luna", "x", "") == Kept(3 * HOUR, 3 * HOUR, None, Runs.WALL)
    assert kept_for(policy, "Sol", "facebook", "") == Kept(2 * HOUR, HOUR, 48 * HOUR, Runs.WALL)
    assert kept_for(policy, "Sol", "x", "") == Kept(4 * HOUR, HOUR, 48 * HOUR, Runs.WALL)
    assert kept_for(policy, "Sol", "x", "refund") == Kept(4 * HOUR, HOUR / 2, 72 * HOUR, Runs.WALL)
    assert kept_for(policy, "Luna", "x", "refund") == Kept(3 * HOUR, HOUR / 2, None, Runs.WALL)


def test_a2_an_own_rule_takes_the_place_of_a_preset_of_the_same_kind() -> None:
    policy = Policy(
        rules=(*PRESETS, Rule(Kept(first=HOUR)), Rule(Kept(first=8 * HOUR), situation="advanced"))
    )
    assert kept_for(policy, "Sol", "bluesky", "").first == HOUR
    assert kept_for(policy, "Sol", "facebook", "").first == 24 * HOUR
    assert kept_for(policy, "Sol", "facebook", "advanced").first == 8 * HOUR


def test_a2_a_desk_without_any_rule_still_promises_five_hours() -> None:
    assert kept_for(Policy(rules=()), "Sol", "x", "") == Kept(5 * HOUR, 5 * HOUR, None, Runs.WALL)
    assert due(Policy(rules=()), "Sol", "x", "", ASKED, "next").at == ASKED + 5 * HOUR


def test_a3_who_is_stranded_is_answered_at_night_as_well() -> None:
    found = due(OPEN_HOURS, "Sol", "x", "stranded", ASKED)
    assert (found.at, found.runs) == (ASKED + HOUR / 4, Runs.WALL)
    assert found.rule.situation == "stranded"


def test_a5_a_brand_says_whether_its_promises_run_in_opening_hours() -> None:
    on_the_wall = OPEN_HOURS._replace(runs={"Sol": Runs.WALL})
    assert due(on_the_wall, "Sol", "x", "", ASKED).at == ASKED + 5 * HOUR
    assert due(OPEN_HOURS, "Sol", "x", "", ASKED).at == madrid(2012, 10, 19, 18)
    assert due(OPEN_HOURS, "Luna", "x", "", ASKED).at == ASKED + 5 * HOUR
    by_rule = on_the_wall._replace(rules=(*PRESETS, Rule(Kept(runs=Runs.OPENING), channel="x")))
    assert due(by_rule, "Sol", "x", "", ASKED).at == madrid(2012, 10, 19, 18)


def test_a2_nothing_promised_for_the_whole_case_is_no_deadline() -> None:
    found = due(Policy(), "Sol", "x", "", ASKED, "resolution")
    assert (found.at, found.promise) == (None, timedelta(0))
    assert [step.kind for step in steps(Policy(), "Sol", "x", "", ASKED, "resolution")] == [
        "started",
        "promise",
        "due",
    ]


# A5: the arithmetic


def kinds(told: tuple[Step, ...]) -> list[tuple[str, str, str, str]]:
    """Kind, beginning, end and note of the steps after the first two."""
    return [(step.kind, wall(step.start), wall(step.end), step.note) for step in told[2:]]


def test_a5_holidays_are_told_by_name_and_those_in_a_row_as_one() -> None:
    august = {date(2026, 8, day): "Vacaciones" for day in range(1, 17)}
    policy = Policy(calendars={"Sol": SHOP._replace(closed={date(2026, 7, 31): "Fiesta", **august})})
    assert kinds(steps(policy, "Sol", "x", "", madrid(2026, 7, 30, 18))) == [
        ("shift", "Thu 30 18:00", "Thu 30 20:00", ""),
        ("closed", "Thu 30 20:00", "Fri 31 00:00", ""),
        ("day_off", "Fri 31 00:00", "Sat 01 00:00", "Fiesta"),
        ("day_off", "Sat 01 00:00", "Mon 17 00:00", "Vacaciones"),
        ("closed", "Mon 17 00:00", "Mon 17 10:00", ""),
        ("shift", "Mon 17 10:00", "Mon 17 13:00", ""),
        ("due", "Mon 17 13:00", "", ""),
    ]


def test_a5_a_change_of_the_clock_is_told_when_it_moves_a_deadline() -> None:
    night = Policy(calendars={"Sol": Calendar("Europe/Madrid", ALWAYS)})
    told = steps(night, "Sol", "x", "", madrid(2026, 10, 25, 0))
    assert kinds(told) == [
        ("shift", "Sun 25 00:00", "Sun 25 04:00", ""),
        ("clock_change", "Sun 25 02:00", "", ""),
        ("due", "Sun 25 04:00", "", ""),
    ]
    assert (told[3].seconds, told[3].left) == (-3_600, 2 * 3_600)
    on_the_wall = night._replace(runs={"Sol": Runs.WALL})
    assert kinds(steps(on_the_wall, "Sol", "x", "", madrid(2026, 3, 29, 0)))[:2] == [
        ("wall", "Sun 29 00:00", "Sun 29 06:00", ""),
        ("clock_change", "Sun 29 03:00", "", ""),
    ]


def test_a5_the_arithmetic_names_what_its_rule_names() -> None:
    policy = Policy(rules=(*PRESETS, Rule(Kept(first=HOUR), brand="Sol", channel="x")))
    assert steps(policy, "Sol", "x", "", ASKED)[1].note == "brand+channel"
    assert steps(policy, "Luna", "x", "", ASKED)[1].note == "channel"
    assert steps(policy, "Luna", "bluesky", "", ASKED)[1].note == ""


def test_a5_a_very_long_promise_is_told_in_few_steps_that_add_up() -> None:
    policy = OPEN_HOURS._replace(rules=(Rule(Kept(first=500 * HOUR)),))
    told = steps(policy, "Sol", "x", "", ASKED)
    assert len(told) <= 60
    assert sum(step.seconds for step in told if step.kind == "shift") == 500 * 3_600
    assert [step.left for step in told] == sorted((step.left for step in told), reverse=True)
    assert any(int(step.note) > 10 for step in told if step.kind == "shift" and step.note)


def test_a5_a_shop_that_never_opens_again_has_no_deadline_and_says_so() -> None:
    shut = Policy(calendars={"Sol": Calendar("Europe/Madrid", ((),) * 7)})
    assert due(shut, "Sol", "x", "", ASKED).at is None
    assert kinds(steps(shut, "Sol", "x", "", ASKED)) == [
        ("closed", "Thu 18 20:00", "", ""),
        ("due", "Thu 18 20:00", "", "never"),
    ]


@given(
    st.datetimes(datetime(2012, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    st.integers(1, 400),
    st.sampled_from([OPEN_HOURS, Policy(), Policy(calendars={"Sol": Calendar("America/Santiago")})]),
)
def test_a5_the_steps_follow_each_other_without_a_gap_and_use_up_the_promise(
    start: datetime, hours: int, policy: Policy
) -> None:
    since = start.replace(tzinfo=UTC)
    policy = policy._replace(rules=(Rule(Kept(first=hours * HOUR)),))
    told = [step for step in steps(policy, "Sol", "x", "", since) if step.end or step.kind == "due"]
    spans = told[:-1]
    assert [step.start for step in told] == [since, *(step.end for step in spans)]
    assert sum(step.seconds for step in spans) == hours * 3_600
    assert spans[-1].left == 0
    assert len(told) <= 60


# A3: the situation


GUESSES = Policy(
    guesses=(
        Guess("vip", tag="VIP"),
        Guess("stranded", words=("aeropuerto", "me he quedado tirado", "vuelo"), language="es"),
        Guess("stranded", words=("airport",), language="en", channel="x"),
        Guess("refund", words=("devolución",)),
        Guess("broken", words=("¡!", "")),
        Guess("review", channel="google"),
    )
)


@pytest.mark.parametrize(
    ("text", "language", "channel", "tags", "situation"),
    [
        ("Estoy en el AEROPUERTO y nadie responde", "es", "facebook", (), "stranded"),
        ("Me he quedado TIRADO en Málaga", "es", "x", (), "stranded"),
        ("he quedado con un tirado", "es", "x", (), ""),
        ("los aeropuertos me gustan", "es", "x", (), ""),
        ("aeropuerto", "pt", "x", (), ""),
        ("I am at the airport!!", "en", "x", (), "stranded"),
        ("I am at the airport!!", "en", "facebook", (), ""),
        ("quiero una DEVOLUCION", "es", "x", (), "refund"),
        ("devolución de mi vuelo", "es", "x", (), "stranded"),
        ("hola", "es", "x", ("vip",), "vip"),
        ("hola", "es", "google", (), "review"),
        ("", "", "x", (), ""),
        ("¡!", "", "x", (), ""),
    ],
)
def test_a3_rules_propose_a_situation_by_words_language_channel_and_tag(
    text: str, language: str, channel: str, tags: tuple[str, ...], situation: str
) -> None:
    assert situation_of(GUESSES, text, language, channel, tags) == situation
