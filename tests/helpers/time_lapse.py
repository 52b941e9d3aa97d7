"""An event loop in which nobody waits for time to pass: where nothing is left to do, it is at once as late as the next timer.

What a screen does after a rest of 0.25 s, or once a second, it does in a test after exactly as long, by the loop's own clock;
only the waiting is left out. Work costs no time on that clock, so that a slow machine sees the same order of events as a
fast one. While a thread works, time passes as it really does: how long that takes is not known beforehand.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

T = TypeVar("T")
OWN_FILES = 1
"""What an event loop always listens to: its own end of a socket that other threads wake it by."""


class _Impatient(selectors.DefaultSelector):
    """Waits for files and threads, but not for time: that is moved on instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = time.monotonic()
        self.elsewhere: set[Any] = set()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; the loop's clock is then as late as if it had been waited for."""
        if timeout is None or self.elsewhere or len(self.get_map()) > OWN_FILES:
            began = time.monotonic()
            found = super().select(timeout)
            self.now += time.monotonic() - began
            return found
        found = super().select(0)
        if not found:
            self.now += max(timeout, 0.0)
        return found


class TimeLapse(asyncio.SelectorEventLoop):
    """The loop."""

    def __init__(self) -> None:
        self._impatient = _Impatient()
        super().__init__(self._impatient)

    def time(self) -> float:
        """Return the seconds on the loop's own clock."""
        return self._impatient.now

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """Run it in a thread; time is real until the loop has heard that it is done."""
        future = super().run_in_executor(executor, func, *args)
        self._impatient.elsewhere.add(future)
        future.add_done_callback(self._impatient.elsewhere.discard)
        return future

    def given(self, future: Future[Any]) -> None:
        """Work was given to a thread that does not tell the loop when it is done: time is real until then."""
        self._impatient.elsewhere.add(future)

        def done(ended: Future[Any]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self.call_soon_threadsafe(self._impatient.elsewhere.discard, ended)

        future.add_done_callback(done)


def now() -> float:
    """Return the seconds on the clock of the loop that runs, else the machine's."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()


def backend(monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """Return what the fixture ``anyio_backend`` gives where screens are tested.

    Everything on a screen goes by the loop's clock then, and the loop knows of all that threads are given.
    """
    monkeypatch.setattr("textual._time.get_time", now)
    monkeypatch.setattr("socialdesk.widgets.key_bar.monotonic", now)
    submit = ThreadPoolExecutor.submit

    def told(pool: ThreadPoolExecutor, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future = submit(pool, fn, *args, **kwargs)
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            if isinstance(loop, TimeLapse):
                loop.given(future)
        return future

    monkeypatch.setattr(ThreadPoolExecutor, "submit", told)
    return ("asyncio", {"loop_factory": TimeLapse})
