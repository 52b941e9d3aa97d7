"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.contract import Author, Direction, Item, Kind, Raw
from socialdesk.connectors.meta import messages
from socialdesk.connectors.shapes import identity, mapping, moment, stamp, text, web

UNKNOWN = "Instagram"
"""How somebody is called whose name privacy hides."""


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "comment":
            return _comment(payload)
        case "tag":
            return [_tag(raw.id, payload)]
        case "message":
            return messages.parse(payload, UNKNOWN)
    raise ValueError("not a payload of this connector")


def _comment(payload: dict[str, Any]) -> list[Item]:
    it, top, us = mapping(payload.get("it")), mapping(payload.get("top")), messages.us_from(payload)
    name, at = identity(it.get("id")), moment(it.get("timestamp"))
    if not name or at is None:
        raise ValueError("a comment without id or time")
    author, root = _writer(it), identity(top.get("id")) or name
    ours = us.is_us(it.get("from")) or text(it.get("username")) == us.name
    contact = _writer(top) if ours else author
    if ours and (name == root or contact.handle == us.name):
        return []  # the brand's own comment, to nobody
    remote = {"comment": name, "top": root, "name": contact.handle if contact.name else "", "at": stamp(at)}
    item = Item(
        id=name,
        conversation=f"{root}|{contact.id}",
        direction=Direction.OUT if ours else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=text(it.get("text")),
        kind=Kind.COMMENT if name == root else Kind.REPLY,
        reply_to=identity(it.get("parent_id")) or ("" if name == root else root),
        url=web(mapping(payload.get("media")).get("permalink")),
        deleted=payload.get("deleted") is True,
        remote={key: value for key, value in remote.items() if value},
    )
    return [item]


def _tag(name: str, payload: dict[str, Any]) -> Item:
    it = mapping(payload.get("it"))
    at, author = moment(it.get("timestamp")), _writer(it)
    if at is None:
        raise ValueError("a picture without time")
    return Item(
        id=name,
        conversation=f"{name}|{author.id}",
        direction=Direction.IN,
        at=at,
        author=author,
        contact=author,
        text=text(it.get("caption")),
        kind=Kind.MENTION,
        url=web(it.get("permalink")),
        remote={"media": identity(it.get("id")), "at": stamp(at)},
    )


def _writer(it: dict[str, Any]) -> Author:
    """Return who wrote it: by number where Instagram tells it, else by name, else somebody else each time."""
    told = mapping(it.get("from"))
    name = text(it.get("username")) or text(told.get("username"))
    number = identity(told.get("id")) or (f"@{name}" if name else f"hidden|{identity(it.get('id'))}")
    return Author(number, name or UNKNOWN, name)
