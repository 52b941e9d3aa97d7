"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.shapes import identity, mapping, mappings, moment, text, web, whole
from socialdesk.connectors.x.raws import other_of
from socialdesk.connectors.x.shape import given_at, lasting_id, referenced, words

_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])", re.I)
_MEDIA = {"photo": Media.IMAGE, "video": Media.VIDEO, "animated_gif": Media.VIDEO}
_SPECIAL = frozenset({"und", "qam", "qct", "qht", "qme", "qst", "zxx", "art"})
"""What X calls texts of no language: only names, only tags, no words at all."""


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "post":
            return [_incoming(payload)]
        case "own":
            return [_own(payload)]
        case "context":
            return [_context(payload)]
        case "message":
            return _message(payload)
    raise ValueError("not a payload of this connector")


def _incoming(payload: dict[str, Any]) -> Item:
    post, me = mapping(payload.get("post")), mapping(payload.get("me"))
    author = _person(payload.get("author"))
    item = _post(payload, post, author, author, Direction.IN)
    deleted = payload.get("deleted") is True
    return replace(item, kind=_kind(payload, post, identity(me.get("id"))), deleted=deleted)


def _own(payload: dict[str, Any]) -> Item:
    me, post = mapping(payload.get("me")), mapping(payload.get("post"))
    customer = _person(payload.get("customer"))
    return replace(_post(payload, post, _us(me), customer, Direction.OUT), kind=Kind.REPLY)


def _context(payload: dict[str, Any]) -> Item:
    post, me = mapping(payload.get("post")), mapping(payload.get("me"))
    author, customer = _person(payload.get("author")), _person(payload.get("customer"))
    direction = Direction.OUT if author.id == identity(me.get("id")) else Direction.IN
    item = _post(payload, post, author, customer, direction)
    key = text(payload.get("conversation"))
    if author.id == customer.id and item.conversation == key:
        return replace(item, context=True)  # it may come by itself, too: the same id, so the same text
    # A post of somebody else may stand in several conversations, and an id names one message.
    return replace(item, id=f"{item.id}|{customer.id}", conversation=key, kind=Kind.POST, context=True)


def _post(
    payload: dict[str, Any], post: dict[str, Any], author: Author, contact: Author, direction: Direction
) -> Item:
    name, at = lasting_id(post), _written(post)
    if not name or at is None:
        raise ValueError("a post without id or time")
    current = identity(post.get("id")) or name
    root = identity(post.get("conversation_id")) or name
    remote = {"post": current, "user": contact.id, "name": contact.handle.lstrip("@")}
    return Item(
        id=name,
        conversation=f"{root}|{contact.id}",
        direction=direction,
        at=at,
        author=author,
        contact=contact,
        text=_words(payload, post),
        reply_to=referenced(post, "replied_to"),
        language=_language(post),
        url=f"https://x.com/i/web/status/{current}",
        edited_at=given_at(current) if current != name else None,
        remote={key: value for key, value in remote.items() if value},
        attachments=_attachments(payload),
    )


def _message(payload: dict[str, Any]) -> list[Item]:
    event, me = mapping(payload.get("event")), mapping(payload.get("me"))
    if text(event.get("event_type")) not in ("MessageCreate", ""):
        return []  # somebody came or went
    name, place = identity(event.get("id")), text(event.get("dm_conversation_id"))
    at = moment(event.get("created_at")) or given_at(name)
    if not (name and place and at):
        raise ValueError("a message without id, place or time")
    ours, author = identity(me.get("id")), _person(payload.get("author"))
    outgoing = author.id == ours
    if outgoing and not other_of(place, ours):
        return []  # written by the brand in a group: to nobody in particular
    contact = _person(payload.get("customer")) if outgoing else author
    item = Item(
        id=f"dm|{name}",
        conversation=f"dm|{place}",
        direction=Direction.OUT if outgoing else Direction.IN,
        at=at,
        author=_us(me) if outgoing else author,
        contact=contact,
        text=words(event),
        kind=Kind.DIRECT,
        private=True,
        remote={"dm": place, "user": contact.id},
        attachments=_attachments(payload),
    )
    return [item]


def _kind(payload: dict[str, Any], post: dict[str, Any], ours: str) -> Kind:
    if ours and identity(post.get("in_reply_to_user_id")) == ours:
        return Kind.REPLY
    quoted = mapping(payload.get("quoted"))
    return Kind.QUOTE if ours and identity(quoted.get("author_id")) == ours else Kind.MENTION


def _words(payload: dict[str, Any], post: dict[str, Any]) -> str:
    """Return the text, without our own name at its beginning: it is what brought the message here."""
    found, name = words(post), text(mapping(payload.get("me")).get("name"))
    return re.sub(rf"\A@{re.escape(name)}\b[,:]?\s+", "", found, flags=re.I) if name else found


def _written(post: dict[str, Any]) -> datetime | None:
    """Return when its first version was written."""
    return given_at(lasting_id(post)) or moment(post.get("created_at"))


def _language(post: dict[str, Any]) -> str:
    told = text(post.get("lang")).lower()
    found = _LANGUAGE.match(told)
    return found.group() if found and told not in _SPECIAL else ""


def _attachments(payload: dict[str, Any]) -> list[Attachment]:
    return [_attachment(one) for one in mappings(payload.get("files"))]


def _attachment(file: dict[str, Any]) -> Attachment:
    films = [one for one in mappings(file.get("variants")) if text(one.get("content_type")) == "video/mp4"]
    best = max(films, key=lambda one: whole(one.get("bit_rate")) or 0, default={})
    url = web(best.get("url")) or web(file.get("url"))
    return Attachment(
        _MEDIA.get(text(file.get("type")), Media.OTHER),
        url.rsplit("/", 1)[-1].partition("?")[0],
        text(file.get("alt_text")),
        text(best.get("content_type")),
        remote={"url": url} if url else {},
    )


def _person(value: Any) -> Author:
    person = mapping(value)
    number = identity(person.get("id"))
    if not number:
        raise ValueError("nobody wrote this")
    name = text(person.get("username"))
    return Author(number, f"@{name}" if name else "?", text(person.get("name")))


def _us(me: dict[str, Any]) -> Author:
    return Author(identity(me.get("id")), f"@{text(me.get('name'))}", text(me.get("shown")))
