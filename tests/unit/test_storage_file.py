"""The desk file: made private, refused where it is not ours, completed where it is half made (DESIGN 5)."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from socialdesk.errors import ConfigError, DeskFileError
from socialdesk.paths import Paths
from socialdesk.storage import answertables as answertables
from socialdesk.storage import besidetables as besidetables
from socialdesk.storage import file, upgrade
from socialdesk.storage import privacytables as privacytables
from socialdesk.storage import tables as tables
from socialdesk.storage.database import Database
from socialdesk.storage.location import VARIABLE, locate
from socialdesk.storage.writer import make_engine

HEAD, NEXT = file.HEAD, f"{int(file.HEAD) + 1:04}"


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _desk(path: Path) -> Path:
    Database(path).close()
    return path


def test_everything_is_private_from_birth(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        database = Database(tmp_path / "desk" / "data" / "desk.db")
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO brand(name, created_at) VALUES ('Bar Pepe', 0)")
        data = tmp_path / "desk" / "data"
        assert {p.name for p in data.iterdir()} >= {"desk.db", "desk.db-wal", "desk.db-shm", "desk.db.lock"}
        assert {_mode(p) for p in data.iterdir()} == {0o600}
        assert _mode(data) == _mode(data.parent) == 0o700
        database.close()
    finally:
        os.umask(former)


def test_tables_and_migrations_agree(tmp_path: Path) -> None:
    path = _desk(tmp_path / "desk.db")
    engine = make_engine(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, parents: (
                    not (name or "").startswith(("message_fts", "message_terms", "contact_fts", "beside_"))
                )
            },
        )
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_head_we_know_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(upgrade.MIGRATIONS)).get_heads() == [file.HEAD]


def test_message_ids_are_sqlite_row_numbers(tmp_path: Path) -> None:
    connection = sqlite3.connect(_desk(tmp_path / "desk.db"))
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT text FROM message WHERE id = 1").fetchone()[3]
    connection.close()
    assert "INTEGER PRIMARY KEY" in plan


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE moz_places(url)")
    connection.commit()
    connection.close()


def _not_a_database(path: Path) -> None:
    path.write_text("Querida Ana: te escribo para contarte que por aquí todo bien. " * 10)


def _cut_short(path: Path) -> None:
    _desk(path)
    os.truncate(path, path.stat().st_size // 2)


def _scrambled(path: Path) -> None:
    _desk(path)
    with path.open("r+b") as handle:
        handle.seek(100)
        handle.write(b"\xa5" * 3000)


def _only_a_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")


def _newer(path: Path) -> None:
    _desk(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_foreign, "desk_foreign"),
        (_not_a_database, "desk_foreign"),
        (_only_a_header, "desk_damaged"),
        (_cut_short, "desk_damaged"),
        (_scrambled, "desk_damaged"),
        (_newer, "desk_newer"),
    ],
)
def test_a_file_we_cannot_use_is_refused_with_its_name_and_left_untouched(
    tmp_path: Path, make: object, code: str
) -> None:
    path = tmp_path / "desk.db"
    make(path)  # type: ignore[operator]
    before = path.read_bytes()
    with pytest.raises(DeskFileError, match=re.escape(str(path))) as caught:
        Database(path)
    assert caught.value.code == code
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(DeskFileError) as caught:
        Database(tmp_path / "data" / "desk.db")
    assert caught.value.code == "desk_unwritable"


@pytest.mark.parametrize("signed", [False, True])
def test_a_desk_killed_while_being_made_is_completed(tmp_path: Path, signed: bool) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    if signed:
        file._sign(path)
    database = Database(path)
    assert database.read().one("SELECT count(*) FROM message") == (0,)
    database.close()


def _next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, folder)
    (folder / "versions" / "next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '{NEXT}'\ndown_revision = '{file.HEAD}'\n"
        f"def upgrade():\n    op.create_table('note', sa.Column('id', sa.Integer(), primary_key=True))\n    {body}\n"
    )
    monkeypatch.setattr(upgrade, "MIGRATIONS", folder)
    monkeypatch.setattr(file, "HEAD", NEXT)


def test_a_migration_keeps_a_verified_private_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _desk(tmp_path / "desk.db")
    _next_schema(tmp_path, monkeypatch, "pass")
    database = Database(path)
    assert database.read().one("SELECT version_num FROM alembic_version") == (NEXT,)
    database.close()
    backup = tmp_path / f"desk.db.before-{HEAD}"
    assert _mode(backup) == 0o600
    connection = sqlite3.connect(backup)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    connection.close()


def test_a_migration_that_fails_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _desk(tmp_path / "desk.db")
    _next_schema(tmp_path, monkeypatch, "raise RuntimeError('killed')")
    with pytest.raises(RuntimeError, match="killed"):
        Database(path)
    connection = sqlite3.connect(path)
    tables_there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    connection.close()
    assert "note" not in tables_there
    assert "message" in tables_there


def test_two_programs_may_start_at_once_on_a_fresh_home(tmp_path: Path) -> None:
    path = tmp_path / "data" / "desk.db"
    code = (
        "import sys, pathlib\n"
        "from socialdesk.storage.database import Database\n"
        "database = Database(pathlib.Path(sys.argv[1]))\n"
        "print(database.read().one('SELECT count(*) FROM message'))\n"
        "database.close()\n"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) for _ in range(3)
    ]
    said = [start.communicate(timeout=50)[0] for start in starts]
    assert said == [b"(0,)\n"] * 3


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("/dev/sda / ext4 rw 0 0\nserver:/home /home nfs4 rw 0 0\n", "nfs4"),
        ("/dev/sda / ext4 rw 0 0\nana@box: /home fuse.sshfs rw 0 0\n", "fuse.sshfs"),
        ("server:/ / nfs rw 0 0\n/dev/sda /home ext4 rw 0 0\n", ""),
        ("/dev/sda / ext4 rw 0 0\nserver:/ho /ho cifs rw 0 0\n", ""),
        ("", ""),
    ],
)
def test_network_disks_are_told_by_the_mount_that_holds_the_file(mounts: str, kind: str) -> None:
    assert file.network_disk(Path("/home/ana/desk.db"), mounts) == kind


def test_a_desk_on_a_network_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "network_disk", lambda path, mounts: "nfs4")
    with pytest.raises(DeskFileError, match="nfs4"):
        Database(tmp_path / "desk.db")
    assert not (tmp_path / "desk.db").exists()


def test_the_desk_file_can_be_named_by_a_url(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path / "data", tmp_path)
    assert locate(paths, {}) == tmp_path / "data" / "desk.db"
    assert locate(paths, {VARIABLE: f"sqlite:///{tmp_path}/other.db"}) == tmp_path / "other.db"


@pytest.mark.parametrize(
    "url", ["postgresql://localhost/desk", "sqlite://", "sqlite:///:memory:", "desk.db", "sqlite:////a?b=c"]
)
def test_other_database_urls_are_refused_in_plain_words(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=VARIABLE):
        locate(Paths(tmp_path, tmp_path, tmp_path), {VARIABLE: url})


def test_a_full_disk_is_said_in_plain_words_and_nothing_is_half_written(tmp_path: Path) -> None:
    database = Database(tmp_path / "desk.db")
    with pytest.raises(DeskFileError, match="full") as caught, database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        for number in range(1000):
            connection.exec_driver_sql(
                "INSERT INTO brand(name, created_at) VALUES (?, 0)", (f"{number}" * 999,)
            )
    assert caught.value.code == "desk_full"
    assert database.read().one("SELECT count(*) FROM brand") == (0,)
    database.close()


def test_damage_met_while_reading_is_said_in_plain_words(tmp_path: Path) -> None:
    path = _desk(tmp_path / "desk.db")
    database = Database(path)
    root = database.read().one("SELECT rootpage FROM sqlite_master WHERE name = 'message'")
    assert root is not None
    database.close()
    with path.open("r+b") as handle:
        handle.seek((root[0] - 1) * 4096)
        handle.write(b"\xa5" * 4096)
    database = Database(path)
    with pytest.raises(DeskFileError) as caught:
        database.read().all("SELECT * FROM message")
    assert caught.value.code == "desk_damaged"
    database.close()


def test_a_desk_that_may_not_be_written_is_said_so(tmp_path: Path) -> None:
    database = Database(_desk(tmp_path / "desk.db"))
    (tmp_path / "desk.db.lock").unlink()
    (tmp_path / "desk.db.lock").mkdir()
    with pytest.raises(DeskFileError, match="lock") as caught, database.write():
        raise AssertionError("not reached")
    assert caught.value.code == "desk_unwritable"
    database.close()


@pytest.mark.parametrize("new", [True, False])
def test_what_a_killed_writer_left_half_written_without_a_log_is_taken_back(
    tmp_path: Path, new: bool
) -> None:
    """Promise 7: killed while the desk was being made, or before a restored one had its log; readers cannot mend it."""
    path = tmp_path / "desk.db"
    if new:
        path.touch(mode=0o600)
    else:
        connection = sqlite3.connect(_desk(path))
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
    code = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA application_id=0x5344736B') if sys.argv[2] else None\n"
        "c.execute('PRAGMA cache_size=1')\n"
        "c.execute('BEGIN')\n"
        "c.execute('CREATE TABLE half AS SELECT randomblob(900) x FROM sqlite_master')\n"
        "c.execute('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
        " INSERT INTO half SELECT randomblob(900) FROM n')\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path), "1" if new else ""], check=False)
    assert (tmp_path / "desk.db-journal").exists()
    database = Database(path)
    names = [row[0] for row in database.read().all("SELECT name FROM sqlite_master")]
    database.close()
    assert "message" in names
    assert "half" not in names


@pytest.mark.parametrize("at", [47, 59])
def test_a_header_that_has_lost_one_of_its_constants_is_damaged(tmp_path: Path, at: int) -> None:
    """Promise 8: SQLite would read on, and write rows in another form."""
    path = _desk(tmp_path / "desk.db")
    content = bytearray(path.read_bytes())
    content[at] = 0
    path.write_bytes(content)
    with pytest.raises(DeskFileError) as caught:
        Database(path)
    assert caught.value.code == "desk_damaged"
