"""The desk beside its floors, in one run: ``python bench/run.py [HOME] [--starts N] [--keys N] [--idle SECONDS]``.

HOME is a SOCIALDESK_HOME; a desk of a million messages is made there by ``make_desk.py`` where there is none. Starts are interleaved, so that
whatever else the machine does hits all targets alike; compare ratios. Exit 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pty_bench import Idle, Program, Stroke, median, percentile
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.storage.database import Database

HERE = Path(__file__).parent
CACHE = Path(tempfile.gettempdir()) / "socialdesk-bench"
"""Where the desk to measure on is made, once, unless another is named."""

SIZE = (120, 36)
SETTLE = 5
"""Seconds until a desk that was just started, and its engine, have nothing left to do."""

OPENED = r"(?s)· @\w.*[│┃] \w"
"""A conversation's title, and messages under it."""

PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
BLOCK = 15
"""Keys pressed in one target before the other has its turn."""


@dataclass
class Target:
    """A program to measure; ``ready`` is seen only once it answers."""

    name: str
    command: Sequence[str]
    ready: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self, size: tuple[int, int] = SIZE) -> Program:
        """Start it."""
        return Program(
            [sys.executable, *self.command],
            *size,
            {"TERM": "xterm-256color", "COLORTERM": "truecolor", **self.environment},
        )


@dataclass
class Session:
    """What a session with a target gave."""

    keys: list[Stroke]
    scrolled: list[Stroke]
    idle: Idle
    memory: list[float]


