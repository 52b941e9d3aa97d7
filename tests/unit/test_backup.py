"""Backups of the desk, and putting one back (promises 7, 8 and 13 of docs/reliability.md)."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import NOW, Shop
from socialdesk.domain.models import Delivery
from socialdesk.errors import DeskFileError, NotFound, Refused
from socialdesk.storage import approvals, backup, copies, damage, restoring
from socialdesk.storage.database import Database
from socialdesk.storage.marks import APPLICATION_ID
from socialdesk.wording import explain_error

ALL_STATES = (
    "queued",
    "sending",
    "retry_wait",
    "unknown",
    "awaiting_approval",
    "needs_person",
    "failed",
    "sent",
    "cancelled",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk in a folder of its own, with a customer."""
    shop = Shop(Database(tmp_path / "data" / "desk.db"))
    shop.write("¿Abrís el sábado?")
    yield shop
    shop.database.close()


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as c:
        return [row[0] for row in c.execute("SELECT text FROM message ORDER BY id")]


def spoil(path: Path, table: str = "message") -> None:
    """Write nonsense over the first page of a table."""
    with closing(sqlite3.connect(path)) as c:
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = c.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def test_a_backup_of_a_desk_in_use_holds_everything_and_is_private(shop: Shop, tmp_path: Path) -> None:
    """Promises 8 and 13: what lies in the log only is there as well."""
    former = os.umask(0o022)
    target = tmp_path / "elsewhere" / "copy.db"
    try:
        backup.back_up(shop.database.path, target)
    finally:
        os.umask(former)
    assert words(target) == ["¿Abrís el sábado?"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]


def test_one_backup_a_day_and_so_many_are_kept(shop: Shop) -> None:
    """Promise 8: the newest are kept, and what a person has asked for stays."""
    path = shop.database.path
    backup.back_up(path, backup.place(path, NOW - timedelta(days=99)))
    made = [backup.daily(path, NOW + timedelta(hours=6 * n), 3) for n in range(20)]
    assert sum(one is not None for one in made) == 6
    kept = [one.path.name for one in backup.all_of(path)]
    assert kept == [
        "desk-2026-03-07.db",
        "desk-2026-03-06.db",
        "desk-2026-03-05.db",
        "desk-2025-11-23-120000.db",
    ]


def test_no_backups_where_none_are_wanted(shop: Shop) -> None:
    """Promise 8: keep = 0 switches them off and removes nothing."""
    backup.daily(shop.database.path, NOW, 3)
    assert backup.daily(shop.database.path, NOW + timedelta(days=9), 0) is None
    assert len(backup.all_of(shop.database.path)) == 1


@pytest.mark.parametrize("table", ["message", "ix_outbox_state", "message_fts_data"])
def test_a_damaged_desk_takes_no_good_backups_place(shop: Shop, table: str) -> None:
    """Promise 8: damage in rows, in an index or in the search's index is found before a backup counts."""
    path = shop.database.path
    first = backup.daily(path, NOW, 1)
    spoil(path, table)
    with pytest.raises(DeskFileError) as caught:
        backup.daily(path, NOW + timedelta(days=1), 1)
    assert caught.value.code == "desk_damaged"
    assert [one.path for one in backup.all_of(path)] == [first]
    assert list(copies.folder_of(path).iterdir()) == [first], "no half copy is left"


def test_nobody_writes_a_desk_that_is_known_to_be_damaged(shop: Shop) -> None:
    """Promise 8: what is there can be read; nothing is added to it until it is whole again."""
    path = shop.database.path
    damage.note(path, "Page 7 is never used")
    with pytest.raises(DeskFileError, match="Page 7") as caught:
        shop.write("¿Hola?")
    assert caught.value.code == "desk_damaged"
    assert words(path) == ["¿Abrís el sábado?"]
    damage.clear(path)
    shop.write("¿Hola?")
    assert len(words(path)) == 2


