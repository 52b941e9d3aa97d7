"""An engine whose time stands still until the test moves it, and which uses no thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from socialdesk.clock import ManualClock
from socialdesk.sync.pace import Pace


class Inline(ThreadPoolExecutor):
    """Runs work at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class ManualPace(Pace):
    """Waits on a clock that is moved by hand."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[datetime, asyncio.Event]] = []

    async def until(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Wait for the event, or for the clock to be moved far enough."""
        if seconds is None:
            await wake.wait()
            wake.clear()
            return
        alarm = asyncio.Event()
        self._waiting.append((self._clock.now() + timedelta(seconds=seconds), alarm))
        tasks = [asyncio.create_task(wake.wait()), asyncio.create_task(alarm.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._waiting[:] = [other for other in self._waiting if other[1] is not alarm]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        wake.clear()

    def shift(self, nap: timedelta) -> None:
        """Let all waits stand still for a while, as they do while a machine sleeps."""
        self._waiting[:] = [(moment + nap, alarm) for moment, alarm in self._waiting]

    async def advance(self, seconds: float) -> None:
        """Move the clock, letting everything that falls due on the way happen in its moment."""
        target = self._clock.now() + timedelta(seconds=seconds)
        await settle()
        while due := [entry for entry in self._waiting if entry[0] <= target]:
            moment, alarm = min(due, key=lambda entry: entry[0])
            self._waiting.remove((moment, alarm))
            self._clock.moment = max(self._clock.moment, moment)
            alarm.set()
            await settle()
        self._clock.moment = target
        await settle()


async def settle() -> None:
    """Let the event loop run until nothing is left to do but wait."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(10_000):
        await asyncio.sleep(0)
        if not loop._ready:
            return
    raise AssertionError("the engine never comes to rest")
