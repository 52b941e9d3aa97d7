"""One visit to a page: its posts, those that name it, its advertisements, and recommendations."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from socialdesk.connectors.contract import RateLimited, Raw, Rejected, Temporary
from socialdesk.connectors.facebook import hooked, inbox
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta import visiting
from socialdesk.connectors.meta.hooks import Event, Hooks
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.visiting import Row
from socialdesk.connectors.meta.walking import Known

_log = logging.getLogger("socialdesk.connectors.facebook")
_OTHERS = ("tagged", "ads")
_PAGES = 4


class Visitor(visiting.Visitor):
    """Visits the page."""

    aside: ClassVar[tuple[str, ...]] = ("ratings",)
    pauses: ClassVar[Mapping[str, timedelta]] = {
        "tagged": timedelta(minutes=5),
        "ads": timedelta(minutes=10),
        "ratings": timedelta(minutes=30),
    }

    def __init__(self, page: Page, hooks: Hooks) -> None:
        self._page = page
        self._inbox = inbox.Inbox(page)
        super().__init__(page, hooks, self._inbox.walks)

    async def us(self) -> Us:
        """Return which page it is."""
        return await self._page.us()

    async def listed(self, start: datetime, most: int, now: datetime) -> list[Row]:
        """Return its posts, and now and then those that name it and its advertisements; of one that is in several, its own."""
        found = {str(one["id"]): one for one in await self._inbox.posts("feed", start, most)}
        for which in _OTHERS:
            if self._times.due(which, now, busy=self._page.is_busy):
                found = {**{str(one["id"]): one for one in await self._others(which, now)}, **found}
        return list(found.values())

    async def _others(self, which: str, now: datetime) -> list[Row]:
        try:
            return await self._inbox.posts(which, now - visiting.WINDOW, _PAGES)
        except (RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: %s: %s (%s)", self._page.host.account, which, error.code, error)
            return []

    def mark(self, post: Row) -> str:
        """Return its count and its last change."""
        return inbox.mark(post)

    def is_settled(self, post: Row, now: datetime) -> bool:
        """Say whether it is older than thirty days, and its last change, too."""
        return inbox.is_settled(post, now)

    def itself(self, post: Row, us: Us) -> list[Raw]:
        """Return a visitor's post."""
        return inbox.visitors(post, us)

    async def comments(
        self, post: Row, known: Known | None, now: datetime, most: int
    ) -> tuple[list[Raw], Known, int]:
        """Return comments of a post."""
        return await self._inbox.comments(post, known, now, most)

    async def beside(self, which: str, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return recommendations."""
        return await self._inbox.ratings(seen)

    async def hooked(self, events: Sequence[Event], known: Collection[str]) -> list[Raw]:
        """Return what the relay tells."""
        return await hooked.read(self._page, events, known)

    async def lacking(self, now: datetime) -> tuple[str, ...]:
        """Return what the key may not do."""
        return await self._page.lacking(now)
