"""Private messages of a Facebook page or an Instagram account: one conversation with each person, in windows of time.

https://developers.facebook.com/docs/messenger-platform/policy/policy-overview: an answer within 24 hours of what the person
wrote last; within seven days one that a person typed, where Meta agreed to that; one message for a comment within seven days.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
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
    RateLimited,
    Raw,
    Temporary,
)
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.meta.lasting import FILE, is_file, lasting
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, stamp, text, web, whole

FIRST_VISIT = timedelta(days=7)
ANSWERED_WITHIN = timedelta(hours=24)
BY_A_PERSON_WITHIN = timedelta(days=7)
_OVERLAP = timedelta(minutes=10)
_FIELDS = "id,created_time,from,to,message,attachments,shares,is_unsupported"
_MEDIA = {"image": Media.IMAGE, "video": Media.VIDEO, "audio": Media.AUDIO}
_STORIES = {"mention": "@ story", "reply_to": "↩ story"}
_log = logging.getLogger("socialdesk.connectors.meta")


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
    graph: Graph, us: Us, seen: datetime, *, most: int = 20
) -> tuple[list[Raw], datetime, bool]:
    """Return messages of conversations that changed since, until when all is known, and whether there is more.

    The list is sorted by the last change, newest first; each conversation is read to what is known, twenty messages at most,
    for Meta gives no older ones.
    """
    params = {"platform": us.platform, "fields": "id,updated_time,participants", "limit": "50"}
    found: list[tuple[datetime, dict[str, Any]]] = []
    edge = seen - _OVERLAP
    async for page in graph.every(f"{us.room}/conversations", params):
        dated = [(when(one.get("updated_time")) or seen, one) for one in page if identity(one.get("id"))]
        found += [(at, one) for at, one in dated if at >= edge]
        if dated and all(at < edge for at, _ in dated):
            break
    found.sort(key=lambda one: one[0])
    until = next((at for at, _ in found[most - 1 :] if at > edge), None) if len(found) > most else None
    raws: list[Raw] = []
    for done, (at, one) in enumerate(found):
        if until is not None and at > until:
            return raws, max(seen, until + _OVERLAP), True
        try:
            raws += await _messages(graph, us, one, edge)
        except Refusal as refusal:  # one that cannot be read must not hide the others
            _log.warning("%s: a conversation: %s (%s)", graph.host.account, refusal.code, refusal)
            if done == 0 and refusal.code == "permission_missing":
                raise
        except (RateLimited, Temporary):
            if done == 0 or at - _OVERLAP <= edge:
                raise
            return raws, max(seen, at), True
    return raws, max([seen, *(at for at, _ in found)]), False


async def _messages(graph: Graph, us: Us, conversation: dict[str, Any], edge: datetime) -> list[Raw]:
    rows = await _newest(graph, us, identity(conversation.get("id")))
    people = mappings(mapping(conversation.get("participants")).get("data"))
    customer = next((one for one in people if identity(one.get("id")) and not us.is_us(one)), {})
    fresh = [one for one in rows if (when(one.get("created_time")) or edge) >= edge]
    return [as_raw(one, customer, us) for one in reversed(fresh)]


async def _newest(graph: Graph, us: Us, name: str) -> list[dict[str, Any]]:
    """Return the newest messages of a conversation. Instagram tells them with the conversation; a page of them may be empty."""
    fields, place = fields_of(us), dict[str, str]()
    if us.platform == "instagram":
        told = await graph.get(name, {"fields": f"messages.limit(20){{{fields}}}"})
        if "messages" not in told and identity(told.get("id")):
            return []  # a field without anything is left out
        rows, place = graph.listed(mapping(told.get("messages")))
        if rows or not place:
            return rows
    async for page in graph.every(f"{name}/messages", {"fields": fields, "limit": "20", **place}, most=5):
        if page:
            return page
    return []


def fields_of(us: Us) -> str:
    """Return what to ask of a message: each network refuses what only the other one has."""
    return f"{_FIELDS},{'story' if us.platform == 'instagram' else 'sticker'}"


def as_raw(message: dict[str, Any], customer: dict[str, Any], us: Us) -> Raw:
    """Return what is stored of a message."""
    kept = lasting(message)
    name = identity(message.get("id")) or digest(kept)
    return Raw(f"m|{name}", {"kind": "message", "message": kept, "customer": customer, "us": us._asdict()})


def parse(raw: Raw, unknown: str) -> list[Item]:
    """Return the message in a payload; ``unknown`` is what somebody is called of whom nothing is known."""
    payload = mapping(raw.payload)
    message, us = mapping(payload.get("message")), us_from(payload)
    name, at = identity(message.get("id")), when(message.get("created_time"))
    customer = person(payload.get("customer"), unknown)
    sender = person(message.get("from"), unknown)
    others = [one for one in mappings(mapping(message.get("to")).get("data")) if not us.is_us(one)]
    outgoing = us.is_us(message.get("from")) if sender.id else bool(others)
    if not customer.id:
        customer = person(next(iter(others), {}), unknown) if outgoing else sender
    if not (at and customer.id):
        raise ValueError("a message without time or person")
    deleted = payload.get("deleted") is True
    item = Item(
        id=raw.id,
        conversation=f"dm|{customer.id}",
        direction=Direction.OUT if outgoing else Direction.IN,
        at=at,
        author=sender if sender.id else Author(us.id, us.name, us.name) if outgoing else customer,
        contact=customer,
        text=text(message.get("message")),
        kind=Kind.DIRECT,
        private=True,
        deleted=deleted,
        edited_at=when(payload.get("edited")),
        remote={"person": customer.id, "at": stamp(at)},
        attachments=[] if deleted else _attachments(message, name),
    )
    return [item]


def with_windows(found: Sequence[Item], options: Mapping[str, str]) -> list[Item]:
    """Return messages with the moment until which an account with these settings may answer them."""
    window = BY_A_PERSON_WITHIN if agreed(options) else ANSWERED_WITHIN
    return [
        replace(one, answer_until=one.at + window) if one.private and one.direction is Direction.IN else one
        for one in found
    ]


def agreed(options: Mapping[str, str]) -> bool:
    """Say whether Meta agreed to the longer window for these settings."""
    return options.get("human_agent", "").strip().lower() in ("yes", "sí", "si")


def person(value: Any, unknown: str) -> Author:
    """Return a person; the id is empty where Meta hides it, and the name is ``unknown`` then."""
    found = mapping(value)
    name = text(found.get("name")) or text(found.get("username"))
    handle = text(found.get("username")) or name
    return Author(identity(found.get("id")), handle or unknown, name)


def _attachments(message: dict[str, Any], name: str) -> list[Attachment]:
    found = []
    for number, (one, address) in enumerate(_enclosed(message)):
        if address == FILE or is_file(address):
            one = replace(one, remote={"message": name, "file": str(number)})
        elif address:
            one = replace(one, remote={"url": address})
        found.append(one)
    nothing = not found and not text(message.get("message")).strip()
    return [Attachment(Media.OTHER)] if nothing else found


def files(message: dict[str, Any]) -> list[str]:
    """Return the addresses of a message's files, by the numbers that its attachments have."""
    return [address for _, address in _enclosed(message)]


