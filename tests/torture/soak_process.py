"""An engine or a screen that works for hours on a clock of its own; run as a script: ``engine`` or ``screen``.

Each line on standard input, ``SECONDS TIMES``, lets so many seconds pass, in which customers write so many times (the engine's
network) or somebody answers so many times (the screen); the answer is one line of JSON: what the process holds at the end.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import pytest

from helpers.bench import Bench
from helpers.holding import Holding
from helpers.time_lapse import backend, now
from socialdesk import paths
from socialdesk.clock import ManualClock

BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ACCOUNTS = 20
CUSTOMERS = 1000


class LoopClock:
    """Goes with the clock of an event loop in which nobody waits (``helpers.time_lapse``)."""

    def __init__(self) -> None:
        self._began = now()

    def now(self) -> datetime:
        """Return the moment."""
        return BEGAN + timedelta(seconds=now() - self._began)


async def engine(network_file: str) -> None:
    """Receive and send."""
    bench = Bench(ManualClock(BEGAN), network_file=network_file)
    for number in range(ACCOUNTS):
        bench.add(f"a{number}")
    holding, numbers = Holding(bench.paths.database), count()
    async with bench.running():
        for line in sys.stdin:
            seconds, times = map(int, line.split())
            for _ in range(times):
                n = next(numbers)
                who = f"c{n * 7919 % CUSTOMERS}"
                bench.network.customer(
                    f"a{n % ACCOUNTS}",
                    f"n{n}",
                    f"message {n} " * 20,
                    bench.clock.now(),
                    who=who,
                    conversation=who,
                )
                await bench.advance(seconds / times)
                holding.look()
            for script in bench.scripts.values():
                script.calls.clear()
                script.parents.clear()
            tell(holding)
    bench.close()


async def screen() -> None:
    """Look and answer."""
    from socialdesk.app import DeskApp
    from socialdesk.config import Config
    from socialdesk.connectors.contract import Capabilities, Limit
    from socialdesk.desk import Desk
    from socialdesk.storage.database import Database

    clock, config = LoopClock(), Config()
    desk = Desk(Database(paths.find().database), clock, config, lambda: ["scripted"])
    app, holding, ends = (
        DeskApp(desk, config, clock, limits=lambda _: Capabilities(Limit(300), Limit(1000))),
        Holding(paths.find().database),
        BEGAN,
    )
    async with app.run_test(size=(120, 36)) as pilot:
        for line in sys.stdin:
            seconds, times = map(int, line.split())
            for _ in range(times):
                ends += timedelta(seconds=seconds / times)
                await pilot.press("g", "j", "j", "k", "r")
                await pilot.pause(0.5)  # a person sees the answer open before they write
                await pilot.press("o", "k", "ctrl+s")
                await pilot.pause(0.5)
                await pilot.press("escape")
                holding.look()
                await pilot.pause(max((ends - clock.now()).total_seconds(), 0.0))
            await pilot.press("x")
            await pilot.pause(0.5)
            await pilot.press("escape", "question_mark", "escape")
            tell(holding)


def tell(holding: Holding) -> None:
    """Answer; not by ``print``, whose words Textual keeps to itself."""
    os.write(1, f"{json.dumps(holding.tell())}\n".encode())


def main() -> None:
    """Be one of them."""
    if sys.argv[1] == "engine":
        asyncio.run(engine(sys.argv[2]))
        return
    _, options = backend(pytest.MonkeyPatch())
    with asyncio.Runner(loop_factory=options["loop_factory"]) as runner:
        runner.run(screen())


if __name__ == "__main__":
    main()
