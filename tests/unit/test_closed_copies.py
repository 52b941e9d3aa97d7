"""Erasing whom encrypted backups know whose key is not at hand (promise 14 of docs/reliability.md)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from helpers.sealed import needs_cipher, seal
from helpers.shop import NOW, Shop
from socialdesk import paths
from socialdesk.storage import backup, keys, retention, scouring, sealing
from socialdesk.storage.connecting import connect
from socialdesk.storage.database import Database

pytestmark = needs_cipher


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> tuple[Path, bytes]:
    """A desk that was encrypted once, and the key of its backups, which is lost; a plain backup as well."""
    path = paths.find().database
    shop = Shop(Database(path))
    shop.write("verborrea", who="zoraida")
    shop.write("hola", who="berta")
    shop.database.close()
    key = seal(path)
    for days in (1, 2):
        backup.back_up(path, backup.place(path, NOW - timedelta(days=days)))
    sealing.seal(path, b"")
    backup.back_up(path, backup.place(path, NOW))
    monkeypatch.setattr(keys, "_known", {})
    (path.parent / "keys.json").unlink()
    return path, key


CLOSED = ["desk-2026-02-28-120000.db", "desk-2026-03-01-120000.db"]


def known(path: Path) -> set[str]:
    """Return in which copies zoraida can be found; their key is known again."""
    found = set()
    for copy in backup.all_of(path):
        c = connect(copy.path, readonly=True)
        if c.execute("SELECT 1 FROM contact WHERE handle = 'zoraida'").fetchone():
            found.add(copy.path.name)
        c.close()
    return found


def soil(path: Path) -> int:
    """Return what the desk remembers of what is left."""
    database = Database(path)
    found = retention.soil(database.read())
    database.close()
    return found


def test_an_erasure_names_what_it_could_not_look_into_until_the_key_is_given(
    run: Run, desk: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never says that they are gone from there; with the key they go."""
    path, key = desk
    done = run("erase", "zoraida", "--now", "--yes")
    assert done.code == 3
    assert "its logs and the backups that can be opened." in done.out
    for name in CLOSED:
        assert f"{name} is encrypted with a key that is not at hand: they may still be in it." in done.out
    assert "--enter-key" in done.out
    assert soil(path) == 3
    assert run("erase", "--due").code == 0
    assert soil(path) == 3
    monkeypatch.setenv("DESK_KEY", keys.spell(key))
    entered = run("encrypt", "--enter-key", "--secret-env", "DESK_KEY")
    assert entered.code == 0, entered.err
    for name in CLOSED:
        assert f"Who had been erased is erased from {name} too." in entered.out
    assert known(path) == set()
    assert soil(path) == 0


def test_a_list_of_keys_that_is_put_back_is_noticed(run: Run, desk: tuple[Path, bytes]) -> None:
    """By the engine's daily look, which otherwise does nothing for copies that stay closed."""
    path, key = desk
    assert run("erase", "zoraida", "--now", "--yes", "--json").json["closed"] == CLOSED
    keys.remember(key, "env:DESK_KEY")
    assert len(known(path)) == 2
    assert run("erase", "--due").code == 0
    assert known(path) == set()
    assert soil(path) == 0


def test_copies_that_stay_closed_cost_nothing_at_each_look(
    run: Run, desk: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the desk nor a backup is written anew again and again."""
    run("erase", "zoraida", "--now", "--yes")
    for work in ("scour", "sweep"):
        monkeypatch.setattr(scouring, work, lambda *_args: pytest.fail("was done again"))
    assert run("erase", "--due").out == "Nothing is due.\n"


def test_desk_files_that_nobody_knows_are_named_and_left(run: Run, desk: tuple[Path, bytes]) -> None:
    """A copy under a name of the person's own, beside the desk; another desk there and its backups are none of ours."""
    path, _key = desk
    for copy in path.parent.joinpath("backups").iterdir():
        if copy.name in CLOSED:
            copy.unlink()
    own = path.with_name("mine.db")
    backup.back_up(path, own)
    other = Shop(Database(path.with_name("shop2.db")))
    backup.daily(other.database.path, NOW, 7)
    other.database.close()
    before = own.read_bytes()
    done = run("erase", "zoraida", "--now", "--yes")
    assert done.code == 0
    assert "mine.db was not made by this desk and is as it was" in done.out
    assert "shop2" not in done.out
    assert own.read_bytes() == before


@pytest.fixture
def others(run: Run, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """An encrypted desk whose key comes from a variable; returns another desk's key, which comes from another."""
    other = keys.new()
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.setenv("DESK_KEY", keys.spell(keys.new()))
    monkeypatch.setenv("OTHER_KEY", keys.spell(other))
    assert run("encrypt", "--yes", "--secret-env", "DESK_KEY").code == 0
    return other


def test_a_key_of_the_copies_alone_is_kept_and_told(run: Run, others: bytes) -> None:
    """M4: where the desk's own can be read."""
    entered = run("encrypt", "--enter-key", "--secret-env", "OTHER_KEY")
    assert entered.code == 0
    assert "It is not the one of the desk" in entered.out
    assert keys.is_at_hand(keys.mark_for(others), paths.find().database)


def test_another_desks_key_is_refused_where_ours_cannot_be_read(
    run: Run, others: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M4: it said that the key was kept, and the desk stayed shut."""
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.setenv("NEW_NAME", os.environ["DESK_KEY"])
    monkeypatch.delenv("DESK_KEY")
    refused = run("encrypt", "--enter-key", "--secret-env", "OTHER_KEY")
    assert refused.code == 1
    assert "not the key with which the desk file is encrypted" in refused.err
    assert not keys.is_at_hand(keys.mark_for(others), paths.find().database)
    assert run("encrypt", "--enter-key", "--secret-env", "NEW_NAME").code == 0
    assert run("queue").code == 0
