"""Replies that a person has marked as sent, and the same replies as their network shows them (NEEDS A1).

The network never named such a reply, so its line in the conversation has an id of this desk's own. When the network
shows it after all, the two are one: same conversation, same words, and written when an attempt was under way. Where
another reply with the same words may have left as well, nobody can say which of the two it is, and both are shown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from socialdesk.domain.models import Direction
from socialdesk.domain.priority import to_ms
from socialdesk.storage.incoming import Incoming

DOUBT = 5 * 60_000
"""Milliseconds by which the network's clock and ours, and the two ends of an attempt, may lie apart."""

_MARKED = """
SELECT m.id, o.id AS reply, c.remote_key, c.id AS conversation_id, m.text, m.at, coalesce(o.first_attempt_at, m.at) AS first_at,
    coalesce(o.attempt_at, m.at) AS last_at
FROM message m CROSS JOIN outbox o ON o.id = CAST(substr(m.remote_id, 6) AS INTEGER) AND o.message_id = m.id
CROSS JOIN conversation c ON c.id = m.conversation_id
WHERE m.account_id = ? AND m.remote_id >= 'desk ' AND m.remote_id < 'desk!' AND m.deleted_at IS NULL
"""
_MAY_HAVE_LEFT = """
SELECT text FROM outbox WHERE conversation_id = ? AND state IN ('sending', 'unknown', 'needs_person')
"""
_FROM_ELSEWHERE = """
SELECT remote_id, text, at FROM message WHERE conversation_id = ? AND direction = 'out' AND context = 0
    AND from_desk = 0 AND deleted_at IS NULL AND at BETWEEN ? AND ? ORDER BY abs(at - ?)
"""


class _Shown(NamedTuple):
    item: Incoming
    words: str
    at: int


def own_id(outbox_id: int) -> str:
    """Return the id of a line whose reply the network has not named."""
    return f"desk {outbox_id}"


def recognise(connection: Connection, account_id: int, fresh: Iterable[Incoming]) -> list[str]:
    """Give lines that were marked as sent the ids under which the network now shows them; returns these ids.

    ``fresh`` are messages of whose ids the desk knows nothing yet.
    """
    ours = [
        item for item in fresh if item.direction is Direction.OUT and not (item.from_desk or item.context)
    ]
    if not ours:
        return []
    marked = list(connection.exec_driver_sql(_MARKED, (account_id,)).all())
    found = []
    for item in ours if marked else ():
        line = _line_of(connection, marked, _Shown(item, words(item.text), to_ms(item.at)))
        if line is not None:
            marked.remove(line)
            _name(connection, line, item)
            found.append(item.id)
    return found


def shown_already(connection: Connection, reply: Row[Any]) -> str:
    """Return the id under which the network shows a reply that is now marked as sent, or "".

    ``reply`` is a row of ``outbox``.
    """
    if reply.attempt_at is None:
        return ""
    first, last = reply.first_attempt_at or reply.attempt_at, reply.attempt_at
    span = (reply.conversation_id, first - DOUBT, last + DOUBT, last)
    lines = connection.exec_driver_sql(_FROM_ELSEWHERE, span).all()
    same = words(reply.text)
    twin = next((line.remote_id for line in lines if words(line.text) == same), "")
    return "" if _in_doubt(connection, reply.conversation_id, same) else twin


def words(text: str) -> str:
    """Return what stays the same of a text when a network tidies its spaces and composes its letters."""
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def _line_of(connection: Connection, marked: Sequence[Row[Any]], shown: _Shown) -> Row[Any] | None:
    """Return the line that is this message, the nearest in time where several could be."""
    same = [
        line
        for line in marked
        if line.remote_key == shown.item.conversation
        and line.first_at - DOUBT <= shown.at <= line.last_at + DOUBT
        and words(line.text) == shown.words
    ]
    if not same or _in_doubt(connection, same[0].conversation_id, shown.words):
        return None
    return min(same, key=lambda line: abs(line.at - shown.at))


def _in_doubt(connection: Connection, conversation_id: int, same: str) -> bool:
    """Say whether another reply with these words may have left, so that the network may be showing that one."""
    others = connection.exec_driver_sql(_MAY_HAVE_LEFT, (conversation_id,)).scalars()
    return any(words(text) == same for text in others)


def _name(connection: Connection, line: Row[Any], item: Incoming) -> None:
    connection.exec_driver_sql(
        "UPDATE message SET remote_id = ?, url = ?, reply_to = ?, remote = ? WHERE id = ?",
        (item.id, item.url, item.reply_to, json.dumps(dict(item.remote)), line.id),
    )
    connection.exec_driver_sql("UPDATE outbox SET url = ? WHERE id = ?", (item.url, line.reply))
