"""An encrypted desk (issue 5): nothing of it can be read on the disk, and everything works on it as on any other."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import NOW
from helpers.sealed import needs_cipher, new_key, seal, tellers
from helpers.shop import Shop
from socialdesk import paths
from socialdesk.errors import DeskBusy, DeskFileError, Refused
from socialdesk.storage import backup, cipher, damage, keys, restoring, sealing
from socialdesk.storage.connecting import connect
from socialdesk.storage.database import Database
from socialdesk.storage.marks import mark_of

pytestmark = needs_cipher
WORDS = b"zapatos-de-prueba"


@pytest.fixture
def shop() -> Shop:
    """A desk with forty messages, not encrypted."""
    place = paths.find().database
    shop = Shop(Database(place))
    for n in range(40):
        shop.write(f"{WORDS.decode()} {n}", who=f"c{n % 7}", ago=timedelta(minutes=n))
    return shop


def sealed(shop: Shop) -> Path:
    """Encrypt the desk, which is closed; returns its path."""
    shop.database.close()
    seal(shop.database.path)
    return shop.database.path


def texts(path: Path) -> list[str]:
    """Return all messages, by an own connection."""
    with closing(damage.connect(path)) as c:
        return [row[0] for row in c.execute("SELECT text FROM message ORDER BY id")]


def test_nothing_can_be_read_in_any_file_while_the_desk_is_used(shop: Shop) -> None:
    """Desk, log, index of the log, backups, copies, leftovers: no word of a message."""
    before = shop.database.read().all("SELECT * FROM message ORDER BY id")
    backup.daily(shop.database.path, NOW, 7)
    assert tellers(shop.database.path.parent, WORDS), "they can be read before"
    path = sealed(shop)
    assert sealing.seal_copies(path).done == ("desk-2026-11-22.db",)
    database = Database(path)
    assert database.read().all("SELECT * FROM message ORDER BY id") == before
    with database.write() as c:
        c.exec_driver_sql("UPDATE message SET text = text || ?", (f" {WORDS.decode()}",))
        assert tellers(path.parent, WORDS) == []
    assert path.with_name("desk.db-wal").stat().st_size
    found = database.read().all("SELECT count(*) FROM message_fts WHERE message_fts MATCH 'prueba'")
    assert found == [(40,)]
    backup.back_up(path, backup.place(path, NOW))
    assert tellers(path.parent, WORDS) == []
    database.close()
    assert tellers(path.parent, WORDS) == []


def test_it_is_whole_and_taken_off_again(shop: Shop) -> None:
    """Every row and index is the same, there and back; the plain file passes the strict look at its header."""
    before = texts(shop.database.path)
    path = sealed(shop)
    assert damage.examine(path) == damage.examine_copy(path) == damage.doubts(path) == []
    assert texts(path) == before
    sealing.seal(path, b"")
    assert path.read_bytes().startswith(b"SQLite format 3\0")
    Database(path).close()
    assert damage.examine_copy(path) == damage.doubts(path) == []
    assert texts(path) == before


def test_a_copy_that_is_not_the_same_never_takes_the_place(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lacks a row or has other words in one is refused; the desk is as it was."""
    shop.database.close()
    path, mark, convert = shop.database.path, keys.mark_for(new_key()), cipher.convert
    for sql in (
        "UPDATE message SET text = 'x' WHERE id = (SELECT max(id) FROM message)",
        "DELETE FROM alembic_version",
        "DROP TRIGGER audit_kept",
    ):

        def careless(source: Path, target: Path, mark: bytes, sql: str = sql) -> None:
            convert(source, target, mark)
            with closing(connect(target, mark=mark)) as c:
                c.execute(sql)

        monkeypatch.setattr(cipher, "convert", careless)
        with pytest.raises(DeskFileError) as caught:
            sealing.seal(path, mark)
        assert caught.value.code == "desk_not_sealed"
        assert not mark_of(path)
        assert len(texts(path)) == 40
        assert not [one for one in path.parent.iterdir() if one.name.endswith(".new")]


