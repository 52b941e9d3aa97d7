"""The disk fills up at every moment of the work: no lie, no loss (promise 6 of docs/reliability.md).

The disk is a tmpfs of 12 MB; where none may be mounted the trial is skipped, and ``tests/unit/test_no_room.py`` is what
is left. It is filled to the last bytes just before the n-th write of an engine that receives and sends, for every n, and
cleared after ten minutes.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpers.bench import Bench
from helpers.killing import seed
from helpers.small_disk import SmallDisk, small_disk
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Proof
from socialdesk.errors import DeskFileError
from socialdesk.storage import reserve
from socialdesk.storage.database import Database

pytestmark = pytest.mark.anyio
REPLIES = 4


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """The home of the desk on a small disk of its own."""
    with small_disk(tmp_path / "disk", 12) as found:
        if found is None:
            pytest.skip("no file system may be mounted here")
        yield found


class Filling:
    """Fills the disk just before the n-th write, and counts the writes."""

    def __init__(self, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
        self._disk = disk
        self.at = self.writes = self.leave = 0
        self.is_full = False
        real: Callable[[Database], Any] = Database.write

        @contextlib.contextmanager
        def write(database: Database) -> Iterator[Any]:
            self.writes += 1
            if self.writes == self.at:
                self.is_full = True
                disk.fill(self.leave)
            with real(database) as connection:
                yield connection

        monkeypatch.setattr(Database, "write", write)

    def begin(self, at: int, leave: int) -> None:
        """Count from here."""
        self.at, self.leave, self.writes, self.is_full = at, leave, 0, False
        self._disk.clear()


async def day(
    disk: SmallDisk, filling: Filling, clock: ManualClock, proof: Proof, at: int, leave: int
) -> Counter[str]:
    """Receive questions and send answers while the disk fills up; returns what was seen, after checking it."""
    seen: Counter[str] = Counter()
    bench = Bench(clock, proof)
    script = bench.add(random=Random(at), lose_after=0.2, lose_before=0.1)
    for number in range(REPLIES):
        bench.network.customer("shop", str(number), f"question {number}", clock.now() - timedelta(hours=1))
    async with bench.running():
        await bench.advance(60)
        for number in range(REPLIES):
            bench.reply(f"answer {number}", conversation=number + 1)
        filling.begin(at, leave)
        for number in range(REPLIES, 2 * REPLIES):
            bench.network.customer("shop", str(number), f"question {number}", clock.now())
        await bench.advance(300)
        if filling.is_full:
            seen["full"] += 1
            seen["held back"] += reserve.is_full(bench.database.path)
            on_network, states = Counter(bench.network.posts()), Counter(bench.states())
            assert states["sent"] <= sum(on_network.values()), "a lie"
            if not reserve.is_held(bench.database.path):
                # Whatever was under way is finished; nothing new has been begun.
                calls = sum(call.startswith("send") for call in script.calls)
                await bench.advance(300)
                assert sum(call.startswith("send") for call in script.calls) == calls, "sent without room"
        disk.clear()
        await bench.advance(1800)
    seen["writes"] = filling.writes
    on_network = Counter(bench.network.posts())
    by_state = Counter(bench.states())
    if proof is Proof.NEITHER:
        assert by_state["sent"] + by_state["needs_person"] == REPLIES, by_state
    else:
        assert by_state == {"sent": REPLIES}, by_state
        assert on_network == {f"answer {number}": 1 for number in range(REPLIES)}
    assert max(on_network.values()) == 1, "sent twice"
    assert sorted(bench.texts()) == [f"question {number}" for number in range(2 * REPLIES)]
    assert bench.all("PRAGMA integrity_check") == [("ok",)]
    assert bench.account() == ("ok", "")
    bench.close()
    return seen


async def trial(
    disk: SmallDisk, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, points: int | None
) -> None:
    """Fill the disk before each write, or before so many drawn by the seed."""
    dice, total = Random(seed()), Counter[str]()
    filling = Filling(disk, monkeypatch)
    for proof in Proof:
        last, at = 10**9, 1
        chosen = sorted(dice.sample(range(1, 25), points)) if points else None
        while at <= last and (chosen is None or chosen):
            at = chosen.pop() if chosen else at
            home = disk.path / f"{proof.value}-{at}"
            monkeypatch.setenv("SOCIALDESK_HOME", str(home))
            filling.begin(0, 0)
            leave = dice.choice([0, 0, 4096, 40_000, 400_000])
            seen = await day(disk, filling, clock, proof, at, leave)
            if chosen is None and not seen["full"]:
                last = 0  # there are no more writes
            total += seen
            for file in sorted(home.rglob("*"), reverse=True):
                file.rmdir() if file.is_dir() else file.unlink()
            at += 1
    print(dict(total))
    assert total["full"]


async def test_a_disk_that_fills_up_loses_nothing(
    disk: SmallDisk, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: the short form, at moments drawn by the seed."""
    await trial(disk, clock, monkeypatch, int(os.environ.get("SOCIALDESK_POINTS", "3")))


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_disk_that_fills_up_before_every_write(
    disk: SmallDisk, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: the long form."""
    await trial(disk, clock, monkeypatch, None)


async def test_answering_on_a_full_disk_is_refused_in_words(disk: SmallDisk, clock: ManualClock) -> None:
    """Promise 6: beforehand, and the words stay with the person."""
    from socialdesk.config import Config
    from socialdesk.desk import Desk

    os.environ["SOCIALDESK_HOME"] = str(disk.path / "home")
    bench = Bench(clock)
    bench.add()
    bench.network.customer("shop", "1", "question", clock.now())
    async with bench.running():
        await bench.advance(60)
    desk = Desk(bench.database, clock, Config(), connectors=lambda: ["scripted"])
    reserve.release(bench.database.path)
    disk.fill(100_000)  # enough to queue it, too little to tell that it has left
    assert desk.obstacle() == "desk_full"
    with pytest.raises(DeskFileError) as caught:
        desk.reply(1, "answer")
    assert caught.value.code == "desk_full"
    assert bench.states() == []
    disk.clear()
    assert desk.obstacle() == ""
    desk.reply(1, "answer")
    bench.close()
