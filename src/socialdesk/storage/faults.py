"""What SQLite's own errors mean for people."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from socialdesk.errors import DeskBusy, DeskFileError, SocialdeskError

_CODES = {
    "SQLITE_CORRUPT": "desk_damaged",
    "SQLITE_NOTADB": "desk_damaged",
    "SQLITE_FULL": "desk_full",
    "SQLITE_IOERR_SHMSIZE": "desk_full",  # reading needs a little room as well, beside the file
    "SQLITE_READONLY": "desk_unwritable",
    "SQLITE_CANTOPEN": "desk_unreadable",
    "SQLITE_IOERR": "desk_unreadable",
}

_OF_THE_FILE = ("OperationalError", "DatabaseError")
"""Errors that the file is to blame for; the others, such as a broken constraint, are ours. Encrypted files have their own kinds."""


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Raise ``DeskFileError`` or ``DeskBusy`` for what SQLite, or SQLAlchemy in its name, has against the file."""
    try:
        yield
    except Exception as error:
        # SQLAlchemy's errors carry the one of the driver; for this they need not be imported.
        cause = getattr(error, "orig", error)
        if isinstance(cause, sqlite3.Error) and type(cause).__name__ in _OF_THE_FILE:
            raise in_plain_words(cause) from error
        raise


def in_plain_words(error: sqlite3.Error) -> SocialdeskError:
    """Return the error to raise in the place of one of SQLite's."""
    # Extended codes such as SQLITE_IOERR_WRITE refine the plain ones.
    extended = getattr(error, "sqlite_errorname", "")
    name = "_".join(extended.split("_")[:2])
    if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return DeskBusy(str(error))
    return DeskFileError(str(error), code=_CODES.get(extended, _CODES.get(name)))
