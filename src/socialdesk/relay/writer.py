"""Keeps what comes, many at a time: one transaction, and so one wait for the disk, for all that waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from socialdesk.relay.store import Fate, Incoming, Store

log = logging.getLogger(__name__)

BATCH = 500


class NotKept(Exception):
    """It is not on the disk; whoever brought it has to bring it again."""


class Writer:
    """Takes deliveries until it is closed; ``news`` hears of the mailboxes that have something new."""

    def __init__(self, store: Store, news: Callable[[str], None]) -> None:
        self._store = store
        self._news = news
        self._waiting: list[tuple[Incoming, asyncio.Future[Fate]]] = []
        self._task: asyncio.Task[None] | None = None
        # Of its own: what desks ask, or a slow command for a secret, holds no delivery up.
        self._thread = ThreadPoolExecutor(1, "relay-writer")
        self.well = True
        """Whether the latest could be kept."""

    async def keep(self, one: Incoming) -> Fate:
        """Return when it is on the disk; raises ``NotKept`` where it is not."""
        done: asyncio.Future[Fate] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return await done

    async def close(self) -> None:
        """Wait for what was taken."""
        if self._task is not None:
            await asyncio.wait({self._task})
        self._thread.shutdown()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while batch := self._waiting[:BATCH]:
            del self._waiting[: len(batch)]
            try:
                fates = await loop.run_in_executor(self._thread, self._store.keep, [one for one, _ in batch])
            except Exception as error:  # whatever it is, nobody may be left waiting
                log.error("nothing can be kept: %s %s", type(error).__name__, error)
                self.well = False
                _settle(batch, None)
            else:
                self.well = True
                _settle(batch, fates)
                kept = zip(batch, fates, strict=True)
                for mailbox in {one.mailbox for (one, _), fate in kept if fate is Fate.NEW}:
                    self._news(mailbox)


def _settle(batch: list[tuple[Incoming, asyncio.Future[Fate]]], fates: list[Fate] | None) -> None:
    for number, (_, done) in enumerate(batch):
        if done.done():  # whoever waited has gone
            continue
        if fates is None:
            done.set_exception(NotKept())
        else:
            done.set_result(fates[number])
