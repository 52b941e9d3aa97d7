"""Full-text search, newest first: message ids grow with time, so the index itself is in that order."""

from __future__ import annotations

from socialdesk.domain.models import Direction, SearchHit
from socialdesk.domain.priority import from_ms
from socialdesk.storage.database import Reader, Row

_HITS = """
SELECT m.id, m.conversation_id, m.at, b.name, c.channel, m.handle, m.name, m.direction, m.text
FROM message_fts f
CROSS JOIN message m ON m.id = f.rowid
CROSS JOIN conversation c ON c.id = m.conversation_id
CROSS JOIN brand b ON b.id = c.brand_id
WHERE message_fts MATCH :words AND f.rowid < :before
    AND (:brand IS NULL OR b.name = :brand) AND (:channel IS NULL OR c.channel = :channel)
ORDER BY f.rowid DESC LIMIT :limit
"""
_NO_END = (1 << 63) - 1


def search(
    reader: Reader,
    words: str,
    before: int | None = None,
    limit: int = 50,
    brand: str | None = None,
    channel: str | None = None,
) -> list[SearchHit]:
    """Return the newest messages with all the words, the last of which may be a beginning; before a message id."""
    query = quoted(words)
    if not query:
        return []
    found = reader.all(
        _HITS,
        {"words": query, "before": before or _NO_END, "limit": limit, "brand": brand, "channel": channel},
    )
    return [_hit(row) for row in found]


def quoted(words: str) -> str:
    """Return the FTS5 query for what a person typed: nothing in it is an operator."""
    phrases = [word.replace('"', '""') for word in words.replace("\0", " ").split()]
    return " ".join(f'"{phrase}"' for phrase in phrases) + "*" if phrases else ""


def _hit(row: Row) -> SearchHit:
    number, conversation, at, brand, channel, handle, name, direction, text = row
    return SearchHit(
        number, conversation, from_ms(at), brand, channel, handle, name, Direction(direction), text
    )
