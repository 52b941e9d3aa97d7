"""Who did what, only ever added to, without a word of what anybody wrote (promise 15 of docs/reliability.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.privacy import Deed, Done
from socialdesk.domain.text import one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.database import Reader

ADD = (
    "INSERT INTO audit(at, what, agent, brand, subject, detail, conversation_id)"
    " VALUES (:at, :what, :agent, :brand, :subject, :detail, :conversation)"
)
_LINES = """
SELECT id, at, what, agent, brand, subject, detail, conversation_id FROM audit
WHERE at >= :since AND (:what = '' OR what = :what) ORDER BY id DESC LIMIT :limit
"""


def note(
    connection: Connection,
    what: Deed,
    now: datetime,
    agent: str,
    subject: str = "",
    *,
    conversation_id: int | None = None,
    detail: str = "",
    brand: str = "",
) -> None:
    """Add a line, in the transaction of what it tells of; the brand is the conversation's where there is one."""
    if conversation_id is not None and not brand:
        brand = _brand(connection, conversation_id)
    connection.exec_driver_sql(
        ADD, values(what, now, agent, subject, conversation_id=conversation_id, detail=detail, brand=brand)
    )


def values(
    what: Deed,
    now: datetime,
    agent: str,
    subject: str = "",
    *,
    conversation_id: int | None = None,
    detail: str = "",
    brand: str = "",
) -> dict[str, object]:
    """Return what ``ADD`` needs, for those who write by another connection."""
    return {
        "at": to_ms(now),
        "what": what.value,
        "agent": one_line(agent),
        "brand": brand,
        "subject": one_line(subject),
        "detail": one_line(detail),
        "conversation": conversation_id,
    }


def _brand(connection: Connection, conversation_id: int) -> str:
    found = connection.exec_driver_sql(
        "SELECT b.name FROM conversation c JOIN brand b ON b.id = c.brand_id WHERE c.id = ?",
        (conversation_id,),
    ).scalar()
    return str(found or "")


def lines(reader: Reader, since: datetime | None, what: str, limit: int) -> list[Done]:
    """Return the newest lines, the newest first."""
    params = {"since": 0 if since is None else to_ms(since), "what": what, "limit": limit}
    return [Done(row[0], from_ms(row[1]), *row[2:]) for row in reader.all(_LINES, params)]
