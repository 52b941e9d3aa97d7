"""Engines that are started and killed, for the trials of ``kill -9``."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from helpers.bench import Bench
from socialdesk.connectors.contract import Proof

PROCESS = Path(__file__).parents[1] / "torture" / "engine_process.py"


class Engines:
    """Starts one engine after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._engine: int | None = None

    def start(self, seed: int, fuse: int = 0) -> None:
        """Start a new engine, which dies by itself at that boundary (``helpers.fuse``)."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seed} {fuse}\n")
        self._process.stdin.flush()
        self._engine = int(self._line())

    @property
    def number(self) -> int | None:
        """The process that was started last, unless it has ended."""
        return self._engine

    def kill(self) -> None:
        """End the engine as the kernel does, and wait until it is gone."""
        if self._engine is not None:
            with suppress(ProcessLookupError):  # it may have died by itself just now
                os.kill(self._engine, signal.SIGKILL)
            self._engine = None
            while (said := self._line()) != "dead":
                assert said.startswith("at "), said

    def burn(self, patience: float) -> str:
        """Wait for an engine's death at its boundary, whose name is returned; "" where it had to be killed."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], patience)[0]:
            self.kill()
            return ""
        said = self._line()
        if said.startswith("at "):
            assert self._line() == "dead"
        self._engine = None
        return said.removeprefix("at ")

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def engines(proof: Proof, network_file: str) -> Iterator[Engines]:
    """Give a source of engines."""
    command = [sys.executable, str(PROCESS), proof.value, network_file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        source = Engines(process)
        try:
            yield source
        finally:
            source.kill()


def wait_for(bench: Bench, sql: str, value: int, patience: float = 20) -> None:
    """Wait until the desk holds that."""
    deadline = time.monotonic() + patience
    while bench.all(sql) != [(value,)]:
        assert time.monotonic() < deadline, (sql, bench.all(sql), Counter(bench.states()))
        time.sleep(0.005)


def wait_for_work(bench: Bench, before: int, random: Random) -> None:
    """Wait until the engine has begun to send, and then for a random moment of it."""
    deadline = time.monotonic() + 20
    while bench.database.version() == before:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.15))


def seed() -> int:
    """Return the seed of this run, which is printed."""
    value = int(os.environ.get("SOCIALDESK_SEED") or time.time_ns() % 1_000_000)
    print(f"SOCIALDESK_SEED={value}")
    return value
