"""A conversation taken to private: the private one that continues a public one, both kept together (NEEDS B3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.priority import from_ms
from socialdesk.errors import NotFound
from socialdesk.storage.source import Source, one, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.outbox import Job

_WAY = """
SELECT c.private, a.connector, a.options, a.lacking,
    EXISTS (SELECT 1 FROM conversation d WHERE d.joined_to = c.id) OR EXISTS (SELECT 1 FROM outbox o
        WHERE o.conversation_id = c.id AND (o.opens = 1 OR (o.private = 1 AND c.private = 0)) AND o.state <> 'cancelled'),
    (SELECT m.at FROM message m WHERE m.conversation_id = c.id AND m.direction = 'in' AND m.context = 0
        AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT 1)
FROM conversation c CROSS JOIN account a ON a.id = c.account_id WHERE c.id = :id
"""


class Way(NamedTuple):
    """What hinders a private message to a customer, or does not.

    ``written`` says that one was written already; ``asked_at`` is when the customer last wrote here.
    """

    private: bool
    connector: str
    options: Mapping[str, str]
    lacking: tuple[str, ...]
    written: bool
    asked_at: datetime | None


def way(source: Source, conversation_id: int) -> Way:
    """Return how things lie between a conversation and its private continuation; raises ``NotFound``."""
    found = one(source, _WAY, {"id": conversation_id})
    if found is None:
        raise NotFound(str(conversation_id), code="conversation")
    inside, connector, options, lacking, written, asked = found
    return Way(
        bool(inside),
        connector,
        json.loads(options),
        tuple(json.loads(lacking)),
        bool(written),
        None if asked is None else from_ms(asked),
    )


def join(connection: Connection, account_id: int, job: Job, key: str) -> None:
    """Let the conversation of that key continue the one in which a private message was written, and hold that message.

    It lies on the desk from then on: the case goes on there.
    """
    from socialdesk.storage import waits

    if not job.opens or key == job.conversation:
        return
    home = one(
        connection,
        "SELECT id FROM conversation WHERE account_id = :account AND remote_key = :key",
        {"account": account_id, "key": key},
    )
    if home is None:
        return
    connection.exec_driver_sql(
        "UPDATE conversation SET joined_to = ?, box = CASE box WHEN 'done' THEN 'open' ELSE box END WHERE id = ?",
        (job.conversation_id, home[0]),
    )
    connection.exec_driver_sql("UPDATE outbox SET conversation_id = ? WHERE id = ?", (home[0], job.id))
    waits.refresh(connection, {home[0]})


def joined(source: Source, conversation_id: int) -> list[int]:
    """Return the public conversation that a private one continues, or the private ones that continue a public one."""
    found = rows(
        source,
        "SELECT joined_to FROM conversation WHERE id = :id AND joined_to IS NOT NULL"
        " UNION SELECT id FROM conversation WHERE joined_to = :id",
        {"id": conversation_id},
    )
    return sorted(number for (number,) in found)
