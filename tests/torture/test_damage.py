"""A thousand damages of the desk file: all found, none made worse (promise 8 of docs/reliability.md)."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from helpers.damaging import CONTENT, STRUCTURAL, Damage, Roles, apply, roles
from helpers.killing import seed
from helpers.shop import NOW, Shop
from socialdesk.errors import DeskFileError
from socialdesk.storage import backup, damage, restoring
from socialdesk.storage.database import Database

OPENING, START, BACKUP, DOUBTED = (
    "when opened",
    "by the engine at start",
    "by the day's backup",
    "by the day's backup, as doubt",
)
NOWHERE = "not at all"


class Patient:
    """A desk of a few hundred conversations, with long texts, free pages and all that the search keeps."""

    def __init__(self, folder: Path, dice: Random, conversations: int) -> None:
        self.path = folder / "desk.db"
        shop = Shop(Database(self.path))
        words = ["pedido", "tienda", "zapatos", "gracias", "tarde", "cambio", "talla", "factura"]
        for number in range(conversations):
            long = number % 9 == 0
            text = " ".join(
                dice.choice(words) + str(dice.randrange(999)) for _ in range(2000 if long else 12)
            )
            shop.write(text, who=f"c{number}")
        with shop.database.write() as c:  # an upgrade, or an erasure, leaves free pages
            c.exec_driver_sql("CREATE TABLE former(x)")
            c.exec_driver_sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                " INSERT INTO former SELECT randomblob(3000) FROM n"
            )
            c.exec_driver_sql("DROP TABLE former")
        shop.database.close()
        made = backup.daily(self.path, NOW, 7)
        assert made is not None
        self.backup, self.good = made, made.read_bytes()
        self.whole = self.path.read_bytes()
        self.roles: Roles = roles(self.whole)

    def suffer(self, kind: Damage, dice: Random) -> str:
        """Be damaged and started; returns who found it. Nothing may change, whoever tries to write."""
        self._clean()
        before = apply(kind, self.path, self.whole, self.roles, dice)
        found = self._find()
        try:
            database = Database(self.path)
        except DeskFileError:
            pass
        else:
            if found not in (NOWHERE, DOUBTED):
                with pytest.raises(DeskFileError), database.write() as c:
                    c.exec_driver_sql("UPDATE outbox SET detail = 'worse'")
            database.close()
        assert found in (NOWHERE, DOUBTED) or self.path.read_bytes() == before, "made worse"
        return found

    def _find(self) -> str:
        try:
            database = Database(self.path)
        except DeskFileError as error:
            assert error.code in ("desk_damaged", "desk_foreign", "desk_unreadable", "desk_newer"), error.code
            return OPENING
        try:
            if faults := damage.examine(self.path):
                damage.note(self.path, faults[0])
                return START
            try:
                backup.daily(self.path, NOW + timedelta(days=1), 7)
                return DOUBTED if damage.is_doubted(self.path) else NOWHERE
            except DeskFileError as error:
                damage.note(self.path, error.detail)
                return BACKUP
        finally:
            database.close()

    def recover(self) -> None:
        """Go back to the backup."""
        restoring.restore(self.path, self.backup, NOW)
        with closing(sqlite3.connect(self.path)) as c:
            assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def _clean(self) -> None:
        for file in self.path.parent.rglob("*"):
            if file.is_file():
                file.unlink()
        self.backup.write_bytes(self.good)


def trial(
    folder: Path, kinds: Sequence[Damage], count: int, conversations: int, number: int
) -> Counter[tuple[str, str]]:
    """Damage a desk so often; returns what was found, and by whom."""
    dice = Random(number)
    patient = Patient(folder, dice, conversations)
    seen: Counter[tuple[str, str]] = Counter()
    for turn in range(count):
        kind = kinds[turn % len(kinds)]
        seen[kind.name, patient.suffer(kind, dice)] += 1
        if turn % 25 == 0:
            patient.recover()
    print(dict(_by_whom(seen)))
    return seen


def _by_whom(seen: Counter[tuple[str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (_kind, found), times in seen.items():
        counts[found] += times
    return counts


def check(seen: Counter[tuple[str, str]]) -> None:
    """Everything was found, and the day's backup, which there may be already, was hardly needed for that."""
    missed = {kind: times for (kind, found), times in seen.items() if found == NOWHERE}
    assert missed == {}
    counts = _by_whom(seen)
    assert counts[START] > counts[BACKUP] + counts[DOUBTED]


def test_structural_damage_is_found_and_not_made_worse(tmp_path: Path) -> None:
    """Promise 8: the short form."""
    check(trial(tmp_path, STRUCTURAL, 60, 60, seed()))


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a_thousand_structural_damages(tmp_path: Path) -> None:
    """Promise 8: the long form."""
    count = int(os.environ.get("SOCIALDESK_DAMAGES", "1000"))
    check(trial(tmp_path, STRUCTURAL, count, 300, seed()))


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_damage_of_the_content(tmp_path: Path) -> None:
    """Promise 8, what it does not cover: words and numbers carry no checksum. Measured, and never made worse."""
    count = int(os.environ.get("SOCIALDESK_DAMAGES", "300"))
    for (kind, found), times in sorted(trial(tmp_path, CONTENT, count, 300, seed()).items()):
        print(f"{kind}: {times} {found}")
