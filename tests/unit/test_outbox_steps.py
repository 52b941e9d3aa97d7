"""Each step of a reply as it is stored, and what is due when (NEEDS A1, promises 1 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.trial import SECOND, Trial, begin, send
from socialdesk.clock import ManualClock
from socialdesk.domain.models import Delivery, Direction
from socialdesk.domain.outbox import NEEDS_ATTENTION, STEPS, UNDOABLE
from socialdesk.domain.priority import to_ms
from socialdesk.errors import Refused
from socialdesk.storage import outbox
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest
from socialdesk.storage.outbox import Sent
from socialdesk.storage.steps import move

TABLE = """
awaiting_approval: cancelled needs_person queued
queued: cancelled needs_person sending
sending: failed retry_wait sent unknown
retry_wait: cancelled sending
unknown: needs_person retry_wait sending sent
needs_person: cancelled queued sent
failed: cancelled queued sent
sent:
cancelled:
"""


def test_the_table_is_the_one_that_was_decided() -> None:
    """docs/architecture.md, "A reply goes out": a step more or less is a reply lost or doubled."""
    told = "\n".join(f"{state}: {' '.join(sorted(STEPS[state]))}".strip() for state in STEPS)
    assert told == TABLE.strip()
    assert {*NEEDS_ATTENTION} == {"needs_person", "failed"}
    assert {*UNDOABLE} == {"queued", "awaiting_approval", "retry_wait"}


@pytest.fixture
def desk(clock: ManualClock) -> Iterator[Trial]:
    trial = Trial(clock)
    trial.add()
    trial.add("other")
    yield trial
    trial.close()


def test_an_attempt_is_written_down_whole_before_it_begins(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    desk.write("UPDATE outbox SET reason = 'offline', detail = 'no route', attempts = 4")
    job, now = begin(desk), to_ms(desk.clock.now())
    columns = "state, key, first_attempt_at, attempt_at, attempts, next_attempt_at, reason, detail"
    assert desk.row(columns) == ("sending", "key", now - 3000, now, 5, None, "", "")
    assert outbox.is_under_way(desk.database.read(), 1)
    assert not outbox.is_under_way(desk.database.read(), 2)
    with desk.database.write() as c:
        assert not outbox.begin(c, job, "other", desk.clock.now(), desk.clock.now()), "not a second time"
    assert desk.row("key, attempts") == ("key", 5)


def test_a_reply_moves_alone_and_only_along_the_table(desk: Trial) -> None:
    desk.asked(2)
    one, two = desk.reply("one"), desk.reply("two", conversation=2)
    with desk.database.write() as c:
        assert move(c, one, Delivery.QUEUED, Delivery.SENDING)
        assert not move(c, one, Delivery.QUEUED, Delivery.CANCELLED)
        assert not move(c, 99, Delivery.QUEUED, Delivery.CANCELLED)
        with pytest.raises(Refused, match="queued -> sent") as error:
            move(c, two, Delivery.QUEUED, Delivery.SENT)
    assert error.value.code == "step"
    assert desk.states() == ["sending", "queued"]
    assert not outbox.is_under_way(desk.database.read(), 2)


def test_what_became_of_an_attempt_is_kept_with_its_reason(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    job, due = begin(desk), desk.clock.now() + 30 * SECOND
    with desk.database.write() as c:
        assert outbox.settle(c, job, Delivery.SENDING, Delivery.UNKNOWN, "timeout", "slow", due)
        assert not outbox.settle(c, job, Delivery.SENDING, Delivery.FAILED, "rejected", "no")
        outbox.postpone(c, job, due + SECOND, "still slow")
    columns = "state, reason, detail, next_attempt_at, attempts"
    assert desk.row(columns) == ("unknown", "timeout", "still slow", to_ms(due + SECOND), 2)
    with desk.database.write() as c:
        assert outbox.settle(c, job, Delivery.UNKNOWN, Delivery.NEEDS_PERSON)
        outbox.postpone(c, job, due, "too late")
    assert desk.row(columns) == ("needs_person", "", "", None, 2)


@pytest.mark.parametrize("target", [Delivery.FAILED, Delivery.RETRY_WAIT])
def test_what_follows_a_reply_stops_with_it_only_where_a_person_has_to_decide(
    desk: Trial, target: Delivery
) -> None:
    desk.asked()
    first, second = desk.reply("1/2"), desk.reply("2/2")
    desk.write("UPDATE outbox SET after_id = ? WHERE id = ?", first, second)
    job = begin(desk)
    with desk.database.write() as c:
        assert outbox.settle(c, job, Delivery.SENDING, target, "x", "", desk.clock.now() + SECOND)
    assert desk.row("state", second) == ("needs_person" if target is Delivery.FAILED else "queued",)


def test_a_step_that_was_not_taken_stops_nothing(desk: Trial) -> None:
    desk.asked()
    first, second = desk.reply("1/2"), desk.reply("2/2")
    desk.write("UPDATE outbox SET after_id = ? WHERE id = ?", first, second)
    job = begin(desk)
    desk.write("UPDATE outbox SET state = 'sent' WHERE id = ?", first)
    with desk.database.write() as c:
        assert not outbox.settle(c, job, Delivery.SENDING, Delivery.FAILED, "x")
    assert desk.row("state", second) == ("queued",)


def test_a_sent_reply_is_in_its_conversation_as_it_left(desk: Trial) -> None:
    desk.asked()
    number = desk.reply("hola")
    at = desk.clock.now() - 2 * SECOND
    assert send(desk, Sent("r1", "https://net/r1", at, {"uri": "ur1"}))
    message = desk.all(
        "SELECT m.id, m.remote_id, m.at, m.known_at, m.text, m.kind, m.private, m.url, m.remote, m.agent, m.from_desk,"
        " m.automatic, m.reply_to FROM message m WHERE direction = 'out'"
    )
    [(id_, *rest)] = message
    assert rest == [
        "r1", to_ms(at), to_ms(desk.clock.now() - 3 * SECOND), "hola", "reply", 0, "https://net/r1", '{"uri": "ur1"}',
        "me", 1, 0, "q1-0",
    ]  # fmt: skip
    assert desk.row("state, sent_at, url, message_id, reason, detail, next_attempt_at", number) == (
        "sent", to_ms(at), "https://net/r1", id_, "", "", None,
    )  # fmt: skip
    assert desk.all("SELECT what, agent, subject, detail FROM audit WHERE what = 'sent'") == [
        ("sent", "me", f"reply {number}", "")
    ]
    assert desk.all("SELECT waiting_since FROM conversation") == [(None,)]


def test_a_private_and_automatic_reply_is_marked_so(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    desk.write("UPDATE outbox SET private = 1, automatic = 1")
    assert send(desk, Sent("r1", "", None))
    assert desk.all("SELECT kind, private, automatic, at FROM message WHERE direction = 'out'") == [
        ("direct", 1, 1, to_ms(desk.clock.now()))
    ]
    assert desk.row("sent_at") == (to_ms(desk.clock.now()),)
    assert desk.all("SELECT detail FROM audit WHERE what = 'sent'") == [("automatic",)]


@pytest.mark.parametrize(("opens", "home"), [(1, "private-1"), (0, "c1-0")])
def test_a_reply_lies_where_the_network_put_it_if_it_opens_a_conversation(
    desk: Trial, opens: int, home: str
) -> None:
    desk.asked()
    desk.reply("hola")
    desk.write("UPDATE outbox SET opens = ?, private = ?", opens, opens)
    assert send(desk, Sent("r1", "", None, {}, "private-1"))
    told = desk.all(
        "SELECT c.remote_key FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.direction = 'out'"
    )
    assert told == [(home,)]


def test_a_network_s_clock_puts_no_reply_into_the_time_to_come_nor_before_its_part(desk: Trial) -> None:
    desk.asked()
    first, second = desk.reply("1/2"), desk.reply("2/2")
    desk.write("UPDATE outbox SET after_id = ? WHERE id = ?", first, second)
    now = desk.clock.now()
    assert send(desk, Sent("r1", "", now + timedelta(hours=1)))
    assert send(desk, Sent("r2", "", now - 5 * SECOND))
    assert desk.all("SELECT at FROM message WHERE direction = 'out' ORDER BY at") == [
        (to_ms(now),), (to_ms(now) + 1,),
    ]  # fmt: skip


def test_what_is_sent_already_is_not_sent_again(desk: Trial) -> None:
    desk.asked()
    desk.reply("hola")
    job = desk.job()
    assert send(desk, Sent("r1", "", None))
    with desk.database.write() as c:
        assert not outbox.sent(
            c, desk.shop(), "me", job, Delivery.SENDING, Sent("r2", "", None), desk.clock.now()
        )
    assert len(desk.all("SELECT 1 FROM audit WHERE what = 'sent'")) == 1
    assert len(desk.all("SELECT 1 FROM message WHERE direction = 'out'")) == 1


def test_what_was_under_way_at_a_crash_is_unknown_for_that_account_alone(desk: Trial) -> None:
    desk.asked(2)
    desk.asked(1, account=2)
    for conversation in (1, 2, 3):
        desk.reply(f"r{conversation}", conversation=conversation, state="sending")
    desk.reply("waits", conversation=1)
    desk.write("UPDATE outbox SET detail = 'x', reason = 'y'")
    look_at = desk.clock.now() + 30 * SECOND
    with desk.database.write() as c:
        assert outbox.recover(c, 1, look_at) == 2
        assert outbox.recover(c, 1, look_at) == 0
    assert desk.states() == ["unknown", "unknown", "sending", "queued"]
    assert desk.row("reason, detail, next_attempt_at") == ("outcome_unknown", "", to_ms(look_at))


def far(desk: Trial) -> int:
    return to_ms(desk.clock.now() + timedelta(hours=1))


ENDED = (
    "auth_required offline temporary timeout secret keyring_mute keyring_locked keyring_missing env_missing"
    " credential_missing command_failed"
)


@pytest.mark.parametrize("reason", ENDED.split())
def test_an_account_that_is_back_lets_its_replies_leave_at_once(desk: Trial, reason: str) -> None:
    desk.asked(4)
    desk.asked(1, account=2)
    for conversation in range(1, 6):
        desk.reply(f"r{conversation}", conversation=conversation, state="retry_wait")
    later = far(desk)
    desk.write("UPDATE outbox SET next_attempt_at = ?, reason = ?", later, reason)
    desk.write("UPDATE outbox SET reason = 'rate_limited' WHERE id = 2")
    desk.write("UPDATE outbox SET state = 'unknown' WHERE id = 3")
    desk.write("UPDATE outbox SET next_attempt_at = 5 WHERE id = 4")
    with desk.database.write() as c:
        assert outbox.release(c, 1, desk.clock.now()) == 1
    now = to_ms(desk.clock.now())
    assert desk.all("SELECT next_attempt_at FROM outbox ORDER BY id") == [
        (now,),
        (later,),
        (later,),
        (5,),
        (later,),
    ]


def test_what_a_customer_writes_while_the_reply_is_on_its_way_waits(desk: Trial) -> None:
    """A1: the network is slow to say that it has the reply; what came in meanwhile was not answered by it."""
    desk.asked()
    desk.reply("hola")
    job = begin(desk)
    meanwhile = desk.clock.now() + 2 * SECOND
    person = Person("p1-0", "@p0", "Person 0")
    asked = Incoming("q2", "c1-0", Direction.IN, meanwhile, person, person, "and another thing")
    with desk.database.write() as c:
        ingest(c, Source(1, 1, "scripted"), [asked], meanwhile)
    with desk.database.write() as c:
        outbox.sent(c, desk.shop(), "me", job, Delivery.SENDING, Sent("r1", "", None), meanwhile + 8 * SECOND)
    assert desk.all("SELECT waiting_since FROM conversation") == [(to_ms(meanwhile),)]
