"""What starts a customer's clock, what stops it, and what does not (NEEDS A1, A4, B4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.calendars.spec import PolicySpec
from socialdesk.domain.models import Delivery, State
from socialdesk.domain.promises import PRESETS, Kept, Rule
from socialdesk.storage.database import Database

D = Delivery
MINUTE = HOUR / 60


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk that promises a first reply in four hours, a next one in two, a solution in three days."""
    own = Rule(Kept(4 * HOUR, 2 * HOUR, 72 * HOUR))
    database = Database(tmp_path / "desk.db")
    made = Shop(database)
    made.desk.adopt_policy(PolicySpec(rules=(*PRESETS, own)))
    yield made
    database.close()


def clock(shop: Shop, conversation: int) -> tuple[datetime | None, int, datetime | None, str]:
    """The wait as the queue shows it: since, nudges, due, which promise."""
    row = shop.desk.row(conversation)
    return row.waiting_since, row.nudges, row.due_at, row.promise


def answer(shop: Shop, *states: Delivery) -> None:
    """Answer the only conversation and take the reply through those states."""
    reply = shop.desk.reply(1, "Lo miramos", now=True)
    shop.move(reply.id, D.QUEUED, *states)


def test_a4_the_clock_runs_from_the_first_unanswered_message_and_counts_the_nudges(shop: Shop) -> None:
    conversation = shop.write(ago=3 * HOUR)
    shop.write("¿hola?", ago=2 * HOUR)
    shop.write("¿¿hola??", ago=HOUR)
    assert clock(shop, conversation) == (NOW - 3 * HOUR, 2, NOW + HOUR, "first")


@pytest.mark.parametrize(
    "states",
    [
        (),
        (D.SENDING,),
        (D.SENDING, D.RETRY_WAIT),
        (D.SENDING, D.UNKNOWN),
        (D.SENDING, D.UNKNOWN, D.NEEDS_PERSON),
        (D.SENDING, D.FAILED),
        (D.CANCELLED,),
    ],
)
def test_a1_only_a_reply_that_has_really_left_stops_the_clock(
    shop: Shop, states: tuple[Delivery, ...]
) -> None:
    """Held, being sent, to be tried again, of unknown outcome, failed, taken back: the customer still waits."""
    conversation = shop.write(ago=HOUR)
    answer(shop, *states)
    shop.later(0.5)
    shop.write("¿hola?")
    assert clock(shop, conversation) == (NOW - HOUR, 1, NOW + 3 * HOUR, "first")
    assert shop.desk.row(conversation).state is State.WAITING


