"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.shapes import identity, mapping, mappings, since_1970, stamp, text, web, whole

_MEDIA = {
    "image": Media.IMAGE,
    "video": Media.VIDEO,
    "audio": Media.AUDIO,
    "document": Media.FILE,
    "sticker": Media.STICKER,
}


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "message":
            return [_message(payload)]
        case "echo":
            item = _message(payload)
            return [replace(item, direction=Direction.OUT, author=Author("us", "WhatsApp"))]
        case "failed":
            return [_failed(raw.id, payload)]
    raise ValueError("not a payload of this connector")


def _message(payload: dict[str, Any]) -> Item:
    message, change = mapping(payload.get("message")), mapping(payload.get("change"))
    name, at, customer = identity(message.get("id")), since_1970(message.get("timestamp")), _customer(payload)
    if not name or at is None:
        raise ValueError("a message without id or time")
    deleted = change.get("kind") == "revoke"
    group = text(message.get("group_id"))
    newer = {**message, **mapping(change.get("message"))} if change.get("kind") == "edit" else message
    system = text(message.get("type")) == "system"
    return Item(
        id=name,
        conversation=f"group|{group}|{customer.id}" if group else f"dm|{customer.id}",
        direction=Direction.IN,
        at=at,
        author=customer,
        contact=customer,
        text="" if deleted else words(newer),
        kind=Kind.DIRECT,
        private=True,
        reply_to=identity(mapping(message.get("context")).get("id")),
        context=system,
        deleted=deleted,
        edited_at=since_1970(change.get("at")) if change.get("kind") == "edit" else None,
        remote=_remote(payload, at),
        attachments=[] if deleted else _attachments(newer),
    )


def _customer(payload: dict[str, Any]) -> Author:
    number, telephone = text(payload.get("customer")), text(payload.get("telephone"))
    if not number:
        raise ValueError("nobody wrote this")
    name = text(payload.get("name"))
    return Author(number, f"+{telephone}" if telephone.isdecimal() else name or number, name)


def _remote(payload: dict[str, Any], at: datetime) -> dict[str, str]:
    """Return whom to answer: by the number that only we know where there is one, else by telephone; and since when."""
    to = {"scoped": text(payload.get("scoped")), "telephone": text(payload.get("telephone"))}
    group = text(mapping(payload.get("message")).get("group_id"))
    found = {
        **to,
        **({"group": group} if group else {}),
        "person": text(payload.get("customer")),
        "message": identity(mapping(payload.get("message")).get("id")),
    }
    return {**{key: value for key, value in found.items() if value}, "at": stamp(at)}


def words(message: dict[str, Any]) -> str:
    """Return what was written, whatever it came with."""
    kind = text(message.get("type"))
    it = mapping(message.get(kind))
    match kind:
        case "text" | "system":
            return text(it.get("body"))
        case "button":
            return text(it.get("text"))
        case "interactive":
            chosen = mapping(it.get(text(it.get("type"))))
            return text(chosen.get("title")) or text(chosen.get("body"))
        case "order":
            return "\n".join(
                [text(it.get("text")), *map(_ordered, mappings(it.get("product_items")))]
            ).strip()
    return text(it.get("caption"))


def _ordered(one: dict[str, Any]) -> str:
    price = f"{one.get('item_price', '')} {text(one.get('currency'))}".strip()
    return f"{one.get('quantity', '?')} × {text(one.get('product_retailer_id'))} {price}".strip()


def _attachments(message: dict[str, Any]) -> list[Attachment]:
    kind = text(message.get("type"))
    it = mapping(message.get(kind))
    found: list[Attachment] = []
    if kind in _MEDIA:
        media = Media.VOICE if it.get("voice") is True else _MEDIA[kind]
        remote = {"media": identity(it.get("id"))} if identity(it.get("id")) else {}
        found.append(
            Attachment(media, text(it.get("filename")), "", text(it.get("mime_type")), remote=remote)
        )
    elif kind == "location":
        where = ", ".join(str(it[key]) for key in ("latitude", "longitude") if key in it)
        shown = " · ".join(filter(None, (text(it.get("name")), text(it.get("address")), where)))
        found.append(Attachment(Media.PLACE, "", shown))
    elif kind == "contacts":
        found += [Attachment(Media.CONTACT, "", _card(one)) for one in mappings(message.get("contacts"))]
    elif not words(message) and kind not in ("text", "system"):
        found.append(Attachment(Media.OTHER, "", kind if kind.isidentifier() else ""))
    if referral := mapping(message.get("referral")):
        found.append(Attachment(Media.LINK, text(referral.get("headline")), web(referral.get("source_url"))))
    return found


def _card(one: dict[str, Any]) -> str:
    name = text(mapping(one.get("name")).get("formatted_name"))
    phones = [text(phone.get("phone")) for phone in mappings(one.get("phones"))]
    return " ".join(filter(None, (name, *phones)))


def _failed(name: str, payload: dict[str, Any]) -> Item:
    """Return the news that an answer of ours did not arrive: the customer waits again."""
    status = mapping(payload.get("status"))
    at, customer = since_1970(status.get("timestamp")), _customer(payload)
    if at is None:
        raise ValueError("a failure without time")
    error = next(iter(mappings(status.get("errors"))), {})
    told = text(mapping(error.get("error_data")).get("details")) or text(error.get("title"))
    to = {key: text(payload.get(key)) for key in ("scoped", "telephone")}
    return Item(
        id=name,
        conversation=f"dm|{customer.id}",
        direction=Direction.IN,
        at=at,
        author=customer,
        contact=customer,
        remote={**{key: one for key, one in to.items() if one}, "person": customer.id},
        text=f"⚠ WhatsApp {whole(error.get('code')) or ''}: {told}".replace(" :", ":"),
        kind=Kind.DIRECT,
        private=True,
        reply_to=identity(status.get("id")),
    )