def test_damage_met_while_writing_stops_all_writing(shop: Shop) -> None:
    """Promise 8: the first who stumbles over it tells everybody."""
    path = shop.database.path
    shop.database.close()
    spoil(path, "outbox")
    with pytest.raises(DeskFileError), shop.database.write() as c:
        c.exec_driver_sql("UPDATE outbox SET detail = 'x'")
    assert damage.noted(path) is not None


def test_restore_brings_back_and_keeps_the_present_file_with_its_log(shop: Shop) -> None:
    """Promise 8: nothing of the present desk is lost, not even what lies in its log only."""
    path = shop.database.path
    copy = backup.daily(path, NOW, 7)
    assert copy is not None
    shop.write("Y el domingo?")
    log = path.with_name("desk.db-wal").read_bytes()
    os.link(path.with_name("desk.db-wal"), path.with_name("kept-wal"))  # as a kill leaves it
    main = path.read_bytes()
    shop.database.close()
    path.write_bytes(main)
    path.with_name("desk.db-wal").write_bytes(log)

    done = restoring.restore(path, copy, NOW)

    assert words(path) == ["¿Abrís el sábado?"]
    assert done.aside is not None
    assert done.aside.with_name(f"{done.aside.name}-wal").read_bytes() == log
    assert words(done.aside) == ["¿Abrís el sábado?", "Y el domingo?"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    back = restoring.restore(path, done.aside, NOW)
    assert words(path) == ["¿Abrís el sábado?", "Y el domingo?"]
    assert back.aside is not None


def test_a_reply_that_may_have_left_since_does_not_leave_again(shop: Shop) -> None:
    """Promises 1 and 8: after a restore nobody knows, so a person looks; what was settled stays so."""
    path, number = shop.database.path, shop.write("¿Y bien?")
    with shop.database.write() as c:
        for state in ALL_STATES:
            c.exec_driver_sql(
                "INSERT INTO outbox(conversation_id, account_id, text, private, state, key, attempts, agent, reason,"
                " detail, url, created_at, next_attempt_at) VALUES (?, 1, ?, 0, ?, 'k', 1, 'eva', '', '', '', 0, 0)",
                (number, state, state),
            )
    copy = backup.daily(path, NOW, 7)
    shop.database.close()
    assert copy is not None
    assert restoring.restore(path, copy, NOW).held == 4
    states = {item.text: (item.state, item.reason) for item in shop.desk.outbox(all_states=True)}
    for state in ("queued", "sending", "retry_wait", "unknown"):
        assert states[state] == (Delivery.NEEDS_PERSON, "restored")
    for state in ("needs_person", "failed", "sent", "cancelled"):
        assert states[state] == (Delivery(state), "")
    assert states["awaiting_approval"] == (Delivery.AWAITING_APPROVAL, "restored")
    waiting = next(item.id for item in shop.desk.outbox() if item.text == "awaiting_approval")
    seen = shop.desk.thread(number).seen
    with shop.database.write() as c:
        approvals.approve(c, waiting, approvals.Word("ana", (), seen=seen), NOW, NOW)
    approved = next(item for item in shop.desk.outbox() if item.id == waiting)
    assert (approved.state, approved.reason) == (Delivery.NEEDS_PERSON, "restored"), (
        "approved, not sent twice"
    )


def test_nothing_is_restored_under_the_feet_of_who_works(shop: Shop) -> None:
    """Promise 8: a screen, an engine or a command has the desk open."""
    copy = backup.daily(shop.database.path, NOW, 7)
    assert copy is not None
    with pytest.raises(Refused) as caught:
        restoring.restore(shop.database.path, copy, NOW)
    assert caught.value.code == "desk_in_use"


def test_a_backup_that_is_none_touches_nothing(shop: Shop, tmp_path: Path) -> None:
    """Promises 7 and 8: a damaged, foreign or newer file is refused before the desk is touched."""
    path = shop.database.path
    good = backup.daily(path, NOW, 7)
    assert good is not None
    shop.database.close()
    before = path.read_bytes()
    names = ("broken", "cut", "newer", "foreign", "empty", "bare")
    broken, cut, newer, foreign, empty, bare = files = [tmp_path / f"{name}.db" for name in names]
    for one in (broken, cut, newer):
        one.write_bytes(good.read_bytes())
    cut.write_bytes(good.read_bytes()[:50_000])
    empty.touch()
    with closing(sqlite3.connect(bare)) as c:
        c.execute(f"PRAGMA application_id={APPLICATION_ID}")
        c.execute("VACUUM")
    spoil(broken)
    with closing(sqlite3.connect(newer)) as c:
        c.execute("UPDATE alembic_version SET version_num = '9999'")
        c.commit()
    foreign.write_text("Querida Ana: " * 99)
    for one in files:
        with pytest.raises(DeskFileError) as caught:
            restoring.restore(path, one, NOW)
        assert caught.value.code == "backup_unusable", one.name
        assert str(one) in caught.value.detail
        told = str(explain_error(caught.value))
        assert "The desk was left as it is." in told and 'restore" lists the others' in told
    with pytest.raises(NotFound):
        restoring.restore(path, tmp_path / "none.db", NOW)
    assert path.read_bytes() == before
    assert damage.noted(path) is None


def test_a_lost_desk_comes_back(shop: Shop) -> None:
    """Promise 8: the desk file itself may be gone."""
    copy = backup.daily(shop.database.path, NOW, 7)
    shop.database.close()
    shop.database.path.unlink()
    assert copy is not None
    assert restoring.restore(shop.database.path, copy, NOW).aside is None
    assert words(shop.database.path) == ["¿Abrís el sábado?"]


@pytest.mark.parametrize("gone", [True, False])
def test_a_desk_that_has_vanished_is_not_begun_anew_beside_its_backups(shop: Shop, gone: bool) -> None:
    """Promise 8: a power cut leaves an empty file, a hand no file at all; both are told, and a restore is offered."""
    path = shop.database.path
    kept = words(path)
    backup.daily(path, shop.clock.now(), 7)
    shop.database.close()
    path.unlink()
    if not gone:
        path.touch()
    with pytest.raises(DeskFileError) as told:
        Database(path)
    assert told.value.code == "desk_lost"
    newest = backup.newest(path)
    assert newest is not None
    restoring.restore(path, newest.path, shop.clock.now())
    assert words(path) == kept


def test_a_desk_whose_beginning_was_written_over_is_damaged_and_no_stranger_s(shop: Shop) -> None:
    """Promise 8: who is told to move it away would begin with an empty desk."""
    path = shop.database.path
    backup.daily(path, shop.clock.now(), 7)
    shop.database.close()
    path.write_bytes(b"hola" + path.read_bytes()[4:])
    with pytest.raises(DeskFileError) as told:
        Database(path)
    assert told.value.code == "desk_damaged"


def test_a_restored_desk_that_was_marked_is_written_again(shop: Shop) -> None:
    """Promise 8: the way out of a damaged desk."""
    path = shop.database.path
    copy = backup.daily(path, NOW, 7)
    shop.database.close()
    assert copy is not None
    spoil(path)
    damage.note(path, "btreeInitPage() returns error code 11")
    restoring.restore(path, copy, NOW)
    shop.write("Ya está")
    assert damage.noted(path) is None
    assert words(path)[-1] == "Ya está"


def test_a_backup_of_an_older_desk_is_brought_up_to_date(shop: Shop) -> None:
    """Promises 7 and 8: a restore may go back beyond an upgrade of the program."""
    from alembic import command
    from alembic.config import Config as Alembic

    from socialdesk.storage import file
    from socialdesk.storage.upgrade import MIGRATIONS
    from socialdesk.storage.writer import make_engine

    path = shop.database.path
    shop.database.close()
    old = path.with_name("old.db")
    file.make_place(old)
    file._sign(old)
    settings, engine = Alembic(), make_engine(old)
    settings.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
    engine.dispose()
    restoring.restore(path, old, NOW)
    assert file.version_of(path) == file.HEAD


def crashed(shop: Shop, folder: Path) -> Path:
    """Return a copy of the desk and its log as a kill leaves them, with three transactions in the log."""
    path = shop.database.path
    for text in ("uno", "dos", "tres"):
        shop.write(text)
    copy = folder / "crashed" / "desk.db"
    copy.parent.mkdir()
    for ending in ("", "-wal"):
        copy.with_name(f"desk.db{ending}").write_bytes(path.with_name(f"desk.db{ending}").read_bytes())
    return copy


def commits(log: bytes) -> list[int]:
    """Return where each transaction's last frame begins."""
    return [at for at in range(32, len(log), 4120) if any(log[at + 4 : at + 8])]


@pytest.mark.parametrize("how", ["cut", "a page missing"])
def test_a_log_that_a_crash_has_cut_off_is_none_of_a_damaged_desk(
    shop: Shop, tmp_path: Path, how: str
) -> None:
    """Promises 1 and 8: wherever its last transaction was cut, the desk opens and goes on."""
    copy = crashed(shop, tmp_path)
    log = copy.with_name("desk.db-wal")
    content = bytearray(log.read_bytes())
    last = commits(bytes(content))[-2] + 4120
    if how == "cut":
        del content[last + 4000 :]
    else:  # a power cut keeps what it likes of what was never said to be safe
        content[last + 24 : last + 4120] = bytes(4096)
    log.write_bytes(content)
    database = Database(copy)
    assert words(copy)[-1] == "dos"
    database.close()


@pytest.mark.parametrize("where", ["header", "transaction"])
def test_a_damaged_log_is_found_before_anybody_writes_over_it(shop: Shop, tmp_path: Path, where: str) -> None:
    """Promises 1 and 8: SQLite would forget what came after, and replies that have left would leave again."""
    copy = crashed(shop, tmp_path)
    log = copy.with_name("desk.db-wal")
    content = bytearray(log.read_bytes())
    content[20 if where == "header" else commits(bytes(content))[-3] + 100] ^= 1
    log.write_bytes(content)
    with pytest.raises(DeskFileError, match="written last is lost") as caught:
        Database(copy)
    assert caught.value.code == "desk_damaged"
    assert log.read_bytes() == bytes(content)
    restoring.restore(copy, copy, NOW)  # what can be saved
    database = Database(copy)
    database.close()
    assert "tres" not in words(copy)


@pytest.mark.parametrize("step", range(1, 8))
def test_a_restore_that_is_killed_can_be_begun_again(shop: Shop, step: int) -> None:
    """Promise 8: nobody works on half of it, and nothing of the former desk is lost."""
    path = shop.database.path
    copy = backup.daily(path, NOW, 7)
    assert copy is not None
    shop.write("Y el domingo?")
    shop.database.close()
    child = os.fork()
    if not child:
        _killed_at(step)
        restoring.restore(path, copy, NOW)
        os._exit(0)
    os.waitpid(child, 0)
    assert path.exists()
    if damage.noted(path) is not None:
        database = Database(path)
        with pytest.raises(DeskFileError), database.write():
            raise AssertionError("not reached")
        database.close()
    kept = [path, *path.parent.glob("desk.db.aside-*")]
    assert any(
        words(one)[-1] == "Y el domingo?" for one in kept if one.suffix != ".log" and "-wal" not in one.name
    )
    restoring.restore(path, copy, NOW)
    assert words(path) == ["¿Abrís el sábado?"]
    assert damage.noted(path) is None


def _killed_at(step: int) -> None:
    """End this process at the n-th of the steps that a restore takes."""
    left = [step]

    def count(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def counted(*args: object, **named: object) -> object:
            left[0] -= 1
            if not left[0]:
                os._exit(9)
            return real(*args, **named)

        setattr(owner, name, counted)

    for owner, name in (
        (restoring, "_hold"),
        (restoring, "_keep_aside"),
        (damage, "note"),
        (backup, "sync"),
        (damage, "clear"),
    ):
        count(owner, name)
