"""Updates, which Telegram keeps until they are confirmed: asking for those after a number deletes those before it.

So the number asked for is always one whose updates are stored: the cursor that the host gives. What came last is
confirmed by another visit, asked for as news; only then does the long wait begin. One lock sees to it that there is never
a second reader of ours: Telegram ends the first with a conflict.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import httpx

from socialdesk.connectors.contract import Host, Page, Temporary
from socialdesk.connectors.telegram.client import Client, Conflict
from socialdesk.connectors.telegram.rivals import Rivals
from socialdesk.connectors.telegram.shape import mapping, number
from socialdesk.connectors.telegram.updates import Albums, is_part, raws_of

WANTED = (
    "message",
    "edited_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "my_chat_member",
    "guest_message",
)
"""The kinds of updates; one that is not asked for is lost for good."""
LIMIT, WAIT = 100, 50
REMINDER = 1.5
"""Seconds after which news that nobody has fetched is told again."""
ALBUM_PAUSE, ALBUM_LOOKS = 0.5, 4
"""Seconds to wait for more parts while an album comes in, and how often."""


class Inbox:
    """Reads one bot's updates."""

    def __init__(self, host: Host, client: Client) -> None:
        self._host = host
        self._client = client
        self._me: dict[str, Any] = {}
        self._albums = Albums()
        self._rivals = Rivals(host)
        self._reading = asyncio.Lock()
        self._waiting: asyncio.Task[Any] | None = None
        self._offset = ""
        self._unconfirmed = False
        """Whether something is known to wait on the server: a long wait would end at once."""
        self._troubled = False
        """Whether a visit is under way or failed: the host comes again by itself, at a pace that the network bears."""
        self._visited = asyncio.Event()

    async def me(self) -> dict[str, Any]:
        """Return who the bot is."""
        if not self._me:
            found = mapping(await self._client.call("getMe", {}))
            if not number(found.get("id")):
                raise Temporary("getMe names nobody", code="bad_answer")
            self._me = {key: found.get(key) for key in ("id", "username", "first_name", "is_bot")}
        return self._me

    async def fetch(self, cursor: str) -> Page:
        """Return the updates after those that are stored. Whoever waits for news gives way."""
        self._troubled = True
        me = await self.me()
        if self._waiting is not None:
            self._waiting.cancel()
        async with self._reading:
            self._offset = cursor
            try:
                updates = await self._complete(cursor)
            except Conflict as conflict:
                self._rivals.met()
                self._note(False)  # whoever listens sees for themselves
                if conflict.code == "webhook_set" or self._rivals.stay:
                    raise
                return Page((), cursor)
            self._note(bool(updates))
        self._rivals.let_us_read()
        return self._page(updates, cursor, me)

    def _page(self, updates: list[dict[str, Any]], cursor: str, me: dict[str, Any]) -> Page:
        last = max((one["update_id"] for one in updates), default=None)
        raws = raws_of(updates, me, self._albums, int(self._host.clock.now().timestamp()))
        lacking = ("second_reader",) if self._rivals.stay else ()
        return Page(raws, cursor if last is None else str(last + 1), len(updates) >= LIMIT, lacking)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait for updates, fifty seconds at a time, whenever all that came before is stored and confirmed."""
        self._unconfirmed = True
        self._visited.clear()
        news()
        while True:
            if not self._unconfirmed:
                told = await self._wait_for_updates()
            else:
                await self._next_visit()
                told = self._unconfirmed and not self._troubled
            self._visited.clear()
            if told:
                news()

    async def _next_visit(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REMINDER):
                await self._visited.wait()

    async def _wait_for_updates(self) -> bool:
        """Return whether there are any; False where a fetch has taken the turn."""
        async with self._reading:
            if self._unconfirmed:
                return False
            self._waiting = waiting = asyncio.ensure_future(self._updates(self._offset, WAIT))
            try:
                await asyncio.wait({waiting})
            finally:
                self._waiting = None
                waiting.cancel()
                await asyncio.wait({waiting})  # the next reader begins once this connection is closed
            return not waiting.cancelled() and self._is_news(waiting)

    def _is_news(self, waited: asyncio.Task[Any]) -> bool:
        try:
            found = bool(waited.result())
        except Conflict:
            self._rivals.met(waiting=True)
            raise
        self._rivals.let_us_read(waiting=True)
        self._unconfirmed = found
        return found

    def _note(self, unconfirmed: bool) -> None:
        self._unconfirmed, self._troubled = unconfirmed, False
        self._visited.set()

    async def _complete(self, cursor: str) -> list[dict[str, Any]]:
        """Return the updates, those of an album together: its parts come one after the other."""
        updates = await self._updates(cursor, 0)
        for _ in range(ALBUM_LOOKS):
            if not updates or len(updates) >= LIMIT or not is_part(updates[-1]):
                break
            await asyncio.sleep(ALBUM_PAUSE)
            before, updates = updates, await self._updates(cursor, 0)
            if len(before) == len(updates):
                break
        return updates

    async def _updates(self, offset: str, wait: int) -> list[dict[str, Any]]:
        body: dict[str, Any] = {"limit": LIMIT, "timeout": wait, "allowed_updates": list(WANTED)}
        if offset:
            body["offset"] = int(offset)
        result = await self._client.call("getUpdates", body, timeout=httpx.Timeout(wait + 25, connect=10))
        if not isinstance(result, list):
            raise Temporary("getUpdates gives no list", code="bad_answer")
        return [mapping(one) for one in result if number(mapping(one).get("update_id"))]
