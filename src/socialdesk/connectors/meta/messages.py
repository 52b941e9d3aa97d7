"""Private messages of a Facebook page or an Instagram account: one conversation with each person, in windows of time.

https://developers.facebook.com/docs/messenger-platform/policy/policy-overview: an answer within 24 hours of what the person
wrote last; within seven days one that a person typed, where Meta agreed to that; one message for a comment within seven days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors.contract import (
    Attachment,
    Author,
    Direction,
    Item,
    Kind,
    Media,
    OutcomeUnknown,
    Outgoing,
    Raw,
    Receipt,
    Rejected,
)
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text, web

FIRST_VISIT = timedelta(days=7)
ANSWERED_WITHIN = timedelta(hours=24)
BY_A_PERSON_WITHIN = timedelta(days=7)
_OVERLAP = timedelta(minutes=10)
_BEFORE = timedelta(minutes=2)
_FIELDS = "id,created_time,from,to,message,attachments,sticker,shares,story,is_unsupported"
_MEDIA = {"image": Media.IMAGE, "video": Media.VIDEO, "audio": Media.AUDIO}


class Us(NamedTuple):
    """The account: its number, its name, and ``platform`` as the Graph API calls it.

    ``place`` is whose messages they are where that is not the account itself: Instagram's lie with the page it belongs to.
    """

    id: str
    name: str
    platform: str
    place: str = ""

    @property
    def room(self) -> str:
        """Return the number under which messages are read and written."""
        return self.place or self.id

    def is_us(self, person: object) -> bool:
        """Say whether that is the account itself: by its number, or where that is another one here, by its name."""
        found = mapping(person)
        named = bool(self.name) and text(found.get("username")) == self.name
        return named or identity(found.get("id")) in (self.id, self.room)


def us_from(payload: Mapping[str, Any]) -> Us:
    """Return the account in a payload."""
    kept = mapping(payload.get("us"))
    return Us(*(text(kept.get(name)) for name in Us._fields))


async def changed(
    graph: Graph, us: Us, seen: datetime, *, most: int = 50
) -> tuple[list[Raw], datetime, bool]:
    """Return messages of conversations that changed since, until when all is known, and whether there is more.

    The list is sorted by the last change, newest first; each conversation is read to what is known, twenty messages at most,
    for Meta gives no older ones.
    """
    params = {"platform": us.platform, "fields": "id,updated_time,participants", "limit": "50"}
    found: list[tuple[datetime, dict[str, Any]]] = []
    edge = seen - _OVERLAP
    async for page in graph.every(f"{us.room}/conversations", params):
        dated = [(at, one) for one in page if (at := moment(one.get("updated_time")))]
        found += [(at, one) for at, one in dated if at > edge]
        if len([at for at, _ in dated if at > edge]) < len(dated):
            break
    found.sort(key=lambda one: one[0])
    raws: list[Raw] = []
    for _, one in found[:most]:
        raws += await _messages(graph, us, one, edge)
    if len(found) > most:
        return raws, max(seen, found[most - 1][0] + _OVERLAP), True
    return raws, max([seen, *(at for at, _ in found)]), False


async def _messages(graph: Graph, us: Us, conversation: dict[str, Any], edge: datetime) -> list[Raw]:
    name = identity(conversation.get("id"))
    answer = await graph.get(f"{name}/messages", {"fields": _FIELDS, "limit": "20"})
    people = mappings(mapping(conversation.get("participants")).get("data"))
    customer = next((one for one in people if identity(one.get("id")) and not us.is_us(one)), {})
    fresh = [one for one in mappings(answer.get("data")) if (moment(one.get("created_time")) or edge) >= edge]
    return [as_raw(one, customer, us) for one in reversed(fresh)]


def as_raw(message: dict[str, Any], customer: dict[str, Any], us: Us) -> Raw:
    """Return what is stored of a message."""
    name = identity(message.get("id")) or digest(message)
    kept = {key: one for key, one in message.items() if key != "reactions"}
    return Raw(f"m|{name}", {"kind": "message", "message": kept, "customer": customer, "us": us._asdict()})


def parse(payload: Mapping[str, Any], unknown: str) -> list[Item]:
    """Return the message in a payload; ``unknown`` is what somebody is called of whom nothing is known."""
    message, us = mapping(payload.get("message")), us_from(payload)
    name, at = identity(message.get("id")), moment(message.get("created_time"))
    customer = person(payload.get("customer"), unknown)
    sender = person(message.get("from"), unknown)
    outgoing = us.is_us(message.get("from"))
    if not customer.id:
        customer = (
            person(next(iter(mappings(mapping(message.get("to")).get("data"))), {}), unknown)
            if outgoing
            else sender
        )
    if not (name and at and customer.id):
        raise ValueError("a message without id, time or person")
    item = Item(
        id=f"m|{name}",
        conversation=f"dm|{customer.id}",
        direction=Direction.OUT if outgoing else Direction.IN,
        at=at,
        author=sender if sender.id else customer,
        contact=customer,
        text=text(message.get("message")),
        kind=Kind.DIRECT,
        private=True,
        deleted=payload.get("deleted") is True,
        remote={"person": customer.id, "at": stamp(at)},
        attachments=_attachments(message),
    )
    return [item]


def with_windows(found: Sequence[Item], options: Mapping[str, str]) -> list[Item]:
    """Return messages with the moment until which an account with these settings may answer them."""
    window = BY_A_PERSON_WITHIN if _agreed(options) else ANSWERED_WITHIN
    return [
        replace(one, answer_until=one.at + window) if one.private and one.direction is Direction.IN else one
        for one in found
    ]


def person(value: Any, unknown: str) -> Author:
    """Return a person; the id is empty where Meta hides it, and the name is ``unknown`` then."""
    found = mapping(value)
    name = text(found.get("name")) or text(found.get("username"))
    handle = text(found.get("username")) or name
    return Author(identity(found.get("id")), handle or unknown, name)


def _attachments(message: dict[str, Any]) -> list[Attachment]:
    found = [_attachment(one) for one in mappings(mapping(message.get("attachments")).get("data"))]
    if sticker := web(message.get("sticker")):
        found.append(Attachment(Media.STICKER, remote={"url": sticker}))
    for share in mappings(mapping(message.get("shares")).get("data")):
        found.append(Attachment(Media.LINK, text(share.get("name")), web(share.get("link"))))
    if story := mapping(message.get("story")):
        kind = next(iter(story), "")
        found.append(
            Attachment(
                Media.LINK, "", " ".join(filter(None, (kind, web(mapping(story.get(kind)).get("link")))))
            )
        )
    if message.get("is_unsupported") is True and not found:
        found.append(Attachment(Media.OTHER))
    return found


def _attachment(one: dict[str, Any]) -> Attachment:
    for key, media in (("image_data", Media.IMAGE), ("video_data", Media.VIDEO), ("audio_data", Media.AUDIO)):
        if url := web(mapping(one.get(key)).get("url")):
            return Attachment(
                media, text(one.get("name")), "", text(one.get("mime_type")), remote={"url": url}
            )
    url, kind = web(one.get("file_url")), text(one.get("mime_type"))
    media = _MEDIA.get(kind.partition("/")[0], Media.FILE if url else Media.OTHER)
    return Attachment(media, text(one.get("name")), "", kind, remote={"url": url} if url else {})


async def send(graph: Graph, us: Us, outgoing: Outgoing) -> Receipt:
    """Send a private message: to a person, or with ``opens`` the one that answers a comment."""
    message = {"text": outgoing.text}
    if outgoing.opens:
        comment = outgoing.reply_to.get("comment", "")
        if not comment:
            raise Rejected("no comment to answer", code="parent_gone")
        return await _post(graph, us, {"recipient": {"comment_id": comment}, "message": message})
    to: dict[str, Any] = {"recipient": {"id": outgoing.reply_to.get("person", "")}, "message": message}
    late = {**to, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    allowed = _by_a_person(graph, outgoing)
    since = outgoing.at - (moment(outgoing.reply_to.get("at")) or outgoing.at)
    if since > (BY_A_PERSON_WITHIN if allowed else ANSWERED_WITHIN):
        raise Rejected(f"{since.days} d", code="window_closed")
    if since > ANSWERED_WITHIN:
        return await _post(graph, us, late)
    try:
        return await _post(graph, us, {**to, "messaging_type": "RESPONSE"})
    except Refusal as refusal:
        if refusal.code != "window_closed" or not allowed:
            raise
    return await _post(graph, us, late)


def _by_a_person(graph: Graph, outgoing: Outgoing) -> bool:
    """Say whether the longer window is open to this answer: Meta agreed, and nobody but a person wrote it."""
    return _agreed(graph.host.options) and not outgoing.automatic


def _agreed(options: Mapping[str, str]) -> bool:
    return options.get("human_agent", "").strip().lower() in ("yes", "sí", "si")


async def _post(graph: Graph, us: Us, body: dict[str, Any]) -> Receipt:
    answer = await graph.ask("POST", f"{us.room}/messages", body=body, posts=True)
    name, to = identity(answer.get("message_id")), identity(answer.get("recipient_id"))
    to = to or identity(mapping(body["recipient"]).get("id"))
    if not (name and to):
        raise OutcomeUnknown("the answer names no message")
    return Receipt(f"m|{name}", "", None, f"dm|{to}", {"person": to})


async def find_sent(graph: Graph, us: Us, outgoing: Outgoing) -> Receipt | None:
    """Look for a message of ours with the same words, not older than the first attempt."""
    fields = f"participants,messages.limit(20){{{_FIELDS}}}"
    if outgoing.opens:
        answer = await graph.get(
            outgoing.reply_to.get("comment", ""), {"fields": f"private_reply_conversation{{{fields}}}"}
        )
        rooms = [mapping(answer.get("private_reply_conversation"))]
    else:
        person_id = outgoing.reply_to.get("person", "")
        params = {"platform": us.platform, "user_id": person_id, "fields": fields}
        rooms = mappings((await graph.get(f"{us.room}/conversations", params)).get("data"))
    for room in rooms:
        for one in mappings(mapping(room.get("messages")).get("data")):
            if _is_ours(one, us, outgoing):
                to = outgoing.reply_to.get("person", "") or _other(room, us)
                return Receipt(
                    f"m|{identity(one.get('id'))}",
                    "",
                    moment(one.get("created_time")),
                    f"dm|{to}",
                    {"person": to},
                )
    return None


def _is_ours(message: dict[str, Any], us: Us, outgoing: Outgoing) -> bool:
    at = moment(message.get("created_time"))
    ours = us.is_us(message.get("from"))
    late = at is not None and at >= outgoing.at - _BEFORE
    return ours and late and text(message.get("message")).split() == outgoing.text.split()


def _other(room: dict[str, Any], us: Us) -> str:
    people = mappings(mapping(room.get("participants")).get("data"))
    return next(
        (identity(one.get("id")) for one in people if identity(one.get("id")) and not us.is_us(one)), ""
    )
