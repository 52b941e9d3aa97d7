"""Protocols being followed in a conversation, and the steps done (NEEDS D4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.answers import Run, Tick
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.errors import NotFound
from socialdesk.storage.source import Source, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.database import Row

_RUNS = "SELECT id, conversation_id, protocol, started_by, agent, started_at, ended_at FROM protocol_run"


def of(source: Source, conversation_id: int) -> list[Run]:
    """Return the protocols of a conversation, oldest first."""
    found = rows(source, _RUNS + " WHERE conversation_id = :id ORDER BY id", {"id": conversation_id})
    return [_run(source, row) for row in found]


def followed(source: Source, conversation_id: int) -> set[str]:
    """Return the names of the protocols that are being followed in a conversation."""
    found = rows(
        source,
        "SELECT protocol FROM protocol_run WHERE conversation_id = :id AND ended_at IS NULL",
        {"id": conversation_id},
    )
    return {name for (name,) in found}


def one(source: Source, run_id: int) -> Run:
    """Return one; raises ``NotFound``."""
    found = rows(source, _RUNS + " WHERE id = :id", {"id": run_id})
    if not found:
        raise NotFound(str(run_id), code="protocol_run")
    return _run(source, found[0])


def start(
    connection: Connection, conversation_id: int, protocol: str, by: str, agent: str, now: datetime
) -> int:
    """Begin a protocol, unless it is being followed already; returns its run. Raises ``NotFound``."""
    for run in of(connection, conversation_id):
        if run.protocol == protocol and run.ended_at is None:
            return run.id
    if not rows(connection, "SELECT 1 FROM conversation WHERE id = :id", {"id": conversation_id}):
        raise NotFound(str(conversation_id), code="conversation")
    added = connection.exec_driver_sql(
        "INSERT INTO protocol_run(conversation_id, protocol, started_by, agent, started_at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (conversation_id, protocol, by, agent, to_ms(now)),
    )
    return int(added.scalar_one())


def tick(connection: Connection, run_id: int, step: int, agent: str, now: datetime) -> None:
    """Say that a step was done; who did it first stays."""
    one(connection, run_id)
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO protocol_tick(run_id, step, agent, at) VALUES (?, ?, ?, ?)",
        (run_id, step, agent, to_ms(now)),
    )


def untick(connection: Connection, run_id: int, step: int) -> None:
    """Say that a step was not done after all."""
    one(connection, run_id)
    connection.exec_driver_sql("DELETE FROM protocol_tick WHERE run_id = ? AND step = ?", (run_id, step))


def end(connection: Connection, run_id: int, now: datetime) -> None:
    """Follow a protocol no longer; what was done stays known."""
    one(connection, run_id)
    connection.exec_driver_sql(
        "UPDATE protocol_run SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (to_ms(now), run_id)
    )


def _run(source: Source, row: Row) -> Run:
    number, conversation, protocol, by, agent, started, ended = row
    done = rows(
        source, "SELECT step, agent, at FROM protocol_tick WHERE run_id = :id ORDER BY step", {"id": number}
    )
    ticks = {step: Tick(who, from_ms(at)) for step, who, at in done}
    ended_at = None if ended is None else from_ms(ended)
    return Run(number, conversation, protocol, by, agent, from_ms(started), ended_at, ticks)
