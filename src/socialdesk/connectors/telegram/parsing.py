"""From stored updates to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.telegram.describe import attachments, is_service, words
from socialdesk.connectors.telegram.shape import items, mapping, moment, number, text


class Place(NamedTuple):
    """Where a message lies: its chat, whose business it came through ("": the bot's own), its forum topic."""

    chat: str
    business: str
    topic: str

    def key(self, message: str) -> str:
        """Return the id of a message here; ids are unique in a chat only, and each business counts anew."""
        return f"{self.business}:{self.chat}:{message}" if self.business else f"{self.chat}:{message}"


def place_of(message: dict[str, Any]) -> Place:
    """Return where a message lies."""
    topic = number(message.get("message_thread_id")) if message.get("is_topic_message") is True else ""
    return Place(
        number(mapping(message.get("chat")).get("id")), text(message.get("business_connection_id")), topic
    )


def identity_of(message: dict[str, Any]) -> str:
    """Return the id of a message, "" where it has none."""
    place, one = place_of(message), number(message.get("message_id"))
    return place.key(one) if place.chat and one else ""


def parse(raw: Raw) -> Sequence[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    me = mapping(payload.get("me"))
    if payload.get("kind") == "deleted":
        return [_deleted(raw.id, payload)]
    if payload.get("kind") != "message":
        return ()
    parts = [mapping(part) for part in items(payload.get("parts"))]
    if not parts:
        raise ValueError("no message")
    found = [item for part in parts if (item := _message(part, me)) is not None]
    if not found:
        return ()
    text_of = "\n".join(filter(None, (item.text for item in found)))
    things = [thing for item in found for thing in item.attachments]
    return [replace(found[0], text=text_of, attachments=things)]


def _message(message: dict[str, Any], me: dict[str, Any]) -> Item | None:
    if is_service(message):
        return None
    place, identity, at = place_of(message), identity_of(message), moment(message.get("date"))
    if not identity or at is None:
        raise ValueError("a message without chat, id or time")
    chat = mapping(message.get("chat"))
    if chat.get("type") == "channel":
        return None
    private = chat.get("type") == "private" or bool(place.business)
    author = _author(message)
    if not private and not _is_addressed(message, me):
        return None
    ours = author.id == number(me.get("id")) or (bool(place.business) and author.id != place.chat)
    contact = _person(chat) if private else author
    said, things = words(message), list(attachments(message))
    if not said and not things:
        things = [Attachment(Media.OTHER)]
    return Item(
        id=identity,
        conversation=conversation_of(place, "" if private else contact.id),
        direction=Direction.OUT if ours else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=said,
        kind=Kind.DIRECT if private else _kind(message, me),
        private=private,
        reply_to=identity_of(mapping(message.get("reply_to_message"))),
        url=_address(chat, message),
        edited_at=moment(message.get("edit_date")),
        remote=_remote(place, message, contact),
        attachments=things,
    )


def conversation_of(place: Place, customer: str) -> str:
    """Return the key of a conversation: in a group each customer has one of their own in each topic."""
    return ":".join(filter(None, (place.business, place.chat, place.topic, customer)))


def _remote(place: Place, message: dict[str, Any], contact: Author) -> dict[str, str]:
    found = {
        "chat": place.chat,
        "message": number(message.get("message_id")),
        "topic": place.topic,
        "business": place.business,
        "user": contact.id,
    }
    return {key: value for key, value in found.items() if value}


def _deleted(identity: str, payload: dict[str, Any]) -> Item:
    chat, at = mapping(payload.get("chat")), moment(payload.get("at"))
    place = Place(number(chat.get("id")), text(payload.get("business")), "")
    if not place.chat or at is None:
        raise ValueError("a deletion without chat or time")
    contact = _person(chat)
    return Item(
        id=identity,
        conversation=conversation_of(place, ""),
        direction=Direction.IN,
        at=at,
        author=contact,
        contact=contact,
        text="",
        kind=Kind.DIRECT,
        private=True,
        deleted=True,
    )


def _author(message: dict[str, Any]) -> Author:
    """Return who wrote: a person, or the chat in whose name an administrator wrote."""
    sender = (
        mapping(message.get("from")) or mapping(message.get("sender_chat")) or mapping(message.get("chat"))
    )
    return _person(sender)


def _person(value: dict[str, Any]) -> Author:
    identity = number(value.get("id"))
    if not identity:
        raise ValueError("nobody wrote this")
    names = [text(value.get("first_name")), text(value.get("last_name")), text(value.get("title"))]
    name = " ".join(filter(None, names))
    return Author(
        identity, text(value.get("username")) or name or identity, name, value.get("is_bot") is True
    )


def _is_addressed(message: dict[str, Any], me: dict[str, Any]) -> bool:
    """Say whether a message in a group is for the bot: it answers it, names it or commands it."""
    if number(mapping(mapping(message.get("reply_to_message")).get("from")).get("id")) == number(
        me.get("id")
    ):
        return True
    said = text(message.get("text")) or text(message.get("caption"))
    name = text(me.get("username")).lower()
    if name and f"@{name}" in said.lower():
        return True
    entities = items(message.get("entities")) or items(message.get("caption_entities"))
    for entity in map(mapping, entities):
        if entity.get("type") == "bot_command" and "@" not in said.split(" ", 1)[0]:
            return True
        if number(mapping(entity.get("user")).get("id")) == number(me.get("id")):
            return True
    return False


def _kind(message: dict[str, Any], me: dict[str, Any]) -> Kind:
    answered = number(mapping(mapping(message.get("reply_to_message")).get("from")).get("id"))
    return Kind.REPLY if answered == number(me.get("id")) else Kind.MENTION


def _address(chat: dict[str, Any], message: dict[str, Any]) -> str:
    name = text(chat.get("username"))
    public = name and chat.get("type") != "private"
    return f"https://t.me/{name}/{number(message.get('message_id'))}" if public else ""
