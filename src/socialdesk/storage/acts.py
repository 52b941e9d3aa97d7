"""What is done to customers' messages besides answering them: asked for, taken back, and each step of doing it.

The same as replies, each step is one committed compare-and-set; but an act done twice changes nothing, so a lost outcome is
simply repeated. Reports, of spam too, are the exception: they are never repeated.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from socialdesk.domain.models import Act, Acted, ActState
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.errors import NotFound, Refused
from socialdesk.storage.database import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

UNKNOWN = "report_unknown"
"""Why a report failed whose outcome nobody knows."""

_LINES = """
SELECT id, message_id, conversation_id, act, undo, state, reason, detail, agent, at, due_at, done_at FROM act
WHERE {} ORDER BY id
"""
_JOB = """
SELECT x.id, x.conversation_id, x.message_id, x.act, x.undo, x.attempts, x.agent, x.at, m.remote
FROM act x JOIN message m ON m.id = x.message_id
WHERE x.account_id = :account AND x.state = 'queued' AND x.due_at <= :now AND NOT EXISTS (
SELECT 1 FROM act e WHERE e.account_id = x.account_id AND e.act = x.act AND e.state = 'queued'
AND e.reason = 'rate_limited' AND e.due_at > :now) ORDER BY x.due_at, x.id LIMIT 1
"""


class Job(NamedTuple):
    """An act that is due; ``remote`` is what its connector needs."""

    id: int
    conversation_id: int
    message_id: int
    act: Act
    undo: bool
    attempts: int
    agent: str
    at: datetime
    remote: Mapping[str, str]


# What people want ------------------------------------------------------------------------------------


def newest(reader: Reader, conversation_id: int) -> int | None:
    """Return the customer's newest message, the one that an act is about unless another is named."""
    row = reader.one(
        "SELECT max(id) FROM message WHERE conversation_id = :id AND direction = 'in' AND context = 0"
        " AND deleted_at IS NULL",
        {"id": conversation_id},
    )
    return None if row is None else row[0]


def queue(
    connection: Connection,
    conversation_id: int,
    message_id: int,
    act: Act,
    now: datetime,
    leaves_at: datetime,
    agent: str,
    *,
    undo: bool = False,
    certain: bool = True,
) -> int:
    """Ask for an act, or for taking one back, on a customer's message; returns its number.

    Not ``certain``: it may be done by now although nobody has said so, and is taken back in any case.

    Raises ``NotFound``, and ``Refused``: ``act_ours``, ``act_gone``, ``act_done`` where that is so already, ``act_not_done``
    where there is nothing to take back.
    """
    message = connection.exec_driver_sql(
        "SELECT account_id, direction, deleted_at FROM message WHERE id = ? AND conversation_id = ?",
        (message_id, conversation_id),
    ).first()
    if message is None:
        raise NotFound(str(message_id), code="message")
    if message.direction != "in":
        raise Refused(code="act_ours")
    if message.deleted_at is not None and not undo:
        raise Refused(code="act_gone")
    if certain and _holds(connection, message_id, act) is not undo:
        raise Refused(code="act_not_done" if undo else "act_done")
    added = connection.exec_driver_sql(
        "INSERT INTO act(account_id, conversation_id, message_id, act, undo, state, agent, at, due_at)"
        " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?) RETURNING id",
        (
            message.account_id,
            conversation_id,
            message_id,
            act.value,
            undo,
            agent,
            to_ms(now),
            to_ms(leaves_at),
        ),
    )
    return int(added.scalar_one())


def _holds(connection: Connection, message_id: int, act: Act) -> bool:
    """Say whether an act is in force on a message, or will be."""
    undo: int | None = connection.exec_driver_sql(
        "SELECT undo FROM act WHERE message_id = ? AND act = ? AND state IN ('queued', 'doing', 'done')"
        " ORDER BY id DESC LIMIT 1",
        (message_id, act.value),
    ).scalar()
    return undo is not None and not undo


def cancel(connection: Connection, number: int, now: datetime) -> int | None:
    """Take an act back that is not under way; returns how often it was tried, None where it cannot be stopped."""
    attempts: int | None = connection.exec_driver_sql(
        "UPDATE act SET state = 'cancelled', due_at = NULL, done_at = ? WHERE id = ? AND state = 'queued'"
        " RETURNING attempts",
        (to_ms(now), number),
    ).scalar()
    return attempts


def one(reader: Reader, number: int) -> Acted:
    """Return an act; raises ``NotFound``."""
    row = reader.one(_LINES.format("id = :id"), {"id": number})
    if row is None:
        raise NotFound(str(number), code="act")
    return _done(row)


