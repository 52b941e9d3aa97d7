"""The one place where desk files are opened: as they are, or, where they are encrypted, through SQLCipher.

What reads encrypted files is an extra of the package and is imported for such a file only.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from socialdesk.storage.marks import PLAIN, mark_of


def connect(
    path: Path,
    *,
    mark: bytes | None = None,
    readonly: bool = False,
    timeout: float = 10.0,
    any_thread: bool = False,
) -> sqlite3.Connection:
    """Return a connection in autocommit; ``mark`` is for a new file, which says nothing itself yet.

    Raises ``DeskFileError`` where the file is encrypted and what reads it, or its key, is missing, and SQLite's errors.
    """
    name = f"{path.absolute().as_uri()}?mode=ro" if readonly else str(path)
    mark = mark_of(path) if mark is None else mark
    if mark:
        from socialdesk.storage import cipher

        return cipher.connect(path, name, mark[: len(PLAIN)], timeout, any_thread)
    return sqlite3.connect(
        name, uri=readonly, isolation_level=None, timeout=timeout, check_same_thread=not any_thread
    )
