"""An engine whose time stands still until the test moves it, and which uses no thread."""

from __future__ import annotations

import asyncio
import contextlib
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
        self._waiting: list[tuple[datetime, asyncio.Timeout]] = []

    async def until(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Wait for the event, or for the clock to be moved far enough."""
        if seconds is None:
            await wake.wait()
        else:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None) as alarm:
                    entry = (self._clock.now() + timedelta(seconds=seconds), alarm)
                    self._waiting.append(entry)
                    try:
                        await wake.wait()
                    finally:
                        self._waiting[:] = [other for other in self._waiting if other[1] is not alarm]
        wake.clear()

    def shift(self, nap: timedelta) -> None:
        """Let all waits stand still for a while, as they do while a machine sleeps."""
        self._waiting[:] = [(moment + nap, alarm) for moment, alarm in self._waiting]

    async def advance(self, seconds: float, stride: float = 0.0) -> None:
        """Move the clock, letting everything that falls due on the way happen in its moment.

        With a ``stride`` the clock goes that many seconds past whatever is due next, as on a machine that has much
        else to do: nothing happens too early, and nothing is later than that.
        """
        target = self._clock.now() + timedelta(seconds=seconds)
        await settle()
        while due := [entry for entry in self._waiting if entry[0] <= target]:
            moment, alarm = min(due, key=lambda entry: entry[0])
            self._waiting.remove((moment, alarm))
            if moment > self._clock.now():
                self._clock.moment = min(moment + timedelta(seconds=stride), target)
            alarm.reschedule(0.0)
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