def test_who_has_it_open_is_waited_for(shop: Shop) -> None:
    """While a screen or an engine works, nothing is touched; so with another program that reads the file."""
    path, mark = shop.database.path, keys.mark_for(new_key())
    with pytest.raises(Refused, match=r"^$") as caught:
        sealing.seal(path, mark)
    assert caught.value.code == "desk_in_use"
    shop.database.close()
    Database(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT count(*) FROM message").fetchone()
        with pytest.raises((DeskBusy, DeskFileError)):
            sealing.seal(path, mark)
    assert not mark_of(path)
    sealing.seal(path, mark)
    assert mark_of(path) == mark


def _without_key(_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_known", {})
    (paths.find().data / "keys.json").unlink()


def _secret_gone(_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_known", {})
    (paths.find().data / "secrets.json").unlink()


def _other_key(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.setenv("DESK_KEY", keys.spell(keys.new()))
    place = paths.find().data / "keys.json"
    place.write_text(f'{{"{mark_of(path).hex()}": "env:DESK_KEY"}}')


def _list_spoilt(_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_known", {})
    (paths.find().data / "keys.json").write_text("{")


def _list_of_another_kind(_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_known", {})
    (paths.find().data / "keys.json").write_text("[1]")


def _without_cipher(_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cipher._driver.cache_clear()
    monkeypatch.setitem(sys.modules, "sqlcipher3.dbapi2", None)


def _first_page(path: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(path, 100)


def _cut(path: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)


def _stub(path: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(path.read_bytes()[:50])


def spoil(path: Path, at: int) -> None:
    """Turn one bit."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_without_key, "desk_no_key"),
        (_secret_gone, "desk_key_unread_plain"),
        (_other_key, "desk_key_other"),
        (_list_spoilt, "desk_keys_unread"),
        (_list_of_another_kind, "desk_keys_unread"),
        (_without_cipher, "desk_no_cipher"),
        (_first_page, "desk_damaged"),
        (_cut, "desk_damaged"),
        (_stub, "desk_damaged"),
    ],
)
def test_a_lost_key_and_a_damaged_file_are_told_apart(
    shop: Shop, harm: Callable[[Path, pytest.MonkeyPatch], None], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own words, and the file is left untouched."""
    path = sealed(shop)
    harm(path, monkeypatch)
    before = path.read_bytes()
    with pytest.raises(DeskFileError) as caught:
        Database(path)
    cipher._driver.cache_clear()
    assert caught.value.code == code
    assert path.read_bytes() == before


def test_any_bit_that_turns_is_found(shop: Shop) -> None:
    """Promise 8: every page is authenticated, so that even words are; where a plain desk could not know."""
    path = sealed(shop)
    good = path.read_bytes()
    for page in range(1, len(good) // 4096):
        path.write_bytes(good)
        spoil(path, page * 4096 + (page * 1237) % 4000)
        with pytest.raises(DeskFileError) as caught:
            backup.back_up(path, path.with_name("copy.db"), thorough=True)
        assert caught.value.code == "desk_damaged"


def test_backups_are_encrypted_and_restored(shop: Shop) -> None:
    """A backup needs the same key; one from before the encryption comes back encrypted."""
    path, before = shop.database.path, texts(shop.database.path)
    old = path.with_name("old.db")
    backup.back_up(path, old)
    sealed(shop)
    kept = backup.place(path, NOW)
    backup.back_up(path, kept)
    assert mark_of(kept) == mark_of(path)
    for source in (kept, old):
        restoring.restore(path, source, NOW)
        assert mark_of(path)
        assert texts(path) == before


def test_an_encrypted_backup_comes_back_where_there_was_no_desk(shop: Shop) -> None:
    """On a new machine, once the key was entered."""
    path = sealed(shop)
    shutil.move(path, path.with_name("moved.db"))
    restoring.restore(path, path.with_name("moved.db"), NOW)
    assert mark_of(path)
    assert len(texts(path)) == 40


def test_copies_that_cannot_be_encrypted_are_named(shop: Shop) -> None:
    """A damaged backup stays as it is, for whoever can still save something; the others keep their age."""
    path = shop.database.path
    for day in (3, 4):
        backup.daily(path, NOW - timedelta(days=day), 7)
    good, bad = sorted((path.parent / "backups").iterdir())
    with bad.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096)
    made = good.stat().st_mtime_ns
    sealed(shop)
    done = sealing.seal_copies(path)
    assert (done.done, done.left) == ((good.name,), (bad.name,))
    assert good.stat().st_mtime_ns == made
    assert sealing.plain_copies(path) == [bad]


def test_an_upgrade_of_an_encrypted_desk_keeps_an_encrypted_copy(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 7: the copy from before the migration can be read by nobody else either."""
    from alembic import command

    from socialdesk.storage import upgrade

    path = sealed(shop)
    monkeypatch.setattr(command, "upgrade", lambda *_args: None)
    upgrade.upgrade(path, "0003")
    copy = path.with_name("desk.db.before-0003")
    assert mark_of(copy) == mark_of(path)
    assert tellers(path.parent, WORDS) == []


def test_a_new_desk_can_be_encrypted_before_its_first_message() -> None:
    """Nothing was ever plain then."""
    path = paths.find().database
    seal(path)
    shop = Shop(Database(path))
    shop.write(WORDS.decode())
    assert tellers(path.parent, WORDS) == []
    shop.database.close()


def test_who_does_not_encrypt_pays_nothing(shop: Shop) -> None:
    """Neither the driver nor what handles keys is loaded for a plain desk."""
    shop.database.close()
    code = (
        "import sys; from pathlib import Path; from socialdesk.storage.database import Database\n"
        f"d = Database(Path({str(shop.database.path)!r})); d.read().all('SELECT 1'); d.close(); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"sqlcipher3", "socialdesk.storage.cipher", "socialdesk.storage.keys"}.isdisjoint(loaded.split())


def test_the_former_file_is_never_written_over(shop: Shop) -> None:
    """Promise 8: what takes its place does so in one step, so that a death leaves the one or the other."""
    shop.database.close()
    path = shop.database.path
    with closing(connect(path)) as c:
        c.execute("PRAGMA journal_mode=DELETE")
    former, kept = path.read_bytes(), path.with_name("kept")
    kept.hardlink_to(path)
    seal(path)
    assert kept.read_bytes() == former
    assert path.stat().st_ino != kept.stat().st_ino


def test_who_is_erased_is_erased_from_encrypted_backups(shop: Shop) -> None:
    """Promise 14: they are written anew with the same key; one whose key nobody has stays a letter to nobody."""
    path = sealed(shop)
    kept, foreign = backup.place(path, NOW), path.with_name("foreign.db")
    backup.back_up(path, kept)
    foreign.write_bytes(keys.mark_for(keys.new()) + kept.read_bytes()[16:])
    before = foreign.read_bytes()
    again = Shop(Database(path))
    done = again.desk.erase(again.desk.people("c1"), at_once=True)
    again.database.close()
    assert done.backups == (kept.name,)
    assert done.deleted == ()
    assert mark_of(kept) == mark_of(path)
    for file in (path, kept):
        assert len(texts(file)) == 34
    assert foreign.read_bytes() == before


def test_a_backup_without_a_key_is_not_taken_for_the_desk(shop: Shop) -> None:
    """The words are about the backup, and the desk stays as it is."""
    path = sealed(shop)
    foreign = path.with_name("foreign.db")
    foreign.write_bytes(keys.mark_for(keys.new()) + path.read_bytes()[16:])
    with pytest.raises(DeskFileError) as caught:
        restoring.restore(path, foreign, NOW)
    assert caught.value.code == "backup_no_key"
    assert len(texts(path)) == 40
