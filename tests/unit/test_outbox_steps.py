"""Each step of a reply as it is stored, and what is due when (NEEDS A1, promises 1 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.desk import Desk
from socialdesk.domain.models import Delivery, Direction
from socialdesk.domain.outbox import NEEDS_ATTENTION, STEPS, UNDOABLE
from socialdesk.domain.priority import to_ms
from socialdesk.errors import Refused
from socialdesk.storage import outbox
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest
from socialdesk.storage.outbox import Job, Sent
from socialdesk.storage.steps import move

HOLD = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
TABLE = """
awaiting_approval: cancelled queued
queued: cancelled needs_person sending
sending: failed retry_wait sent unknown
retry_wait: cancelled sending
unknown: needs_person retry_wait sending sent
needs_person: cancelled queued sent
failed: cancelled queued
sent:
cancelled:
"""


def test_the_table_is_the_one_that_was_decided() -> None:
    """docs/architecture.md, "A reply goes out": a step more or less is a reply lost or doubled."""
    told = "\n".join(f"{state}: {' '.join(sorted(STEPS[state]))}".strip() for state in STEPS)
    assert told == TABLE.strip()
    assert {*NEEDS_ATTENTION} == {"needs_person", "failed"}
    assert {*UNDOABLE} == {"queued", "awaiting_approval", "retry_wait"}


class Trial(Bench):
    """A desk without an engine: the steps are taken one by one."""

    def asked(self, count: int = 1, account: int = 1) -> None:
        """Customers have asked, each in a conversation of their own."""
        now = self.clock.now()
        items = [
            Incoming(
                f"q{account}-{n}", f"c{account}-{n}", Direction.IN, now - 60 * SECOND, person, person, "?",
                remote={"uri": f"u{n}"},
            )
            for n in range(count)
            for person in [Person(f"p{account}-{n}", f"@p{n}", f"Person {n}")]
        ]  # fmt: skip
        with self.database.write() as c:
            ingest(c, Source(account, 1, "scripted"), items, now - 60 * SECOND)

    def next(self, account: int = 1, later: timedelta = timedelta()) -> Job | None:
        return outbox.next_job(self.database.read(), account, self.clock.now() + later, HOLD)

    def job(self) -> Job:
        found = self.next()
        assert found is not None
        return found

    def text(self, later: timedelta = timedelta()) -> str:
        found = self.next(later=later)
        return "" if found is None else found.text

    def moment(self, account: int = 1) -> datetime | None:
        return outbox.next_moment(self.database.read(), account, self.clock.now())

    def row(self, columns: str, number: int = 1) -> tuple[Any, ...]:
        [found] = self.all(f"SELECT {columns} FROM outbox WHERE id = {number}")
        return tuple(found)


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


def begin(desk: Trial) -> Job:
    job, now = desk.job(), desk.clock.now()
    with desk.database.write() as c:
        assert outbox.begin(c, job, "key", now - 3 * SECOND, now)
    return job


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


def send(desk: Trial, receipt: Sent) -> bool:
    job = begin(desk)
    [account] = [a for a in Desk(desk.database, desk.clock, desk.config).accounts() if a.name == "shop"]
    with desk.database.write() as c:
        return outbox.sent(c, account, "me", job, Delivery.SENDING, receipt, desk.clock.now())


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
    [account] = [a for a in Desk(desk.database, desk.clock, desk.config).accounts() if a.name == "shop"]
    with desk.database.write() as c:
        assert not outbox.sent(
            c, account, "me", job, Delivery.SENDING, Sent("r2", "", None), desk.clock.now()
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
    [account] = [a for a in Desk(desk.database, desk.clock, desk.config).accounts() if a.name == "shop"]
    with desk.database.write() as c:
        outbox.sent(c, account, "me", job, Delivery.SENDING, Sent("r1", "", None), meanwhile + 8 * SECOND)
    assert desk.all("SELECT waiting_since FROM conversation") == [(to_ms(meanwhile),)]
