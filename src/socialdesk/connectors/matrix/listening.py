"""Waiting for news: one long ``/sync`` at a time, whose answer the next visit takes over instead of asking again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

import httpx

from socialdesk.connectors.contract import Temporary
from socialdesk.connectors.matrix.client import Client
from socialdesk.connectors.matrix.inbox import Inbox, sync
from socialdesk.connectors.matrix.shape import mapping, text

WAIT = 50_000
"""Milliseconds; many servers stand behind a proxy that hangs up after a minute."""
_TIMEOUT = httpx.Timeout(WAIT / 1000 + 25, connect=10)
_NOTHING = {"room": {"rooms": []}, "presence": {"not_types": ["*"]}, "account_data": {"not_types": ["*"]}}
_RELEVANT = (("rooms", "join"), ("rooms", "invite"), ("rooms", "leave"), ("account_data", "events"))


class Listener:
    """Waits from where the last visit ended. ``inbox`` is told of what came and says how far it has read."""

    def __init__(self, client: Client, inbox: Inbox) -> None:
        self._client = client
        self._since = ""
        self._offer: tuple[str, dict[str, Any]] | None = None
        self._base = ""
        self._waiting: asyncio.Task[dict[str, Any]] | None = None
        inbox.offered, inbox.reached = self._take, self._reached

    async def listen(self, news: Callable[[], None]) -> None:
        """Tell of news until the connection ends."""
        news()
        while True:
            if not self._since:
                mark = await self._mark()
                self._since = self._since or mark  # a visit may have ended meanwhile
            since = self._since
            answer = await self._wait(since)
            if answer is None or since != self._since:
                continue  # a visit has read further than we have waited
            self._since = text(answer.get("next_batch")) or since
            if not _has_news(answer):
                continue
            # Only the first answer after a visit can be taken over: a second one leaves out what is in the first.
            self._offer = (self._base, answer) if self._base and self._offer is None else None
            self._base = ""
            news()

    async def _wait(self, since: str) -> dict[str, Any] | None:
        """Return what came; None where a visit has interrupted."""
        self._waiting = waiting = asyncio.ensure_future(sync(self._client, since, WAIT, _TIMEOUT))
        try:
            await asyncio.wait({waiting})
        finally:
            waiting.cancel()
            self._waiting = None
        return None if waiting.cancelled() else waiting.result()

    async def _mark(self) -> str:
        """Return a mark of now, without a word of any room."""
        params = {"filter": json.dumps(_NOTHING), "timeout": 0, "set_presence": "offline"}
        answer = await self._client.call("GET", "sync", params=params)
        mark = text(answer.get("next_batch"))
        if not mark:
            raise Temporary("the answer has no next_batch", code="bad_answer")
        return mark

    def _take(self, since: str) -> dict[str, Any] | None:
        """Return the answer to a question about that mark that has come already, once."""
        offer, self._offer = self._offer, None
        return offer[1] if offer and offer[0] == since else None

    def _reached(self, since: str) -> None:
        """A visit has read so far: wait from there on."""
        self._base = since
        if since != self._since:
            self._since, self._offer = since, None
            if self._waiting is not None:
                with contextlib.suppress(RuntimeError):
                    self._waiting.cancel()


def _has_news(answer: dict[str, Any]) -> bool:
    return any(mapping(answer.get(section)).get(part) for section, part in _RELEVANT)
