"""Which reply is due, and what holds it back (NEEDS A1, promises 1 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.trial import SECOND, Trial, send
from socialdesk.clock import ManualClock
from socialdesk.domain.models import Delivery
from socialdesk.domain.priority import to_ms
from socialdesk.storage.incoming import Person
from socialdesk.storage.outbox import Job, Sent


@pytest.fixture
def desk(clock: ManualClock) -> Iterator[Trial]:
    trial = Trial(clock)
    trial.add()
    trial.add("other")
    yield trial
    trial.close()


def test_a_job_holds_all_that_sending_needs(desk: Trial) -> None:
    desk.asked()
    number = desk.reply("hola")
    now = desk.clock.now()
    desk.write(
        "UPDATE outbox SET private = 1, key = 'k', attempts = 3, automatic = 1, opens = 1, first_attempt_at = ?,"
        " attempt_at = ?, state = 'retry_wait'",
        to_ms(now - 9 * SECOND),
        to_ms(now - 5 * SECOND),
    )
    assert desk.job() == Job(
        id=number,
        conversation_id=1,
        state=Delivery.RETRY_WAIT,
        text="hola",
        private=True,
        key="k",
        attempts=3,
        agent="me",
        first_attempt_at=now - 9 * SECOND,
        attempt_at=now - 5 * SECOND,
        conversation="c1-0",
        contact=Person("p1-0", "@p0", "Person 0"),
        reply_to={"uri": "u0"},
        reply_to_id="q1-0",
        automatic=True,
        opens=True,
        after=None,
    )


def test_a_reply_to_nothing_in_particular_can_be_sent(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    desk.write("UPDATE outbox SET reply_to = NULL")
    found = desk.job()
    assert (found.reply_to, found.reply_to_id) == ({}, "")
    assert (found.first_attempt_at, found.attempt_at, found.automatic, found.opens) == (
        None,
        None,
        False,
        False,
    )


def test_a_part_of_a_thread_answers_the_part_before_it_and_waits_for_it(desk: Trial) -> None:
    desk.asked()
    first, second = desk.reply("1/2"), desk.reply("2/2")
    desk.write("UPDATE outbox SET after_id = ? WHERE id = ?", first, second)
    desk.write("UPDATE outbox SET state = 'failed' WHERE id = ?", first)
    assert desk.next() is None
    desk.write("UPDATE outbox SET state = 'queued' WHERE id = ?", first)
    at = desk.clock.now()
    send(desk, Sent("r1", "", at, {"uri": "ur1"}))
    found = desk.job()
    assert (found.text, found.reply_to, found.reply_to_id, found.after) == ("2/2", {"uri": "ur1"}, "r1", at)
    desk.write("UPDATE message SET remote = '{}' WHERE remote_id = 'r1'")
    found = desk.job()
    assert (found.reply_to, found.reply_to_id) == ({"uri": "u0"}, "q1-0"), "nothing of ours to answer to"
    desk.write("UPDATE outbox SET after_id = NULL, public_of = ? WHERE id = ?", first, second)
    assert desk.job().after is None and desk.job().reply_to_id == "q1-0"


@pytest.mark.parametrize("state", list(Delivery))
def test_what_holds_back_the_later_replies_of_a_conversation(desk: Trial, state: Delivery) -> None:
    desk.asked()
    earlier = desk.reply("one")
    desk.reply("two")
    desk.write("UPDATE outbox SET state = ?, next_attempt_at = ? WHERE id = ?", state, far(desk), earlier)
    free = state in (Delivery.SENT, Delivery.CANCELLED, Delivery.NEEDS_PERSON, Delivery.FAILED)
    assert desk.text() == ("two" if free else "")


def far(desk: Trial) -> int:
    return to_ms(desk.clock.now() + timedelta(hours=1))


@pytest.mark.parametrize(("seconds", "holds"), [(0, True), (10, True), (11, False)])
def test_one_scheduled_for_later_than_the_hold_lets_others_pass(
    desk: Trial, seconds: int, holds: bool
) -> None:
    desk.asked()
    desk.reply("later", at=desk.clock.now() + seconds * SECOND)
    desk.reply("now")
    desk.write("UPDATE outbox SET next_attempt_at = next_attempt_at - 1 WHERE text = 'now'")
    assert (desk.text() != "now") is holds


def test_one_without_a_time_is_due_and_holds_back(desk: Trial) -> None:
    desk.asked()
    desk.reply("one", at=desk.clock.now())
    desk.reply("two")
    desk.write("UPDATE outbox SET next_attempt_at = NULL WHERE text = 'one'")
    assert desk.text() == "one"
    desk.write("UPDATE outbox SET account_id = 2 WHERE text = 'one'")
    assert desk.text() == ""


def test_what_has_been_due_for_longest_leaves_first_and_nothing_before_its_time(desk: Trial) -> None:
    desk.asked(3)
    for number, seconds in ((1, 5), (2, 3), (3, 5)):
        desk.reply(f"r{number}", conversation=number, at=desk.clock.now() + seconds * SECOND)
    assert desk.text(2.999 * SECOND) == ""
    assert desk.text(3 * SECOND) == "r2"
    assert desk.moment() == desk.clock.now() + 3 * SECOND
    desk.write("UPDATE outbox SET state = 'cancelled' WHERE text = 'r2'")
    assert desk.text(5 * SECOND) == "r1"
    assert desk.moment() == desk.clock.now() + 5 * SECOND
    assert desk.next(account=2, later=9 * SECOND) is None and desk.moment(account=2) is None


@pytest.mark.parametrize("state", list(Delivery))
def test_only_what_the_sender_may_touch_is_due(desk: Trial, state: Delivery) -> None:
    desk.asked()
    desk.reply("hola", state=state)
    due = state in (Delivery.QUEUED, Delivery.RETRY_WAIT, Delivery.UNKNOWN)
    assert (desk.next() is not None) is due
    desk.write("UPDATE outbox SET next_attempt_at = ?", far(desk))
    assert (desk.moment() is not None) is due
    assert desk.next() is None


def test_what_is_due_already_is_no_later_moment(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    assert desk.moment() is None


def test_an_unknown_outcome_is_cleared_up_whatever_became_of_the_part_before(desk: Trial) -> None:
    desk.asked()
    first, second = desk.reply("1/2", state="failed"), desk.reply("2/2", state="unknown")
    desk.write("UPDATE outbox SET after_id = ? WHERE id = ?", first, second)
    assert desk.text() == "2/2"
