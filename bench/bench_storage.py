"""Storage against its floors, in one run: ``python bench/bench_storage.py --desk PATH [--import-messages N]``.

Import: messages a second, text index, threads and deadlines included, against plain ``sqlite3`` that only upserts
the same messages under a full-text trigger in batches of 500. Search: the first page, newest first, against the same
index asked by plain ``sqlite3``. Policies: a changed calendar where everybody waits. The desk at PATH is made by ``make_desk.py`` where it is missing.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import make_desk
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.calendars import Shift
from socialdesk.domain.models import Seek, View
from socialdesk.storage.database import Database

DAY = (Shift(600, 840), Shift(1020, 1200))
MADRID = CalendarSpec("Europe/Madrid", (*[DAY] * 5, DAY[:1], ()), "ES", "MD")
FLOOR = """
CREATE TABLE message(id INTEGER PRIMARY KEY, account TEXT, remote_id TEXT, conversation TEXT, direction TEXT, at TEXT,
    handle TEXT, name TEXT, text TEXT, UNIQUE(account, remote_id));
CREATE VIRTUAL TABLE message_fts USING fts5(text, content='message', content_rowid='id', prefix='2 3');
CREATE TRIGGER message_added AFTER INSERT ON message BEGIN
    INSERT INTO message_fts(rowid, text) VALUES (new.id, new.text);
