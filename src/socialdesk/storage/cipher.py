"""Encrypted desk files: SQLCipher, which is SQLite with every page encrypted and authenticated (https://www.zetetic.net/sqlcipher/design/).

Log and journal hold encrypted pages as well, and what SQLite puts aside while it sorts stays in memory. The driver is the extra
``socialdesk[encrypted]``. It has errors of its own, which are made kinds of the standard library's here, so that the rest of
the program knows one kind only.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from socialdesk.errors import DeskFileError
from socialdesk.storage import keys
from socialdesk.storage.marks import mark_of

_ERRORS = (
    "DatabaseError",
    "OperationalError",
    "IntegrityError",
    "DataError",
    "InternalError",
    "ProgrammingError",
    "NotSupportedError",
)


def available() -> bool:
    """Say whether encrypted files can be read here."""
    try:
        return bool(_driver())
    except DeskFileError:
        return False


def versions() -> tuple[str, str]:
    """Return the versions of the SQLite inside, and of SQLCipher; raises ``DeskFileError`` where it is not installed."""
    driver = _driver()
    with closing(driver.connect(":memory:")) as connection:
        return str(driver.sqlite_version), str(connection.execute("PRAGMA cipher_version").fetchone()[0])


def connect(path: Path, name: str, mark: bytes, timeout: float, any_thread: bool) -> sqlite3.Connection:
    """Return a connection to the encrypted file ``path``, which SQLite is to open by ``name``; see ``connecting.connect``."""
    driver = _driver()
    key = keys.find(mark, path)
    connection: sqlite3.Connection = driver.connect(
        name, uri=name != str(path), isolation_level=None, timeout=timeout, check_same_thread=not any_thread
    )
    for pragma in (
        "cipher_log_level=NONE",  # it would write over the screen
        f'key="{_spelt(key, mark)}"',
        "recursive_triggers=0",  # as the SQLite of Python has it
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def convert(source: Path, target: Path, mark: bytes) -> None:
    """Write all of a desk that nobody changes meanwhile into an empty file, encrypted as ``mark`` says, "" for not at all."""
    former = mark_of(source)
    spelt = _spelt(keys.find(mark, target), mark) if mark else ""
    driver = _driver()
    connection = driver.connect(str(source), isolation_level=None, timeout=10)
    with closing(connection) as c:
        c.execute("PRAGMA cipher_log_level=NONE")
        if former:
            c.execute(f'PRAGMA key="{_spelt(keys.find(former, source), former)}"')
        c.execute("PRAGMA temp_store=MEMORY")
        c.execute("ATTACH ? AS copy KEY ?", (str(target), spelt))
        c.execute("PRAGMA copy.synchronous=OFF")  # whoever lets it take a place sees to that
        c.execute("SELECT sqlcipher_export('copy')").fetchone()
        for kept in ("application_id", "user_version"):
            number = int(c.execute(f"PRAGMA {kept}").fetchone()[0])
            c.execute(f"PRAGMA copy.{kept}={number}")
        c.execute("DETACH copy")


@cache
def _driver() -> Any:
    try:
        driver = import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise DeskFileError(code="desk_no_cipher") from None
    for name in _ERRORS:
        own, standard = getattr(driver, name), getattr(sqlite3, name)
        if not issubclass(own, standard):
            own.__bases__ = (standard, *own.__bases__)
    return driver


def _spelt(key: bytes, mark: bytes) -> str:
    """Return a key as SQLCipher takes it as it is, with the first bytes of the file instead of random ones."""
    return f"x'{key.hex()}{mark.hex()}'"
