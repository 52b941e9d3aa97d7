"""The rows of ``message`` and their full-text index, which change together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from socialdesk.domain.models import Attachment
from socialdesk.domain.priority import to_ms
from socialdesk.storage import enclosed
from socialdesk.storage.ids import message_id
from socialdesk.storage.incoming import Incoming
from socialdesk.storage.marked import words


class Stored(NamedTuple):
    """What is stored of a message that comes again."""

    remote_id: str
    id: int
    conversation_id: int
    text: str
    context: int
    from_desk: int
    edited_at: int | None
    deleted_at: int | None
    title: str
    answer_until: int | None
    rating: int | None
    enclosed: int  # whether it has attachments


def find(connection: Connection, account_id: int, remote_ids: Iterable[str]) -> dict[str, Stored]:
    """Return those of the messages that are stored already, by remote id."""
    rows = connection.exec_driver_sql(
        "SELECT remote_id, id, conversation_id, text, context, from_desk, edited_at, deleted_at, title,"
        " answer_until, rating, EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = message.id) FROM message"
        " WHERE account_id = ? AND remote_id IN (SELECT value FROM json_each(?))",
        (account_id, json.dumps(list(remote_ids))),
    )
    return {row[0]: Stored(*row) for row in rows.all()}


def add(
    connection: Connection, account_id: int, fresh: Sequence[Incoming], homes: Mapping[str, int], now: int
) -> list[int]:
    """Store messages that are new to the desk and return their ids; ``homes`` are the conversations by their key.

    ``index`` must follow in the same transaction.
    """
    moments = [min(to_ms(item.at), now) for item in fresh]
    ids = _free_ids(
        connection, [message_id(at, account_id, item.id) for at, item in zip(moments, fresh, strict=True)]
    )
    connection.exec_driver_sql(
        "INSERT INTO message(id, conversation_id, account_id, remote_id, direction, at, known_at, handle, name, text,"
        " kind, private, context, from_desk, reply_to, url, agent, remote, edited_at, deleted_at, automatic,"
        " title, answer_until, rating) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                number,
                homes[item.conversation],
                account_id,
                item.id,
                item.direction.value,
                at,
                now if item.known_at is None else to_ms(item.known_at),
                item.author.handle,
                item.author.name,
                "" if item.deleted else item.text,
                item.kind.value,
                item.private,
                item.context,
                item.from_desk,
                item.reply_to,
                item.url,
                item.agent,
                json.dumps(dict(item.remote)) if item.remote else "{}",
                None if item.edited_at is None else to_ms(item.edited_at),
                now if item.deleted else None,
                item.automatic,
                "" if item.deleted else item.title,
                _ms(item.answer_until),
                item.rating,
            )
            for number, at, item in zip(ids, moments, fresh, strict=True)
        ],
    )
    enclosed.add(connection, zip(ids, fresh, strict=True))
    return ids


def index(connection: Connection, ids: Sequence[int]) -> None:
    """Put stored messages into the text index, in one statement: FTS5 writes out what it has after each one."""
    if ids:
        connection.exec_driver_sql(
            "INSERT INTO message_fts(rowid, text) SELECT m.id, m.text FROM json_each(?) j"
            " CROSS JOIN message m ON m.id = j.value",
            (json.dumps(ids),),
        )


def change(connection: Connection, item: Incoming, old: Stored, now: int) -> bool:
    """Bring a stored message up to date; returns whether anything changed."""
    if old.deleted_at is not None:
        return False
    if item.deleted:
        _replace_text(connection, old, "", now)
        if old.title or old.enclosed:
            enclosed.replace(connection, old.id, "", ())
        connection.exec_driver_sql("UPDATE message SET deleted_at = ? WHERE id = ?", (now, old.id))
        return True
    edited = _edit(connection, item, old, now)
    adopted = _adopt(connection, item, old, now)
    rated = _rate(connection, item, old, now)
    return edited or adopted or rated


def _rate(connection: Connection, item: Incoming, old: Stored, now: int) -> bool:
    """Learn other stars, and another end of the time in which the network takes an answer."""
    rating = old.rating if item.rating is None else item.rating
    until = old.answer_until if item.answer_until is None else to_ms(item.answer_until)
    if (rating, until) == (old.rating, old.answer_until):
        return False
    connection.exec_driver_sql(
        "UPDATE message SET rating = ?, answer_until = ?, edited_at = coalesce(edited_at, ?) WHERE id = ?",
        (rating, until, now if rating != old.rating and old.rating is not None else None, old.id),
    )
    return True


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _edit(connection: Connection, item: Incoming, old: Stored, now: int) -> bool:
    if item.text == old.text and not _carries_other(connection, item, old):
        return False
    if _is_old_news(connection, item, old):
        return False
    _replace_text(connection, old, item.text, now)
    if not item.from_desk:
        enclosed.replace(connection, old.id, item.title, item.attachments)
    connection.exec_driver_sql(
        "UPDATE message SET edited_at = ?, remote = ? WHERE id = ?",
        (to_ms(item.edited_at) if item.edited_at else now, json.dumps(dict(item.remote)), old.id),
    )
    return True


def _carries_other(connection: Connection, item: Incoming, old: Stored) -> bool:
    """Say whether a message of the same text was edited beside it; what was not known of it before is learnt."""
    carries, carried = bool(item.title or item.attachments), bool(old.title or old.enclosed)
    if not (carries or (carried and item.edited_at is not None)):
        return False  # who tells of nothing, and of no edit, may only know less
    known = enclosed.stored(connection, old.id) if old.enclosed else ()
    if item.title == old.title and list(item.attachments) == list(known):
        return False
    unknown = not carried and item.edited_at is None and old.edited_at is None
    if not unknown and _shown(item.title, item.attachments) != _shown(old.title, known):
        return True
    enclosed.replace(connection, old.id, item.title, item.attachments)
    return False


def _shown(title: str, attachments: Sequence[Attachment]) -> tuple[object, ...]:
    """Return what people see of it: sizes and addresses differ with who tells of them."""
    return (title, *((one.media, one.name, one.description) for one in attachments))


def _is_old_news(connection: Connection, item: Incoming, old: Stored) -> bool:
    """Say whether the text that differs is a former one, given again, or one from here whose spaces were tidied."""
    if item.edited_at is not None:
        return old.edited_at is not None and to_ms(item.edited_at) <= old.edited_at
    if old.from_desk and words(item.text) == words(old.text):
        return True
    former = connection.exec_driver_sql(
        "SELECT max(text = ? AND title = ?), max(replaced_at = ?) FROM message_version WHERE message_id = ?",
        (item.text, item.title, old.edited_at, old.id),
    )
    known, noted_here = former.one()
    # A network that has told when it was edited shows the text of before where it tells of no edit.
    return bool(known) or (old.edited_at is not None and not noted_here)


def _adopt(connection: Connection, item: Incoming, old: Stored, now: int) -> bool:
    """Learn that the message left from this desk, or that it is more than context."""
    if item.from_desk and not old.from_desk:
        connection.exec_driver_sql(
            "UPDATE message SET from_desk = 1, agent = ?, known_at = ?, automatic = ?, context = 0 WHERE id = ?",
            (item.agent, to_ms(item.known_at) if item.known_at else now, item.automatic, old.id),
        )
        return True
    if old.context and not item.context:
        connection.exec_driver_sql(
            "UPDATE message SET context = 0, known_at = ?, kind = ?, remote = ? WHERE id = ?",
            (now, item.kind.value, json.dumps(dict(item.remote)), old.id),
        )
        return True
    return False


def _replace_text(connection: Connection, old: Stored, text: str, now: int) -> None:
    connection.exec_driver_sql(
        "INSERT INTO message_version(message_id, text, title, replaced_at) VALUES (?, ?, ?, ?)",
        (old.id, old.text, old.title, now),
    )
    connection.exec_driver_sql(
        "INSERT INTO message_fts(message_fts, rowid, text) VALUES ('delete', ?, ?)", (old.id, old.text)
    )
    connection.exec_driver_sql("UPDATE message SET text = ? WHERE id = ?", (text, old.id))
    index(connection, [old.id])


def _free_ids(connection: Connection, wanted: list[int]) -> list[int]:
    """Return the wanted ids, each one that is taken replaced by the next free one."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(wanted),)
    )
    taken = {row[0] for row in rows.all()}
    free = []
    for number in wanted:
        while number in taken:
            number += 1
            if _exists(connection, number):
                taken.add(number)
        taken.add(number)
        free.append(number)
    return free


def _exists(connection: Connection, number: int) -> bool:
    return connection.exec_driver_sql("SELECT 1 FROM message WHERE id = ?", (number,)).first() is not None
