"""Runs the migrations; imported only where the desk file is not up to date, for Alembic is slow to import."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from socialdesk.errors import DeskFileError
from socialdesk.storage.backup import back_up
from socialdesk.storage.writer import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(path: Path, version: str) -> None:
    """Bring the file from ``version`` ("" is a new one) to the newest schema, in one transaction.

    The caller holds the file lock. A desk that already has content is copied first, and the copy verified.
    """
    if version:
        _keep(path, path.with_name(f"{path.name}.before-{version}"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = make_engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _keep(path: Path, copy: Path) -> None:
    try:
        back_up(path, copy)
    except DeskFileError as error:
        if error.code == "backup_failed":
            error.code = "desk_backup"
        raise
