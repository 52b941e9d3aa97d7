"""Two screens and an engine on one desk, the engine killed again and again (NEEDS A1, G3; promise 5).

No write that was acknowledged is lost, nobody is told that the desk is locked, never do two processes hand over replies at the
same time, another engine takes over within five seconds, and of two answers at the same moment one leaves.
``SOCIALDESK_WRITES`` sets how much each screen writes in the long form; the seed is printed, ``SOCIALDESK_SEED`` sets it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpers.agent import CANNED, ROLES
from helpers.bench import Bench
from helpers.flight import met
from helpers.killing import Engines, engines, seed, wait_for
from helpers.takeover import TAKEN_OVER, wait_for_another
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Proof
from socialdesk.sync.enginelock import lock_of

PROCESS = Path(__file__).parent / "agent_process.py"
WORKED = 2 * ROLES
"""Conversations that both screens work on; those after them are raced for."""
LOCKS = pytest.mark.skipif(
    not Path("/proc/locks").exists(), reason="the machine does not tell who holds a lock"
)
ADDING = ("added", "promised", "replied")
"""Writes that add; of the others, the last one stands."""
DESK = {
    "draft": "SELECT text FROM draft WHERE conversation_id = :c",
    "added": "SELECT text FROM draft WHERE conversation_id = :c",
    "promised": "SELECT text FROM commitment WHERE conversation_id = :c",
    "replied": "SELECT text FROM outbox WHERE conversation_id = :c",
    "box": "SELECT box || ' ' || CASE box WHEN 'done' THEN settled_as ELSE '' END || ' ' || coalesce((snoozed_until - 7258118400000) / 86400000, 0)"
    " FROM conversation WHERE id = :c",
    "situation": "SELECT situation FROM conversation WHERE id = :c",
    "tags": "SELECT p.tags FROM contact p JOIN conversation c ON c.contact_id = p.id WHERE c.id = :c",
    "tick": "SELECT 1 FROM protocol_tick t JOIN protocol_run r ON r.id = t.run_id WHERE r.conversation_id = :c AND t.step = :s",
}


class Screen:
    """A process in which somebody works."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, line: str) -> None:
        """Give it a task."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """Wait for its answer."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def screens(*names: str) -> Iterator[list[Screen]]:
    """Give a process for each name."""
    with ExitStack() as stack:
        pipe, found = subprocess.PIPE, []
        for name in names:
            command = [sys.executable, str(PROCESS), name]
            process = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            assert process.stdin is not None
            stack.callback(process.stdin.close)
            found.append(Screen(process))
        yield found


class Turns:
    """Two engines, of which one sends and the other one waits."""

    def __init__(self, lock: Path, sources: list[Engines], seed: int) -> None:
        self._lock, self._sources, self._seed = lock, sources, seed
        self.took: list[float] = []
        for source in sources:
            self._start(source)
        self.sender, _ = wait_for_another(lock, 0)

    def _start(self, source: Engines) -> None:
        self._seed += 1
        source.start(self._seed)

    def kill(self) -> None:
        """Kill the one that sends, and start it again once another one does."""
        dead = next(source for source in self._sources if source.number == self.sender)
        dead.kill()
        self.sender, seconds = wait_for_another(self._lock, self.sender)
        self.took.append(seconds)
        self._start(dead)


def torture(
    folder: Path, writes: int, races: int, number: int
) -> tuple[Counter[str], list[float], list[str]]:
    """Let both screens write while engines are killed, then compare.

    Returns what was done, how long each taking over took, and how the races ended.
    """
    random = Random(number)
    bench = Bench(ManualClock(datetime.now(UTC)), network_file=str(folder / "network.db"))
    bench.add()
    for n in range(1, WORKED + races + 1):
        at = bench.clock.now() - timedelta(hours=1)
        bench.network.customer("shop", str(n), f"question {n}", at, who=f"c{n}")
    with ExitStack() as stack:
        both = [stack.enter_context(engines(Proof.KEY, bench.network_file)) for _ in range(2)]
        turns = Turns(lock_of(bench.paths.database), both, number)
        wait_for(bench, "SELECT count(*) FROM conversation", WORKED + races)
        people = stack.enter_context(screens("Ana", "Eva"))
        for screen in people:
            screen.tell(f"work {random.randrange(1 << 30)} {writes} {WORKED}")
        heard = listen_while_killing(people, bench, turns, random)
        ends = [race(people, n) for n in range(WORKED + 1, WORKED + races + 1)]
        wait_for(bench, "SELECT count(*) FROM outbox WHERE state <> 'sent'", 0, patience=300)
    seen = compare(bench, [json.loads(line) for line in heard])
    drafts = bench.all(f"SELECT text FROM draft WHERE conversation_id > {WORKED}")
    assert [sorted(text.split()) for (text,) in drafts] == [["Ana", "Eva"]] * races
    check_sending(bench)
    bench.close()
    return seen, turns.took, ends