def _enclosed(message: dict[str, Any]) -> Iterator[tuple[Attachment, str]]:
    """Return what came with a message, each with the address of its file, "" where there is none."""
    for one in mappings(mapping(message.get("attachments")).get("data")):
        yield _attachment(one)
    if sticker := text(message.get("sticker")):
        yield Attachment(Media.STICKER), sticker
    for share in mappings(mapping(message.get("shares")).get("data")):
        link = text(share.get("link"))
        if link == FILE or is_file(link):
            yield Attachment(Media.LINK, text(share.get("name"))), link
        else:
            yield Attachment(Media.LINK, text(share.get("name")), web(link)), ""
    if story := mapping(message.get("story")):
        kind = next(iter(story), "")
        yield Attachment(Media.LINK, "", _STORIES.get(kind, kind)), text(mapping(story.get(kind)).get("link"))


def _attachment(one: dict[str, Any]) -> tuple[Attachment, str]:
    name, kind = text(one.get("name")), text(one.get("mime_type"))
    size = whole(one.get("size"))
    for key, media in (("image_data", Media.IMAGE), ("video_data", Media.VIDEO), ("audio_data", Media.AUDIO)):
        if url := text(mapping(one.get(key)).get("url")):
            return Attachment(media, name, "", kind, size), url
    url = text(one.get("file_url"))
    media = _MEDIA.get(kind.partition("/")[0], Media.FILE if url else Media.OTHER)
    return Attachment(media, name, "", kind, size), url
