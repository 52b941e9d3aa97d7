"""How long to wait: back-off with jitter, and the one place where the engine waits at all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")

FIRST_DELAY = 2.0
LONGEST_DELAY = 600.0
GAP = 1.0
SPARE = 10.0
RATE = 4.0


def back_off(failures: int, random: Random) -> float:
    """Return the seconds to wait after that many failures in a row: doubling up to ten minutes, 75-100 % of it.

    The jitter keeps accounts that failed together from returning together.
    """
    delay = FIRST_DELAY * 2.0 ** min(max(failures - 1, 0), 16)
    return min(delay, LONGEST_DELAY) * random.uniform(0.75, 1.0)


class Breath:
    """When rounds that news begin may follow one another: ten a second apart, and one more every four seconds.

    So whoever writes is seen within two seconds, and hours of news at every moment stay below the 300 calls in 15 minutes
    that Mastodon, the strictest network, allows.
    """

    def __init__(self) -> None:
        self._spare = SPARE
        self._last: datetime | None = None

    def before(self, now: datetime) -> float:
        """Return the seconds to wait before the next round, which is then counted."""
        since = max(0.0, (now - self._last).total_seconds()) if self._last else SPARE * RATE
        spare = min(SPARE, self._spare + since / RATE)
        pause = max(0.0, GAP - since, (1 - spare) * RATE)
        self._spare, self._last = spare + pause / RATE - 1, now + timedelta(seconds=pause)
        return pause


class Pace:
    """Waits on the real clock; a test brings one that waits on a clock it moves by hand."""

    async def until(self, wake: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set, which clears it, or after that many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()
        wake.clear()

    async def limit(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work returns; after that many seconds cancel it and raise ``TimeoutError``."""
        task = asyncio.ensure_future(work)
        ended = asyncio.Event()
        task.add_done_callback(lambda _: ended.set())
        try:
            await self.until(ended, seconds)
        finally:
            if not task.done():
                task.cancel()
                # A plugin may swallow its cancellation; it is given a moment and then left behind.
                await asyncio.wait({task}, timeout=2.0)
        if task.done() and not task.cancelled():
            return task.result()
        raise TimeoutError(f"{seconds:.0f} s")
