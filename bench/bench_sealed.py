"""An encrypted desk beside the same desk as it is: ``python bench/bench_sealed.py --desk PATH [--starts N]``.

The desk at PATH is copied and the copy encrypted, into a folder for temporary files. Both are then asked by turns, so that other work
on the machine hits both alike. Starts are new interpreters that open the desk and read the first rows of the queue; the key comes from
the environment, so that they tell what encryption costs and not what a keyring does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Seek, View
from socialdesk.storage import backup, keys, sealing
from socialdesk.storage.database import Database

START = """
import sys
from pathlib import Path
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import View
from socialdesk.storage.database import Database
database = Database(Path(sys.argv[1]))
assert len(Desk(database, SystemClock(), Config()).queue(View("all"), limit=80).rows) == 80
database.close()
"""
TIMES = 25
Works = dict[str, Callable[[Desk], object]]


def works(conversation: int) -> Works:
    """Return what is measured of an open desk."""
    everything = View("all")
    return {
        "queue, top": lambda desk: desk.queue(everything),
        "queue, bottom": lambda desk: desk.queue(everything, Seek("bottom")),
        "counts": lambda desk: desk.counts(),
        "a thread": lambda desk: desk.thread(conversation),
        "search, common word": lambda desk: desk.search("pedido"),
        "search, two words": lambda desk: desk.search("pedido telef"),
        "a draft, written": lambda desk: desk.save_draft(conversation, f"draft {time.perf_counter_ns()}"),
    }


def milliseconds(call: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def tell(what: str, plain: list[float], sealed: list[float]) -> None:
    """Print the medians and their ratio."""
    one, other = statistics.median(plain), statistics.median(sealed)
    print(f"{what}: plain {one:.2f} ms, encrypted {other:.2f} ms, ratio {other / one:.2f}", flush=True)


def bench_starts(plain: Path, sealed: Path, starts: int) -> None:
    """Print what a new process takes until it has the first rows."""
    took: dict[Path, list[float]] = {plain: [], sealed: []}
    for _ in range(starts + 1):
        for path, found in took.items():
            command = [sys.executable, "-c", START, str(path)]
            found.append(milliseconds(lambda command=command: subprocess.run(command, check=True)))  # type: ignore[misc]
    tell("start to the first rows, without a screen", took[plain][1:], took[sealed][1:])


def bench_works(plain: Path, sealed: Path) -> None:
    """Print what reading and writing takes."""
    files = [Database(path) for path in (plain, sealed)]
    desks = [Desk(file, SystemClock(), Config()) for file in files]
    conversation = max(desks[0].queue(View("all"), limit=2000).rows, key=lambda row: row.messages).id
    for what, work in works(conversation).items():
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(TIMES + 1):
            for desk, found in zip(desks, took, strict=True):
                taken = milliseconds(lambda desk=desk, work=work: work(desk))  # type: ignore[misc]
                if number:
                    found.append(taken)
        tell(what, *took)
    for file in files:
        file.close()


def bench_backup(path: Path) -> list[float]:
    """Return what a backup takes, examined."""
    target = path.with_name("measured.db")
    taken = milliseconds(lambda: backup.back_up(path, target))
    target.unlink()
    return [taken]


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=Path, required=True)
    parser.add_argument("--starts", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["SOCIALDESK_HOME"] = name
        plain, sealed = Path(name) / "plain" / "desk.db", Path(name) / "sealed" / "desk.db"
        for path in (plain, sealed):
            backup.back_up(options.desk.absolute(), path)
        key = keys.new()
        os.environ["BENCH_KEY"] = keys.spell(key)
        keys.remember(key, "env:BENCH_KEY")
        taken = milliseconds(lambda: sealing.seal(sealed, keys.mark_for(key)))
        size = sealed.stat().st_size / 1_000_000
        print(
            f"{datetime.now(UTC):%Y-%m-%d}: {size:,.0f} MB encrypted, examined and compared in {taken / 1000:.1f} s"
        )
        bench_starts(plain, sealed, options.starts)
        bench_works(plain, sealed)
        tell("backup, examined", bench_backup(plain), bench_backup(sealed))


if __name__ == "__main__":
    main()
