"""Reading a list that is newest first, without losing anything.

``min_id`` walks forward from what was seen last, and only that: ``since_id`` leaves a hole where more than a page has
come. Some servers do not know ``min_id`` or take it for ``since_id``; there the list is walked down from its top to
what was seen. Once an hour that is done anyhow, since a place that a server has forgotten reads as "nothing new".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.connectors.mastodon.shape import identity, mapping, moment, number, order, stamp, text
from socialdesk.connectors.mastodon.wire import Answer, Refusal

PAGE = 40
FIRST_DEPTH = timedelta(days=7)
FIRST_ITEMS = 500
SWEEP = timedelta(hours=1)
_FULL = 15  # the smallest page that a server gives where there is more
_SURE = 3  # so many known ones in a row are the end of what is new: one alone may be out of its order
_NO_SUCH_PLACE = (400, 404, 422)  # said by a server that has other ids than before
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Ask = Callable[[Mapping[str, str]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Descent:
    """An unfinished way down: below which id it goes on, how far, and the newest that it met."""

    floor: datetime
    below: str = ""
    top: str = ""
    top_at: datetime = _NEVER
    left: int = 0  # items still wanted; 0 is no limit


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading one list stands: all up to ``seen``, from ``at``, was read; ``blind`` is a server without min_id."""

    seen: str = ""
    at: datetime = _NEVER
    swept: datetime = _NEVER
    blind: bool = False
    sure: bool = False
    """Whether min_id was seen to do what it should."""
    descent: Descent | None = None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        down = self.descent and {
            "floor": stamp(self.descent.floor),
            "below": self.descent.below,
            "top": self.descent.top,
            "top_at": stamp(self.descent.top_at),
            "left": self.descent.left,
        }
        told = {"seen": self.seen, "at": stamp(self.at), "swept": stamp(self.swept)}
        return {**told, "blind": self.blind, "sure": self.sure, "down": down}


def place_from(value: Any) -> Place:
    """Return the place that ``dump`` wrote; what cannot be read counts as never read."""
    value, down = mapping(value), mapping(mapping(value).get("down"))
    floor = moment(down.get("floor"))
    descent = floor and Descent(
        floor,
        text(down.get("below")),
        text(down.get("top")),
        moment(down.get("top_at")) or _NEVER,
        number(down.get("left"), 0),
    )
    return Place(
        text(value.get("seen")),
        moment(value.get("at")) or _NEVER,
        moment(value.get("swept")) or _NEVER,
        value.get("blind") is True,
        value.get("sure") is True,
        descent or None,
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """What one page brought, oldest first; ``more`` asks for the next one at once."""

    found: list[Any]
    place: Place
    more: bool


async def visit(ask: Ask, place: Place, now: datetime, first: int = FIRST_ITEMS) -> Visit:
    """Read on from a place by one page; the first time all of ``first`` items at most."""
    if place.descent is not None:
        return await _down(ask, place, place.descent)
    if not place.seen:
        never = place.swept == _NEVER
        begun = Descent(now - FIRST_DEPTH, left=first) if never else Descent(place.at - FIRST_DEPTH)
        return await _down(ask, replace(place, at=now if never else place.at, swept=now), begun)
    if not place.blind and now - place.swept < SWEEP:
        try:
            return await _up(ask, place)
        except Refusal as refusal:
            if refusal.status not in _NO_SUCH_PLACE:
                raise
    return await _down(ask, replace(place, swept=now), Descent(place.at - FIRST_DEPTH))


async def _up(ask: Ask, place: Place) -> Visit:
    page: list[Any] = (await ask({"min_id": place.seen, "limit": str(PAGE)})).body
    fresh = _sorted([one for one in page if not _known(one, place)])
    if not fresh:
        return Visit([], place, False)
    full = len(page) >= _FULL
    if full and not place.sure:
        if await _hole_below(ask, fresh, place):
            return Visit([], replace(place, blind=True, descent=Descent(place.at - FIRST_DEPTH)), True)
        place = replace(place, sure=True)
    top, at = _newest(fresh)
    reached = replace(place, seen=top or place.seen, at=max(at, place.at))
    return Visit(fresh, reached, full and reached.seen != place.seen)


async def _hole_below(ask: Ask, fresh: list[Any], place: Place) -> bool:
    """Say whether something unseen lies below this page: then the server took min_id for something else."""
    lowest = next((name for one in fresh if (name := _id(one))), "")
    if not lowest:
        return False
    below = (await ask({"max_id": lowest, "limit": "1"})).body
    return any(not _known(one, place) and _id(one) != lowest for one in below[:1])


async def _down(ask: Ask, place: Place, descent: Descent) -> Visit:
    below = {"max_id": descent.below} if descent.below else {}
    answer = await ask({**below, "limit": str(PAGE)})
    page: list[Any] = answer.body
    wanted = [not _known(one, place) and (_at(one) or descent.floor) >= descent.floor for one in page]
    fresh = _sorted([one for one, new in zip(page, wanted, strict=True) if new])
    top, at = _newest(fresh)
    if (at, order(top)) > (descent.top_at, order(descent.top)):
        descent = replace(descent, top=top, top_at=at)
    following = answer.links.get("next") or next((name for one in page[::-1] if (name := _id(one))), "")
    left = descent.left - len(page)
    ended = not any(wanted[-_SURE:]) or not following or following == descent.below
    if ended or (descent.left and left <= 0):
        seen, seen_at = descent.top or place.seen, max(descent.top_at, place.at)
        return Visit(fresh, replace(place, seen=seen, at=seen_at, descent=None), False)
    further = replace(descent, below=following, left=left if descent.left else 0)
    return Visit(fresh, replace(place, descent=further), True)


def _known(one: Any, place: Place) -> bool:
    """Say whether it was read before, by its id and by its time: ids of another kind than before compare by chance."""
    name, at = _id(one), _at(one)
    return bool(place.seen and name) and (
        name == place.seen or (order(name) <= order(place.seen) and (at is None or at <= place.at))
    )


def _newest(found: list[Any]) -> tuple[str, datetime]:
    """Return the id and the time of the newest, nothing where none has an id."""
    named = [one for one in found if _id(one)]
    return (_id(named[-1]), _at(named[-1]) or _NEVER) if named else ("", _NEVER)


def _sorted(found: list[Any]) -> list[Any]:
    """Return what was found, oldest first, and by their ids where they have one and the same time."""
    return sorted(found, key=lambda one: (_at(one) or _NEVER, order(_id(one))))


def _id(one: Any) -> str:
    return identity(mapping(one).get("id"))


def _at(one: Any) -> datetime | None:
    return moment(mapping(one).get("created_at"))
