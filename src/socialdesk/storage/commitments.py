"""What was promised to customers, from the reply that holds it until it is kept (NEEDS A1, C7).

A promise counts from the moment when its reply has really left. The earliest open one is a column of its conversation
(``commit_at``), by which the conversation lies in the queue.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.domain.answers import Commitment, Owed, Promise
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.text import one_line
from socialdesk.errors import NotFound, Refused
from socialdesk.storage.source import Source, one, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.database import Row

KEPT, CANCELLED, RESOLVED = "kept", "cancelled", "resolved"
UNSAID = timedelta(days=1)
"""When a promise is due that names no moment."""
OLDEST, FARTHEST = timedelta(days=1), timedelta(days=5 * 366)
"""How long ago, and how far ahead, a promise made now may be due: beyond that its date is a slip."""

_ALL = "SELECT id, conversation_id, text, due_at, made_at, agent, outbox_id, kept_at, outcome FROM commitment"


def of(source: Source, conversation_id: int) -> list[Commitment]:
    """Return those of a conversation: the open ones first, the next one due before the others."""
    found = rows(
        source,
        _ALL + " WHERE conversation_id = :id ORDER BY kept_at IS NOT NULL, made_at IS NULL, due_at, id",
        {"id": conversation_id},
    )
    return [_commitment(row) for row in found]


def owed(source: Source) -> list[Owed]:
    """Return all that are open on the desk, the next one due first."""
    found = rows(
        source,
        "SELECT coalesce(nullif(p.name, ''), p.handle), b.name, c.channel, k.id, k.conversation_id, k.text, k.due_at,"
        " k.made_at, k.agent, k.outbox_id, k.kept_at, k.outcome"
        " FROM commitment k CROSS JOIN conversation c ON c.id = k.conversation_id"
        " CROSS JOIN brand b ON b.id = c.brand_id CROSS JOIN contact p ON p.id = c.contact_id"
        " WHERE k.made_at IS NOT NULL AND k.kept_at IS NULL ORDER BY k.due_at, k.id",
    )
    return [Owed(_commitment(row[3:]), *row[:3]) for row in found]


def one_of(source: Source, commitment_id: int) -> Commitment:
    """Return one; raises ``NotFound``."""
    row = one(source, _ALL + " WHERE id = :id", {"id": commitment_id})
    if row is None:
        raise NotFound(str(commitment_id), code="commitment")
    return _commitment(row)


def earliest(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Return when the next open one of each conversation is due."""
    found = rows(
        connection,
        "SELECT conversation_id, min(due_at) FROM commitment WHERE made_at IS NOT NULL AND kept_at IS NULL"
        " AND conversation_id IN (SELECT value FROM json_each(:ids)) GROUP BY conversation_id",
        {"ids": json.dumps(list(ids))},
    )
    return dict(found)


def promise(
    connection: Connection,
    conversation_id: int,
    promises: Iterable[Promise],
    agent: str,
    now: datetime,
    outbox_id: int | None = None,
) -> list[int]:
    """Store promises and return their ids; those of a reply count once it has left.

    The caller recomputes the conversation. Raises ``Refused``: ``no_promise`` for one that says nothing, ``promise_date``
    for one whose date nobody can have meant.
    """
    made_at = to_ms(now) if outbox_id is None else None
    added = []
    for text, due_at in promises:
        due_at = due_at or now + UNSAID
        if not one_line(text):
            raise Refused(code="no_promise")
        if not now - OLDEST <= due_at <= now + FARTHEST:
            raise Refused(code="promise_date")
        due = to_ms(due_at)
        row = connection.exec_driver_sql(
            "INSERT INTO commitment(conversation_id, outbox_id, text, due_at, made_at, agent, warn_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                conversation_id,
                outbox_id,
                one_line(text),
                due,
                made_at,
                agent,
                _warns(connection, made_at, due),
            ),
        )
        added.append(int(row.scalar_one()))
    return added


def leave(connection: Connection, outbox_id: int, now: datetime) -> bool:
    """Let the promises of a reply that has left count; returns whether there are any."""
    waiting = rows(
        connection,
        "SELECT id, due_at FROM commitment WHERE outbox_id = :id AND made_at IS NULL",
        {"id": outbox_id},
    )
    made_at = to_ms(now)
    for number, due_at in waiting:
        connection.exec_driver_sql(
            "UPDATE commitment SET made_at = ?, warn_at = ? WHERE id = ?",
            (made_at, _warns(connection, made_at, due_at), number),
        )
    return bool(waiting)


def forget(connection: Connection, outbox_id: int, unless_in: str = "") -> None:
    """Make nothing of the promises of a reply that will not leave, or not with this text, which is on one line."""
    connection.exec_driver_sql(
        "DELETE FROM commitment WHERE outbox_id = ? AND made_at IS NULL AND instr(?, text) = 0",
        (outbox_id, unless_in),
    )


def end(connection: Connection, commitment_id: int, outcome: str, now: datetime) -> int:
    """Say that one was kept or cancelled; returns its conversation. Raises ``Refused`` where it has ended."""
    found = one_of(connection, commitment_id)
    if found.ended_at is not None:
        raise Refused(found.outcome, code="step")
    connection.exec_driver_sql(
        "UPDATE commitment SET kept_at = ?, outcome = ? WHERE id = ?", (to_ms(now), outcome, commitment_id)
    )
    return found.conversation_id


def reopen(connection: Connection, commitment_id: int) -> int:
    """Let one that has ended be open again; returns its conversation."""
    found = one_of(connection, commitment_id)
    connection.exec_driver_sql(
        "UPDATE commitment SET kept_at = NULL, outcome = '' WHERE id = ?", (commitment_id,)
    )
    return found.conversation_id


def settle(connection: Connection, conversation_id: int, now: datetime) -> None:
    """End what is open in a conversation that is resolved, also what has not left yet."""
    connection.exec_driver_sql(
        "UPDATE commitment SET kept_at = ?, outcome = ? WHERE conversation_id = ? AND kept_at IS NULL",
        (to_ms(now), RESOLVED, conversation_id),
    )


def unsettle(connection: Connection, conversation_id: int) -> None:
    """Bring back what ended when the conversation was last resolved."""
    connection.exec_driver_sql(
        "UPDATE commitment SET kept_at = NULL, outcome = '' WHERE conversation_id = ? AND outcome = ?"
        " AND kept_at = (SELECT settled_at FROM conversation WHERE id = ?)",
        (conversation_id, RESOLVED, conversation_id),
    )


def _warns(connection: Connection, made_at: int | None, due_at: int) -> int | None:
    """Return when to warn that a promise comes due: once its largest share of the policy's has passed."""
    from socialdesk.storage import policies

    if made_at is None or due_at <= made_at:
        return None
    shares = policies.dues(connection).shares
    return made_at + int((due_at - made_at) * shares[-1]) if shares else None


def _commitment(row: Row) -> Commitment:
    number, conversation, text, due_at, made_at, agent, outbox_id, ended, outcome = row
    return Commitment(
        number,
        conversation,
        text,
        from_ms(due_at),
        None if made_at is None else from_ms(made_at),
        agent,
        outbox_id,
        None if ended is None else from_ms(ended),
        outcome,
    )
