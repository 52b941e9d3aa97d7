"""The pure rules: the wait clock (NEEDS A1, A4, B4), the order of the queue, the life of a reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.domain.models import Delivery, Direction
from socialdesk.domain.outbox import (
    NEEDS_ATTENTION,
    SETTLED,
    STEPS,
    UNDOABLE,
    Proof,
    Unknown,
    after_unknown,
    allowed,
)
from socialdesk.domain.priority import from_ms, to_ms, urgency
from socialdesk.domain.waiting import Heard, Wait, wait_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def asked(minute: int, known: int | None = None) -> Heard[datetime]:
    """What the customer wrote at that minute, known here at that or a later one."""
    return Heard(Direction.IN, NOW + minute * MINUTE, NOW + (minute if known is None else known) * MINUTE)


def answered(minute: int, *, from_desk: bool = False, left: int | None = None) -> Heard[datetime]:
    """What the brand wrote at that minute."""
    known = NOW + (minute if left is None else left) * MINUTE
    return Heard(Direction.OUT, NOW + minute * MINUTE, known, from_desk)


@pytest.mark.parametrize(
    ("messages", "settled", "wait"),
    [
        ([], None, Wait(None)),
        ([asked(1), asked(5), asked(9)], None, Wait(NOW + MINUTE, 2)),
        ([asked(1), answered(2)], None, Wait(None)),
        ([asked(1), answered(2), asked(3)], None, Wait(NOW + 3 * MINUTE)),
        ([answered(2)], None, Wait(None)),
        # It was written before our answer left, and we could not know it.
        ([asked(1, known=9), answered(5, from_desk=True)], None, Wait(NOW + MINUTE)),
        ([asked(1, known=9), answered(5)], None, Wait(None)),
        ([asked(1), asked(2)], 3, Wait(None)),
        ([asked(1), asked(4)], 3, Wait(NOW + 4 * MINUTE)),
        ([asked(1, known=4)], 3, Wait(NOW + MINUTE)),
    ],
)
def test_the_customer_waits_from_the_first_unanswered_message(
    messages: list[Heard[datetime]], settled: int | None, wait: Wait[datetime]
) -> None:
    settled_at = None if settled is None else NOW + settled * MINUTE
    assert wait_of(messages, settled_at) == wait
    assert wait_of(reversed(messages), settled_at) == wait


@given(st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_keep_a_moment_and_its_order(moment: datetime) -> None:
    kept = from_ms(to_ms(moment))
    assert timedelta() <= moment - kept < timedelta(milliseconds=1)


def test_deadlines_come_first_then_the_most_recent_answer() -> None:
    keys = [
        urgency(NOW - MINUTE, NOW),
        urgency(NOW + MINUTE, NOW),
        urgency(None, NOW),
        urgency(None, NOW - MINUTE),
    ]
    assert keys == sorted(keys)
    assert keys[0] < to_ms(NOW) < keys[1]


def test_the_life_of_a_reply_ends_and_every_state_has_its_place() -> None:
    assert set(STEPS) == set(Delivery)
    assert {state for state in Delivery if not STEPS[state]} == SETTLED
    assert not NEEDS_ATTENTION & SETTLED
    for state in Delivery:
        reached, ahead = {state}, [state]
        while ahead:
            for following in STEPS[ahead.pop()] - reached:
                reached.add(following)
                ahead.append(following)
        assert reached & SETTLED, f"{state} never ends"


def test_what_may_have_left_is_never_taken_back_or_sent_from_a_settled_state() -> None:
    assert all(allowed(state, Delivery.CANCELLED) for state in UNDOABLE)
    assert not allowed(Delivery.SENDING, Delivery.CANCELLED)
    assert not allowed(Delivery.SENDING, Delivery.QUEUED)
    assert not allowed(Delivery.UNKNOWN, Delivery.QUEUED)
    assert {state for state in Delivery if allowed(state, Delivery.SENDING)} == {
        Delivery.QUEUED,
        Delivery.RETRY_WAIT,
        Delivery.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("proof", "age", "then"),
    [
        (Proof.KEY, 1, Unknown.REPEAT),
        (Proof.KEY, 60, Unknown.ASK_PERSON),
        (Proof.READ_BACK, 600, Unknown.LOOK),
        (Proof.NEITHER, 0, Unknown.ASK_PERSON),
    ],
)
def test_an_unknown_outcome_is_repeated_only_where_that_is_safe(
    proof: Proof, age: int, then: Unknown
) -> None:
    assert after_unknown(proof, age * MINUTE, timedelta(hours=1)) is then
