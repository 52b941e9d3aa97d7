"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.lasting import FILE, is_file
from socialdesk.connectors.meta.messages import person
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.shapes import identity, mapping, mappings, stamp, text, web, whole

UNKNOWN = "Facebook"
"""How somebody is called whose name privacy hides."""
_MEDIA = {"photo": Media.IMAGE, "video": Media.VIDEO, "sticker": Media.STICKER, "share": Media.LINK}
_VERDICTS = {"positive": "👍", "negative": "👎"}


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "comment":
            return _comment(raw.id, payload)
        case "post":
            item = _public(raw.id, payload, raw.id, Kind.MENTION)
            return [replace(item, remote={**item.remote, "post": raw.id})] if item.remote else [item]
        case "rating":
            return [_rating(raw.id, payload)]
        case "message":
            return messages.parse(raw, UNKNOWN)
    raise ValueError("not a payload of this connector")


def _comment(name: str, payload: dict[str, Any]) -> list[Item]:
    it, us = mapping(payload.get("it")), mapping(payload.get("us"))
    parent, post = mapping(it.get("parent")), mapping(payload.get("post"))
    author, begun = identity(mapping(it.get("from")).get("id")), mapping(post.get("by"))
    if author != identity(us.get("id")):
        below = identity(parent.get("id"))
        if not below and author and author == identity(begun.get("id")):
            below = identity(post.get("id"))  # whoever wrote the post goes on below it
        return [_public(name, payload, below or name, Kind.REPLY if below else Kind.COMMENT)]
    if not parent:
        if "by" not in post:
            return []  # the page's own comment, to nobody
        writer = _writer("", {"id": post.get("id"), "from": begun})
        return [_public(name, payload, identity(post.get("id")), Kind.REPLY, to=writer)]
    to = _named(it, us) or _writer("", mapping(payload.get("to")) or parent)
    if to.id in ("hidden|", identity(us.get("id"))):
        return []
    return [_public(name, payload, identity(parent.get("id")), Kind.REPLY, to=to)]


def _named(it: dict[str, Any], us: dict[str, Any]) -> Author | None:
    """Return the person whom an answer of ours names first: in a thread of several that is whom it is for."""
    for tag in mappings(it.get("message_tags")):
        if tag.get("type", "user") == "user" and identity(tag.get("id")) not in ("", identity(us.get("id"))):
            return person(tag, UNKNOWN)
    return None


def _public(name: str, payload: dict[str, Any], top: str, kind: Kind, to: Author | None = None) -> Item:
    it = mapping(payload.get("it"))
    at, number = when(it.get("created_time")), identity(it.get("id"))
    if at is None:
        raise ValueError("a comment without time")
    author = _writer(name, it)
    contact = to or author
    deleted = payload.get("deleted") is True
    remote = {"comment": number, "top": top, "at": stamp(at)} if number else {}
    if number and not author.id.startswith("hidden|"):
        remote["writer"] = author.id
    return Item(
        id=name,
        conversation=f"{top}|{contact.id}",
        direction=Direction.OUT if to else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=text(it.get("message")),
        kind=kind,
        reply_to=identity(mapping(it.get("parent")).get("id")),
        url=web(it.get("permalink_url")),
        deleted=deleted,
        edited_at=when(payload.get("edited")),
        remote=remote,
        attachments=[] if deleted else _attachments(it),
    )


def _rating(name: str, payload: dict[str, Any]) -> Item:
    it = mapping(payload.get("it"))
    at, customer = when(it.get("created_time")), _writer(name, {"from": it.get("reviewer")})
    if at is None:
        raise ValueError("a recommendation without time")
    verdict, story = (
        text(it.get("recommendation_type")),
        identity(mapping(it.get("open_graph_story")).get("id")),
    )
    return Item(
        id=name,
        conversation=f"{name}|{customer.id}",
        direction=Direction.IN,
        at=at,
        author=customer,
        contact=customer,
        text=text(it.get("review_text")),
        kind=Kind.REVIEW,
        remote={"comment": story, "top": story, "at": stamp(at)} if story else {},
        title=_VERDICTS.get(verdict, verdict),
        rating=_stars(it.get("rating")),
    )


def _stars(value: Any) -> int | None:
    found = whole(value)
    return found if found is not None and 1 <= found <= 5 else None


def _writer(name: str, it: dict[str, Any]) -> Author:
    """Return who wrote it; somebody whom privacy hides is somebody else each time."""
    author = person(it.get("from"), UNKNOWN)
    return author if author.id else Author(f"hidden|{identity(it.get('id')) or name}", UNKNOWN, author.name)


def _attachments(it: dict[str, Any]) -> list[Attachment]:
    found = mapping(it.get("attachment"))
    if not found:
        return [] if text(it.get("message")).strip() else [Attachment(Media.OTHER)]
    kind, page = text(found.get("type")), text(found.get("url"))
    media = next((media for name, media in _MEDIA.items() if name in kind), Media.OTHER)
    address = picture(it)
    described = text(found.get("description")) or text(found.get("title"))
    shown = " ".join(filter(None, (described, web(page) if media is Media.LINK else "")))
    if media is Media.LINK or not address:
        return [Attachment(media, "", shown)]
    where = {"comment": identity(it.get("id"))} if address == FILE or is_file(address) else {"url": address}
    return [Attachment(media, "", shown, remote=where)]


def picture(it: dict[str, Any]) -> str:
    """Return the address of the picture in a comment."""
    media = mapping(mapping(it.get("attachment")).get("media"))
    return text(mapping(media.get("image")).get("src"))
