"""``kill -9`` in the middle of an erasure (promise 14 of docs/reliability.md, need G3).

A desk of customers who mention each other, quote each other and share names is made from a seed; one of them is erased by a
process of its own, which dies at a step of SQL, at every one in turn. The next look of the engine must leave no
byte of that one in the folder, and of all others every word. The seed is printed; ``SOCIALDESK_SEED`` sets it,
``SOCIALDESK_KILLS`` the number of deaths of the long form.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from helpers.killing import seed
from helpers.shop import HOUR, NOW, Shop
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Direction
from socialdesk.storage import backup
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

PEOPLE = 8
SYLLABLES = ("qua", "zor", "vex", "lim", "tup", "gno", "wek", "jal")


class Town:
    """Customers with words of their own, by which each one's traces are told apart."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.random, self._said = random, 0
        self.handles = [self._word() + "_x" for _ in range(PEOPLE)]
        self.words = {handle: [self._word() for _ in range(4)] for handle in self.handles}
        self.shop = Shop(Database(folder / "data" / "desk.db"))
        for number in range(PEOPLE * 6):
            self._happen(number)
        backup.back_up(self.shop.database.path, folder / "data" / "backups" / "desk-2026-03-01.db")
        self.shop.database.close()

    def _word(self) -> str:
        self._said += 1  # no two words are alike, whatever is drawn
        return (
            "".join(self.random.choices(SYLLABLES, k=4))
            + SYLLABLES[self._said // 8]
            + SYLLABLES[self._said % 8]
        )

    def _happen(self, number: int) -> None:
        # Everybody writes at least once: whoever is only mentioned is no customer whom one could erase.
        handle = self.handles[number] if number < PEOPLE else self.random.choice(self.handles)
        other = self.random.choice(self.handles)
        says = self.random.choice(self.words[handle])
        text = f"{says} @{other} hola" if number % 3 == 0 else says
        conversation = self.shop.write(text, who=handle, ago=HOUR)
        match number % 4:
            case 0 if conversation:
                self.shop.desk.save_draft(conversation, f"{self.words[handle][0]} a medias")
            case 1 if conversation:
                self.shop.desk.reply(conversation, f"{self.words[handle][1]} respondido a @{handle}")
            case 2:
                self._quote(handle, other, number)

    def _quote(self, handle: str, other: str, number: int) -> None:
        """Show what one wrote in the conversation of another."""
        if handle != other:
            item = Incoming(
                f"ctx{number}",
                other,
                Direction.IN,
                NOW - HOUR,
                Person(handle, handle),
                Person(other, other),
                self.words[handle][2],
                context=True,
            )
            with self.shop.database.write() as c:
                ingest(c, self.shop.account("lola"), [item], NOW)


def read(folder: Path) -> bytes:
    """Return every byte of the folder, in small letters."""
    return b"".join(file.read_bytes().lower() for file in sorted(folder.rglob("*")) if file.is_file())


def said(path: Path, handle: str) -> set[str]:
    """Return what is in the conversations of everybody else, mentions left out, and not written by that one."""
    theirs = "conversation_id IN (SELECT c.id FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE p.handle <> ?)"
    with closing(sqlite3.connect(path)) as c:
        rows = c.execute(
            f"SELECT text FROM message WHERE {theirs} AND handle <> ?", (handle, handle)
        ).fetchall()
        for table in ("outbox", "draft"):
            rows += c.execute(f"SELECT text FROM {table} WHERE {theirs}", (handle,)).fetchall()
    return {text.split()[0] for (text,) in rows}


def erase_and_die(path: Path, handle: str, at: int) -> bool:
    """Erase somebody in a process that is gone at a step of SQL; returns whether it came to its end first."""
    child = os.fork()
    if child == 0:
        _count_down(at)
        desk = Desk(Database(path), ManualClock(NOW), Config(agent="eva"))
        desk.erase(desk.people(f"@{handle}"), at_once=True)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _count_down(at: int) -> None:
    """Die before the n-th statement that changes anything, in the desk or in a copy."""
    real, passed = sqlite3.connect, [0]

    def step(sql: str) -> None:
        if sql.split()[0].upper() not in ("SELECT", "PRAGMA", "--"):
            passed[0] += 1
            if passed[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    def connect(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*args, **kwargs)  # type: ignore[call-overload]
        connection.set_trace_callback(step)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]


def trial(folder: Path, kills: int, first: int) -> tuple[int, int]:
    """Kill that many erasures; returns how many died and how many came to their end."""
    died = ended = step = 0
    for number in range(kills):
        town = Town(folder / str(number), Random(first + number))
        path, handle = town.shop.database.path, town.handles[0]
        gone = {handle, *town.words[handle]}
        others = said(path, handle)
        step += 1
        if erase_and_die(path, handle, step):
            ended, step = ended + 1, 0
        else:
            died += 1
        database = Database(path)
        desk = Desk(database, ManualClock(NOW), Config())
        if people := desk.people(f"@{handle}"):
            assert desk.keep_terms().again or not _is_promised(path), f"seed {first + number}, step {step}"
            if people := desk.people(f"@{handle}"):  # it died before it had begun: somebody asks again
                desk.erase(people, at_once=True)
        else:
            desk.keep_terms()
        database.close()
        left = {word for word in gone if word.encode() in read(path.parent)}
        assert not left, f"seed {first + number}, step {step}: {left}"
        assert said(path, handle) == others, f"seed {first + number}, step {step}"
        with closing(sqlite3.connect(path)) as c:
            assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert c.execute("PRAGMA foreign_key_check").fetchall() == []
            c.execute("INSERT INTO message_fts(message_fts) VALUES ('integrity-check')")
    return died, ended


def _is_promised(path: Path) -> bool:
    ledger = path.with_name(f"{path.name}.erased")
    return ledger.exists() and b'"at"' in ledger.read_bytes()


def test_an_erasure_that_dies_is_finished_and_touches_nobody_else(tmp_path: Path) -> None:
    """Promise 14: short form."""
    died, ended = trial(tmp_path, 12, seed())
    assert died + ended == 12


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_an_erasure_dies_at_every_step(tmp_path: Path) -> None:
    """Promise 14: long form."""
    kills = int(os.environ.get("SOCIALDESK_KILLS", "400"))
    died, ended = trial(tmp_path, kills, seed())
    print(f"{died} erasures killed at {died // max(ended, 1)} steps each time round, {ended} to their end")
    assert died > ended
