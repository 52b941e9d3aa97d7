"""One visit to an account: its pictures, and those of others on which it is tagged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram import hooked, inbox
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.meta import visiting
from socialdesk.connectors.meta.hooks import Event, Hooks
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.visiting import Row
from socialdesk.connectors.meta.walking import Known

_PAGES = 10


class Visitor(visiting.Visitor):
    """Visits the account."""

    aside: ClassVar[tuple[str, ...]] = ("tags",)
    pauses: ClassVar[Mapping[str, timedelta]] = {"tags": timedelta(minutes=10)}

    def __init__(self, account: Account, hooks: Hooks) -> None:
        self._account = account
        self._inbox = inbox.Inbox(account)
        super().__init__(account, hooks, self._inbox.walks)

    async def us(self) -> Us:
        """Return which account it is."""
        return await self._account.us()

    async def listed(self, start: datetime, most: int, now: datetime) -> list[Row]:
        """Return its pictures."""
        return await self._inbox.media(start, min(most, _PAGES))

    def mark(self, post: Row) -> str:
        """Return its count."""
        return inbox.mark(post)

    def is_settled(self, post: Row, now: datetime) -> bool:
        """Say whether nobody ever wrote below it, or it is old."""
        return inbox.mark(post) == "0" or inbox.is_settled(post, now)

    async def comments(
        self, post: Row, known: Known | None, now: datetime, most: int
    ) -> tuple[list[Raw], Known, int]:
        """Return comments of a picture."""
        return await self._inbox.comments(post, known, now, most)

    async def beside(self, which: str, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return pictures of others on which the account is tagged."""
        return await self._inbox.tags(seen)

    async def hooked(self, events: Sequence[Event], known: Collection[str]) -> list[Raw]:
        """Return what the relay tells."""
        return await hooked.read(self._account, events, known)

    async def lacking(self, now: datetime) -> tuple[str, ...]:
        """Return what the key may not do."""
        return await self._account.lacking(now)