def test_a1_a_reply_that_awaits_approval_stops_no_clock(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    reply = shop.desk.reply(conversation, "Lo miramos")
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'awaiting_approval' WHERE id = ?", (reply.id,))
    shop.write("¿hola?")
    assert clock(shop, conversation) == (NOW - HOUR, 1, NOW + 3 * HOUR, "first")


def test_a1_a_reply_that_a_person_saw_on_the_network_stops_it(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    answer(shop, D.SENDING, D.UNKNOWN, D.NEEDS_PERSON)
    shop.desk.mark_sent(1)
    assert clock(shop, conversation) == (None, 0, None, "")


def test_a1_an_automatic_acknowledgement_stops_no_clock(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.write("Le contestamos mañana", out=True, from_desk=True, automatic=True)
    assert clock(shop, conversation) == (NOW - HOUR, 0, NOW + 3 * HOUR, "first")
    shop.later(1)
    shop.write("vale", ago=HOUR / 2)
    assert clock(shop, conversation) == (NOW - HOUR, 1, NOW + 3 * HOUR, "first"), "still the first reply"
    assert shop.desk.row(conversation).messages == 3


def test_a1_after_a_reply_the_next_promise_runs_from_the_next_message(shop: Shop) -> None:
    conversation = shop.write(ago=3 * HOUR)
    shop.write("Lo miramos", out=True, ago=2 * HOUR)
    assert clock(shop, conversation) == (None, 0, None, "")
    assert shop.desk.row(conversation).state is State.ANSWERED, "we wait for the customer"
    shop.write("¿y bien?", ago=HOUR)
    assert clock(shop, conversation) == (NOW - HOUR, 0, NOW + HOUR, "next")


def test_a1_the_solution_is_promised_from_the_first_message_and_changes_no_urgency(shop: Shop) -> None:
    conversation = shop.write(ago=3 * HOUR)
    shop.write("Lo miramos", out=True, ago=2 * HOUR)
    assert shop.desk.row(conversation).resolve_by == NOW + 69 * HOUR
    shop.write("¿y bien?", ago=HOUR)
    row = shop.desk.row(conversation)
    assert row.resolve_by == NOW + 69 * HOUR
    assert row.due_at == NOW + HOUR
    shop.desk.resolve(conversation)
    assert shop.desk.row(conversation).resolve_by is None


def test_b4_what_comes_after_no_reply_needed_is_a_new_case_with_a_fresh_clock(shop: Shop) -> None:
    conversation = shop.write(ago=5 * HOUR)
    shop.write("Lo miramos", out=True, ago=4 * HOUR)
    shop.write("gracias", ago=3 * HOUR)
    shop.desk.no_reply_needed(conversation)
    assert clock(shop, conversation) == (None, 0, None, "")
    shop.later(24)
    shop.write("otra cosa", ago=MINUTE)
    begun = NOW + 24 * HOUR - MINUTE
    assert clock(shop, conversation) == (begun, 0, begun + 4 * HOUR, "first")
    assert shop.desk.row(conversation).resolve_by == begun + 72 * HOUR


@pytest.mark.parametrize("settle", ["resolve", "no_reply_needed"])
def test_b4_any_later_message_reopens_even_one_that_was_written_before(shop: Shop, settle: str) -> None:
    conversation = shop.write(ago=5 * HOUR)
    getattr(shop.desk, settle)(conversation)
    shop.clock.moment += MINUTE
    shop.write("escrito antes, llegado después", ago=4 * HOUR + MINUTE)
    assert clock(shop, conversation) == (NOW - 4 * HOUR, 0, NOW, "first")
    assert shop.desk.row(conversation).state is State.WAITING


def test_b4_a_snooze_does_not_stop_the_clock(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.snooze(conversation, NOW + 24 * HOUR)
    assert clock(shop, conversation) == (NOW - HOUR, 0, NOW + 3 * HOUR, "first")


def test_a1_an_edit_neither_starts_nor_moves_a_clock(shop: Shop) -> None:
    conversation = shop.write("hola", ago=3 * HOUR, named="a")
    shop.write("hola, ¿abrís?", ago=3 * HOUR, named="a")
    assert clock(shop, conversation) == (NOW - 3 * HOUR, 0, NOW + HOUR, "first")
    shop.write("Sí", out=True, ago=2 * HOUR)
    shop.write("hola, ¿abrís hoy?", ago=3 * HOUR, named="a")
    assert clock(shop, conversation) == (None, 0, None, "")


def test_a1_a_deleted_question_waits_no_longer_and_the_next_one_counts(shop: Shop) -> None:
    conversation = shop.write("hola", ago=3 * HOUR, named="a")
    shop.write("¿abrís?", ago=HOUR, named="b")
    shop.write("", ago=3 * HOUR, named="a", deleted=True)
    assert clock(shop, conversation) == (NOW - HOUR, 0, NOW + 3 * HOUR, "first")
    shop.write("", ago=HOUR, named="b", deleted=True)
    assert clock(shop, conversation) == (None, 0, None, "")


def test_a1_our_deleted_answer_answers_nothing(shop: Shop) -> None:
    conversation = shop.write("hola", ago=3 * HOUR)
    shop.write("Sí", out=True, ago=2 * HOUR, named="r")
    shop.write("", out=True, ago=2 * HOUR, named="r", deleted=True)
    assert clock(shop, conversation) == (NOW - 3 * HOUR, 0, NOW + HOUR, "first")


SKEW = timedelta(minutes=10)


def test_a1_a_network_whose_clock_is_ahead_makes_no_wait_of_the_future(shop: Shop) -> None:
    conversation = shop.write(ago=-SKEW)
    assert clock(shop, conversation) == (NOW, 0, NOW + 4 * HOUR, "first")
    shop.later(0.01)
    shop.write("Sí", out=True, from_desk=True)
    assert clock(shop, conversation) == (None, 0, None, "")


def test_a1_a_network_whose_clock_is_behind_hides_no_later_question(shop: Shop) -> None:
    """Our answer bears our clock's time, which is later than the next question's by the network's."""
    conversation = shop.write(ago=SKEW)
    shop.write("Sí", out=True, from_desk=True, known_at=NOW)
    shop.later(1 / 12)
    shop.write("¿y mañana?", ago=SKEW)
    since = NOW + 5 * MINUTE - SKEW
    assert clock(shop, conversation) == (since, 0, since + 2 * HOUR, "next")


def test_a1_an_answer_given_elsewhere_before_the_case_was_settled_is_no_reply_to_the_next_case(
    shop: Shop,
) -> None:
    conversation = shop.write(ago=5 * HOUR)
    shop.desk.resolve(conversation)
    shop.later(1)
    shop.write("Respondido desde el móvil", out=True, ago=3 * HOUR)
    shop.write("otra cosa")
    assert clock(shop, conversation)[3] == "first"