def last_undoable(reader: Reader) -> Acted | None:
    """Return the newest act that has not left."""
    rows = reader.all(_LINES.format("id = (SELECT max(id) FROM act WHERE state = 'queued')"))
    return _done(rows[0]) if rows else None


def of(reader: Reader, message_ids: Collection[int]) -> dict[int, tuple[Acted, ...]]:
    """Return what there is to say of messages: of each kind of act the newest, unless it was taken back."""
    rows = reader.all(
        _LINES.format(
            "message_id IN (SELECT value FROM json_each(:ids)) AND state <> 'cancelled'",
        ),
        {"ids": json.dumps(list(message_ids))},
    )
    found: dict[int, dict[Act, Acted]] = defaultdict(dict)
    for row in rows:
        done = _done(row)
        if done.undo and done.state is ActState.DONE:
            found[done.message_id].pop(done.act, None)
        else:
            found[done.message_id][done.act] = done
    return {number: tuple(acts.values()) for number, acts in found.items() if acts}


def _done(row: tuple[Any, ...]) -> Acted:
    number, message, conversation, act, undo, state, reason, detail, agent, at, due, done = row
    return Acted(
        number,
        message,
        conversation,
        Act(act),
        bool(undo),
        ActState(state),
        reason,
        detail,
        agent,
        from_ms(at),
        None if due is None else from_ms(due),
        None if done is None else from_ms(done),
    )


# What the engine does --------------------------------------------------------------------------------


def next_job(reader: Reader, account_id: int, now: datetime) -> Job | None:
    """Return the account's act that has been due for longest, or None."""
    row = reader.one(_JOB, {"account": account_id, "now": to_ms(now)})
    if row is None:
        return None
    number, conversation, message, act, undo, attempts, agent, at, remote = row
    return Job(
        number,
        conversation,
        message,
        Act(act),
        bool(undo),
        attempts,
        agent,
        from_ms(at),
        json.loads(remote or "{}"),
    )


def next_moment(reader: Reader, account_id: int, now: datetime) -> datetime | None:
    """Return when the account's next act becomes due, or None."""
    row = reader.one(
        "SELECT min(due_at) FROM act WHERE account_id = :account AND state = 'queued' AND due_at > :now",
        {"account": account_id, "now": to_ms(now)},
    )
    return None if row is None or row[0] is None else from_ms(row[0])


def begin(connection: Connection, job: Job) -> bool:
    """Note that it is being done; False where it was taken back meanwhile. To be committed before a byte leaves."""
    done = connection.exec_driver_sql(
        "UPDATE act SET state = 'doing', attempts = attempts + 1 WHERE id = ? AND state = 'queued'", (job.id,)
    )
    return done.rowcount == 1


def settle(
    connection: Connection, job: Job, state: ActState, now: datetime, reason: str = "", detail: str = ""
) -> None:
    """Store that it is done, or that it never will be; the audit hears of what was done."""
    from socialdesk.domain.privacy import Deed
    from socialdesk.storage import audit

    connection.exec_driver_sql(
        "UPDATE act SET state = ?, reason = ?, detail = ?, due_at = NULL, done_at = ? WHERE id = ?"
        " AND state IN ('queued', 'doing')",
        (state.value, reason, detail, to_ms(now), job.id),
    )
    if state is ActState.DONE:
        audit.note(
            connection,
            Deed.ACTED,
            now,
            job.agent,
            f"message {job.message_id}",
            conversation_id=job.conversation_id,
            detail=f"{job.act.value} taken back" if job.undo else job.act.value,
        )


def postpone(connection: Connection, job: Job, due: datetime, reason: str, detail: str) -> None:
    """Try it again then."""
    connection.exec_driver_sql(
        "UPDATE act SET state = 'queued', due_at = ?, reason = ?, detail = ? WHERE id = ? AND state = 'doing'",
        (to_ms(due), reason, detail, job.id),
    )


def is_under_way(reader: Reader, account_id: int) -> bool:
    """Say whether an act of the account stands in the middle of being done."""
    sql = "SELECT 1 FROM act WHERE state = 'doing' AND account_id = :account"
    return reader.one(sql, {"account": account_id}) is not None


def recover(connection: Connection, account_id: int, now: datetime) -> None:
    """Repeat what was under way when the engine ended; of a report nobody knows, and it is not repeated."""
    connection.exec_driver_sql(
        "UPDATE act SET state = 'failed', reason = ?, due_at = NULL, done_at = ? WHERE account_id = ?"
        " AND state = 'doing' AND act IN ('report', 'spam') AND undo = 0",
        (UNKNOWN, to_ms(now), account_id),
    )
    connection.exec_driver_sql(
        "UPDATE act SET state = 'queued', due_at = ? WHERE account_id = ? AND state = 'doing'",
        (to_ms(now), account_id),
    )
