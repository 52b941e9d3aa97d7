"""The engine's way to the desk file: one worker thread, so that no write ever holds up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from socialdesk.storage.database import Database, Reader

T = TypeVar("T")


class Storeroom:
    """Runs reads and transactions in one worker thread, in the order in which they were asked for.

    A transaction that was begun is carried through even where whoever asked for it is cancelled.
    """

    def __init__(self, database: Database, executor: Executor | None = None) -> None:
        self.database = database
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix="desk")

    async def read(self, work: Callable[[Reader], T]) -> T:
        """Return what the work reads."""
        return await self.do(lambda: work(self.database.read()))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what the work returns, after its transaction was committed."""

        def transaction() -> T:
            with self.database.write() as connection:
                return work(connection)

        return await self.do(transaction)

    async def do(self, work: Callable[[], T]) -> T:
        """Return what the work returns; for what takes long and touches no table."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Wait for the work under way and end the thread."""
        self._executor.shutdown(wait=True)
