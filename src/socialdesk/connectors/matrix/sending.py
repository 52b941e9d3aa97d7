"""Answers. The key goes along twice: as the transaction's, which its device may repeat, and inside the message.

The first makes a repeat harmless at once. The second finds a message again that another device of ours has sent, or that the
server's memory for transactions has let go: before a repeat the room is looked through for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from socialdesk.connectors.contract import Count, Limit, OutcomeUnknown, Outgoing, Receipt, Rejected, measure
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.inbox import Inbox
from socialdesk.connectors.matrix.parsing import address
from socialdesk.connectors.matrix.shape import items, mapping, milliseconds, text
from socialdesk.connectors.matrix.wire import Refusal

LIMIT = Limit(60_000, Count.BYTES)
_WHOLE = 64_000
"""Bytes of the content: an event has 65,536 at most, with what its server adds."""
KEY = "socialdesk.key"
_FIRST = timedelta(seconds=1)
_DOUBT = int(timedelta(minutes=10).total_seconds() * 1000)
_PAGES = 10
_CLOSED = ("M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM")


class Sender:
    """Sends one account's answers."""

    def __init__(self, client: Client, inbox: Inbox) -> None:
        self._client = client
        self._inbox = inbox

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send an answer where the question came; never in clear into a room that is encrypted."""
        content = _content(outgoing)
        if measure(outgoing.text, LIMIT.count) > LIMIT.size or len(_canonical(content)) > _WHOLE:
            raise Rejected(f"> {LIMIT.size}", code="too_long")
        room = outgoing.reply_to.get("room", "")
        if not room:
            raise Rejected("the message answered has no room", code="parent_gone")
        if self._client.host.clock.now() - outgoing.at >= _FIRST:
            found = await self._found(room, outgoing)
            if found is not None:
                return found
        await self._refuse_encrypted(room, outgoing.reply_to)
        try:
            where = path("rooms", room, "send", "m.room.message", outgoing.key)
            answer = await self._client.call("PUT", where, body=content, posts=True)
        except Refusal as refusal:
            if refusal.errcode in _CLOSED:
                raise Rejected(refusal.detail, code="room_closed") from None
            raise
        event = text(answer.get("event_id"))
        if not event:
            raise OutcomeUnknown("the answer has no id")
        return _receipt(room, event, outgoing.reply_to)

    async def _found(self, room: str, outgoing: Outgoing) -> Receipt | None:
        """Look for this answer among what we have written there since its first attempt."""
        me, page = (await self._client.session()).user, ""
        wanted = {"types": ["m.room.message", "m.room.encrypted"], "senders": [me]}
        params: dict[str, Any] = {"dir": "b", "limit": 50, "filter": json.dumps(wanted)}
        oldest = milliseconds(outgoing.at) - _DOUBT
        for _ in range(_PAGES):
            try:
                answer = await self._client.call("GET", path("rooms", room, "messages"), params=params)
            except Refusal:
                return None  # closed to us: then so it is for the answer, which is refused or known
            events = [mapping(one) for one in items(answer.get("chunk"))]
            for event in events:
                if _bears(event, outgoing.key):
                    return _receipt(room, text(event.get("event_id")), outgoing.reply_to)
            times = [at for one in events if isinstance(at := one.get("origin_server_ts"), int | float)]
            following = text(answer.get("end"))
            if not following or following == page or (times and max(times) < oldest):
                return None
            params["from"] = page = following
        return None

    async def _refuse_encrypted(self, room: str, to: Mapping[str, str]) -> None:
        known = self._inbox.rooms.get(room)
        encrypted = bool(to.get("encrypted")) or (known is not None and known.encrypted)
        if not encrypted and known is None:
            encrypted = await self._is_encrypted(room)
        if encrypted:
            raise Rejected("the room is encrypted", code="encrypted_room")

    async def _is_encrypted(self, room: str) -> bool:
        try:
            found = await self._client.call("GET", path("rooms", room, "state", "m.room.encryption", ""))
        except Refusal:
            return False
        return bool(found)


def _bears(event: Mapping[str, Any], key: str) -> bool:
    inside = mapping(event.get("content")).get(KEY)
    return key in (inside, mapping(event.get("unsigned")).get("transaction_id"))


def _content(outgoing: Outgoing) -> dict[str, Any]:
    """Return the message: an answer in its thread, naming whom it answers where others read along."""
    to = outgoing.reply_to
    kind = "m.notice" if outgoing.automatic else "m.text"
    content: dict[str, Any] = {"msgtype": kind, "body": outgoing.text, "m.mentions": {}, KEY: outgoing.key}
    answered = {"m.in_reply_to": {"event_id": to.get("event", "")}}
    if not outgoing.private and to.get("sender"):
        content["m.mentions"] = {"user_ids": [to["sender"]]}
    if to.get("thread"):
        thread = {"rel_type": "m.thread", "event_id": to["thread"], "is_falling_back": False}
        content["m.relates_to"] = {**thread, **answered}
    elif not outgoing.private and to.get("event"):
        content["m.relates_to"] = answered
    return content


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _receipt(room: str, event: str, to: Mapping[str, str]) -> Receipt:
    remote = {"room": room, "event": event, "sender": to.get("sender", ""), "thread": to.get("thread", "")}
    kept = {key: value for key, value in remote.items() if value}
    return Receipt(event, address(room, event), None, room, kept)
