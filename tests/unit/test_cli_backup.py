"""``socialdesk backup``, ``restore`` and ``doctor`` (promise 8 of docs/reliability.md)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk import paths
from socialdesk.storage import damage
from socialdesk.storage.database import Database


@pytest.fixture
def desk(run: Run) -> Path:
    """A new desk."""
    run("queue")
    return paths.find().database


def spoil(path: Path) -> None:
    """Break a page in the middle."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)


def test_a_backup_is_made_listed_and_put_back(run: Run, desk: Path) -> None:
    """Promises 8 and 13: by its name in the list; the former desk is kept."""
    made = run("backup", "--json").json
    file = Path(made["file"])
    assert file.parent == desk.parent / "backups"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.name in run("restore").out
    result = run("restore", file.name, "--yes")
    assert result.code == 0, result.err
    assert "The former desk is kept" in result.out
    assert any("aside" in one["file"] for one in run("restore", "--json").json)


def test_a_backup_never_replaces_a_file(run: Run, desk: Path, tmp_path: Path) -> None:
    """Promise 8: whatever is there stays."""
    target = tmp_path / "letter.txt"
    target.write_text("Querida Ana")
    assert run("backup", str(target)).code == 1
    assert target.read_text() == "Querida Ana"
    assert run("backup", str(tmp_path / "new.db")).code == 0


def test_without_a_desk_nothing_is_made(run: Run, sealed_home: Path) -> None:
    """Promise 8: looking makes no desk."""
    assert run("backup").code == 1
    assert "No backups yet" in run("restore").out
    assert not (sealed_home / "data").exists()


def test_restore_asks_and_refuses_while_the_desk_is_open(run: Run, desk: Path) -> None:
    """Promise 8: in words what is in the way."""
    name = Path(run("backup", "--json").json["file"]).name
    assert run("restore", name).code == 1, "nobody there to ask"
    database = Database(desk)
    result = run("restore", name, "--yes")
    database.close()
    assert result.code == 1
    assert "The desk is open" in result.err
    assert "There is no such backup" in run("restore", "none.db", "--yes").err


def test_the_doctor_finds_damage_says_the_way_back_and_all_writing_stops(run: Run, desk: Path) -> None:
    """Promise 8: what happened, what was kept, what to do, with the date of the newest backup."""
    name = Path(run("backup", "--json").json["file"]).name
    spoil(desk)
    result = run("doctor")
    assert result.code == 1
    assert "is damaged" in result.out
    assert "socialdesk restore" in result.out
    assert damage.noted(desk) is not None
    told = run("account", "add", "demo", "--brand", "Lola").err
    assert "Nothing is written to it any more" in told
    assert f"The newest backup is of 11:00: {name}" in told
    assert run("restore", name, "--yes").code == 0
    assert run("doctor").code == 0


def test_a_false_alarm_is_taken_back_by_the_doctor(run: Run, desk: Path) -> None:
    """Promise 8: the file is whole."""
    damage.note(desk, "Page 7 is never used")
    assert run("doctor").code == 0
    assert damage.noted(desk) is None


def test_a_restore_that_was_cut_off_is_no_false_alarm(run: Run, desk: Path) -> None:
    """Promise 8: the file may look whole without its log; only another restore makes it good."""
    name = Path(run("backup", "--json").json["file"]).name
    damage.note(desk, "cut off", restoring=True)
    assert run("doctor").code == 1
    assert run("restore", name, "--yes").code == 0
    assert run("doctor").code == 0


def test_content_that_does_not_agree_is_told(run: Run, desk: Path) -> None:
    """Promise 8: a flipped bit in a text is no damage of the file, but the search knows other words."""
    database = Database(desk)
    with database.write() as c:
        c.exec_driver_sql("INSERT INTO message_fts(rowid, text) VALUES (77, 'perdido')")
    database.close()
    result = run("doctor")
    assert result.code == 1
    assert "does not agree: message_fts" in result.out
    assert damage.noted(desk) is None
