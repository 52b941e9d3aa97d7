"""Keeps what comes, many at a time: one transaction, and so one wait for the disk, for all that waits for it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from socialdesk.relay.store import Incoming, Store

log = logging.getLogger(__name__)

BATCH = 500


class Writer:
    """Takes deliveries until it is closed; ``news`` hears of the mailboxes that have something new."""

    def __init__(self, store: Store, news: Callable[[str], None]) -> None:
        self._store = store
        self._news = news
        self._waiting: list[tuple[Incoming, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def keep(self, one: Incoming) -> None:
        """Return when it is on the disk; raises ``sqlite3.Error`` where it is not."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        await done

    async def close(self) -> None:
        """Wait for what was taken."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _write(self) -> None:
        while batch := self._waiting[:BATCH]:
            del self._waiting[: len(batch)]
            try:
                news = await asyncio.to_thread(self._store.keep, [one for one, _ in batch])
            except sqlite3.Error as error:
                log.error("nothing can be kept: %s", error)
                _settle(batch, error)
            else:
                _settle(batch, None)
                for mailbox in news:
                    self._news(mailbox)


def _settle(batch: list[tuple[Incoming, asyncio.Future[None]]], error: sqlite3.Error | None) -> None:
    for _, done in batch:
        if done.done():  # whoever waited has gone
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
