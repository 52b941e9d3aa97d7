"""Full-text search, newest first: message ids grow with time, so the index itself is in that order.

Customers are found by the words of their names and handles, which have an index of their own.
"""

from __future__ import annotations

from socialdesk.domain.excerpt import folded
from socialdesk.domain.models import Direction, QueueRow, SearchHit
from socialdesk.domain.priority import from_ms
from socialdesk.storage import queue
from socialdesk.storage.database import Reader, Row

_HITS = """
SELECT m.id, m.conversation_id, m.at, b.name, c.channel, m.handle, m.name, m.direction, m.text,
    c.box, c.waiting_since
FROM message_fts f
CROSS JOIN message m ON m.id = f.rowid
CROSS JOIN conversation c ON c.id = m.conversation_id
CROSS JOIN brand b ON b.id = c.brand_id
WHERE message_fts MATCH :words AND f.rowid < :before
    AND (:brand IS NULL OR b.name = :brand) AND (:channel IS NULL OR c.channel = :channel)
ORDER BY f.rowid DESC LIMIT :limit
"""
# The newest of the customers: where many have such a name, nobody reads them all.
_CUSTOMERS = """
SELECT c.id FROM conversation c
WHERE c.contact_id IN
    (SELECT rowid FROM contact_fts WHERE contact_fts MATCH :words ORDER BY rowid DESC LIMIT 500)
    AND (:brand IS NULL OR c.brand_id = (SELECT id FROM brand WHERE name = :brand))
    AND (:channel IS NULL OR c.channel = :channel)
ORDER BY c.last_at DESC LIMIT :limit
"""
_BESIDE = _HITS.replace("message_fts", "beside_fts").replace("m.text", "f.words || char(10) || m.text")
"""The same among titles and what attachments say: an index of its own, and a small one."""
_TERMS, _TERMS_BESIDE = "message_terms", "beside_terms"
_NEXT_TERM = "SELECT term FROM {} WHERE term >= :from LIMIT 1"
_INDEXED = 3
_MANY = 40
_TELLING = 2
"""Letters from which on a beginning tells a customer from the others."""

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
    if not _words(words):
        return []
    params = {"before": before or _NO_END, "limit": limit, "brand": brand, "channel": channel}
    with reader.snapshot():
        found = reader.all(_HITS, params | {"words": _query(reader, words, _TERMS)})
        beside = reader.all(_BESIDE, params | {"words": _query(reader, words, _TERMS_BESIDE)})
    if beside:
        every = {row[0]: row for row in (*beside, *found)}
        found = [every[number] for number in sorted(every, reverse=True)[:limit]]
    return [_hit(row) for row in found]


def customers(
    reader: Reader,
    words: str,
    limit: int = 20,
    brand: str | None = None,
    channel: str | None = None,
) -> list[QueueRow]:
    """Return the newest conversations of customers whose name and handle have all the words."""
    typed = _words(words)
    if not typed or len(typed[-1]) < _TELLING:
        return []
    query = " AND ".join(map(_quoted, typed)) + "*"
    params = {"words": query, "limit": limit, "brand": brand, "channel": channel}
    with reader.snapshot():
        return [queue.row(reader, row[0]) for row in reader.all(_CUSTOMERS, params)]


def _words(typed: str) -> list[str]:
    """Return the words of what was typed; what has neither letter nor digit is in no index."""
    return [word for word in typed.replace("\0", " ").split() if any(map(str.isalnum, word))]


def _query(reader: Reader, typed: str, vocabulary: str) -> str:
    """Return the FTS5 query for what a person typed: nothing in it is an operator."""
    words = _words(typed)
    ending = _quoted(words[-1]) + "*"
    terms = _terms(reader, words[-1], vocabulary)
    if terms:
        ending = "(" + " OR ".join(_quoted(term) for term in terms) + ")"
    return " AND ".join([*(_quoted(word) for word in words[:-1]), ending])


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _terms(reader: Reader, beginning: str, vocabulary: str) -> list[str]:
    """Return the words of the index that begin so, or none where they are many.

    FTS5 gathers every hit of a beginning before it gives the newest (8 ms for a word that a third of a million
    messages have); the hits of whole words it takes one by one (0.1 ms). It is as quick for beginnings of two or
    three letters, which have an index of their own.
    """
    start = folded(beginning)
    if len(start) <= _INDEXED or not start.isalnum():
        return []
    found: list[str] = []
    next_term = _NEXT_TERM.format(vocabulary)
    row = reader.one(next_term, {"from": start})
    while row is not None and row[0].startswith(start):
        found.append(row[0])
        if len(found) > _MANY:
            return []
        row = reader.one(next_term, {"from": row[0] + "\x01"})
    return found


def _hit(row: Row) -> SearchHit:
    number, conversation, at, brand, channel, handle, name, direction, text, box, since = row
    return SearchHit(
        number,
        conversation,
        from_ms(at),
        brand,
        channel,
        handle,
        name,
        Direction(direction),
        text,
        queue.state_of(box, since),
    )
