"""The screens' tests wait for work, never for time, and yet everything happens in its order."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from helpers import time_lapse

pytestmark = pytest.mark.anyio
HOUR = 3600.0


@pytest.fixture
def anyio_backend(monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    return time_lapse.backend(monkeypatch)


async def test_what_is_due_sooner_comes_first_and_after_exactly_as_long() -> None:
    began = time_lapse.now()
    told: list[tuple[str, float]] = []

    async def after(seconds: float, name: str) -> None:
        await asyncio.sleep(seconds)
        told.append((name, round(time_lapse.now() - began, 3)))

    await asyncio.gather(after(24 * HOUR, "day"), after(0.25, "rest"), after(HOUR, "hour"))
    assert told == [("rest", 0.25), ("hour", HOUR), ("day", 24 * HOUR)]


@pytest.mark.parametrize("is_awaited", [True, False])
async def test_while_a_thread_works_time_passes_as_it_does(is_awaited: bool) -> None:
    """Whether the loop is to be told the thread's result or nobody is; then it flies again."""
    go = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        work = asyncio.get_running_loop().run_in_executor(pool, go.wait) if is_awaited else None
        if not is_awaited:
            pool.submit(go.wait)
        began = time.monotonic()
        await asyncio.sleep(0.05)
        assert time.monotonic() - began > 0.04
        go.set()
        if work is not None:
            assert await work
        await asyncio.sleep(HOUR)
