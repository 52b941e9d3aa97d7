"""``kill -9`` while a desk is encrypted, or the encryption taken off: the one desk or the other, whole (issue 5, promise 8).

Half of the deaths are at a step of the work, the others at random moments. After each, all rows are compared, and once the work has
been done again, nothing may be left in which anybody can read.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpers.killing import seed
from helpers.sealed import needs_cipher, new_key, tellers
from helpers.shop import Shop
from socialdesk import paths
from socialdesk.storage import backup, cipher, damage, file, keys, sealing
from socialdesk.storage.database import Database
from socialdesk.storage.marks import mark_of

pytestmark = needs_cipher
WORDS = b"pedido-de-prueba"
STEPS: tuple[tuple[Any, str], ...] = (
    (file, "prepare"),
    (sealing, "_fold"),
    (cipher, "convert"),
    (damage, "examine_copy"),
    (sealing, "difference"),
    (backup, "put"),
    (backup, "sync"),
    (os, "fsync"),
    (os, "utime"),
)


def rows(path: Path) -> list[tuple[Any, ...]]:
    """Return what the desk knows of messages, drafts and replies."""
    with closing(damage.connect(path)) as c:
        return [
            row
            for table in ("message", "draft", "outbox")
            for row in c.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
        ]


class Trial:
    """A desk with two backups, encrypted or not, which is brought back before each death."""

    def __init__(self, messages: int, *, sealed: bool) -> None:
        self.path, self.sealed = paths.find().database, sealed
        file.make_place(self.path)
        shop = Shop(Database(self.path))
        for n in range(messages):
            talk = shop.write(f"{WORDS.decode()} {n}", who=f"c{n % 9}", ago=timedelta(minutes=n))
            if talk and n % 5 == 0:
                shop.desk.save_draft(talk, f"borrador {n}")
        shop.database.close()
        for day in (1, 2):
            backup.back_up(self.path, backup.place(self.path, datetime(2026, 11, day, tzinfo=UTC)))
        self.mark = keys.mark_for(new_key())
        if sealed:
            sealing.seal(self.path, self.mark)
            sealing.seal_copies(self.path)
        self.rows = rows(self.path)
        self.former = {one: one.read_bytes() for one in self.path.parent.rglob("*.db")}
        self.steps, self.seconds = self._dry_run()

    def work(self) -> None:
        """Do what is to be killed."""
        sealing.seal(self.path, b"" if self.sealed else self.mark)
        if not self.sealed:
            sealing.seal_copies(self.path)

    def _dry_run(self) -> tuple[int, float]:
        reading, writing = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if not child:
            passed = lay(0)
            self.work()
            os.write(writing, str(passed()).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading) as told:
            return int(told.read()), min(time.monotonic() - began, 2)

    def kill(self, dice: Random, step: int) -> str:
        """Begin, and be killed at that step, or at a random moment where it is 0; returns which desk was left."""
        self._begin_anew()
        child = os.fork()
        if not child:
            try:
                lay(step)
                self.work()
            finally:
                os._exit(0)
        if not step:
            time.sleep(dice.uniform(0, self.seconds))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        return self._look() if os.WIFSIGNALED(status) else "not killed in time"

    def _begin_anew(self) -> None:
        for one in self.path.parent.rglob("*"):
            if one.is_file() and ".json" not in one.name:
                one.unlink()
        for one, content in self.former.items():
            one.touch(mode=0o600)
            one.write_bytes(content)

    def _look(self) -> str:
        file._roll_back(self.path)  # as every start does
        mark = mark_of(self.path)
        assert mark in (b"", self.mark)
        assert damage.examine(self.path) == []
        assert rows(self.path) == self.rows
        for copy in self.former:
            assert damage.examine(copy) == [], copy
        self.work()
        assert mark_of(self.path) == (b"" if self.sealed else self.mark)
        assert rows(self.path) == self.rows
        if not self.sealed:
            assert tellers(self.path.parent, WORDS) == []
        return "encrypted" if mark else "plain"


def lay(at: int) -> Callable[[], int]:
    """End this process at the n-th beginning or end of a step; returns what counts them."""
    passed = [0]

    def reach() -> None:
        passed[0] += 1
        if passed[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def between(*args: Any, **named: Any) -> Any:
            reach()
            result = real(*args, **named)
            reach()
            return result

        setattr(owner, name, between)

    for owner, name in STEPS:
        around(owner, name)
    return lambda: passed[0]


def trial(kills: int, messages: int, number: int, *, sealed: bool) -> Counter[str]:
    """Kill so many times; returns what was left."""
    dice, desk = Random(number), Trial(messages, sealed=sealed)
    seen = Counter(steps=desk.steps)
    for turn in range(kills):
        step = 1 + turn // 2 * max(1, desk.steps * 2 // kills) % desk.steps if turn % 2 == 0 else 0
        seen[desk.kill(dice, step)] += 1
    print(f"{'decrypt' if sealed else 'encrypt'}: {dict(seen)}")
    return seen


@pytest.mark.parametrize("sealed", [False, True])
def test_a_desk_that_dies_while_it_is_encrypted_is_whole(sealed: bool) -> None:
    """Promise 8: the short form."""
    seen = trial(8, 30, seed(), sealed=sealed)
    assert seen["plain"] + seen["encrypted"] >= 4


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("sealed", [False, True])
def test_two_hundred_deaths_while_a_desk_is_encrypted(sealed: bool) -> None:
    """Promise 8: the long form."""
    seen = trial(200, 300, seed(), sealed=sealed)
    assert seen["plain"] > 20
    assert seen["encrypted"] > 20
