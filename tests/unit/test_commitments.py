"""What we promise in an answer stands in the queue until it is kept (needs A1, C7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.domain.answers import Promise
from socialdesk.domain.models import Box, Delivery, QueueRow, State, View
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import accounts, outbox
from socialdesk.storage.database import Database
from socialdesk.storage.outbox import Sent

ALL, DONE, LATE = View("all"), View("done", Box.DONE), View("late", late=True)
CALL = Promise("te llamamos mañana", NOW + 20 * HOUR)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def leave(shop: Shop) -> None:
    """Let the sender take the next reply that is due."""
    account = accounts.account(shop.database.read(), "lola")
    job = outbox.next_job(shop.database.read(), account.id, shop.clock.now(), timedelta())
    assert job is not None
    with shop.database.write() as c:
        assert outbox.begin(c, job, f"k{job.id}", shop.clock.now(), shop.clock.now())
        sent = Sent(f"r{job.id}", "", shop.clock.now())
        assert outbox.sent(c, account, "us", job, Delivery.SENDING, sent, shop.clock.now())


def promised(shop: Shop) -> int:
    """Return a conversation in which we have promised to call."""
    conversation = shop.write(ago=HOUR)
    shop.desk.reply(conversation, "Sí, te llamamos mañana", now=True, commitments=[CALL])
    leave(shop)
    return conversation


def only(shop: Shop, view: View = ALL) -> QueueRow:
    (row,) = shop.desk.queue(view).rows
    return row


def test_c7_a_promise_counts_from_the_moment_its_reply_has_left(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.reply(conversation, "Sí, te llamamos mañana", now=True, commitments=[CALL])
    assert shop.desk.row(conversation).commit_at is None
    assert [one.made_at for one in shop.desk.commitments(conversation)] == [None]
    leave(shop)
    row = only(shop)
    assert (row.commit_at, row.commitment, row.state) == (CALL.due_at, CALL.text, State.ANSWERED)
    assert [one.made_at for one in shop.desk.commitments(conversation)] == [NOW]


def test_c7_a_reply_that_is_taken_back_or_given_up_promises_nothing(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.undo_reply(shop.desk.reply(conversation, "te llamamos mañana", commitments=[CALL]).id)
    assert shop.desk.commitments(conversation) == []
    failed = shop.desk.reply(conversation, "te llamamos mañana", commitments=[CALL]).id
    shop.move(failed, Delivery.QUEUED, Delivery.SENDING, Delivery.FAILED)
    assert shop.desk.row(conversation).commit_at is None
    shop.desk.discard(failed)
    assert shop.desk.commitments(conversation) == []


def test_c7_a_promise_marked_as_sent_by_a_person_counts(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    reply = shop.desk.reply(conversation, "te llamamos mañana", commitments=[CALL]).id
    shop.move(reply, Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.NEEDS_PERSON)
    shop.desk.mark_sent(reply)
    assert shop.desk.row(conversation).commit_at == CALL.due_at


def test_a1_a_promise_sorts_as_a_deadline_does_and_is_late_as_one(shop: Shop) -> None:
    answered = promised(shop)
    waiting = shop.write(who="leo")
    assert [row.id for row in shop.desk.queue(ALL).rows] == [waiting, answered]
    assert shop.desk.counts().waiting == 2
    shop.clock.moment = NOW + 20 * HOUR + timedelta(minutes=1)
    fresh = shop.write(who="eva")
    assert [row.id for row in shop.desk.queue(ALL).rows] == [waiting, answered, fresh]
    assert [row.id for row in shop.desk.queue(LATE).rows] == [waiting, answered]
    assert shop.desk.counts().late == 2


def test_a1_the_earlier_of_promise_and_deadline_counts(shop: Shop) -> None:
    conversation = promised(shop)
    shop.later(1)
    shop.write("¿y bien?")
    row = only(shop)
    assert row.due_at is not None and row.commit_at is not None
    assert row.state is State.WAITING
    assert row.urgency == min(row.due_at, row.commit_at).timestamp() * 1000
    shop.desk.add_commitment(conversation, "el vale sale hoy", NOW + 2 * HOUR)
    row = only(shop)
    assert (row.commitment, row.urgency) == ("el vale sale hoy", (NOW + 2 * HOUR).timestamp() * 1000)


def test_c7_a_promise_without_a_moment_is_due_a_day_later(shop: Shop) -> None:
    conversation = shop.write()
    shop.desk.reply(conversation, "te avisaremos", now=True, commitments=[Promise("te avisaremos")])
    leave(shop)
    assert only(shop).commit_at == NOW + 24 * HOUR


def test_c7_resolving_settles_what_was_promised_and_undo_brings_it_back(shop: Shop) -> None:
    conversation = promised(shop)
    shop.desk.add_commitment(conversation, "otra cosa", NOW + HOUR)
    other = shop.desk.commitments(conversation)[0]
    shop.desk.keep_commitment(other.id)
    undo = shop.desk.resolve(conversation)
    assert only(shop, DONE).commit_at is None
    assert {one.outcome for one in shop.desk.commitments(conversation)} == {"kept", "resolved"}
    shop.desk.undo(undo)
    assert only(shop).commit_at == CALL.due_at
    assert {one.outcome for one in shop.desk.commitments(conversation)} == {"kept", ""}


def test_c7_what_was_on_its_way_when_its_conversation_was_resolved_stays_settled(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.reply(conversation, "te llamamos mañana", now=True, commitments=[CALL])
    undo = shop.desk.resolve(conversation)
    leave(shop)
    assert only(shop, DONE).commit_at is None
    shop.desk.undo(undo)
    assert only(shop).commit_at == CALL.due_at


def test_a1_a_promise_outlives_no_reply_needed(shop: Shop) -> None:
    conversation = promised(shop)
    shop.later(1)
    shop.write("¡gracias!")
    shop.desk.no_reply_needed(conversation)
    row = only(shop)
    assert (row.state, row.commit_at) == (State.ANSWERED, CALL.due_at)
    shop.desk.keep_commitment(shop.desk.commitments(conversation)[0].id)
    assert only(shop).commit_at is None


def test_c7_a_person_keeps_or_cancels_a_promise_once_and_may_think_again(shop: Shop) -> None:
    conversation = promised(shop)
    (one,) = shop.desk.commitments(conversation)
    shop.desk.cancel_commitment(one.id)
    assert only(shop).commit_at is None
    with pytest.raises(Refused):
        shop.desk.keep_commitment(one.id)
    shop.desk.reopen_commitment(one.id)
    assert only(shop).commit_at == CALL.due_at
    shop.desk.keep_commitment(one.id)
    assert [(c.outcome, c.ended_at) for c in shop.desk.commitments(conversation)] == [("kept", NOW)]
    with pytest.raises(NotFound):
        shop.desk.keep_commitment(999)


def test_a1_a_promise_of_ours_warns_before_it_is_due_once(shop: Shop) -> None:
    conversation = promised(shop)
    shop.later(1)
    assert shop.desk.warnings() == []
    shop.later(18)
    (warned,) = shop.desk.warnings()
    assert (warned.conversation_id, warned.due_at) == (conversation, CALL.due_at)
    assert shop.desk.warnings() == []


def test_a1_a_kept_promise_warns_of_nothing(shop: Shop) -> None:
    conversation = promised(shop)
    shop.desk.keep_commitment(shop.desk.commitments(conversation)[0].id)
    shop.later(19)
    assert shop.desk.warnings() == []


def test_a1_a_put_away_conversation_whose_promise_is_late_is_counted(shop: Shop) -> None:
    conversation = promised(shop)
    shop.desk.snooze(conversation, NOW + 40 * HOUR)
    shop.later(21)
    assert shop.desk.counts().snoozed_late == 1


def test_a1_a_promise_is_not_slept_through(shop: Shop) -> None:
    conversation = promised(shop)
    shop.desk.snooze(conversation, NOW + 48 * HOUR)
    assert shop.desk.row(conversation).snoozed_until == CALL.due_at
    shop.clock.moment += timedelta(hours=21)
    assert shop.desk.wake() == 1
    assert only(shop).id == conversation
    # By now it is overdue, and whoever snoozes it again has seen that.
    shop.desk.snooze(conversation, NOW + 48 * HOUR)
    assert shop.desk.row(conversation).snoozed_until == NOW + 48 * HOUR


def test_a1_a_promise_made_while_snoozed_brings_the_conversation_back(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.snooze(conversation, NOW + 48 * HOUR)
    shop.desk.add_commitment(conversation, "llamar", NOW + 2 * HOUR)
    assert shop.desk.row(conversation).snoozed_until == NOW + 2 * HOUR


def test_c7_a_promise_of_nothing_or_for_an_absurd_date_is_refused(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    years = timedelta(days=366)
    for text, due_at, code in (
        (" \n", NOW + HOUR, "no_promise"),
        ("\x1b[2J", NOW + HOUR, "no_promise"),
        ("llamar", NOW, "past"),
        ("llamar", NOW - 40 * years, "past"),
        ("llamar", NOW + 1000 * years, "promise_date"),
    ):
        with pytest.raises(Refused) as caught:
            shop.desk.add_commitment(conversation, text, due_at)
        assert caught.value.code == code
    with pytest.raises(NotFound):
        shop.desk.add_commitment(99, "llamar", NOW + HOUR)
    assert shop.desk.commitments(conversation) == []


@pytest.mark.parametrize("promise", [Promise("  ", NOW + HOUR), Promise("llamar", NOW - 40 * 24 * HOUR)])
def test_c7_an_answer_with_such_a_promise_stays_a_draft(shop: Shop, promise: Promise) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.save_draft(conversation, "Sí, te llamamos")
    with pytest.raises(Refused):
        shop.desk.reply(conversation, "Sí, te llamamos", commitments=[promise])
    assert shop.desk.outbox() == []
    assert shop.desk.thread(conversation).draft == "Sí, te llamamos"
