"""Finds a person on the desk, and tells all that it holds of them and nothing of anybody else (promise 14)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from socialdesk.domain.priority import from_ms
from socialdesk.domain.privacy import Contact
from socialdesk.storage.database import Reader
from socialdesk.storage.persons import ERASED

_CONTACTS = """
SELECT p.id, b.name, a.channel, a.name, p.remote_id, p.handle, p.name FROM contact p
JOIN account a ON a.id = p.account_id JOIN brand b ON b.id = a.brand_id
WHERE p.remote_id <> ' erased' AND (:brand = '' OR b.name = :brand) AND
"""
_BY_NUMBER = (
    "(a.channel, p.remote_id) = (SELECT q.channel, r.remote_id FROM conversation c JOIN contact r"
    " ON r.id = c.contact_id JOIN account q ON q.id = r.account_id WHERE c.id = :number)"
)
_BY_WORDS = (
    "(ltrim(p.handle, '@') = :words COLLATE NOCASE OR p.name = :words COLLATE NOCASE OR p.remote_id = :words)"
)
_MESSAGES = """
SELECT m.remote_id, m.at, m.direction, m.text, m.kind, m.private, m.url, m.edited_at, m.deleted_at, m.handle, m.name, m.id,
    m.title, m.rating
FROM message m WHERE m.conversation_id = :id AND (m.direction = 'out' AND m.context = 0 OR m.direction = 'in'
    AND (m.handle = :handle OR m.context = 0 AND NOT EXISTS (SELECT 1 FROM contact o
        WHERE o.account_id = m.account_id AND o.handle = m.handle))) ORDER BY m.id
"""
"""Former handles are theirs as well; whoever else joins in has a handle that is another customer's."""


def find(reader: Reader, words: str, brand: str = "") -> list[Contact]:
    """Return the customers of that conversation's number, or of exactly that handle, name or id on their network.

    A number alone may be either; "#7" is a conversation, "@7" a handle.
    """
    params = {"words": words.removeprefix("@"), "number": _number(words), "brand": brand}
    found = reader.all(f"{_CONTACTS} ({_BY_NUMBER} OR {_BY_WORDS})", params)
    people = {row[0]: _contact(reader, row) for row in found}
    return [*people.values(), *_blocked(reader, words, brand)]


def _number(words: str) -> int:
    """Return the number of a conversation, or 0 where the words are none; no conversation has one of nineteen digits."""
    number = words.removeprefix("#")
    return int(number) if number.isdecimal() and len(number) < 19 else 0


def _contact(reader: Reader, row: tuple[Any, ...]) -> Contact:
    number, brand, channel, account, remote, handle, name = row
    own = reader.all(
        "SELECT id FROM conversation WHERE contact_id = :id AND box <> :box", {"id": number, "box": ERASED}
    )
    return Contact(brand, channel, remote, handle, name, account, number, tuple(one for (one,) in own))


def _blocked(reader: Reader, words: str, brand: str) -> Iterator[Contact]:
    wanted, number = words.removeprefix("@").casefold(), _number(words)
    for row, of, content in reader.all(
        "SELECT id, brand, content FROM blocked WHERE :brand = '' OR brand = :brand", {"brand": brand}
    ):
        held = json.loads(content)
        numbers = [one["id"] for one in held.get("conversation", ())]
        for person in _people(held):
            named = {
                person["remote_id"],
                *(str(person[key]).lstrip("@").casefold() for key in ("handle", "name")),
            }
            if wanted in named or number in numbers:
                channel = next((one["channel"] for one in held.get("conversation", ())), "")
                yield Contact(
                    of, channel, person["remote_id"], person["handle"], person["name"], blocked=(row,)
                )


