"""What is remembered of each room between two visits; it travels in the cursor, so it is never ahead of what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from socialdesk.connectors.matrix.shape import items, mapping, text, whole


@dataclass(slots=True)
class Sealed:
    """A run of encrypted messages of one side, shown as one: ``first`` to ``last`` in milliseconds."""

    id: str
    sender: str
    name: str
    first: int
    last: int
    count: int = 1
    ours: bool = False


@dataclass(slots=True)
class Room:
    """One room. ``members`` counts the invited, too; None where nobody has said.

    ``listed``: the account calls it a direct chat (``m.direct``); ``hinted``: its invitation did. ``gone``: we left.
    """

    members: int | None = None
    listed: bool = False
    hinted: bool = False
    open: bool = False
    encrypted: bool = False
    gone: bool = False
    hero: str = ""
    customer: str = ""
    name: str = ""
    sealed: Sealed | None = None

    @property
    def private(self) -> bool:
        """Whether only the customer reads along: a direct chat, or two members and no door open to others."""
        return (
            self.listed or self.hinted or (self.members is not None and self.members <= 2 and not self.open)
        )

    def note_summary(self, summary: Mapping[str, Any], me: str) -> None:
        """Learn how many there are and who."""
        joined, invited = (
            whole(summary.get("m.joined_member_count")),
            whole(summary.get("m.invited_member_count")),
        )
        if joined is not None or invited is not None:
            self.members = (joined if joined is not None else 1) + (invited or 0)
        heroes = [text(one) for one in items(summary.get("m.heroes")) if text(one) not in ("", me)]
        self.hero = heroes[0] if heroes else self.hero

    def note_state(self, event: Mapping[str, Any]) -> None:
        """Learn from an event of the room's state."""
        match event.get("type"):
            case "m.room.encryption":
                self.encrypted = True
            case "m.room.join_rules":
                self.open = mapping(event.get("content")).get("join_rule") == "public"

    def dump(self) -> dict[str, Any]:
        """Return it as JSON, without what is as usual."""
        return {name: value for name, value in asdict(self).items() if value not in (None, False, "")}


_KINDS = {one.name: type(getattr(Room(), one.name)) for one in fields(Room)}


def room_from(value: Any) -> Room:
    """Return the room that ``dump`` wrote."""
    kept, room = mapping(value), Room()
    for name, kind in _KINDS.items():
        if kind in (bool, str) and isinstance(kept.get(name), kind):
            setattr(room, name, kept[name])
    room.members = whole(kept.get("members"))
    room.sealed = _sealed_from(mapping(kept.get("sealed")))
    return room


def _sealed_from(kept: Mapping[str, Any]) -> Sealed | None:
    first, last, count = (whole(kept.get(name)) for name in ("first", "last", "count"))
    if not text(kept.get("id")) or first is None or last is None or count is None:
        return None
    who, name = text(kept.get("sender")), text(kept.get("name"))
    return Sealed(text(kept["id"]), who, name, first, last, count, kept.get("ours") is True)


@dataclass(frozen=True, slots=True)
class Gap:
    """Events that a visit left out, between two places of a room.

    ``forward``: read on from ``at`` to ``end``, the oldest first. Else back from ``at`` to ``end`` ("": there is none) or
    to what is older than ``floor`` (milliseconds), at most ``left`` more.
    """

    room: str
    at: str
    end: str
    forward: bool
    floor: int = 0
    left: int = 0
    start: str = ""  # where reading back began, for gaps that cannot be read forward

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


def gap_from(value: Any) -> Gap | None:
    """Return the gap that ``dump`` wrote."""
    kept = mapping(value)
    floor, left = whole(kept.get("floor")), whole(kept.get("left"))
    words = {name: text(kept.get(name)) for name in ("room", "at", "end", "start")}
    if not (words["room"] and words["at"]) or floor is None or left is None:
        return None
    return Gap(**words, forward=kept.get("forward") is True, floor=floor, left=left)


@dataclass(slots=True)
class Invitation:
    """Somebody wants us in a room: ``since`` when we first saw it, ``again`` when to try next, in milliseconds."""

    room: str
    inviter: str
    since: int
    again: int = 0
    tries: int = 0
    direct: bool = False


def invitation_from(value: Any) -> Invitation | None:
    """Return the invitation that ``asdict`` wrote."""
    kept = mapping(value)
    numbers = [whole(kept.get(name)) for name in ("since", "again", "tries")]
    if not text(kept.get("room")) or None in numbers:
        return None
    since, again, tries = (number or 0 for number in numbers)
    return Invitation(
        text(kept["room"]), text(kept.get("inviter")), since, again, tries, kept.get("direct") is True
    )


@dataclass(slots=True)
class Joined:
    """A room that was entered: by whose invitation, and when, in milliseconds."""

    inviter: str
    at: int


@dataclass(slots=True)
class Place:
    """Where reading stands: the server's mark, what is remembered of rooms, and what is still to be read or entered."""

    user: str
    since: str = ""
    at: int = 0
    rooms: dict[str, Room] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    hinted: list[str] = field(default_factory=list)
    """Rooms that were entered by invitations to direct chats and have not been told of yet."""
    direct: list[str] = field(default_factory=list)
    """Rooms that the account calls direct chats and is not in yet."""

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "user": self.user,
            "since": self.since,
            "at": self.at,
            "rooms": {name: room.dump() for name, room in self.rooms.items()},
            "gaps": [gap.dump() for gap in self.gaps],
            "invitations": [asdict(one) for one in self.invitations],
            "joined": [asdict(one) for one in self.joined],
            "hinted": self.hinted,
            "direct": self.direct,
        }


def place_from(value: Any, user: str) -> Place:
    """Return the place that ``dump`` wrote; that of another account counts as never having read."""
    kept = mapping(value)
    if kept.get("user") != user or not text(kept.get("since")):
        return Place(user)
    joined = [
        Joined(text(mapping(one).get("inviter")), whole(mapping(one).get("at")) or 0)
        for one in items(kept.get("joined"))
    ]
    return Place(
        user,
        text(kept["since"]),
        whole(kept.get("at")) or 0,
        {name: room_from(room) for name, room in mapping(kept.get("rooms")).items()},
        [gap for one in items(kept.get("gaps")) if (gap := gap_from(one))],
        [found for one in items(kept.get("invitations")) if (found := invitation_from(one))],
        joined,
        [one for one in items(kept.get("hinted")) if isinstance(one, str)],
        [one for one in items(kept.get("direct")) if isinstance(one, str)],
    )
