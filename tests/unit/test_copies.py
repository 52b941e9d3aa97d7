"""Two desks in one folder: neither touches the other, nor its copies (promises 8 and 14 of docs/reliability.md)."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.sealed import needs_cipher, seal, tellers
from helpers.shop import NOW, Shop
from socialdesk.storage import backup, copies, damage, sealing
from socialdesk.storage.database import Database
from socialdesk.storage.marks import mark_of

DAY = timedelta(days=1)


def open_shop(folder: Path, name: str) -> Shop:
    """Open a desk of that name; the same two customers write to each."""
    shop = Shop(Database(folder / name))
    shop.write("verborrea", who="zoraida")
    shop.write("hola", who="berta")
    return shop


def texts(path: Path) -> list[str]:
    """Return what is written in a desk file."""
    with closing(damage.connect(path)) as c:
        return [row[0] for row in c.execute("SELECT text FROM message ORDER BY id")]


@pytest.mark.parametrize("other", ["shop2.db", "shop-eu.db", "shop.sqlite", "shop"])
def test_an_erasure_leaves_the_other_desk_and_its_copies_alone(tmp_path: Path, other: str) -> None:
    """Promise 14: the other desk is in use; its file, its log, its backups and its drafts stay, byte for byte."""
    one, two = open_shop(tmp_path, "shop.db"), open_shop(tmp_path, other)
    for shop in (one, two):
        backup.daily(shop.database.path, NOW, 7)
        backup.back_up(shop.database.path, backup.place(shop.database.path, NOW))
        backup.back_up(
            shop.database.path, shop.database.path.with_name(f"{shop.database.path.name}.before-0003")
        )
    path = two.database.path
    theirs = [copy.path for copy in backup.all_of(path)]
    assert len(theirs) == 3
    draft = path.with_name(f".{path.name}.1.new")
    draft.write_bytes(b"being written")
    log = path.with_name(f"{path.name}-wal")
    before = {file: (file.stat().st_ino, file.read_bytes()) for file in (path, log, draft, *theirs)}
    done = one.desk.erase(one.desk.people("zoraida"), at_once=True)
    assert len(done.backups) == 3
    assert {file: (file.stat().st_ino, file.read_bytes()) for file in before} == before
    two.write("vuelvo", who="zoraida")
    for shop in (one, two):
        shop.database.close()
    assert texts(one.database.path) == ["hola"]
    assert texts(path) == ["verborrea", "hola", "vuelvo"]


@pytest.mark.parametrize("other", ["shop-eu.db", "shop.sqlite", "shop"])
def test_each_desk_lists_and_removes_its_own_backups(tmp_path: Path, other: str) -> None:
    """Promise 8: a restore never offers another desk's backup, and the pruning of days takes none of them."""
    one, two = open_shop(tmp_path, "shop.db"), open_shop(tmp_path, other)
    theirs = backup.daily(two.database.path, NOW, 7)
    for days in range(3):
        mine = backup.daily(one.database.path, NOW + days * DAY, 1)
    assert [copy.path for copy in backup.all_of(one.database.path)] == [mine]
    assert [copy.path for copy in backup.all_of(two.database.path)] == [theirs]
    for shop in (one, two):
        shop.database.close()


def test_a_desk_of_another_ending_keeps_the_backups_of_old(tmp_path: Path) -> None:
    """Promise 8: those of every desk ended in .db once."""
    shop = open_shop(tmp_path, "shop.sqlite")
    made = backup.daily(shop.database.path, NOW, 7)
    assert made is not None and made.name == "shop-2026-03-02.sqlite"
    old = made.rename(made.with_name("shop-2026-03-01.db"))
    assert [copy.path for copy in backup.all_of(shop.database.path)] == [old]
    assert backup.all_of(shop.database.path)[0].at.day == 1
    shop.database.close()


@needs_cipher
def test_encrypting_leaves_the_other_desk_and_its_copies_alone(tmp_path: Path) -> None:
    """Its owner has another key."""
    one, two = open_shop(tmp_path, "shop.db"), open_shop(tmp_path, "shop2.db")
    for shop in (one, two):
        backup.daily(shop.database.path, NOW, 7)
        shop.database.close()
    seal(one.database.path)
    done = sealing.seal_copies(one.database.path)
    assert (done.done, done.left) == (("shop-2026-03-02.db",), ())
    theirs = [two.database.path, *copies.own(two.database.path)]
    assert [mark_of(file) for file in theirs] == [b"", b""]


@pytest.mark.parametrize("name", ["desk.db", "desk [2].db"])
def test_what_a_death_has_left_of_the_desk_is_removed(tmp_path: Path, name: str) -> None:
    """M12: a decryption that was killed leaves all of the desk in plain text; the daily look takes it away."""
    shop = open_shop(tmp_path, name)
    path = shop.database.path
    kept = backup.daily(path, NOW, 7)
    assert kept is not None
    for file in (path, kept):
        for ending in ("", "-journal"):
            file.with_name(f".{file.name}.30300.new{ending}").write_bytes(b"zapatos-de-prueba")
    with backup.copying(path):
        assert backup.daily(path, NOW, 7) is None
    assert len(tellers(tmp_path, b"zapatos-de-prueba")) == 4, "somebody is at work"
    assert backup.daily(path, NOW, 7) is None
    assert tellers(tmp_path, b"zapatos-de-prueba") == []
    shop.database.close()


def test_backups_of_days_to_come_go_before_the_one_of_today(tmp_path: Path) -> None:
    """M11: a week with a clock years ahead."""
    shop = open_shop(tmp_path, "desk.db")
    path = shop.database.path
    for days in range(3):
        backup.daily(path, NOW.replace(year=9036) + days * DAY, 3)
    made = backup.daily(path, NOW, 3)
    assert made is not None and made.exists()
    assert len(backup.all_of(path)) == 3
    newest = backup.newest(path)
    assert newest is not None and newest.path == made
    for days in (1, 2):
        assert backup.daily(path, NOW + days * DAY, 3)
    assert [copy.at.year for copy in backup.all_of(path)] == [2026] * 3
    shop.database.close()
