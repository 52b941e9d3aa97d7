"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.shapes import identity, mapping, stamp, text, web

UNKNOWN = "Instagram"
"""How somebody is called whose name privacy hides."""


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "comment":
            return _comment(raw.id, payload)
        case "tag":
            return [_naming(raw.id, payload, {"media": identity(mapping(payload.get("it")).get("id"))})]
        case "mention":
            named = {"media": identity(mapping(payload.get("media")).get("id"))}
            named["mention"] = identity(mapping(payload.get("it")).get("id"))
            return [_naming(raw.id, payload, named)]
        case "message":
            return messages.parse(raw, UNKNOWN)
    raise ValueError("not a payload of this connector")


def _comment(name: str, payload: dict[str, Any]) -> list[Item]:
    it, top, us = mapping(payload.get("it")), mapping(payload.get("top")), messages.us_from(payload)
    at, number = when(it.get("timestamp")), identity(it.get("id"))
    if at is None:
        raise ValueError("a comment without time")
    author, root = _writer(it, name), identity(top.get("id")) or name
    ours = us.is_us(it.get("from")) or text(it.get("username")) == us.name
    contact = _writer(mapping(payload.get("to")) or top, name) if ours else author
    if ours and (name == root or contact.handle == us.name):
        return []  # the brand's own comment, to nobody
    remote = {"comment": number, "top": root, "name": contact.handle if contact.name else "", "at": stamp(at)}
    deleted, said = payload.get("deleted") is True, text(it.get("text"))
    item = Item(
        id=name,
        conversation=f"{root}|{contact.id}",
        direction=Direction.OUT if ours else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=said,
        kind=Kind.COMMENT if name == root else Kind.REPLY,
        reply_to=identity(it.get("parent_id")) or ("" if name == root else root),
        url=web(mapping(payload.get("media")).get("permalink")),
        deleted=deleted,
        remote={key: value for key, value in remote.items() if value} if number else {},
        attachments=[] if said.strip() or deleted else [Attachment(Media.OTHER)],
    )
    return [item]


def _naming(name: str, payload: dict[str, Any], remote: dict[str, str]) -> Item:
    """Return somebody else's picture or comment that names the brand."""
    it = mapping(payload.get("it"))
    at, author = when(it.get("timestamp")), _writer(it, name)
    said = text(it.get("caption")) or text(it.get("text"))
    if at is None:
        raise ValueError("a picture without time")
    return Item(
        id=name,
        conversation=f"{name}|{author.id}",
        direction=Direction.IN,
        at=at,
        author=author,
        contact=author,
        text=said,
        kind=Kind.MENTION,
        url=web(it.get("permalink")) or web(mapping(payload.get("media")).get("permalink")),
        remote={**remote, "at": stamp(at)},
        attachments=[] if said.strip() else [Attachment(Media.OTHER)],
    )


def _writer(it: dict[str, Any], at: str) -> Author:
    """Return who wrote it: by number where Instagram tells it, else by name, else somebody else each time."""
    told = mapping(it.get("from"))
    name = text(it.get("username")) or text(told.get("username"))
    number = identity(told.get("id")) or (f"@{name}" if name else f"hidden|{identity(it.get('id')) or at}")
    return Author(number, name or UNKNOWN, name)
