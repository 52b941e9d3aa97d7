"""The one door to the desk file.

Reads are plain SQL on a read-only ``sqlite3`` connection a thread: that costs 11 ms to import, while SQLAlchemy
costs 350 and would double the app's start. Writes go through SQLAlchemy, one at a time on the whole machine: a file
lock is held from before ``BEGIN IMMEDIATE`` until after the commit and any checkpoint. That lock gives the writers of
several processes a queue instead of "database is locked", and keeps two connections from writing and checkpointing
at once, which can damage a WAL file on SQLite before 3.44.6, 3.50.7 and 3.51.3.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk.errors import DeskFileError
from socialdesk.storage import damage
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import plainly
from socialdesk.storage.file import prepare
from socialdesk.storage.inuse import InUse
from socialdesk.storage.lock import turn

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Row = tuple[Any, ...]


class Reader:
    """Runs read-only SQL with ``:name`` parameters."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, params: dict[str, Any] | None = None) -> list[Row]:
        """Return every row; raises ``DeskFileError`` where the file cannot be read."""
        with plainly():
            return self._connection.execute(sql, params or {}).fetchall()

    def one(self, sql: str, params: dict[str, Any] | None = None) -> Row | None:
        """Return the first row, or None; raises ``DeskFileError`` where the file cannot be read."""
        with plainly():
            found: Row | None = self._connection.execute(sql, params or {}).fetchone()
            return found

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Let several reads see one and the same state of the desk."""
        self._connection.execute("BEGIN")
        try:
            yield self
        finally:
            if self._connection.in_transaction:  # SQLite ends it itself where the disk fails
                self._connection.execute("ROLLBACK")


class Database:
    """A desk file, opened, checked and up to date."""

    def __init__(self, path: Path) -> None:
        self._in_use = InUse(path)
        try:
            prepare(path)
        except BaseException:
            self._in_use.end()
            raise
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._engine: Engine | None = None
        self._turn = threading.Lock()
        self._watcher: Reader | None = None
        self._watching = threading.Lock()

    def read(self) -> Reader:
        """Return this thread's reader."""
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = self._open_reader()
        return reader

    def _open_reader(self) -> Reader:
        with plainly():
            connection = connect(self.path, readonly=True, any_thread=True)
            connection.execute("PRAGMA query_only=1")
            connection.execute("PRAGMA trusted_schema=0")
            connection.execute("PRAGMA busy_timeout=5000")
        self._connections.append(connection)
        return Reader(connection)

    def version(self) -> int:
        """Return a number that changes when another connection has changed the desk."""
        with self._watching:  # the number means something within one connection only, whatever thread asks
            if self._watcher is None:
                self._watcher = self._open_reader()
            row = self._watcher.one("PRAGMA data_version")
        assert row is not None
        return int(row[0])

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection inside ``BEGIN IMMEDIATE``; committed at the end, rolled back on any exception.

        Raises ``DeskBusy`` where others write for too long and ``DeskFileError`` where the file cannot be written, or is
        damaged: nobody writes it any more once that is known.
        """
        try:
            with plainly(), self._turn, turn(self.path):
                damage.refuse(self.path)
                with self._writer().begin() as connection:
                    yield connection
        except DeskFileError as error:
            if error.code == "desk_damaged":
                damage.note(self.path, error.detail)
            raise

    def close(self) -> None:
        """Close every connection; the last writer's checkpoint happens under the lock as well."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()
        self._watcher = None
        if self._engine is not None:
            with self._turn, turn(self.path):
                self._engine.dispose()
            self._engine = None
        self._in_use.end()

    def _writer(self) -> Engine:
        if self._engine is None:
            from socialdesk.storage.writer import make_engine

            self._engine = make_engine(self.path)
        return self._engine
