"""Whatever socialdesk writes is for its owner only, under the usual umask (promise 13 of docs/reliability.md)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from helpers.canaries import canary, consented
from helpers.commands import Run
from socialdesk import paths
from socialdesk.cli.trouble import record
from socialdesk.configedit import keep
from socialdesk.secrets import Secrets
from socialdesk.storage import damage, reserve
from socialdesk.storage.database import Database
from socialdesk.sync.vault import AccountVault


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """What most machines have: others may read."""
    former = os.umask(0o022)
    yield
    os.umask(former)


def open_to_others(folder: Path) -> list[str]:
    """Return the files and folders that anybody else may read or enter."""
    return [
        f"{stat.S_IMODE(one.stat().st_mode):o} {one.relative_to(folder.parent)}"
        for one in (folder, *folder.rglob("*"))
        if stat.S_IMODE(one.stat().st_mode) & 0o077
    ]


def test_everything_is_for_its_owner_only(run: Run, sealed_home: Path) -> None:
    """Promise 13: desk, log, index, backups, exports, settings, logs, sessions, secrets, locks, marks."""
    found = paths.find()
    assert run("sync", "--once").code == 0
    assert run("account", "add", "demo", "--brand", "Lola", "--name", "lola").code == 0
    keep(found.config_file, "theme", "light")
    record(found, ValueError("x"))
    secrets = Secrets(consented(found.data / "secrets.json"), environment={})
    reference = secrets.keep_plain(canary("plain"))
    vault = AccountVault(secrets, {"password": reference}, found.sessions / "lola.json")
    anyio.run(vault.save_session, {"token": canary("session")})
    database = Database(found.database)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE brand SET name = 'Lola'")
    assert reserve.hold(found.database)
    assert open_to_others(sealed_home) == [], "while the desk is open"
    database.close()
    name = Path(run("backup", "--json").json["file"]).name
    assert run("backup", str(sealed_home / "mine" / "copy.db")).code == 0
    assert run("restore", name, "--yes").code == 0
    damage.note(found.database, "x")
    damage.doubt(found.database, ["x"])
    names = {one.name for one in sealed_home.rglob("*")}
    assert {
        "desk.db",
        "backups",
        "config.toml",
        "errors.log",
        "lola.json",
        "secrets.json",
        "copy.db",
    } <= names
    assert {"desk.db.reserve", "desk.db.damaged", "desk.db.doubts", "desk.db.open", "desk.db.engine"} <= names
    assert open_to_others(sealed_home) == []
