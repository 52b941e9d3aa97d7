"""The sender's side of the outbox: what is due, and each committed step of a reply (``domain.outbox.STEPS``).

The replies of one conversation leave in order. An earlier one that is being sent, waits for another try or has an
unknown outcome holds the later ones back; so does an earlier one that is about to leave. One that needs a person or
has failed holds nothing back: the person decides what becomes of it. Nor does one scheduled for later than the
hold. What follows another reply (``kin``) leaves once that one is there, answers it, and stops where it will not be.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from socialdesk.domain.models import Account, Delivery, Direction, Kind
from socialdesk.domain.outbox import NEEDS_ATTENTION
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.privacy import Deed
from socialdesk.storage import audit, commitments, kin, private, waits
from socialdesk.storage.database import Reader
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest
from socialdesk.storage.steps import move

log = logging.getLogger(__name__)

RECOVERABLE = (
    "auth_required",
    "offline",
    "temporary",
    "timeout",
    "secret",
    "keyring_mute",
    "keyring_locked",
    "keyring_missing",
    "env_missing",
    "credential_missing",
    "command_failed",
)
"""Reasons of a waiting reply that are over once its account has been reached again."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Job:
    """A reply that is due, with all that sending it needs."""

    id: int
    conversation_id: int
    state: Delivery
    text: str
    private: bool
    key: str
    attempts: int
    agent: str
    first_attempt_at: datetime | None
    attempt_at: datetime | None
    conversation: str
    contact: Person
    reply_to: Mapping[str, str]
    reply_to_id: str
    automatic: bool = False
    opens: bool = False
    after: datetime | None = None  # when the part before this one was written


@dataclass(frozen=True, slots=True)
class Sent:
    """What the network said of a reply that is there."""

    id: str
    url: str
    at: datetime | None
    remote: Mapping[str, str] = field(default_factory=dict)
    conversation: str = ""


def next_job(reader: Reader, account_id: int, now: datetime, hold: timedelta) -> Job | None:
    """Return the account's reply that has been due for longest and may leave, or None.

    Where the network asks one to wait, all of its kind wait: each would be told the same, and count against the account.
    """
    row = reader.one(
        "SELECT o.id, o.conversation_id, o.state, o.text, o.private, o.key, o.attempts, o.agent, o.first_attempt_at,"
        " o.attempt_at, c.remote_key, p.remote_id, p.handle, p.name, m.remote, m.remote_id, o.automatic, o.opens,"
        " part.remote, part.remote_id, part.at"
        " FROM outbox o JOIN conversation c ON c.id = o.conversation_id JOIN contact p ON p.id = c.contact_id"
        " LEFT JOIN message m ON m.id = o.reply_to LEFT JOIN outbox e ON e.id = coalesce(o.after_id, o.public_of)"
        " LEFT JOIN message part ON part.id = e.message_id AND e.id = o.after_id"
        " WHERE o.account_id = :account AND o.state IN ('queued', 'retry_wait', 'unknown')"
        " AND (o.next_attempt_at IS NULL OR o.next_attempt_at <= :now)"
        " AND (e.id IS NULL OR e.state = 'sent' OR o.state = 'unknown') AND NOT EXISTS ("
        "SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.id < o.id"
        " AND (e.state IN ('sending', 'retry_wait', 'unknown', 'awaiting_approval') OR (e.state = 'queued'"
        " AND (e.scheduled = 0 OR e.next_attempt_at IS NULL OR e.next_attempt_at <= :soon))))"
        " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.account_id = o.account_id AND e.private = o.private"
        " AND e.state IN ('retry_wait', 'unknown') AND e.reason = 'rate_limited' AND e.next_attempt_at > :now)"
        " ORDER BY o.next_attempt_at, o.id LIMIT 1",
        {"account": account_id, "now": to_ms(now), "soon": to_ms(now + hold)},
    )
    if row is None:
        return None
    return Job(
        id=row[0],
        conversation_id=row[1],
        state=Delivery(row[2]),
        text=row[3],
        private=bool(row[4]),
        key=row[5],
        attempts=row[6],
        agent=row[7],
        first_attempt_at=None if row[8] is None else from_ms(row[8]),
        attempt_at=None if row[9] is None else from_ms(row[9]),
        conversation=row[10],
        contact=Person(row[11], row[12], row[13]),
        reply_to=_parent(row[18]) or _parent(row[14]),
        reply_to_id=(row[19] if _parent(row[18]) else row[15]) or "",
        automatic=bool(row[16]),
        opens=bool(row[17]),
        after=None if row[20] is None else from_ms(row[20]),
    )


def _parent(remote: str | None) -> Mapping[str, str]:
    """Return what the connector needs to answer a message; nothing where its network told nothing of ours."""
    found: Mapping[str, str] = json.loads(remote or "{}")
    return found


def next_moment(reader: Reader, account_id: int, now: datetime) -> datetime | None:
    """Return when the account's next reply becomes due, or None."""
    row = reader.one(
        "SELECT min(next_attempt_at) FROM outbox WHERE account_id = :account"
        " AND state IN ('queued', 'retry_wait', 'unknown') AND next_attempt_at > :now",
        {"account": account_id, "now": to_ms(now)},
    )
    return None if row is None or row[0] is None else from_ms(row[0])


def begin(connection: Connection, job: Job, key: str, first: datetime, now: datetime) -> bool:
    """Freeze the reply for an attempt; False where it was taken back meanwhile. To be committed before a byte leaves."""
    return move(
        connection,
        job.id,
        job.state,
        Delivery.SENDING,
        key=key,
        first_attempt_at=to_ms(first),
        attempt_at=to_ms(now),
        attempts=job.attempts + 1,
        next_attempt_at=None,
        reason="",
        detail="",
    )


