"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.messages import person
from socialdesk.connectors.shapes import identity, mapping, moment, stamp, text, web, whole

UNKNOWN = "Facebook"
"""How somebody is called whose name privacy hides."""
_MEDIA = {"photo": Media.IMAGE, "video": Media.VIDEO, "sticker": Media.STICKER, "share": Media.LINK}
_VERDICTS = {"positive": "👍", "negative": "👎"}


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "comment":
            return _comment(payload)
        case "post":
            return [_public(payload, identity(mapping(payload.get("it")).get("id")), Kind.MENTION)]
        case "rating":
            return [_rating(raw.id, payload)]
        case "message":
            return messages.parse(payload, UNKNOWN)
    raise ValueError("not a payload of this connector")


def _comment(payload: dict[str, Any]) -> list[Item]:
    it, us = mapping(payload.get("it")), mapping(payload.get("us"))
    parent = mapping(it.get("parent"))
    top = identity(parent.get("id")) or identity(it.get("id"))
    if identity(mapping(it.get("from")).get("id")) != identity(us.get("id")):
        return [_public(payload, top, Kind.REPLY if parent else Kind.COMMENT)]
    if not parent:
        return []  # the page's own comment, to nobody
    item = _public(payload, top, Kind.REPLY, to=_writer(parent))
    return [item]


def _public(payload: dict[str, Any], top: str, kind: Kind, to: Author | None = None) -> Item:
    it = mapping(payload.get("it"))
    name, at = identity(it.get("id")), moment(it.get("created_time"))
    if not name or at is None:
        raise ValueError("a comment without id or time")
    author = _writer(it)
    contact = to or author
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
        deleted=payload.get("deleted") is True,
        remote={"comment": name, "top": top, "at": stamp(at)},
        attachments=_attachments(it),
    )


def _rating(name: str, payload: dict[str, Any]) -> Item:
    it = mapping(payload.get("it"))
    at, customer = moment(it.get("created_time")), _writer({"id": name, "from": it.get("reviewer")})
    if at is None:
        raise ValueError("a recommendation without time")
    verdict = text(it.get("recommendation_type"))
    answerable = not name.startswith("rating|")
    return Item(
        id=name,
        conversation=f"{name}|{customer.id}",
        direction=Direction.IN,
        at=at,
        author=customer,
        contact=customer,
        text=text(it.get("review_text")),
        kind=Kind.REVIEW,
        remote={"comment": name, "top": name, "at": stamp(at)} if answerable else {},
        title=_VERDICTS.get(verdict, verdict),
        rating=_stars(it),
    )


def _stars(it: dict[str, Any]) -> int | None:
    """Return the stars of a review from before there were recommendations."""
    stars = whole(it.get("rating"))
    return stars if stars is not None and 1 <= stars <= 5 else None


def _writer(it: dict[str, Any]) -> Author:
    """Return who wrote it; somebody whom privacy hides is somebody else each time."""
    author = person(it.get("from"), UNKNOWN)
    return author if author.id else Author(f"hidden|{identity(it.get('id'))}", UNKNOWN, author.name)


def _attachments(it: dict[str, Any]) -> list[Attachment]:
    found = mapping(it.get("attachment"))
    if not found:
        return []
    kind = text(found.get("type"))
    media = next((media for name, media in _MEDIA.items() if name in kind), Media.OTHER)
    picture = web(mapping(mapping(found.get("media")).get("image")).get("src"))
    described = text(found.get("description")) or text(found.get("title"))
    shown = " ".join(filter(None, (described, web(found.get("url")) if media is Media.LINK else "")))
    return [
        Attachment(media, "", shown, remote={"url": picture} if picture and media is not Media.LINK else {})
    ]