END;
"""
UPSERT = """
INSERT INTO message(account, remote_id, conversation, direction, at, handle, name, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(account, remote_id) DO UPDATE SET text = excluded.text WHERE text <> excluded.text
"""
ROUNDS = 3
SEARCHES = {
    "rare": "referencia4321",
    "common": "pedido",
    "prefix": "tar",
    "long prefix": "tarjet",
    "two words": "pedido telef",
}


def floor_import(folder: Path, history: list[str]) -> float:
    """Return the messages a second of plain sqlite3."""
    rows = []
    for line in history:
        data = json.loads(line)
        author = data["author"]
        rows.append(
            (
                data["account"],
                data["id"],
                data["conversation"],
                data["direction"],
                data["at"],
                author["handle"],
                author["name"],
                data["text"],
            )
        )
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(FLOOR)
    start = time.perf_counter()
    for first in range(0, len(rows), 500):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(UPSERT, rows[first : first + 500])
        connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    return len(rows) / took


def our_import(folder: Path, history: list[str]) -> float:
    """Return the messages a second of the import that people use."""
    database = Database(folder / "desk.db")
    desk = Desk(database, SystemClock(), Config())
    desk.import_history(())
    start = time.perf_counter()
    report = desk.import_history(history)
    took = time.perf_counter() - start
    database.close()
    assert report.added == len(history)
    return report.added / took


def bench_import(messages: int) -> None:
    """Print both rates and their ratio."""
    history = list(make_desk.lines(messages // 10, messages, 2, datetime.now(UTC)))
    floor = ours = 0.0
    for _ in range(ROUNDS):  # in turns, and the best of each: other programs disturb both alike
        with tempfile.TemporaryDirectory() as name:
            floor = max(floor, floor_import(Path(name), history))
            ours = max(ours, our_import(Path(name), history))
    print(f"import {messages:,} messages: floor {floor:,.0f}/s, ours {ours:,.0f}/s, ratio {ours / floor:.2f}")


def milliseconds(work: Callable[[], object], times: int = 15) -> float:
    """Return the median time of a call, in milliseconds."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def bench_policies(waiting: int) -> None:
    """Print the times of a policy change on a desk where everybody waits, and of one deadline's explanation."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name:
        database = Database(Path(name) / "desk.db")
        desk = Desk(database, SystemClock(), Config())
        desk.import_history(waiting_lines(waiting, now))
        clocks = dict.fromkeys(make_desk.BRANDS, MADRID)
        foretold = recomputed = 60.0
        for spec in (PolicySpec(calendars=clocks), PolicySpec()) * ROUNDS:
            start = time.perf_counter()
            change = desk.policy_change(spec)
            told = time.perf_counter()
            desk.adopt_policy(spec)
            assert change is not None and change.open == change.earlier + change.later == waiting
            if spec.calendars:
                foretold = min(foretold, told - start)
                recomputed = min(recomputed, time.perf_counter() - told)
        print(f"new calendars, {waiting:,} wait and move: foretold in {foretold:.2f} s", end="")
        print(f", adopted and recomputed in {recomputed:.2f} s")
        desk.adopt_policy(PolicySpec(calendars=clocks))
        last = desk.queue(View("all", waiting_only=True), Seek("bottom")).rows[-1]
        print(f"explanation of one deadline: {milliseconds(lambda: desk.why(last.id)):.2f} ms")
        print(
            f"warnings, none to give: {milliseconds(lambda: desk.warnings(now - timedelta(days=9))):.3f} ms",
            end="",
        )
        print(f"; what the day holds: {milliseconds(desk.day):.2f} ms")
        database.close()


def waiting_lines(waiting: int, now: datetime) -> Iterator[str]:
    """Give one unanswered message of each customer, spread over the last two days."""
    for number in range(waiting):
        brand, at = make_desk.BRANDS[number % 7], now - timedelta(seconds=number * 172_800 // waiting)
        yield json.dumps(
            {
                "account": brand,
                "brand": brand,
                "channel": "bluesky",
                "conversation": f"c{number}",
                "id": f"m{number}",
                "direction": "in",
                "at": at.isoformat(),
                "text": "no me ha llegado el pedido",
                "author": {"handle": f"ana{number}", "name": "Ana"},
            }
        )


def bench_search(path: Path, desk: Desk) -> None:
    """Print the first page's time of plain FTS5 and of the desk."""
    plain = sqlite3.connect(path)
    for name, words in SEARCHES.items():
        query = " ".join(f'"{word}"' for word in words.split()) + ("*" if name != "common" else "")

        def floor(query: str = query) -> object:
            return plain.execute(
                "SELECT m.id, m.text FROM message_fts f JOIN message m ON m.id = f.rowid"
                " WHERE message_fts MATCH ? ORDER BY f.rowid DESC LIMIT 50",
                (query,),
            ).fetchall()

        def ours(words: str = words) -> object:
            return desk.search(words)

        print(f"search {name}: floor {milliseconds(floor):.2f} ms, ours {milliseconds(ours):.2f} ms")
    plain.close()


def bench_queue(desk: Desk) -> None:
    """Print the times of the queue's windows, its counts and a thread."""
    view = View("all")
    total = desk.queue(view).total
    middle = desk.queue(view, Seek("around", (desk.queue(view).rows[-1].urgency, 0)))
    longest = max(desk.queue(view, limit=2000).rows, key=lambda row: row.messages)
    print(f"queue of {total:,}: top {milliseconds(lambda: desk.queue(view)):.2f} ms", end="")
    print(f", bottom {milliseconds(lambda: desk.queue(view, Seek('bottom'))):.2f} ms", end="")
    print(
        f", around {milliseconds(lambda: desk.queue(view, Seek('around', middle.rows[0].key))):.2f} ms",
        end="",
    )
    print(f", late {milliseconds(lambda: desk.queue(View('late', late=True))):.2f} ms")
    print(f"counts {milliseconds(desk.counts):.2f} ms, version {milliseconds(desk.version):.3f} ms")
    print(f"row {milliseconds(lambda: desk.row(longest.id)):.3f} ms")
    opened = milliseconds(lambda: desk.thread(longest.id))
    print(f"thread, newest 100 of {longest.messages} messages: {opened:.2f} ms")


def main() -> None:
    """Run everything that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=Path, required=True)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--import-messages", type=int, default=50_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    options = parser.parse_args()
    bench_import(options.import_messages)
    bench_policies(options.waiting)
    path = options.desk.absolute()
    if not path.exists():
        print(f"making {path}: {make_desk.make(path, options.conversations, options.messages, 1):,.0f} s")
    database = Database(path)
    desk = Desk(database, SystemClock(), Config())
    bench_queue(desk)
    bench_search(path, desk)
    database.close()


if __name__ == "__main__":
    main()
