"""What messages carry beside their text: titles and attachments, with an index of the words in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from socialdesk.domain.models import Attachment, Direction, Enclosed, Media
from socialdesk.domain.priority import from_ms
from socialdesk.storage.database import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.incoming import Incoming

_COLUMNS = "message_id, media, name, description, type, size, remote"
_OF = f"SELECT {_COLUMNS} FROM attachment WHERE message_id IN (SELECT value FROM json_each(:ids)) ORDER BY message_id, position"  # noqa: S608


def add(connection: Connection, items: Iterable[tuple[int, Incoming]]) -> None:
    """Store what new messages carry, by their ids; most carry nothing, which costs nothing."""
    carrying = [
        (number, item) for number, item in items if (item.title or item.attachments) and not item.deleted
    ]
    if carrying:
        _insert(connection, [(number, item.attachments) for number, item in carrying])
        _index(connection, [(number, item.title, item.attachments) for number, item in carrying])


def replace(connection: Connection, number: int, title: str, attachments: Sequence[Attachment]) -> None:
    """Let a message carry this and nothing else."""
    connection.exec_driver_sql("UPDATE message SET title = ? WHERE id = ?", (title, number))
    connection.exec_driver_sql("DELETE FROM attachment WHERE message_id = ?", (number,))
    connection.exec_driver_sql("DELETE FROM beside_fts WHERE rowid = ?", (number,))
    _insert(connection, [(number, attachments)])
    if title or attachments:
        _index(connection, [(number, title, attachments)])


def stored(connection: Connection, number: int) -> tuple[Attachment, ...]:
    """Return the attachments of a message, inside a write."""
    rows = connection.exec_driver_sql(_OF, {"ids": json.dumps([number])}).all()
    return tuple(_attachment(row[1:]) for row in rows)


def of(reader: Reader, ids: Collection[int]) -> dict[int, tuple[Attachment, ...]]:
    """Return the attachments of messages, by message."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    for row in reader.all(_OF, {"ids": json.dumps(list(ids))}):
        found[row[0]].append(_attachment(row[1:]))
    return {number: tuple(attachments) for number, attachments in found.items()}


def in_conversation(reader: Reader, conversation_id: int) -> list[Enclosed]:
    """Return the attachments of a conversation, the oldest first."""
    rows = reader.all(
        "SELECT m.id, m.at, m.direction, m.handle, m.name, a.media, a.name, a.description, a.type, a.size, a.remote"
        " FROM message m JOIN attachment a ON a.message_id = m.id WHERE m.conversation_id = :id"
        " ORDER BY m.id, a.position",
        {"id": conversation_id},
    )
    return [
        Enclosed(number, row[0], from_ms(row[1]), Direction(row[2]), row[3], row[4], _attachment(row[5:]))
        for number, row in enumerate(rows, start=1)
    ]


def words(title: str, attachments: Iterable[Attachment]) -> str:
    """Return the words by which a message is found besides its text."""
    said = (title, *(part for one in attachments for part in (one.name, one.description)))
    return "\n".join(part for part in said if part)


def _insert(connection: Connection, carried: Sequence[tuple[int, Sequence[Attachment]]]) -> None:
    rows = [
        (number, position, one.media.value, *one[1:5], json.dumps(dict(one.remote)))
        for number, attachments in carried
        for position, one in enumerate(attachments)
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO attachment(message_id, position, media, name, description, type, size, remote)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def _index(connection: Connection, carried: Sequence[tuple[int, str, Sequence[Attachment]]]) -> None:
    """Put the words into their index, in one statement: FTS5 writes out what it has after each one."""
    texts = [(number, words(title, attachments)) for number, title, attachments in carried]
    connection.exec_driver_sql(
        "INSERT INTO beside_fts(rowid, words) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
        " FROM json_each(?) WHERE json_extract(value, '$[1]') <> ''",
        (json.dumps(texts),),
    )


def _attachment(row: Sequence[Any]) -> Attachment:
    media, name, description, kind, size, remote = row
    return Attachment(Media(media), name, description, kind, size, json.loads(remote))
