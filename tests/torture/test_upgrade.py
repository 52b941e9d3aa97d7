"""Killed in the middle of an upgrade, the desk is the old one or the new one, whole (promise 7 of docs/reliability.md).

Every version that there ever was is made anew and upgraded, so that the next migration is tried without a word here.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as Alembic
from alembic.script import ScriptDirectory

from helpers.fuse import Fuse
from helpers.killing import seed
from helpers.shop import Shop
from socialdesk.domain.models import Attachment, Media
from socialdesk.storage import damage, file, persons, upgrade
from socialdesk.storage.database import Database
from socialdesk.storage.writer import make_engine

VERSIONS = sorted(one.revision for one in ScriptDirectory(str(upgrade.MIGRATIONS)).walk_revisions())
OLD = ["", *VERSIONS[:-1]]
"""What an upgrade may begin with; "" is a desk that is being made."""
AT_A_BOUNDARY = 0.6
Rows = dict[str, list[tuple[Any, ...]]]


def full_desk(path: Path, messages: int) -> None:
    """Make a desk of today that has something in most of its tables."""
    shop = Shop(Database(path))
    for number in range(messages):
        conversation = shop.write(
            f"¿Llegó el pedido {number}?",
            who=f"c{number % 20}",
            ago=timedelta(minutes=number),
            title=f"Pedido {number}" if number % 5 == 0 else "",
            attachments=(Attachment(Media.IMAGE, description="la caja"),) if number % 3 == 0 else (),
        )
        if number % 7 == 0 and conversation:
            shop.desk.save_draft(conversation, f"borrador {number}")
        if number % 11 == 0 and conversation:
            shop.desk.reply(conversation, f"respuesta {number}")
    shop.database.close()


def of_version(path: Path, version: str, today: Path) -> None:
    """Make a desk of a former version, with all of today's content that it could hold."""
    file.make_place(path)
    if not version:
        return
    file._sign(path)
    settings, engine = Alembic(), make_engine(path)
    settings.set_main_option("script_location", str(upgrade.MIGRATIONS))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, version)
    engine.dispose()
    with closing(sqlite3.connect(path)) as c:
        c.execute("ATTACH ? AS today", (str(today),))
        for table, columns in columns_of(c, "main").items():
            common = ", ".join(one for one in columns if one in columns_of(c, "today").get(table, ()))
            if common and table != "alembic_version":
                c.execute(f"INSERT INTO main.{table}({common}) SELECT {common} FROM today.{table}")
        for index in persons.there(c, damage.INDEXES):
            c.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
        c.commit()


def columns_of(c: sqlite3.Connection, schema: str) -> dict[str, list[str]]:
    """Return the plain tables with their columns."""
    names = c.execute(
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return {name: [row[1] for row in c.execute(f"PRAGMA {schema}.table_info({name})")] for (name,) in names}


def content(path: Path, like: Rows | None = None) -> Rows:
    """Return all rows; of the columns of ``like`` where that is given."""
    with closing(damage.connect(path)) as c:
        found = {}
        for table, columns in columns_of(c, "main").items():
            if table != "alembic_version" and (like is None or table in like):
                kept = columns if like is None else like[table][0]
                rows = c.execute(f"SELECT {', '.join(kept)} FROM {table}").fetchall()
                found[table] = [tuple(kept), *sorted(rows, key=repr)]
        return found


class Upgrades:
    """One old desk, upgraded and killed again and again."""

    def __init__(self, folder: Path, version: str, today: Path) -> None:
        self.version, self.path = version, folder / "desk.db"
        of_version(self.path, version, today)
        self.old = self.path.read_bytes()
        self.rows = content(self.path) if version else {}
        self.boundaries, self.seconds = self._dry_run()

    def _dry_run(self) -> tuple[int, float]:
        reading, writing = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if not child:
            fuse = Fuse(0)
            fuse.lay()
            Database(self.path).close()
            os.write(writing, str(fuse._passed).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(writing)
        with os.fdopen(reading) as told:
            return int(told.read()), time.monotonic() - began

    def kill(self, dice: Random, boundary: int) -> str:
        """Begin to upgrade and be killed: at that boundary, or at a random moment where it is 0."""
        self._begin_anew()
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            try:
                Fuse(boundary).lay()
                Database(self.path)
            finally:
                os._exit(0)
        if not boundary:
            time.sleep(dice.uniform(0, self.seconds))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        return self._look(killed=os.WIFSIGNALED(status))

    def _begin_anew(self) -> None:
        for one in self.path.parent.iterdir():
            one.unlink()
        self.path.touch(mode=0o600)
        self.path.write_bytes(self.old)

    def _look(self, *, killed: bool) -> str:
        file._roll_back(self.path)  # as every start does
        now = file.version_of(self.path)
        assert now in (self.version, file.HEAD)
        if self.path.stat().st_size:
            assert damage.examine(self.path) == []
        if self.version:
            assert content(self.path, self.rows) == self.rows
        if now == file.HEAD and self.version:
            copy = self.path.with_name(f"desk.db.before-{self.version}")
            assert damage.examine_copy(copy) == []
            assert content(copy) == self.rows
        Database(self.path).close()
        assert file.version_of(self.path) == file.HEAD
        assert content(self.path, self.rows) == self.rows
        left = [one.name for one in self.path.parent.iterdir() if one.name.endswith(".new")]
        assert not left or now == file.HEAD, left
        return ("new" if now == file.HEAD else "old") if killed else "not killed in time"


def trial(folder: Path, version: str, kills: int, messages: int, number: int) -> Counter[str]:
    """Kill so many upgrades; returns what was found after them."""
    dice = Random(f"{number} {version}")
    today, place = folder / "today.db", folder / "old"
    full_desk(today, messages)
    upgrades = Upgrades(place, version, today)
    seen: Counter[str] = Counter(boundaries=upgrades.boundaries)
    for turn in range(kills):
        at_boundary = turn < kills * AT_A_BOUNDARY
        boundary = 1 + turn * upgrades.boundaries // int(kills * AT_A_BOUNDARY + 1) if at_boundary else 0
        seen[upgrades.kill(dice, boundary)] += 1
    print(f"from {version or 'nothing'}: {dict(seen)}")
    return seen


@pytest.fixture(autouse=True)
def quiet_forks() -> Iterator[None]:
    """Nothing of a former test may be cleaned up in a child."""
    import gc

    gc.collect()
    yield


@pytest.mark.parametrize("version", OLD)
def test_an_upgrade_that_is_killed_leaves_the_old_desk_or_the_new(tmp_path: Path, version: str) -> None:
    """Promise 7: the short form."""
    seen = trial(tmp_path, version, 8, 40, seed())
    assert seen["old"]


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("version", OLD)
def test_two_hundred_kills_in_every_upgrade(tmp_path: Path, version: str) -> None:
    """Promise 7: the long form; at every statement, and at random."""
    kills = int(os.environ.get("SOCIALDESK_KILLS", "200"))
    done = trial(tmp_path, version, kills, 400, seed())
    while (short := kills - done["old"] - done["new"]) > 0:  # some ended before their moment came
        done += trial(tmp_path / str(short), version, max(short, 5), 400, seed() + short)
    assert done["old"]
    assert done["new"]
