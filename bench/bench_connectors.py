"""What one account's connector costs the engine to start: ``python bench/bench_connectors.py [--rounds N]``. Exit code 1 where the goal is missed.

Each round is a fresh interpreter that builds the connector as the engine does, after all that the engine has loaded anyway. The connectors run by
turns. Judged is the processor's time, which other work on the machine hits less; on a machine at rest the clock tells the same.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from typing import NamedTuple

from socialdesk.connectors import registry

GOAL = 60.0
"""Milliseconds more than the engine without accounts takes."""
_BUILD = """
import time
from types import SimpleNamespace
import httpx
import socialdesk.sync.engine
from socialdesk.clock import SystemClock
from socialdesk.connectors import registry
from socialdesk.connectors.contract import Host
client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: None))
begun, worked = time.perf_counter(), time.process_time()
kind = registry.load({name!r})
options = {{setting.name: setting.default or "x.example.org" for setting in kind.settings}}
kind.limits(options)
kind(Host("bench", options, SimpleNamespace(), client, SystemClock()))
print((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000)
"""


class Start(NamedTuple):
    """Milliseconds by the clock on the wall, and of the processor."""

    taken: float
    worked: float


def start(name: str) -> Start:
    """Build a connector in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", _BUILD.format(name=name)], capture_output=True, text=True, check=True
    )
    return Start(*map(float, done.stdout.split()))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    names = [entry.name for entry in registry.catalog() if entry.available]
    starts: dict[str, list[Start]] = {name: [] for name in names}
    for number in range(rounds + 1):  # the first warms up
        for name in names:
            found = start(name)
            starts[name] += [found] if number else []
    print(
        "| One account's connector, imported and built | Processor, median | Clock, median | Clock, least | Goal | |"
    )
    print("|---|---|---|---|---|---|")
    return max(_line(name, found) for name, found in starts.items())


def _line(name: str, found: list[Start]) -> int:
    """Print a connector's figures; return 1 where it misses the goal."""
    worked = statistics.median(one.worked for one in found)
    taken = [one.taken for one in found]
    verdict = "reached" if worked <= GOAL else "missed"
    figures = (worked, statistics.median(taken), min(taken), GOAL)
    print(f"| {name} | {' | '.join(f'{figure:.1f} ms' for figure in figures)} | {verdict} |")
    return int(worked > GOAL)


if __name__ == "__main__":
    sys.exit(main())
