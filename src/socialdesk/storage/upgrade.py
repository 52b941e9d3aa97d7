"""Runs the migrations; imported only where the desk file is not up to date, for Alembic is slow to import."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config

from socialdesk.errors import DeskFileError
from socialdesk.i18n import _
from socialdesk.storage.writer import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(path: Path, version: str) -> None:
    """Bring the file from ``version`` ("" is a new one) to the newest schema, in one transaction.

    The caller holds the file lock. A desk that already has content is copied first, and the copy verified.
    """
    if version:
        back_up(path, path.with_name(f"{path.name}.before-{version}"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def back_up(path: Path, target: Path) -> None:
    """Copy a desk, in use or not, into a new private file and verify the copy; raises ``DeskFileError``."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        _copy(path, target)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise DeskFileError(
            _("{path} could not be backed up: {reason}").format(path=path, reason=error), code="desk_backup"
        ) from error


def _copy(path: Path, target: Path) -> None:
    source = sqlite3.connect(path, isolation_level=None)
    try:
        source.execute("VACUUM INTO ?", (str(target),))
    finally:
        source.close()
    copy = sqlite3.connect(target)
    try:
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        copy.close()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
