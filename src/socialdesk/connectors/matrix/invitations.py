"""Who is let in: invitations are accepted, but only so many an hour, so that a flood of them leaves room for customers.

An hour lets in ten rooms: two of one person, four of one server that is not our own, in turns between servers. The others wait, and
the oldest are forgotten beyond two hundred. What is open to everybody, and what is no conversation (a space), is left
to a person: anybody can be invited into such rooms for show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from socialdesk.connectors.contract import AuthRequired, RateLimited, Rejected, Temporary
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.rooms import Invitation, Joined, Place
from socialdesk.connectors.matrix.shape import items, mapping, milliseconds, text

HOUR = int(timedelta(hours=1).total_seconds() * 1000)
IN_ALL, OF_A_PERSON, OF_A_SERVER, WAITING = 10, 2, 4, 200
TRIES = 5
_PAUSE = int(timedelta(minutes=10).total_seconds() * 1000)


class Doorkeeper:
    """Accepts invitations, and follows rooms that move."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def note(self, place: Place, invited: Mapping[str, Any], now: int) -> None:
        """Remember the invitations that the server tells of; a room that it tells of again is the same."""
        for room_id, told in invited.items():
            found = _invitation(room_id, mapping(told), place.user, now)
            if found and not any(one.room == room_id for one in place.invitations):
                place.invitations.append(found)
        place.invitations = [one for one in place.invitations if one.room not in place.rooms][-WAITING:]

    def follow(self, place: Place, room_id: str, told: Mapping[str, Any], now: int) -> None:
        """Remember where a room has moved to (``m.room.tombstone``): its customers are there now."""
        timeline = items(mapping(told.get("timeline")).get("events"))
        for event in map(mapping, [*items(told.get("state")), *timeline]):
            target = text(mapping(event.get("content")).get("replacement_room"))
            wanted = event.get("type") == "m.room.tombstone" and "state_key" in event and target
            if (
                wanted
                and target not in place.rooms
                and not any(one.room == target for one in place.invitations)
            ):
                listed = place.rooms[room_id].listed or place.rooms[room_id].hinted
                place.invitations.append(Invitation(target, text(event.get("sender")), now, direct=listed))

    async def enter(self, place: Place) -> bool:
        """Enter what may be entered now; returns whether any room was. Trouble only makes it wait."""
        now, entered = milliseconds(self._client.host.clock.now()), False
        place.joined = [one for one in place.joined if now - one.at < HOUR]
        for one in list(_in_turns(place.invitations)):
            if one.again > now or not _may(one, place):
                continue
            try:
                await self._join(one)
            except Rejected:
                place.invitations.remove(one)
                continue
            except (Temporary, RateLimited, AuthRequired) as trouble:
                self._later(place, one, now, trouble)
                break
            place.invitations.remove(one)
            place.joined.append(Joined(one.inviter, now))
            if one.direct:
                place.hinted = [*place.hinted, one.room][-WAITING:]
            entered = True
        return entered

    async def _join(self, one: Invitation) -> None:
        servers = sorted({name.partition(":")[2] for name in (one.inviter, one.room)} - {""})
        params = {"server_name": servers, "via": servers}
        await self._client.call("POST", path("join", one.room), params=params, body={})

    def _later(self, place: Place, one: Invitation, now: int, trouble: Exception) -> None:
        until = trouble.until if isinstance(trouble, RateLimited) else None
        one.again, one.tries = milliseconds(until) if until else now + _PAUSE, one.tries + 1
        if one.tries >= TRIES:
            place.invitations.remove(one)


def _invitation(room_id: str, told: Mapping[str, Any], me: str, now: int) -> Invitation | None:
    """Return what an invitation says; None where it is not to be accepted."""
    found = Invitation(room_id, "", now)
    for event in map(mapping, items(mapping(told.get("invite_state")).get("events"))):
        content = mapping(event.get("content"))
        match event.get("type"):
            case "m.room.member" if event.get("state_key") == me and content.get("membership") == "invite":
                found.inviter, found.direct = text(event.get("sender")), content.get("is_direct") is True
            case "m.room.join_rules" if content.get("join_rule") == "public":
                return None
            case "m.room.create" if content.get("type") == "m.space":
                return None
    return found if found.inviter else None


def _in_turns(waiting: list[Invitation]) -> Iterator[Invitation]:
    """Yield invitations, one of each server in turn, the oldest first."""
    queues: dict[str, list[Invitation]] = {}
    for one in waiting:
        queues.setdefault(_server(one.inviter), []).append(one)
    while queues:
        for server in list(queues):
            yield queues[server].pop(0)
            if not queues[server]:
                del queues[server]


def _may(one: Invitation, place: Place) -> bool:
    people = Counter(other.inviter for other in place.joined)
    servers = Counter(_server(other.inviter) for other in place.joined)
    at_home = _server(one.inviter) == _server(place.user)
    return (
        len(place.joined) < IN_ALL
        and people[one.inviter] < OF_A_PERSON
        and (at_home or servers[_server(one.inviter)] < OF_A_SERVER)
    )


def _server(user: str) -> str:
    return user.partition(":")[2]
