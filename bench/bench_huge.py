"""A message of a megabyte opened beside an ordinary one: ``python bench/bench_huge.py [--rounds N]``.

Bodies of several kinds (words, one endless word, empty lines, ideograms, letters full of marks) come in by the door that
networks use, are opened in a pseudo terminal and scrolled. The floor is a short message on the same desk, opened in the
same run. Shown are the time from the key to the body on the screen, the longest that a key took while it was open, the peak of memory
that was added, and how much is kept. Exit code 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from pty_bench import Program, median
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Author, Connector, Host, Item, Kind, Page, Raw
from socialdesk.desk import Desk
from socialdesk.domain.models import Account, Direction
from socialdesk.storage import inbox
from socialdesk.storage.database import Database
from socialdesk.sync import understand

BYTES = 1_000_000
PAINTED, STALLED, MEMORY = 200.0, 100.0, 50.0
"""The goals: milliseconds until it is painted, milliseconds that a key may take, megabytes."""

SHORT = "SHORT y nada más, gracias"
KINDS: dict[str, Callable[[int], str]] = {
    "words": lambda n: f"la espera {n} se hace larga ",
    "one word": lambda n: f"x{n}",
    "lines": lambda n: f"{n % 100}\n",
    "ideograms": lambda n: chr(0x4E00 + n % 5000),
    "marks": lambda n: f"{chr(97 + n % 26)}\u0301\u0335",
}
"""What the nth part of a body is: no two pages look alike, so that scrolling is seen."""
KEYS = (*["\x1b[5~"] * 8, "g", *["\x1b[6~"] * 8, "G", *["k"] * 8)


class Figures(NamedTuple):
    """What opening cost: milliseconds for the short and the huge one and for the slowest key, megabytes."""

    floor: float
    opened: float
    slowest: float
    memory: float


class Network(Connector):
    """Hands over what it is given."""

    name = "demo"

    def parse(self, raw: Raw) -> list[Item]:
        """Return the message."""
        who = Author(raw.id, raw.id)
        at = SystemClock().now() - timedelta(minutes=raw.payload["minutes"])
        return [Item(raw.id, raw.id, Direction.IN, at, who, who, raw.payload["text"], Kind.MENTION)]

    async def check(self) -> None:  # type: ignore[override]
        """Never asked."""

    async def fetch(self, cursor: str) -> Page:
        """Never asked."""
        raise NotImplementedError

    async def send(self, outgoing: object) -> None:  # type: ignore[override]
        """Never asked."""


def make(home: Path, kind: str) -> int:
    """Make a desk with a short message and a huge one; returns how many bytes are kept of that."""
    body = "HUGE " + "".join(map(KINDS[kind], range(BYTES)))
    body = body.encode()[:BYTES].decode(errors="ignore")
    clock = SystemClock()
    with closing(Database(home / "data" / "desk.db")) as database:
        desk = Desk(database, clock, Config())
        account = desk.add_account("demo", "luna", "Café Luna", {}, {}, None)
        desk.set_paused("luna", True)
        _receive(database, account, [("short", SHORT, 9), ("huge", body, 5)])
        rows = database.read().all("SELECT max(length(CAST(text AS BLOB))) FROM message")
    return int(rows[0][0])


def _receive(database: Database, account: Account, said: list[tuple[str, str, int]]) -> None:
    page = Page([Raw(name, {"text": text, "minutes": ago}) for name, text, ago in said], "1")
    now = SystemClock().now()
    with database.write() as connection:
        inbox.store_page(connection, account.id, understand.given(page), page.cursor, now)
    network = Network(Host("luna", {}, None, None, SystemClock()))  # type: ignore[arg-type]
    known = [understand.understand(network, one) for one in inbox.pending(database.read(), account.id, "1")]
    with database.write() as connection:
        inbox.take_in(connection, account, known, "1", now)


def once(home: Path) -> Figures:
    """Open the short message, then the huge one, and scroll in it."""
    environment = {
        "SOCIALDESK_HOME": str(home), "LANG": "C.UTF-8", "LANGUAGE": "en", "TERM": "xterm-256color", "COLORTERM": "truecolor",
    }  # fmt: skip
    with Program([sys.executable, "-m", "socialdesk"], 120, 36, environment) as program:
        program.ready("SHORT")
        program.settle(3)
        floor = program.press_until("g\r", r"│ SHORT")
        program.press("\x1b[27u")
        program.settle(0.5)
        before = program.memory()[0]
        opened = program.press_until("gj\r", r"(?m)^ [│┃] …")
        slowest = max(stroke.first for key in KEYS if (stroke := program.press(key)).first == stroke.first)
        return Figures(floor, opened, slowest, program.memory()[0] - before)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    missed = False
    print(
        f"load of the machine: {os.getloadavg()[0]:.1f}\n\n| Body of 1 MB | Kept | Opened | A short one | Slowest key | Memory | |"
    )
    print("|---|---|---|---|---|---|---|")
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            kept = make(Path(folder), kind)
            found = [once(Path(folder)) for _ in range(rounds)]
        opened, floor = median([one.opened for one in found]), median([one.floor for one in found])
        slowest, memory = median([one.slowest for one in found]), max(one.memory for one in found)
        good = opened <= PAINTED and slowest <= STALLED and memory <= MEMORY
        missed |= not good
        print(
            f"| {kind} | {kept / 1024:.0f} KB | {opened:.1f} ms ({opened / floor:.2f} x) | {floor:.1f} ms | {slowest:.1f} ms"
            f" | {memory:.1f} MB | {'reached' if good else 'MISSED'} |"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