def _people(held: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    people: Iterable[Mapping[str, Any]] = held.get("contact", ())
    return people


def words_of(reader: Reader, contact: Contact) -> set[str]:
    """Return the names and handles by which a log might speak of a person."""
    found = reader.all(
        "SELECT DISTINCT m.handle, m.name FROM message m JOIN conversation c ON c.id = m.conversation_id"
        " WHERE c.contact_id = :id AND m.direction = 'in' AND m.context = 0",
        {"id": contact.id},
    )
    return {contact.handle, contact.name, contact.remote_id, *(word for row in found for word in row)} - {""}


def export(reader: Reader, people: Iterable[Contact]) -> list[dict[str, Any]]:
    """Return all that is theirs, ready for JSON: who they are, what they wrote, what they were answered and promised."""
    with reader.snapshot():
        return [_dossier(reader, one) for one in people if one.id]


def _dossier(reader: Reader, one: Contact) -> dict[str, Any]:
    row = reader.one("SELECT tags, reach FROM contact WHERE id = :id", {"id": one.id})
    assert row is not None
    return {
        "brand": one.brand,
        "network": one.channel,
        "account": one.account,
        "id": one.remote_id,
        "handle": one.handle,
        "name": one.name,
        "tags": [tag.strip() for tag in row[0].split(",") if tag.strip()],
        "followers": row[1],
        "conversations": [_conversation(reader, number, one) for number in one.conversations],
    }


def _conversation(reader: Reader, number: int, one: Contact) -> dict[str, Any]:
    params = {"id": number, "handle": one.handle}
    head = reader.one(
        "SELECT remote_key, private, box, situation, language, created_at, settled_at FROM conversation WHERE id = :id",
        params,
    )
    assert head is not None
    key, private, box, situation, language, created, settled = head
    return {
        "number": number,
        "key": key,
        "private": bool(private),
        "state": box,
        "situation": situation,
        "language": language,
        "since": _iso(created),
        "settled": _iso(settled),
        "messages": [_message(reader, row) for row in reader.all(_MESSAGES, params)],
        "answers_not_sent": _unsent(reader, params),
        "promises": _promises(reader, params),
        "acts": _acts(reader, params),
    }


def _message(reader: Reader, row: tuple[Any, ...]) -> dict[str, Any]:
    remote, at, direction, text, kind, private, url, edited, deleted, handle, name, number, title, rating = (
        row
    )
    told = {
        "id": remote,
        "at": _iso(at),
        "from": "you" if direction == "in" else "brand",
        "handle": handle,
        "name": name,
        "title": title,
        "stars": rating,
        "text": text,
        "attachments": _attachments(reader, number),
        "kind": kind,
        "private": bool(private),
        "url": url,
    }
    return told | {"edited": _iso(edited), "deleted": _iso(deleted), "before": _versions(reader, number)}


def _versions(reader: Reader, message_id: int) -> list[dict[str, Any]]:
    found = reader.all(
        "SELECT title, text, replaced_at FROM message_version WHERE message_id = :id ORDER BY id",
        {"id": message_id},
    )
    return [{"title": title, "text": text, "until": _iso(at)} for title, text, at in found]


def _attachments(reader: Reader, message_id: int) -> list[dict[str, Any]]:
    found = reader.all(
        "SELECT media, name, description, type, size FROM attachment WHERE message_id = :id ORDER BY position",
        {"id": message_id},
    )
    return [dict(zip(("media", "name", "description", "type", "size"), row, strict=True)) for row in found]


def _acts(reader: Reader, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was done to their messages, or to them, besides answering."""
    found = reader.all(
        "SELECT act, undo, m.remote_id, act.at, done_at, state FROM act JOIN message m ON m.id = act.message_id"
        " WHERE act.conversation_id = :id ORDER BY act.id",
        dict(params),
    )
    return [
        {
            "act": act,
            "taken_back": bool(undo),
            "message": message,
            "at": _iso(at),
            "done": _iso(done),
            "state": state,
        }
        for act, undo, message, at, done, state in found
    ]


def _unsent(reader: Reader, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = reader.all(
        "SELECT text, created_at, state FROM outbox WHERE conversation_id = :id AND state <> 'sent'"
        " UNION ALL SELECT text, updated_at, 'draft' FROM draft WHERE conversation_id = :id",
        dict(params),
    )
    return [{"text": text, "at": _iso(at), "state": state} for text, at, state in found]


def _promises(reader: Reader, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = reader.all(
        "SELECT text, due_at, made_at, kept_at, outcome FROM commitment WHERE conversation_id = :id ORDER BY id",
        dict(params),
    )
    return [
        {"text": text, "due": _iso(due), "made": _iso(made), "ended": _iso(kept), "outcome": outcome}
        for text, due, made, kept, outcome in found
    ]


def _iso(moment: int | None) -> str | None:
    return None if moment is None else from_ms(moment).isoformat(timespec="milliseconds")