def listen_while_killing(people: list[Screen], bench: Bench, turns: Turns, random: Random) -> list[str]:
    """Kill the sender and let customers write until both have done their work; returns what they tell."""
    roles = "SELECT remote_key FROM conversation WHERE id <= :n AND id % :r = 4"
    ours = [key for (key,) in bench.database.read().all(roles, {"n": WORKED, "r": ROLES})]
    with ThreadPoolExecutor(len(people)) as pool:
        told = [pool.submit(screen.hear) for screen in people]
        while not all(one.done() for one in told):
            time.sleep(random.uniform(0.3, 1.5))
            key, n = random.choice(ours), f"more-{len(turns.took)}"
            who = "c" + key.removeprefix("c-")
            bench.network.customer("shop", n, n, datetime.now(UTC), conversation=key, who=who)
            turns.kill()
        return [one.result() for one in told]


def race(people: list[Screen], conversation: int) -> str:
    """Let both answer at the same moment; returns what they are told."""
    for screen in people:
        screen.tell(f"race {conversation}")
    for word in ("ready", "added"):
        assert [screen.hear() for screen in people] == [word] * len(people)
        for screen in people:
            screen.tell("go")
    return " ".join(sorted(screen.hear() for screen in people))


def compare(bench: Bench, told: list[dict[str, Any]]) -> Counter[str]:
    """Compare what was acknowledged with what the desk holds; returns how much was written of each kind."""
    assert [one["errors"] for one in told] == [[], []]
    written: defaultdict[str, list[tuple[Any, int, int]]] = defaultdict(list)
    seen = Counter[str]()
    for where, value, began, ended in (entry for one in told for entry in one["done"]):
        written[where].append((value, began, ended))
        seen[where.split()[0]] += 1
    for where, entries in written.items():
        if not where.startswith("used "):
            check_one(bench, where, entries)
    assert bench.all(f"SELECT count(*) FROM canned_use WHERE reply = '{CANNED}'") == [
        (seen["used"] + seen["replied"],)
    ]
    return seen


def check_one(bench: Bench, where: str, entries: list[tuple[Any, int, int]]) -> None:
    """Compare one place of the desk with what was written there."""
    what, conversation, *step = where.split()
    place = {"c": int(conversation)} | ({"s": int(step[0])} if step else {})
    found = [row[0] for row in bench.database.read().all(DESK[what], place)]
    if what in ADDING:
        words = Counter(word for text in found for word in text.split())
        assert words == Counter(value for value, _, _ in entries), f"{where}: lost or doubled"
        return
    value = bool(found) if what == "tick" else found[0]
    # A write that had ended before another one began cannot be what stands there.
    latest = max(began for _, began, _ in entries)
    assert value in [value for value, _, ended in entries if ended >= latest], f"{where}: {value} is old"


def check_sending(bench: Bench) -> None:
    """Each answer is on the network once, each message of a customer on the desk, and nobody was refused the file."""
    queued = [text for (text,) in bench.all("SELECT text FROM outbox")]
    assert sorted(bench.network.posts()) == sorted(queued)
    ((written,),) = bench.network._db.execute("SELECT count(*) FROM item").fetchall()
    assert len(bench.texts()) == written
    assert met(Path(f"{bench.network_file}.flight")) == [], "two processes sent at the same time"
    log = bench.paths.log_file.read_text().lower()
    assert not [
        line for line in log.splitlines() if "locked" in line or "busy" in line or "cannot be" in line
    ]
    assert bench.all("PRAGMA integrity_check") == [("ok",)]


def run(folder: Path, writes: int, races: int) -> None:
    """Do all of it and tell the figures."""
    began = time.monotonic()
    seen, took, ends = torture(folder, writes, races, seed())
    took.sort()
    print(f"{seen.total()} writes in {time.monotonic() - began:.0f} s, none lost: {dict(seen)}")
    print(
        f"{len(took)} deaths: taken over after {took[len(took) // 2]:.2f} s (median), {took[-1]:.2f} s at most"
    )
    print(f"{len(ends)} races: {dict(Counter(ends))}")
    assert set(ends) == {"accepted answered_meanwhile"}
    assert took[-1] <= TAKEN_OVER


@LOCKS
def test_a1_two_screens_and_a_killed_engine_lose_no_write(tmp_path: Path) -> None:
    """Promise 5: the short form of the trial below."""
    run(tmp_path, 150, 10)


@LOCKS
@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a1_two_screens_and_many_killed_engines_lose_no_write(tmp_path: Path) -> None:
    """Promise 5: three processes, thousands of writes."""
    run(tmp_path, int(os.environ.get("SOCIALDESK_WRITES", "3000")), 100)
