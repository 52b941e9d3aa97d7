"""From stored events to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.matrix.describe import described
from socialdesk.connectors.matrix.events import CALLS, ENCRYPTED
from socialdesk.connectors.matrix.shape import items, mapping, moment, text, whole


def parse(raw: Raw) -> Sequence[Item]:
    """Return the message in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "event":
            return [_said(raw.id, payload)]
        case "sealed":
            return [_sealed(raw.id, payload)]
    return ()


def address(room: str, event: str) -> str:
    """Return the link that opens a message in whatever Matrix program its reader has."""
    return f"https://matrix.to/#/{quote(room, safe='!:@$')}/{quote(event, safe='!:@$')}"


def _said(identity: str, payload: dict[str, Any]) -> Item:
    event, edit = mapping(payload.get("event")), mapping(payload.get("edit"))
    sender, at = (
        text(event.get("sender")),
        moment(event.get("origin_server_ts")) or moment(payload.get("seen")),
    )
    if not sender or at is None or event.get("type") == ENCRYPTED:
        raise ValueError("an event without sender or time")
    content = mapping(event.get("content"))
    newer = mapping(mapping(edit.get("content")).get("m.new_content")) or mapping(edit.get("content"))
    gone = bool(mapping(event.get("unsigned")).get("redacted_because")) or (not content and not edit)
    relation = mapping(content.get("m.relates_to"))
    words, things = (
        ("", []) if gone else described(text(event.get("type")), newer or content, _name(payload, sender))
    )
    return Item(
        **_frame(identity, payload, sender, robot=content.get("msgtype") == "m.notice"),
        at=at,
        text=words,
        attachments=things,
        kind=_kind(payload, event, relation),
        reply_to=_answered(relation),
        deleted=gone,
        edited_at=moment(edit.get("origin_server_ts")),
        remote=_remote(identity, payload, sender, relation),
    )


def _sealed(identity: str, payload: dict[str, Any]) -> Item:
    """One message for a whole run, so that the customer waits and nobody reads ciphers."""
    sender, at, last = text(payload.get("sender")), moment(payload.get("first")), moment(payload.get("last"))
    if not sender or at is None:
        raise ValueError("an encrypted message without sender or time")
    count = whole(payload.get("count")) or 1
    many = f"× {count}" if count > 1 else ""
    return Item(
        **_frame(identity, payload, sender),
        at=at,
        text="",
        attachments=[Attachment(Media.ENCRYPTED, description=many)],
        kind=Kind.DIRECT if _room(payload).get("private") else Kind.OTHER,
        edited_at=last if count > 1 else None,
        remote=_remote(identity, payload, sender, {}),
    )


def _frame(identity: str, payload: dict[str, Any], sender: str, robot: bool = False) -> dict[str, Any]:
    """Return what messages of both kinds have: whose they are, and where."""
    room, ours = _room(payload), sender == payload.get("me")
    place = text(room.get("id"))
    if not place:
        raise ValueError("an event without a room")
    author = Author(sender, sender, _name(payload, sender), robot)
    customer = text(room.get("customer"))
    contact = Author(customer, customer, text(room.get("name"))) if customer else author
    if ours and not customer:
        contact = Author(place, "")  # nobody has answered yet: the first who does is the customer
    return {
        "id": identity,
        "conversation": place,
        "direction": Direction.OUT if ours else Direction.IN,
        "author": author,
        "contact": author if contact.id == sender else contact,
        "private": room.get("private") is True,
        "url": address(place, identity),
    }


def _room(payload: dict[str, Any]) -> dict[str, Any]:
    return mapping(payload.get("room"))


def _name(payload: dict[str, Any], sender: str) -> str:
    """Return the sender's name as the room shows it; "" where they have none."""
    room = _room(payload)
    return text(payload.get("name")) or (text(room.get("name")) if room.get("customer") == sender else "")


def _kind(payload: dict[str, Any], event: dict[str, Any], relation: dict[str, Any]) -> Kind:
    if event.get("type") in CALLS:
        return Kind.CALL
    if _room(payload).get("private"):
        return Kind.DIRECT
    mentioned = mapping(mapping(event.get("content")).get("m.mentions"))
    if payload.get("me") in items(mentioned.get("user_ids")) or mentioned.get("room") is True:
        return Kind.MENTION
    return Kind.REPLY if _answered(relation) else Kind.OTHER


def _answered(relation: dict[str, Any]) -> str:
    """Return what is answered; in a thread that may be stated only for programs that know no threads."""
    said = text(mapping(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") == "m.thread" and (relation.get("is_falling_back") is True or not said):
        return text(relation.get("event_id"))
    return said


def _remote(identity: str, payload: dict[str, Any], sender: str, relation: dict[str, Any]) -> dict[str, str]:
    room = _room(payload)
    found = {
        "room": text(room.get("id")),
        "event": identity,
        "sender": sender,
        "thread": text(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else "",
        "encrypted": "yes" if room.get("encrypted") is True else "",
    }
    return {key: value for key, value in found.items() if value}