def starts(targets: Sequence[Target], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds to ready; the first round warms up and does not count."""
    times: dict[str, list[float]] = {target.name: [] for target in targets}
    for number in range(rounds + 1):
        for target in targets:
            with target.start() as program:
                taken = program.ready(target.ready)
            if number:
                times[target.name].append(taken)
    return times


def sessions(targets: Sequence[Target], keys: int, idle: float) -> list[Session]:
    """Press the same keys in each target by turns, a few at a time, so that the machine's moods hit all alike."""
    with ExitStack() as stack:
        programs = [stack.enter_context(target.start()) for target in targets]
        for target, program in zip(targets, programs, strict=True):
            program.ready(target.ready)
            program.settle(SETTLE)
        moves = _by_turns(programs, ["j" * BLOCK, "k" * BLOCK] * (keys // BLOCK // 2))
        watched = [program.idle(idle) for program in programs]
        _by_turns(programs, ["G", "k" * SIZE[1]])
        scrolled = _by_turns(programs, ["k" * BLOCK] * (keys // BLOCK))
        peaks = [program.memory() for program in programs]
        return [Session(*each) for each in zip(moves, scrolled, watched, peaks, strict=True)]


def _by_turns(programs: Sequence[Program], blocks: Sequence[Sequence[str]]) -> list[list[Stroke]]:
    """Press each block of keys in each program; return what the keys did, program by program."""
    strokes: list[list[Stroke]] = [[] for _ in programs]
    for block in blocks:
        for program, found in zip(programs, strokes, strict=True):
            program.settle(0.5)
            found += [program.press(key) for key in block]
    return strokes


def opening(desk: Target, settle: float) -> float:
    """Return the milliseconds to open the top conversation at 80x24, ``settle`` seconds after the queue is seen."""
    with desk.start((80, 24)) as program:
        program.ready(desk.ready)
        program.settle(settle)
        return program.press_until("\r", OPENED)


def paging(lines: Target, desk: Target) -> list[list[Stroke]]:
    """Return what page keys do in the bare list and, by turns with it, in the conversation, both at 80x24."""
    with lines.start((80, 24)) as floor, desk.start((80, 24)) as program:
        floor.ready(lines.ready)
        program.ready(desk.ready)
        program.settle(SETTLE)
        program.press_until("\r", OPENED)
        found: list[list[Stroke]] = [[], []]
        floor.press("G")
        for keys in ([PAGE_UP] * 4, [PAGE_DOWN] * 4) * 8:
            found[0] += _by_turns([floor], [keys])[0]
            found[1] += _by_turns([program], [keys])[0]
        return found


def watch(desk: Target, waiting: int, seconds: float) -> Idle:
    """Watch a small desk on which so many conversations have waited for less than an hour."""
    with tempfile.TemporaryDirectory() as home:
        database = Database(Path(home) / "data" / "desk.db")
        Desk(database, SystemClock(), Config()).import_history(_young(waiting))
        database.close()
        with replace(desk, environment={"SOCIALDESK_HOME": home}).start() as program:
            program.ready("socialdesk")
            program.settle(4 * SETTLE)
            return program.idle(seconds)


def _young(waiting: int) -> Iterator[str]:
    """Give messages that wait, and one that does not."""
    for number in range(waiting + 1):
        message = {
            "account": "tienda",
            "channel": "bluesky",
            "conversation": f"c{number}",
            "id": f"m{number}",
            "direction": "in" if number else "out",
            "at": (
                datetime.now(UTC) - timedelta(minutes=2 + number % 50, seconds=number * 7 % 60)
            ).isoformat(),
            "text": f"¿Dónde está mi pedido número {number}? Llevo esperando desde ayer",
            "author": {"handle": f"cliente{number}", "name": f"Cliente {number}"},
        }
        yield json.dumps(message)


class Table:
    """The figures as a Markdown table, and whether all goals were reached."""

    def __init__(self) -> None:
        self.good = True
        print("| What | Figure | Floor | Goal | |\n|---|---|---|---|---|")

    def row(self, what: str, figure: float, unit: str, goal: float, floor: float | None = None) -> None:
        """Print a figure; with a floor, the goal is a ratio to it."""
        reached = figure <= goal * (floor or 1)
        self.good &= reached
        shown = f"{figure:,.1f} {unit}" + (f" ({figure / floor:.2f} x)" if floor else "")
        limit = f"{goal:g} x" if floor else f"{goal:g} {unit}"
        beside = f"{floor:,.1f} {unit}" if floor else ""
        print(f"| {what} | {shown} | {beside} | {limit} | {'reached' if reached else 'MISSED'} |", flush=True)


def compare(desk: Target, options: argparse.Namespace) -> bool:
    """Measure all and print the table."""
    bare = Target("bare Textual", [str(HERE / "floors/bare.py")], "READY")
    lines = Target("bare list", [str(HERE / "floors/bare_list.py")], "Cliente 20")
    table = Table()
    begun = starts([bare, lines, desk], options.starts)
    for what, of in (("median", median), ("least", min)):
        at = [of(begun[each.name]) for each in (desk, bare)]
        table.row(f"Start to the answering queue, {what}", at[0], "ms", 1.3, at[1])
    floor, ours = sessions([lines, desk], options.keys, options.idle)
    for what, share, goal in (("median", 0.5, 1.4), ("p95", 0.95, 2.0)):
        at = [percentile([stroke.first for stroke in each.keys], share) for each in (ours, floor)]
        table.row(f"j/k to the changed screen, {what}", at[0], "ms", goal, at[1])
    table.row("Bytes per j/k", median([stroke.size for stroke in ours.keys]), "B", 300)
    table.row("Bytes per line scrolled", median([stroke.size for stroke in ours.scrolled]), "B", 1000)
    table.row(
        "Line scrolled, median",
        median([stroke.first for stroke in ours.scrolled]),
        "ms",
        1.4,
        median([stroke.first for stroke in floor.scrolled]),
    )
    ticking = watch(desk, 200, options.idle)
    table.row("Idle, every row in sight ticking", ticking.rate, "B/s", 300)
    table.row("Idle, processor of the screen", max(ours.idle.cpu, ticking.cpu), "%", 1)
    table.row("Idle, processor of the engine", max(ours.idle.children, ticking.children), "%", 1)
    table.row("Idle, nothing ticking", watch(desk, 0, options.idle).rate, "B/s", 0)
    for when, settle in (("", SETTLE), (", as soon as the queue is seen", 0)):
        opened = [opening(desk, settle) for _ in range(options.starts)]
        table.row(f"Open 500 messages{when}, median", median(opened), "ms", 50)
        table.row(f"Open 500 messages{when}, least", min(opened), "ms", 50)
    plain, pages = ([stroke.first for stroke in each] for each in paging(lines, desk))
    table.row("Page keys in them, median", median(pages), "ms", 1.4, median(plain))
    table.row("Page keys in them, p95", percentile(pages, 0.95), "ms", 2, percentile(plain, 0.95))
    table.row("Memory of the screen's process", ours.memory[0], "MB", 110)
    print(f"\nChild processes: {', '.join(f'{peak:.0f} MB' for peak in ours.memory[1:]) or 'none'}")
    return table.good


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?", default=CACHE)
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--keys", type=int, default=180)
    parser.add_argument("--idle", type=float, default=15)
    options = parser.parse_args()
    desk_file = options.home / "data" / "desk.db"
    if not desk_file.exists():
        desk_file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, str(HERE / "make_desk.py"), str(desk_file)], check=True)
    desk = Target("desk", ["-m", "socialdesk"], "▶ ", {"SOCIALDESK_HOME": str(options.home.absolute())})
    return 0 if compare(desk, options) else 1


if __name__ == "__main__":
    sys.exit(main())
