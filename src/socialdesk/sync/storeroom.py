"""The engine's way to the desk file: one worker thread, so that no write ever holds up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
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
        self._given = executor is not None
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

    async def beside(self, work: Callable[[], T]) -> T:
        """Return what the work returns; for what takes minutes: in a thread of its own, which gives way to all others.

        Nobody waits for its end when the engine leaves, so it must be such that it can be cut off anywhere.
        """
        if self._given:
            return await self.do(work)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def told(result: T | None, error: Exception | None) -> None:
            if done.cancelled():
                return
            if error is None:
                done.set_result(result)  # type: ignore[arg-type]
            else:
                done.set_exception(error)

        def run() -> None:
            _give_way()
            result, failed = None, None
            try:
                result = work()
            except Exception as error:
                failed = error
            with contextlib.suppress(RuntimeError):  # the engine has left meanwhile
                loop.call_soon_threadsafe(told, result, failed)

        threading.Thread(target=run, name="beside", daemon=True).start()
        return await done

    def close(self) -> None:
        """Wait for the work under way and end the thread."""
        self._executor.shutdown(wait=True)


def _give_way() -> None:
    """Let every other thread of this machine go first; Linux counts a thread as a process here (sched(7))."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
