"""What is new in all rooms, by ``/sync``; what it leaves out is read by ``/messages`` before its mark counts as read.

The cursor holds the server's mark and the gaps still to be filled, so that neither moves ahead of what is stored. A gap is
read forward, the oldest first; where a server cannot do that, back to where the last visit ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from socialdesk.connectors.contract import Page, Raw, Temporary
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.events import Teller
from socialdesk.connectors.matrix.history import fill
from socialdesk.connectors.matrix.invitations import Doorkeeper
from socialdesk.connectors.matrix.rooms import Gap, Place, Room, place_from
from socialdesk.connectors.matrix.shape import items, mapping, milliseconds, text
from socialdesk.connectors.matrix.wire import Refusal

VERSION = 1
FIRST_DEPTH = timedelta(days=7)
FIRST_EVENTS = 500
"""How far back the first look at a room goes: so long, and so many."""
_OVERLAP = timedelta(days=1)
TIMELINE = 50
FIRST_TIMEOUT = httpx.Timeout(55, connect=10)
"""The first answer is made of all rooms, which takes a big server its time."""
STATE = (
    "m.room.member",
    "m.room.encryption",
    "m.room.join_rules",
    "m.room.tombstone",
)
FILTER = {
    "presence": {"not_types": ["*"]},
    "account_data": {"types": ["m.direct"]},
    "room": {
        "account_data": {"not_types": ["*"]},
        "ephemeral": {"not_types": ["*"]},
        "state": {"types": list(STATE), "lazy_load_members": True, "include_redundant_members": True},
        "timeline": {
            "limit": TIMELINE,
            "not_types": ["m.reaction", "m.call.candidates", "m.room.power_levels"],
            "lazy_load_members": True,
            "include_redundant_members": True,
        },
    },
}


class Inbox:
    """Reads one account's rooms; ``rooms`` are those of the last visit. Whoever listens sets the other two."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._door = Doorkeeper(client)
        self.rooms: dict[str, Room] = {}
        self.offered: Callable[[str], dict[str, Any] | None] = lambda _since: None
        self.reached: Callable[[str], None] = lambda _since: None

    async def fetch(self, cursor: str) -> Page:
        """Return what is new: the rest of a gap, or else what the server has."""
        me = (await self._client.session()).user
        place = _unpacked(cursor, me)
        if place.gaps:
            raws = await fill(self._client, place)
            return self._page(raws, place, bool(place.gaps))
        raws = await self._new(place)
        entered = await self._door.enter(place)
        return self._page(raws, place, bool(place.gaps) or entered)

    def _page(self, raws: list[Raw], place: Place, more: bool) -> Page:
        self.rooms = place.rooms
        self.reached(place.since)
        return Page(raws, json.dumps({"v": VERSION, **place.dump()}, separators=(",", ":")), more)

    async def _new(self, place: Place) -> list[Raw]:
        answer = self.offered(place.since) or await self._sync(place)
        following, now = text(answer.get("next_batch")), milliseconds(self._client.host.clock.now())
        if not following:
            raise Temporary("the answer has no next_batch", code="bad_answer")
        rooms = mapping(answer.get("rooms"))
        _note_direct(place, answer)
        raws: list[Raw] = []
        for section in ("join", "leave"):
            for room_id, told in mapping(rooms.get(section)).items():
                raws += await self._room(place, room_id, mapping(told), section == "leave", following, now)
        self._door.note(place, mapping(rooms.get("invite")), now)
        place.since, place.at = following, now
        return raws

    async def _sync(self, place: Place) -> dict[str, Any]:
        first = not place.since
        try:
            return await sync(
                self._client, place.since, 0, FIRST_TIMEOUT if first else httpx.Timeout(30, connect=10)
            )
        except Refusal as refusal:
            if first or refusal.status in (401, 403):
                raise
        # The server knows its own mark no longer: it is a new one, or was restored. Begin anew, which repeats.
        place.since = ""
        return await sync(self._client, "", 0, FIRST_TIMEOUT)

    async def _room(
        self, place: Place, room_id: str, told: dict[str, Any], gone: bool, following: str, now: int
    ) -> list[Raw]:
        entered = not place.since or room_id not in place.rooms
        room = _room_of(place, room_id)
        room.gone = gone
        room.note_summary(mapping(told.get("summary")), place.user)
        await self._count(room_id, room, gone)
        self._door.follow(place, room_id, told, now)
        timeline, state = mapping(told.get("timeline")), items(mapping(told.get("state")).get("events"))
        floor = now - milliseconds_of(FIRST_DEPTH) if entered else 0
        events = items(timeline.get("events"))
        teller = Teller(self._client, place.user, room_id, room, floor)
        if timeline.get("limited") is True and not (entered and _is_old(events, floor)):
            await teller.tell([], [*state, *(one for one in events if "state_key" in mapping(one))])
            place.gaps.append(_gap(place, room_id, following, entered, floor))
            return []
        raws = await teller.tell(events, state)
        if gone:
            place.rooms.pop(room_id, None)
        return raws

    async def _count(self, room_id: str, room: Room, gone: bool) -> None:
        """Ask how many are in a room where the server does not say so by itself."""
        if room.members is not None or gone:
            return
        try:
            answer = await self._client.call("GET", path("rooms", room_id, "joined_members"))
        except Refusal:
            return
        room.members = len(mapping(answer.get("joined"))) or None


async def sync(client: Client, since: str, wait: int, timeout: httpx.Timeout) -> dict[str, Any]:
    """Return what is new since a mark, waiting up to so many milliseconds for it."""
    params: dict[str, Any] = {"filter": json.dumps(FILTER), "timeout": wait, "set_presence": "offline"}
    if since:
        params["since"] = since
    return await client.call("GET", "sync", params=params, timeout=timeout)


def milliseconds_of(span: timedelta) -> int:
    """Return a span as Matrix counts."""
    return int(span.total_seconds() * 1000)


def _gap(place: Place, room_id: str, following: str, entered: bool, floor: int) -> Gap:
    if entered:
        return Gap(room_id, following, "", False, floor, FIRST_EVENTS)
    before = place.at - milliseconds_of(_OVERLAP)
    return Gap(room_id, place.since, following, True, before, 0, following)


def _is_old(events: list[Any], floor: int) -> bool:
    """Say whether the oldest of what was given lies below the floor already."""
    times = [at for one in events if isinstance(at := mapping(one).get("origin_server_ts"), int | float)]
    return bool(times) and times[0] < floor


def _note_direct(place: Place, answer: dict[str, Any]) -> None:
    """Learn which rooms the account calls direct chats; the list is told whole where it has changed."""
    for event in map(mapping, items(mapping(answer.get("account_data")).get("events"))):
        if event.get("type") == "m.direct":
            told = mapping(event.get("content")).values()
            listed = {one for those in told for one in items(those) if isinstance(one, str)}
            for room_id, room in place.rooms.items():
                room.listed = room_id in listed
            place.direct = sorted(listed - set(place.rooms))


def _room_of(place: Place, room_id: str) -> Room:
    """Return what is remembered of a room, with what was learnt of it before we were in."""
    if room_id not in place.rooms:
        place.rooms[room_id] = Room(listed=room_id in place.direct, hinted=room_id in place.hinted)
        place.direct = [one for one in place.direct if one != room_id]
        place.hinted = [one for one in place.hinted if one != room_id]
    return place.rooms[room_id]


def _unpacked(cursor: str, me: str) -> Place:
    """Return the place in a cursor; a damaged one begins anew, which repeats but loses nothing that is recent."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        kept = {}
    return place_from(kept if kept.get("v") == VERSION else {}, me)
