"""What a customer has written that nobody has answered, and what was answered lately: what a draft is judged by."""

from __future__ import annotations

from typing import NamedTuple

from socialdesk.errors import NotFound
from socialdesk.storage.source import Source, one, rows

_MOST = 20

_OWED = """
SELECT text FROM message WHERE conversation_id = :id AND direction = 'in' AND context = 0 AND deleted_at IS NULL
    AND id > coalesce((SELECT max(id) FROM message WHERE conversation_id = :id AND direction = 'out' AND context = 0
        AND automatic = 0), 0)
ORDER BY id DESC LIMIT :most
"""
_LAST = """
SELECT o.text FROM outbox o CROSS JOIN conversation c ON c.id = o.conversation_id CROSS JOIN brand b ON b.id = c.brand_id
WHERE o.state <> 'cancelled' AND o.automatic = 0 AND b.name = :brand ORDER BY o.id DESC LIMIT :most
"""


class Place(NamedTuple):
    """Whom an answer is for; ``reach`` is how many follow them, or None."""

    brand: str
    channel: str
    private: bool
    situation: str
    language: str
    handle: str
    name: str
    reach: int | None


def place(source: Source, conversation_id: int) -> Place:
    """Return whom a conversation is with; raises ``NotFound``."""
    found = one(
        source,
        "SELECT b.name, c.channel, c.private, c.situation, c.language, p.handle, p.name, p.reach FROM conversation c"
        " CROSS JOIN brand b ON b.id = c.brand_id CROSS JOIN contact p ON p.id = c.contact_id WHERE c.id = :id",
        {"id": conversation_id},
    )
    if found is None:
        raise NotFound(str(conversation_id), code="conversation")
    return Place(*found)._replace(private=bool(found[2]))


def owed(source: Source, conversation_id: int) -> list[str]:
    """Return what the customer has written since our last answer, oldest first; the newest twenty at most."""
    found = rows(source, _OWED, {"id": conversation_id, "most": _MOST})
    return [text for (text,) in reversed(found)]


def answered_lately(source: Source, brand: str) -> list[str]:
    """Return the last answers of a brand to anybody, oldest first, those on their way as well."""
    return [text for (text,) in reversed(rows(source, _LAST, {"most": _MOST, "brand": brand}))]