def settle(
    connection: Connection,
    job: Job,
    current: Delivery,
    target: Delivery,
    reason: str = "",
    detail: str = "",
    next_attempt_at: datetime | None = None,
) -> bool:
    """Store what became of an attempt or of a look, other than ``sent``."""
    due = None if next_attempt_at is None else to_ms(next_attempt_at)
    moved = move(connection, job.id, current, target, reason=reason, detail=detail, next_attempt_at=due)
    if moved and target in NEEDS_ATTENTION:
        kin.stop(connection, job.id)
    return moved


def postpone(connection: Connection, job: Job, next_attempt_at: datetime, detail: str) -> None:
    """Look again later at an unknown outcome; each look counts as an attempt, so that the pauses grow."""
    connection.exec_driver_sql(
        "UPDATE outbox SET next_attempt_at = ?, detail = ?, attempts = attempts + 1 WHERE id = ? AND state = 'unknown'",
        (to_ms(next_attempt_at), detail, job.id),
    )


def sent(
    connection: Connection,
    account: Account,
    remote_id: str,
    job: Job,
    current: Delivery,
    receipt: Sent,
    now: datetime,
) -> bool:
    """Store that the reply is there and put it into its conversation, so that the timer stops.

    Should the conversation not take it, the reply is sent all the same.
    """
    at = min(receipt.at or now, now)
    if job.after is not None:
        at = max(at, job.after + _MILLISECOND)  # parts stay in order where a network's clock is coarse
    columns: dict[str, Any] = {"sent_at": to_ms(receipt.at or now), "url": receipt.url}
    if not move(
        connection, job.id, current, Delivery.SENT, reason="", detail="", next_attempt_at=None, **columns
    ):
        return False
    audit.note(
        connection,
        Deed.SENT,
        now,
        job.agent,
        f"reply {job.id}",
        conversation_id=job.conversation_id,
        detail="automatic" if job.automatic else "",
    )
    message = _message(account, remote_id, job, receipt, at, _left_at(connection, job, now))
    try:
        with connection.begin_nested():
            _put(connection, account, job, receipt, message, now)
    except Exception as error:
        log.error("account %s: sent reply %d is not in its conversation: %s", account.name, job.id, error)
    return True


def _left_at(connection: Connection, job: Job, now: datetime) -> datetime:
    """Return when the reply may first have left: what came in while it was on its way, it has not answered."""
    sql = "SELECT first_attempt_at FROM outbox WHERE id = ?"
    first = connection.exec_driver_sql(sql, (job.id,)).scalar()
    return now if first is None else from_ms(first)


def _message(
    account: Account, remote_id: str, job: Job, receipt: Sent, at: datetime, left_at: datetime
) -> Incoming:
    """Return a reply that is there as a message of its conversation."""
    return Incoming(
        id=receipt.id,
        conversation=_home(job, receipt),
        direction=Direction.OUT,
        at=at,
        author=Person(remote_id, account.handle, account.brand),
        contact=job.contact,
        text=job.text,
        kind=Kind.DIRECT if job.private else Kind.REPLY,
        private=job.private,
        reply_to=job.reply_to_id,
        url=receipt.url,
        remote=receipt.remote,
        from_desk=True,
        known_at=left_at,
        agent=job.agent,
        automatic=job.automatic,
    )


def _put(
    connection: Connection, account: Account, job: Job, receipt: Sent, message: Incoming, now: datetime
) -> None:
    """Store the message of a reply, and what its leaving changes: private thread, commitments, wait."""
    ingest(connection, account, [message], max(message.at, now))
    connection.exec_driver_sql(
        "UPDATE outbox SET message_id = (SELECT id FROM message WHERE account_id = ? AND remote_id = ?) WHERE id = ?",
        (account.id, receipt.id, job.id),
    )
    private.join(connection, account.id, job, message.conversation)
    if commitments.leave(connection, job.id, now):
        waits.refresh(connection, {job.conversation_id})


def _home(job: Job, receipt: Sent) -> str:
    """Return the key of the conversation in which the reply lies."""
    return receipt.conversation if job.opens and receipt.conversation else job.conversation


def recover(connection: Connection, account_id: int, look_at: datetime) -> int:
    """Take every reply found in the middle of an attempt as unknown, to be looked at then; returns how many."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM outbox WHERE state = 'sending' AND account_id = ?", (account_id,)
    ).all()
    for (number,) in rows:
        move(
            connection,
            number,
            Delivery.SENDING,
            Delivery.UNKNOWN,
            reason="outcome_unknown",
            detail="",
            next_attempt_at=to_ms(look_at),
        )
    return len(rows)


def release(connection: Connection, account_id: int, now: datetime) -> int:
    """Let the replies that waited for their account to recover leave now; returns how many."""
    marks = ", ".join("?" * len(RECOVERABLE))
    done = connection.exec_driver_sql(
        f"UPDATE outbox SET next_attempt_at = ? WHERE account_id = ? AND state = 'retry_wait'"  # noqa: S608
        f" AND next_attempt_at > ? AND reason IN ({marks})",
        (to_ms(now), account_id, to_ms(now), *RECOVERABLE),
    )
    return done.rowcount


def is_under_way(reader: Reader, account_id: int) -> bool:
    """Say whether a reply of the account stands in the middle of an attempt."""
    sql = "SELECT 1 FROM outbox WHERE state = 'sending' AND account_id = :account"
    return reader.one(sql, {"account": account_id}) is not None
