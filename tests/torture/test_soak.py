"""Eight hours at ten times real load, on a clock that nobody waits for (promise 17; NEEDS A1).

Real load: twenty accounts, a thousand messages of customers and a hundred answers in eight hours, as on a desk that comes
to a million messages in three years. An engine and a screen, each a process of its own on the same desk, live through it side by side:
the engine looks each second and fetches each account every thirty, the screen ticks each second. ``SOCIALDESK_HOURS`` sets the hours of the long form.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import pytest

from helpers.holding import Held
from socialdesk import paths
from socialdesk.storage.database import Database

PROCESS = Path(__file__).parent / "soak_process.py"
MEGABYTE = 1_000_000
STEP = 600
"""Seconds between two looks at what the processes hold."""
MESSAGES, ANSWERS = 208, 21
"""Of customers and to them in a step: ten times a thousand and a hundred in eight hours."""
DRIFT = 0.05
LOG = 64 * MEGABYTE
Told = tuple[Held, Held]


def live(folder: Path, steps: int, seconds: int, messages: int, answers: int) -> list[Told]:
    """Let an engine and a screen work side by side; returns what each held after each step."""
    told: list[Told] = []
    pipe, command = subprocess.PIPE, [sys.executable, str(PROCESS)]
    network = str(folder / "network.db")
    with subprocess.Popen([*command, "engine", network], stdin=pipe, stdout=pipe, text=True) as engine:
        first = step(engine, 60, 20)
        assert first["memory"]
        with subprocess.Popen([*command, "screen"], stdin=pipe, stdout=pipe, text=True) as screen:
            for number in range(steps):
                begin(engine, seconds, messages)
                begin(screen, seconds, answers)
                told.append((end(engine), end(screen)))
                if number % 6 == 5:
                    print(number + 1, told[-1], flush=True)
            leave(screen)
        step(engine, 120, 1)  # what was answered last leaves
        leave(engine)
    return told


def begin(process: subprocess.Popen[str], seconds: int, times: int) -> None:
    """Give a process its next task."""
    assert process.stdin is not None
    process.stdin.write(f"{seconds} {times}\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> Held:
    """Wait until it is done."""
    assert process.stdout is not None
    held: Held = json.loads(process.stdout.readline())
    return held


def step(process: subprocess.Popen[str], seconds: int, times: int) -> Held:
    """Do both."""
    begin(process, seconds, times)
    return end(process)


def leave(process: subprocess.Popen[str]) -> None:
    """Let it end by itself."""
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0


def check_work(messages: int, answers: int) -> None:
    """See that it was work: all messages are on the desk and all answers have left."""
    database = Database(paths.find().database)
    received = database.read().all("SELECT count(*) FROM message WHERE direction = 'in'")
    states = database.read().all("SELECT state, count(*) FROM outbox GROUP BY state")
    database.close()
    assert received == [(messages,)]
    assert states == [("sent", answers)]


def drift(memory: Sequence[int]) -> float:
    """Return by how much the last eighth is above the eighth that follows the first quarter."""
    eighth = max(len(memory) // 8, 1)
    begins = len(memory) // 4
    return mean(memory[-eighth:]) / mean(memory[begins : begins + eighth]) - 1


def check(who: str, held: Sequence[Held]) -> None:
    """Tell what a process held after the first quarter and at the end, and see that it does not grow."""
    later = held[len(held) // 4 :]
    grown = drift([one["memory"] for one in held])
    print(
        f"{who}: memory {later[0]['memory'] / MEGABYTE:.1f} to {held[-1]['memory'] / MEGABYTE:.1f} MB, drift {grown:+.1%};"
        f" descriptors {spread(later, 'descriptors')}, threads {spread(later, 'threads')},"
        f" log {held[-1]['wal'] / MEGABYTE:.1f} MB at most"
    )
    assert grown < DRIFT
    for what in ("descriptors", "threads"):
        assert spread(later[-len(later) // 2 :], what)[1] <= spread(held[: len(held) // 2], what)[1], what
    assert held[-1]["wal"] < LOG


def spread(held: Sequence[Held], what: str) -> tuple[int, int]:
    """Return the least and the most."""
    values = [one[what] for one in held]  # type: ignore[literal-required]
    return min(values), max(values)


def test_a1_a_quarter_of_an_hour_leaves_nothing_behind(tmp_path: Path) -> None:
    """Promise 17: the short form of the trial below; what is loaded once is still being loaded."""
    held = live(tmp_path, 4, 20, 8, 1)
    check_work(20 + 4 * 8 + 1, 4)
    for process in zip(*held, strict=True):
        assert spread(process[2:], "descriptors")[1] <= spread(process[:2], "descriptors")[1]
        assert process[-1]["wal"] < LOG


@pytest.mark.torture
@pytest.mark.timeout(7200)
def test_a1_eight_hours_at_ten_times_the_load_leave_nothing_behind(tmp_path: Path) -> None:
    """Promise 17."""
    hours, began = float(os.environ.get("SOCIALDESK_HOURS", "8")), time.monotonic()
    steps = round(hours * 3600 / STEP)
    held = live(tmp_path, steps, STEP, MESSAGES, ANSWERS)
    check_work(20 + steps * MESSAGES + 1, steps * ANSWERS)
    print(
        f"{hours:g} h in {time.monotonic() - began:.0f} s: {steps * MESSAGES} messages, {steps * ANSWERS} answers"
    )
    for who, process in zip(("engine", "screen"), zip(*held, strict=True), strict=True):
        check(who, process)
