"""From stored updates to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import MAXYEAR, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.telegram.addressing import answers_bot, is_addressed
from socialdesk.connectors.telegram.describe import attachments, is_service, words
from socialdesk.connectors.telegram.shape import items, mapping, moment, number, text

ANSWERED_WITHIN = timedelta(hours=24)
"""A bot writes in a business's name only to chats in which somebody wrote so lately: https://core.telegram.org/bots/api#businessbotrights."""


class Place(NamedTuple):
    """Where a message lies: its chat, whose business it came through ("": the bot's own), its topic.

    ``direct``: the chat holds the letters to a channel, a topic for each who writes.
    """

    chat: str
    business: str
    topic: str
    direct: bool = False

    def key(self, message: str) -> str:
        """Return the id of a message here; ids are unique in a chat only, and each business counts anew."""
        return f"{self.business}:{self.chat}:{message}" if self.business else f"{self.chat}:{message}"


def place_of(message: dict[str, Any]) -> Place:
    """Return where a message lies."""
    direct = number(mapping(message.get("direct_messages_topic")).get("topic_id"))
    topic = number(message.get("message_thread_id")) if message.get("is_topic_message") is True else ""
    chat = number(mapping(message.get("chat")).get("id"))
    return Place(chat, text(message.get("business_connection_id")), direct or topic, bool(direct))


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
    edited = max((item.edited_at for item in found if item.edited_at), default=None)
    return [replace(found[0], id=raw.id, text=text_of, attachments=things, edited_at=edited)]


def _message(message: dict[str, Any], me: dict[str, Any]) -> Item | None:
    chat = mapping(message.get("chat"))
    if is_service(message) or chat.get("type") == "channel" or message.get("date") == 0:
        return None  # at no time: nobody can see it any more
    place, identity, at = place_of(message), identity_of(message), moment(message.get("date"))
    if not identity or at is None:
        raise ValueError("a message without chat, id or time")
    private = chat.get("type") == "private" or bool(place.business) or place.direct
    author = _author(message)
    if not private and not is_addressed(message, me):
        return None
    contact = _customer(message, place, chat, author) if private else author
    ours = author.id == number(me.get("id")) or (private and author.id != contact.id)
    windowed = bool(place.business) and not ours and at.year < MAXYEAR
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
        kind=Kind.DIRECT if private else Kind.REPLY if answers_bot(message, me) else Kind.MENTION,
        private=private,
        reply_to=identity_of(mapping(message.get("reply_to_message"))),
        url=_address(chat, message),
        context=ours and _by_itself(message, me),
        edited_at=moment(message.get("edit_date")),
        remote=_remote(place, message, contact),
        attachments=things,
        answer_until=at + ANSWERED_WITHIN if windowed else None,
    )


def conversation_of(place: Place, customer: str) -> str:
    """Return the key of a conversation: in a group each customer has one of their own in each topic."""
    return ":".join(filter(None, (place.business, place.chat, place.topic, customer)))


def _remote(place: Place, message: dict[str, Any], contact: Author) -> dict[str, str]:
    found = {
        "chat": place.chat,
        "message": number(message.get("message_id")),
        "direct" if place.direct else "topic": place.topic,
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
    """Return who wrote: the chat in whose name somebody did, or a person."""
    senders = (mapping(message.get(key)) for key in ("sender_chat", "from", "chat"))
    return _person(next((one for one in senders if number(one.get("id"))), {}))


def _customer(message: dict[str, Any], place: Place, chat: dict[str, Any], author: Author) -> Author:
    if not place.direct:
        return _person(chat)
    writer = mapping(mapping(message.get("direct_messages_topic")).get("user"))
    return _person(writer) if number(writer.get("id")) else author


def _by_itself(message: dict[str, Any], me: dict[str, Any]) -> bool:
    """Say whether no person wrote this in the business's name: a greeting, an absence, another bot. It answers nobody."""
    bot = mapping(message.get("sender_business_bot"))
    another = bool(bot) and number(bot.get("id")) != number(me.get("id"))
    return message.get("is_from_offline") is True or another


def _person(value: dict[str, Any]) -> Author:
    identity = number(value.get("id"))
    if not identity:
        raise ValueError("nobody wrote this")
    names = [text(value.get("first_name")), text(value.get("last_name")), text(value.get("title"))]
    name = " ".join(filter(None, names))
    return Author(
        identity, text(value.get("username")) or name or identity, name, value.get("is_bot") is True
    )


def _address(chat: dict[str, Any], message: dict[str, Any]) -> str:
    name = text(chat.get("username"))
    public = name and chat.get("type") != "private"
    return f"https://t.me/{name}/{number(message.get('message_id'))}" if public else ""
