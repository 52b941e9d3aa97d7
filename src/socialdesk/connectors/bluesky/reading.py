"""Reading a list that is newest first and has no "since", without losing anything.

The list is ordered by the earlier of what an author declares and when the post arrived, so a back-dated reply is
inserted below what was already seen. How far back each visit reads is therefore a bargain between calls and
certainty: two hours at every visit (usually one page), a day once an hour, a week once a day. The place is kept in
the cursor, so a long way down is walked in several visits and survives a restart; what was read twice is stored once.

Notifications are paged by their bare moment (``IsoSortAtKey`` in the AppView), so that of two posts of one moment, at the end
of a page, the second is on no page. Therefore visits differ in the size of their pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.connectors.bluesky.shape import items, mapping, moment, stamp, text
from socialdesk.connectors.contract import RateLimited, Rejected, Temporary

PAGE = 100
FIRST_DEPTH = timedelta(days=7)
FIRST_ITEMS = 500
OVERLAP = timedelta(hours=2)
SWEEPS = (  # (name, how often, how deep), the deepest first
    ("week", timedelta(days=1), timedelta(days=7)),
    ("day", timedelta(hours=1), timedelta(days=1)),
)
_PAGES_A_VISIT = 5
_PAGES_IN_ALL = 200  # a server whose cursors never end must not keep us for ever
_SIZES = 7  # so many sizes of pages take turns, a minute each
_PROOFS = 3  # so many items at a page's end must be old, because one may lie about its date
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Descent:
    """An unfinished way down: the next page, how far down it goes, and what it met."""

    floor: datetime
    page: str = ""
    top: datetime = _NEVER
    pages: int = 0
    left: int = 0  # items still wanted; 0 is no limit
    size: int = PAGE  # items a page

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        times = {"floor": stamp(self.floor), "top": stamp(self.top)}
        counts = {"pages": self.pages, "left": self.left, "size": self.size}
        return {**times, "page": self.page, **counts}


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading one list stands: everything down to ``seen`` was read; ``swept`` tells when which sweep was."""

    seen: datetime = _NEVER
    swept: Mapping[str, datetime] = field(default_factory=dict)
    descent: Descent | None = None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        swept = {name: stamp(at) for name, at in self.swept.items()}
        return {"seen": stamp(self.seen), "swept": swept, "down": self.descent and self.descent.dump()}


def place_from(value: Any) -> Place:
    """Return the place that ``dump`` wrote; what cannot be read counts as never read."""
    value = mapping(value)
    swept = {name: at for name, one in mapping(value.get("swept")).items() if (at := moment(one))}
    return Place(moment(value.get("seen")) or _NEVER, swept, _descent_from(mapping(value.get("down"))))


def _descent_from(value: dict[str, Any]) -> Descent | None:
    floor = moment(value.get("floor"))
    pages, left = value.get("pages"), value.get("left")
    if floor is None or not isinstance(pages, int) or not isinstance(left, int):
        return None
    size = value.get("size")
    size = size if isinstance(size, int) and 0 < size <= PAGE else PAGE
    return Descent(floor, text(value.get("page")), moment(value.get("top")) or _NEVER, pages, left, size)


@dataclass(frozen=True, slots=True)
class Way:
    """How to read one list: a page of it by cursor and size, and an item's place in its order and moment of arrival."""

    page: Callable[[str, int], Awaitable[dict[str, Any]]]
    key: str  # where an answer holds its items
    sorted_by: Callable[[Any], datetime | None]
    arrived: Callable[[Any], datetime | None]


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit brought, oldest first; ``more`` asks for the next one at once."""

    found: list[Any]
    place: Place
    more: bool


async def visit(way: Way, place: Place, now: datetime) -> Visit:
    """Read on from a place, at most a few pages."""
    place, descent = _begun(place, now)
    found: list[Any] = []
    for number in range(_PAGES_A_VISIT):
        try:
            answer = await way.page(descent.page, descent.size)
        except (Temporary, RateLimited):
            if number == 0:
                raise
            break  # what was read is kept; the next visit meets the trouble again, if it lasts
        except Rejected:
            if not descent.page:
                raise
            return Visit(
                _ordered(way, found), replace(place, descent=None), False
            )  # that page is gone: start over
        page = _page_of(answer, way.key)
        found += [one for one in page if _wanted(way, one, descent.floor)]
        following = text(answer.get("cursor"))
        end = _end(way, page, descent, following)
        descent = _further(way, page, descent, following)
        if end:
            return Visit(_ordered(way, found), _ended(place, descent, end == "read"), False)
    return Visit(_ordered(way, found), replace(place, descent=descent), True)


def _begun(place: Place, now: datetime) -> tuple[Place, Descent]:
    if place.descent is not None:
        return place, place.descent
    size = PAGE - now.minute % _SIZES
    if place.seen == _NEVER:
        swept = {name: now for name, _, _ in SWEEPS}
        return replace(place, swept=swept), Descent(now - FIRST_DEPTH, left=FIRST_ITEMS, size=size)
    for name, every, depth in SWEEPS:
        if now - place.swept.get(name, _NEVER) >= every:
            return replace(place, swept={**place.swept, name: now}), Descent(place.seen - depth, size=size)
    return place, Descent(place.seen - OVERLAP, size=size)


def _page_of(answer: Mapping[str, Any], key: str) -> list[Any]:
    if not isinstance(answer.get(key), list):
        raise Temporary(f"the answer has no {key}", code="bad_answer")
    return items(answer[key])


def _wanted(way: Way, one: Any, floor: datetime) -> bool:
    arrived = way.arrived(one)
    return arrived is None or arrived >= floor


def _end(way: Way, page: list[Any], descent: Descent, following: str) -> str:
    """Say whether the way ends here: "" no, "read" yes, "cut" yes but with something perhaps left below."""
    times = [at for one in page if (at := way.sorted_by(one)) is not None]
    if times and all(at < descent.floor for at in times[-_PROOFS:]):
        return "read"
    if descent.left and len(page) >= descent.left:
        return "read"
    if not following:
        # A full page without a cursor may come from a server that forgets cursors (atproto#1636).
        return "read" if len(page) < descent.size else "cut"
    if following == descent.page:
        return "cut"
    return "read" if descent.pages >= _PAGES_IN_ALL else ""


def _further(way: Way, page: list[Any], descent: Descent, following: str) -> Descent:
    top = max([descent.top, *(at for one in page if (at := way.sorted_by(one)) is not None)])
    left = max(descent.left - len(page), 1) if descent.left else 0
    return replace(descent, page=following, top=top, pages=descent.pages + 1, left=left)


def _ended(place: Place, descent: Descent, read: bool) -> Place:
    """Only a way that was walked to its end moves ``seen``: else the next one goes as deep again."""
    seen = max(place.seen, descent.top, descent.floor) if read else place.seen
    return replace(place, seen=seen, descent=None)


def _ordered(way: Way, found: list[Any]) -> list[Any]:
    oldest_first = found[::-1]  # what has one and the same time stays in the list's own order
    return sorted(oldest_first, key=lambda one: way.sorted_by(one) or way.arrived(one) or _NEVER)
