"""Updates, which Telegram keeps until they are confirmed: asking for those after a number deletes those before it.

So the number asked for is always one whose updates are stored: the cursor that the host gives. What came last is confirmed
by the next call, and only a call that brought nothing lets the long wait begin: one that waited beyond what is stored
would delete what came last.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from socialdesk.connectors.contract import Host, Page, Raw, Temporary
from socialdesk.connectors.telegram.client import Client, Conflict
from socialdesk.connectors.telegram.parsing import identity_of
from socialdesk.connectors.telegram.shape import items, mapping, number, text

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
CONFLICT_PATIENCE = timedelta(minutes=1)
"""The old process may still be in its own long wait after a restart."""


class Inbox:
    """Reads one bot's updates; never twice at once, which Telegram answers with a conflict."""

    def __init__(self, host: Host, client: Client) -> None:
        self._host = host
        self._client = client
        self._me: dict[str, Any] = {}
        self._offset = ""
        self._fetched = asyncio.Event()
        self._unconfirmed = False
        self._waiting: asyncio.Task[Any] | None = None
        self._conflict: datetime | None = None

    async def me(self) -> dict[str, Any]:
        """Return who the bot is."""
        if not self._me:
            found = mapping(await self._client.call("getMe", {}))
            if not number(found.get("id")):
                raise Temporary("getMe names nobody", code="bad_answer")
            self._me = {key: found.get(key) for key in ("id", "username", "first_name", "is_bot")}
        return self._me

    async def fetch(self, cursor: str) -> Page:
        """Return the updates after those that are stored."""
        me = await self.me()
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            updates = await self._updates(cursor, 0)
        except Conflict:
            now = self._host.clock.now()
            self._conflict = self._conflict or now
            if now - self._conflict >= CONFLICT_PATIENCE:
                raise
            return Page((), cursor)
        self._conflict = None
        self._offset, self._unconfirmed = cursor, bool(updates)
        self._fetched.set()
        last = max((one["update_id"] for one in updates), default=None)
        following = cursor if last is None else str(last + 1)
        return Page(self._raws(updates, me), following, len(updates) >= LIMIT)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait for updates, fifty seconds at a time; whoever fetches goes first."""
        told = True
        news()
        while True:
            if told or self._unconfirmed:
                await self._next_fetch()
                told = self._unconfirmed or not self._fetched.is_set()
                if told:
                    news()  # what came last is confirmed by another visit, and what nobody fetched is told again
                self._fetched.clear()
            else:
                told = await self._wait_for_updates()
                if told:
                    news()

    async def _next_fetch(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REMINDER):
                await self._fetched.wait()

    async def _wait_for_updates(self) -> bool:
        """Return whether there are any; False where a fetch has taken the turn."""
        self._waiting = waiting = asyncio.ensure_future(self._updates(self._offset, WAIT))
        try:
            await asyncio.wait({waiting})
        finally:
            waiting.cancel()
            self._waiting = None
        return not waiting.cancelled() and bool(waiting.result())

    async def _updates(self, offset: str, wait: int) -> list[dict[str, Any]]:
        body: dict[str, Any] = {"limit": LIMIT, "timeout": wait, "allowed_updates": list(WANTED)}
        if offset:
            body["offset"] = int(offset)
        result = await self._client.call("getUpdates", body, timeout=httpx.Timeout(wait + 25, connect=10))
        if not isinstance(result, list):
            raise Temporary("getUpdates gives no list", code="bad_answer")
        return [mapping(one) for one in result if number(mapping(one).get("update_id"))]

    def _raws(self, updates: list[dict[str, Any]], me: dict[str, Any]) -> list[Raw]:
        """Return one raw item a message: what was sent as an album, and comes as several, is one."""
        raws: list[Raw] = []
        albums: dict[str, int] = {}
        for update in updates:
            if gone := mapping(update.get("deleted_business_messages")):
                raws += self._gone(gone)
                continue
            message = _message_in(update)
            if message is None:
                raws.append(Raw(f"update:{update['update_id']}", {"kind": "other", "update": update}))
                continue
            identity = identity_of(message) or f"update:{update['update_id']}"
            album = f"{identity_of({**message, 'message_id': 0})}|{text(message.get('media_group_id'))}"
            if message.get("media_group_id") and not message.get("edit_date") and album in albums:
                raws[albums[album]].payload["parts"].append(message)
                continue
            albums[album] = len(raws)
            raws.append(Raw(identity, {"kind": "message", "me": me, "parts": [message]}))
        return raws

    def _gone(self, gone: dict[str, Any]) -> list[Raw]:
        business, chat = text(gone.get("business_connection_id")), mapping(gone.get("chat"))
        at = int(self._host.clock.now().timestamp())
        payload = {"kind": "deleted", "business": business, "chat": chat, "at": at}
        names = (
            identity_of({"chat": chat, "message_id": one, "business_connection_id": business})
            for one in items(gone.get("message_ids"))
        )
        return [Raw(name, payload) for name in names if name]


def _message_in(update: dict[str, Any]) -> dict[str, Any] | None:
    """Return the message of an update, also of a kind that was not known when this was written."""
    for value in update.values():
        if (
            isinstance(value, dict)
            and "chat" in value
            and ("message_id" in value or "date" in value)
            and "old_chat_member" not in value
        ):
            return value
    return None
