"""A conversation taken to private: the private one that continues a public one, both kept together (NEEDS B3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.storage import waits
from socialdesk.storage.source import Source, one, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.outbox import Job


def join(connection: Connection, account_id: int, job: Job, key: str) -> None:
    """Let the conversation of that key continue the one in which a private message was written, and hold that message.

    It lies on the desk from then on: the case goes on there.
    """
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
