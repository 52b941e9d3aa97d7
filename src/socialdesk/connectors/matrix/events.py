"""From a room's events to raw items: an edit becomes the message that it changes, encrypted ones become one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.rooms import Room, Sealed
from socialdesk.connectors.matrix.shape import mapping, milliseconds, moment, text
from socialdesk.connectors.matrix.wire import Refusal

ENCRYPTED, REDACTION = "m.room.encrypted", "m.room.redaction"
POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
CALLS = ("m.call.invite", "m.rtc.notification", "org.matrix.msc4075.rtc.notification")
_SHOWN = frozenset(["m.room.message", "m.sticker", *POLLS, *CALLS])
_WORDS = ("body", "m.text", "org.matrix.msc1767.text")
_BESIDE = (
    "m.call.",
    "m.key.",
    "m.poll.",
    "m.beacon",
    "m.reaction",
    "m.room.encryption",
    "m.rtc.",
    "m.policy.",
    "m.space.",
)
"""Beginnings of kinds that are never a message of anybody."""
_NOT_COUNTED = frozenset(["m.replace", "m.annotation", "m.reference"])
_KEPT = ("event_id", "type", "sender", "origin_server_ts", "content")


def is_message(event: Mapping[str, Any]) -> bool:
    """Say whether an event is something that somebody says, also of a kind that was not known when this was written."""
    kind = text(event.get("type"))
    content = mapping(event.get("content"))
    if "state_key" in event or text(content.get("msgtype")).startswith("m.key."):
        return False
    if kind in _SHOWN or not kind:
        return True
    if kind.startswith(_BESIDE) or kind in (ENCRYPTED, REDACTION):
        return False
    return kind.startswith("m.") or any(name in content for name in _WORDS)


def edited_by(event: Mapping[str, Any]) -> str:
    """Return the id of the message that this event changes, "" where it changes none."""
    relation = mapping(mapping(event.get("content")).get("m.relates_to"))
    return text(relation.get("event_id")) if relation.get("rel_type") == "m.replace" else ""


class Teller:
    """Turns the events of one room into raw items; ``floor`` (milliseconds) leaves out what is older."""

    def __init__(self, client: Client, me: str, room_id: str, room: Room, floor: int = 0) -> None:
        self._client = client
        self._me = me
        self._id = room_id
        self._room = room
        self._floor = floor
        self._names: dict[str, str] = {}
        self._events: dict[str, dict[str, Any]] = {}

    async def tell(self, events: Sequence[Any], state: Sequence[Any] = ()) -> list[Raw]:
        """Return the raw items of these events, the oldest first; ``state`` holds their senders' names."""
        for event in map(mapping, [*state, *events]):
            if "state_key" in event:
                self._note(event)
        self._events |= {text(mapping(one).get("event_id")): mapping(one) for one in events}
        raws: list[Raw] = []
        for event in events:
            raws += await self._one(event)
        return raws

    def _note(self, event: Mapping[str, Any]) -> None:
        self._room.note_state(event)
        if event.get("type") == "m.room.member":
            self._names[text(event.get("state_key"))] = text(mapping(event.get("content")).get("displayname"))

    async def _one(self, value: Any) -> list[Raw]:
        event = mapping(value)
        if self._is_old(event):
            return []
        if event.get("type") == ENCRYPTED and "state_key" not in event:
            return self._sealed(event)
        if event.get("type") == REDACTION:
            return await self._redacted(event)
        if not is_message(event):
            return []
        if edited_by(event):
            return await self._edited(event)
        return [self._said(event, replacement_in(event))]

    def _is_old(self, event: Mapping[str, Any]) -> bool:
        at = moment(event.get("origin_server_ts"))
        return at is not None and milliseconds(at) < self._floor

    def _said(
        self, event: Mapping[str, Any], edit: Mapping[str, Any] | None = None, identity: str = ""
    ) -> Raw:
        sender = text(event.get("sender"))
        if sender == self._me:
            self._room.sealed = None
        elif sender:
            self._meet(sender)
            self._room.sealed = None
        payload = {
            "kind": "event",
            "event": slim(event),
            "name": self._names.get(sender, ""),
            **self._around(),
        }
        if edit is not None:
            payload["edit"] = slim(edit)
        if moment(event.get("origin_server_ts")) is None:
            payload["seen"] = int(self._client.host.clock.now().timestamp() * 1000)
        return Raw(identity or text(event.get("event_id")) or _hash(event), payload)

    def _meet(self, sender: str) -> None:
        if not self._room.customer:
            self._room.customer = sender
        if self._room.customer == sender and self._names.get(sender):
            self._room.name = self._names[sender]

    def _around(self) -> dict[str, Any]:
        room = self._room
        known = room.customer or (room.hero if room.private else "")
        name = room.name if room.customer else self._names.get(known, "")
        where = {"id": self._id, "private": room.private, "encrypted": room.encrypted}
        return {"me": self._me, "room": {**where, "customer": known, "name": name}}

    def _sealed(self, event: Mapping[str, Any]) -> list[Raw]:
        """Count an encrypted message; the first of a run names it, and a run ends when the other side writes."""
        sender, identity = text(event.get("sender")), text(event.get("event_id"))
        at = event.get("origin_server_ts")
        relation = mapping(mapping(event.get("content")).get("m.relates_to"))
        taken_back = not event.get("content")
        if relation.get("rel_type") in _NOT_COUNTED or taken_back:
            return []
        if not (sender and identity and isinstance(at, int) and moment(at)):
            return [Raw(identity or _hash(event), {"kind": "event", "event": slim(event), **self._around()})]
        run, ours = self._room.sealed, sender == self._me
        self._room.encrypted = True
        if not ours:
            self._meet(sender)
        if run is None or run.ours is not ours:
            run = Sealed(identity, sender, self._names.get(sender, ""), at, at, ours=ours)
        else:
            run.count, run.last = run.count + 1, max(run.last, at)
        self._room.sealed = run
        return [Raw(run.id, {"kind": "sealed", **asdict(run), **self._around()})]

    async def _edited(self, edit: Mapping[str, Any]) -> list[Raw]:
        target = edited_by(edit)
        original = self._events.get(target) or await self._look_up(target)
        if original is None:  # not shown to us: then the new words stand alone
            return [self._said(edit, edit, target)]
        if original.get("sender") != edit.get("sender") or self._is_old(original):
            return []
        return [self._said(original, edit)] if is_message(original) else []

    async def _redacted(self, redaction: Mapping[str, Any]) -> list[Raw]:
        """Ask what was taken back: a reaction leaves no trace, a message does."""
        content = mapping(redaction.get("content"))
        target = text(redaction.get("redacts")) or text(content.get("redacts"))
        if not target:
            return []
        left = await self._look_up(target)
        if left is None:
            known = self._events.get(target)
            left = {**known, "content": {}} if known else None
        if left is None or not is_message(left) or self._is_old(left):
            return []
        because = {"redacted_because": slim(redaction)}
        return [self._said({**left, "content": {}, "unsigned": because})]

    async def _look_up(self, event_id: str) -> dict[str, Any] | None:
        try:
            return await self._client.call("GET", path("rooms", self._id, "event", event_id)) or None
        except Refusal:
            return None


def replacement_in(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the newest edit that the server tells of beside the message itself, if it is its author's."""
    unsigned = mapping(event.get("unsigned"))
    edit = mapping(mapping(unsigned.get("m.relations")).get("m.replace"))
    if not edit.get("content") or edit.get("sender") != event.get("sender") or not event.get("content"):
        return None
    return edit


def slim(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event without what differs each time it is told, such as its age."""
    found = {name: event[name] for name in _KEPT if name in event}
    because = mapping(event.get("unsigned")).get("redacted_because")
    if because:
        found["unsigned"] = {"redacted_because": {k: v for k, v in mapping(because).items() if k in _KEPT}}
    return found


def _hash(event: Any) -> str:
    told = json.dumps(event, sort_keys=True, default=repr)
    return f"event:{sha256(told.encode('utf-8', 'replace')).hexdigest()}"
