"""One visit to a page or an account: messages, comments, what stands aside, and what the relay had.

What is missing or fails hides nothing of the rest, and what was read before Meta asked for patience is kept.
"""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from socialdesk.connectors.contract import Page, RateLimited, Raw, Rejected, Temporary
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.meta.hooks import Event, Hooks, News
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.timetable import Timetable
from socialdesk.connectors.meta.walking import Known, Walks, known_from
from socialdesk.connectors.shapes import identity, mapping, moment, stamp, text, whole

WINDOW = timedelta(days=30)
YEAR = timedelta(days=365)
_VERSION = 2
_PAUSES = {"month": timedelta(minutes=10), "lacking": timedelta(hours=12), "visit": timedelta(minutes=1)}
_SWEEP = timedelta(hours=6)
_AT_ONCE = 20
"""So many pages of comments are read in one visit, ten of one list; the rest in the next, at once."""
_OF_ONE = 10
_PAGES = 10
_MOST = 1500
_RECENT = 4000
_log = logging.getLogger("socialdesk.connectors.meta")

Row = dict[str, Any]


class Visitor(ABC):
    """Visits the account, as often as it is told to. The cursor holds what is known of each post, as JSON, and moments."""

    aside: ClassVar[tuple[str, ...]] = ()
    """Lists beside: each is read now and then, and may fail."""
    pauses: ClassVar[Mapping[str, timedelta]] = {}

    def __init__(self, graph: Graph, hooks: Hooks, walks: Walks) -> None:
        self._graph = graph
        self._hooks = hooks
        self._walks = walks
        self._times = Timetable({**_PAUSES, **self.pauses})
        self._given = ""
        self._under_way = False
        self._limit: RateLimited | None = None
        self._posts: dict[str, Row] = {}
        self._barred: dict[str, str] = {}
        self._told: dict[str, None] = {}

    @abstractmethod
    async def us(self) -> Us:
        """Return whose account it is."""

    @abstractmethod
    async def listed(self, start: datetime, most: int, now: datetime) -> list[Row]:
        """Return posts since then, newest first, those of so many pages of their list."""

    @abstractmethod
    def mark(self, post: Row) -> str:
        """Return what changes of a post when it gets a comment."""

    @abstractmethod
    def is_settled(self, post: Row, now: datetime) -> bool:
        """Say whether nothing happened to a post for so long that a desk that never saw it need not begin with it."""

    @abstractmethod
    async def comments(
        self, post: Row, known: Known | None, now: datetime, most: int
    ) -> tuple[list[Raw], Known, int]:
        """Return comments of a post that are not known, what is known of it then, and how many calls that took."""

    @abstractmethod
    async def beside(self, which: str, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return what a list beside has since then, and until when it is known."""

    @abstractmethod
    async def hooked(self, events: Sequence[Event], known: Collection[str]) -> list[Raw]:
        """Return what the relay tells and no list has brought."""

    @abstractmethod
    async def lacking(self, now: datetime) -> tuple[str, ...]:
        """Return the problem codes of what the key may not do."""

    def itself(self, post: Row, us: Us) -> list[Raw]:
        """Return a post itself where it is a customer's message."""
        return []

    async def fetch(self, cursor: str) -> Page:
        """Return what is new."""
        now, kept = self._graph.host.clock.now(), _unpacked(cursor)
        self._begin(cursor)
        if self._graph.is_busy and cursor and not self._times.due("visit", now, busy=True):
            return Page((), cursor)
        self._under_way = True
        if self._limit is not None and self._limit.until is not None and now < self._limit.until:
            raise self._limit
        us = await self.us()
        seen = moment(kept.get("messages")) or now - messages.FIRST_VISIT
        swept = moment(kept.get("swept"))
        sweep = swept is None or now - swept >= _SWEEP
        nothing: tuple[list[Raw], datetime, bool] = ([], seen, False)
        found, seen, more = await self._messages(messages.changed(self._graph, us, seen), nothing)
        try:
            public, known, unread = await self._public(_known(kept), now, sweep=sweep)
            swept = now if sweep or swept is None else swept
        except (RateLimited, Temporary) as error:
            public, known, unread = self._later(error, found), _known(kept), False
        found += public
        moments = {"messages": stamp(seen), "swept": stamp(swept) if swept else ""}
        for which in self.aside:
            raws, since = await self._beside(which, moment(kept.get(which)) or now - WINDOW, now)
            found, moments[which] = found + raws, stamp(since)
        position = whole(kept.get("relay")) or 0
        heard, news = await self._heard(position, us, found)
        found += heard
        posts = {name: list(one if one.turns else one[:2]) for name, one in known.items()}
        self._given = json.dumps({"v": _VERSION, "posts": posts, "relay": news.position, **moments})
        more = (more or unread or news.more) and self._given != cursor  # else the next visit is in good time
        visited = Page(found, self._given, more, await self._lacking(now))
        self._under_way = False
        return visited

    async def _heard(self, position: int, us: Us, found: list[Raw]) -> tuple[list[Raw], News]:
        """Return what only the relay tells; where Meta does not let it be read, what the lists brought is kept all the same."""
        is_new = self._is_new(found)
        self._note(raw.id for raw in found)
        news = await self._hooks.news(position, us)
        try:
            return await self.hooked(news.events, self._told), news
        except (RateLimited, Temporary):
            if not is_new:
                raise
            return [], News([], position, True)

    def _begin(self, cursor: str) -> None:
        if cursor != self._given:  # what was given last was not stored
            self._times.forget()
            self._posts.clear()
        if cursor != self._given or self._under_way:
            self._walks.forget()
            self._told.clear()

    def _later(self, error: RateLimited | Temporary, found: list[Raw]) -> list[Raw]:
        """Return no comments: messages that were read come first, and the trouble is told by the next visit."""
        if not self._is_new(found):
            raise error
        _log.warning("%s: comments: %s (%s)", self._graph.host.account, error.code, error)
        self._limit = error if isinstance(error, RateLimited) else None
        self._times.forget()
        return []

    async def _public(
        self, known: dict[str, Known], now: datetime, *, sweep: bool
    ) -> tuple[list[Raw], dict[str, Known], bool]:
        """Return comments and customers' own posts; where reading them is not allowed, that is told, and messages go on."""
        try:
            await self._list(now, sweep=sweep)
            found = await self._comments(self._anew(known, now) if sweep else known, now)
        except Rejected as refusal:
            if refusal.code != "permission_missing" or "dm_not_allowed" in self._barred:
                raise
            self._barred["reading_not_allowed"] = str(refusal)
            return [], known, False
        self._barred.pop("reading_not_allowed", None)
        return found

    def _anew(self, known: dict[str, Known], now: datetime) -> dict[str, Known]:
        """Return what is known of posts that are still there; what happened lately is looked at again, for counts that lie."""
        posts = self._posts
        return {
            name: one if self.is_settled(posts[name], now) else one.anew()
            for name, one in known.items()
            if name in posts
        }

    async def _list(self, now: datetime, *, sweep: bool) -> None:
        """Learn what posts there are and how many comments they have."""
        month = self._times.due("month", now, busy=self._graph.is_busy) or sweep
        start, most = (now - (YEAR if sweep else WINDOW), _PAGES if month else 1)
        found = await self.listed(start, most, now)
        if sweep:
            self._posts.clear()
        for one in reversed(found):
            self._posts[identity(one.get("id"))] = one
        self._posts = dict(list(self._posts.items())[-_MOST:])

    async def _comments(
        self, known: dict[str, Known], now: datetime
    ) -> tuple[list[Raw], dict[str, Known], bool]:
        us, found, left = await self.us(), list[Raw](), _AT_ONCE
        known = dict(known)
        for name, post in self._posts.items():
            before, mark = known.get(name), self.mark(post)
            if before is None and self.is_settled(post, now):
                known[name] = Known(mark, stamp(now - WINDOW))
            if name in known and known[name].mark == mark:
                continue
            if left <= 0:
                return found, known, True
            try:
                raws, after, asked = await self.comments(post, before, now, min(left, _OF_ONE))
            except Rejected as refusal:  # a post that cannot be read must not hide the others
                self._walks.drop(name)
                _log.warning("%s: a post: %s (%s)", self._graph.host.account, refusal.code, refusal)
                if refusal.code == "permission_missing":
                    raise
                known[name], left = (
                    Known(mark, before.seen if before else stamp(now - WINDOW)),
                    left - 1,
                )
                continue
            except (RateLimited, Temporary):
                self._walks.drop(name)
                if not found:
                    raise
                return found, known, True
            found += [*([] if before else self.itself(post, us)), *raws]
            known[name], left = after, left - asked
        return found, known, any(not one.mark for name, one in known.items() if name in self._posts)

    async def _messages(self, call: Awaitable[Any], otherwise: Any) -> Any:
        """Return private messages; that they are not allowed, or have trouble of their own, hides nothing else."""
        try:
            found = await call
        except Rejected as error:
            _log.warning("%s: messages: %s (%s)", self._graph.host.account, error.code, error)
            self._barred["dm_not_allowed"] = str(error)
            return otherwise
        except Temporary as error:
            _log.warning("%s: messages: %s (%s)", self._graph.host.account, error.code, error)
            return otherwise
        self._barred.pop("dm_not_allowed", None)
        return found

    async def _beside(self, which: str, seen: datetime, now: datetime) -> tuple[list[Raw], datetime]:
        """Return what a list beside brings, whose failing must not stop the rest."""
        if not self._times.due(which, now, busy=self._graph.is_busy):
            return [], seen
        try:
            return await self.beside(which, seen)
        except (RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: %s: %s (%s)", self._graph.host.account, which, error.code, error)
            return [], seen

    async def _lacking(self, now: datetime) -> tuple[str, ...] | None:
        """Return what the account cannot do, now and then and whenever that changes."""
        found = {*self._barred, *filter(None, [self._hooks.trouble])}
        changed = self._times.changed(found)
        if not self._times.due("lacking", now) and not changed:
            return None
        return tuple(dict.fromkeys([*await self.lacking(now), *sorted(found)]))

    def _is_new(self, found: Sequence[Raw]) -> bool:
        """Say whether there is something that this process has not brought yet; each visit repeats a little."""
        return any(raw.id not in self._told for raw in found)

    def _note(self, names: Iterable[str]) -> None:
        """Remember what the lists have brought lately."""
        self._told.update(dict.fromkeys(names))
        self._told = dict(list(self._told.items())[-_RECENT:])


def _known(kept: Mapping[str, Any]) -> dict[str, Known]:
    found = {name: known_from(one) for name, one in mapping(kept.get("posts")).items()}
    return {name: one for name, one in found.items() if one is not None}


def _unpacked(cursor: str) -> dict[str, Any]:
    """Return what a cursor holds; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION and text(kept.get("messages")) else {}
