"""The relay's SQLite file, opened: what is committed is on the disk. Every call may come from any thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from socialdesk.errors import Refused
from socialdesk.privatefile import alone


class File:
    """One connection that writes and one that reads, so that nobody who reads waits for the disk."""

    def __init__(self, path: Path, schema: str, version: int) -> None:
        """Open the file, made where there is none; only its owner can read it. Raises ``Refused``."""
        self._path = path
        self._writes, self._reads = threading.Lock(), threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            with alone(path):
                self._writer = _open(path)
                self._begin(schema, version)
                self._reader = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise Refused(str(error), code="relay_file") from error

    def _begin(self, schema: str, version: int) -> None:
        found = self.setting("user_version")
        if found > version:
            self._writer.close()
            raise Refused(str(found), code="relay_newer")
        if found < version:
            self._writer.executescript(f"{schema} PRAGMA user_version = {version};")

    def close(self) -> None:
        """Close the file."""
        with self._writes, self._reads, alone(self._path):
            self._reader.close()
            self._writer.close()

    def setting(self, pragma: str) -> Any:
        """Return, or set, what SQLite calls a pragma of the connection that writes."""
        row = self._writer.execute(f"PRAGMA {pragma}").fetchone()
        return row and row[0]

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read, alone among the threads; all that is asked in the block is answered as of one moment."""
        with self._reads:
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("ROLLBACK")

    def read(self, sql: str, row: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a question."""
        with self.reading() as connection:
            return connection.execute(sql, row).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Cursor]:
        """Write in one transaction, alone among threads and processes: SQLite before 3.51.3 can damage a file that is written
        by one while another moves its log into it (https://www.sqlite.org/wal.html#walresetbug)."""
        with self._writes, alone(self._path):
            cursor = self._writer.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    cursor.execute("ROLLBACK")
                raise

    def scour(self) -> None:
        """Leave nothing in the log of what was deleted; in the file itself, SQLite has overwritten it."""
        with self._writes, alone(self._path):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 10000;"
    )
    return connection
