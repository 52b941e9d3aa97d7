"""How answers are written here: findings that were let stand, with the reason, and canned replies by use (NEEDS C1, C2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.answers import Overrule, Overruled, Used
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.text import one_line
from socialdesk.storage.source import Source, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection


def overrule(
    connection: Connection,
    conversation_id: int,
    outbox_id: int | None,
    findings: Iterable[Overruled],
    agent: str,
    now: datetime,
) -> None:
    """Keep which findings an agent let stand, and why."""
    kept = [
        (
            conversation_id,
            outbox_id,
            one.family,
            one.rule,
            one_line(one.excerpt),
            one_line(one.reason),
            agent,
            to_ms(now),
        )
        for one in findings
    ]
    if kept:
        connection.exec_driver_sql(
            "INSERT INTO overrule(conversation_id, outbox_id, family, rule, excerpt, reason, agent, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            kept,
        )


def overrules(source: Source, conversation_id: int) -> list[Overrule]:
    """Return what was let stand in a conversation, oldest first."""
    found = rows(
        source,
        "SELECT id, conversation_id, outbox_id, family, rule, excerpt, reason, agent, at FROM overrule"
        " WHERE conversation_id = :id ORDER BY id",
        {"id": conversation_id},
    )
    return [Overrule._make((*row[:-1], from_ms(row[-1]))) for row in found]


def use(
    connection: Connection, conversation_id: int, replies: Iterable[str], agent: str, now: datetime
) -> None:
    """Keep that canned replies were used, for the conversation's brand."""
    for reply in replies:
        connection.exec_driver_sql(
            "INSERT INTO canned_use(reply, brand, conversation_id, agent, at) SELECT ?, b.name, c.id, ?, ?"
            " FROM conversation c JOIN brand b ON b.id = c.brand_id WHERE c.id = ?",
            (reply, agent, to_ms(now), conversation_id),
        )


def used(source: Source, brand: str) -> dict[str, Used]:
    """Return how often each canned reply was used for a brand, and when last."""
    found = rows(
        source,
        "SELECT reply, count(*), max(at) FROM canned_use WHERE brand = :brand GROUP BY reply",
        {"brand": brand},
    )
    return {reply: Used(times, from_ms(last)) for reply, times, last in found}
