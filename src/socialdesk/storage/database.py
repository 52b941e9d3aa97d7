"""The one door to the desk file.

Reads are plain SQL on a read-only ``sqlite3`` connection a thread: that costs 11 ms to import, while SQLAlchemy
costs 350 and would double the app's start. Writes go through SQLAlchemy, one at a time on the whole machine: a file
lock is held from before ``BEGIN IMMEDIATE`` until after the commit and any checkpoint. That lock gives the writers of
several processes a queue instead of "database is locked", and keeps two connections from writing and checkpointing
at once, which can damage a WAL file on SQLite before 3.44.6, 3.50.7 and 3.51.3.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk.errors import DeskBusy
from socialdesk.storage.file import prepare

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PATIENCE = 30.0
"""Seconds a writer waits for its turn."""

Row = tuple[Any, ...]


class Reader:
    """Runs read-only SQL with ``:name`` parameters."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, params: dict[str, Any] | None = None) -> list[Row]:
        """Return every row."""
        return self._connection.execute(sql, params or {}).fetchall()

    def one(self, sql: str, params: dict[str, Any] | None = None) -> Row | None:
        """Return the first row, or None."""
        found: Row | None = self._connection.execute(sql, params or {}).fetchone()
        return found

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Let several reads see one and the same state of the desk."""
        self._connection.execute("BEGIN")
        try:
            yield self
        finally:
            self._connection.execute("ROLLBACK")

    def interrupt(self) -> None:
        """Stop the statement that another thread runs here; it raises ``sqlite3.OperationalError``."""
        self._connection.interrupt()


class Database:
    """A desk file, opened, checked and up to date."""

    def __init__(self, path: Path) -> None:
        prepare(path)
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._engine: Engine | None = None
        self._turn = threading.Lock()

    def read(self) -> Reader:
        """Return this thread's reader."""
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA query_only=1")
            connection.execute("PRAGMA trusted_schema=0")
            connection.execute("PRAGMA busy_timeout=5000")
            self._connections.append(connection)
            reader = self._local.reader = Reader(connection)
        return reader

    def version(self) -> int:
        """Return a number that changes when another connection has changed the desk."""
        row = self.read().one("PRAGMA data_version")
        assert row is not None
        return int(row[0])

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection inside ``BEGIN IMMEDIATE``; committed at the end, rolled back on any exception."""
        with self._turn, self._file_lock(), self._writer().begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection; the last writer's checkpoint happens under the lock as well."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()
        if self._engine is not None:
            with self._turn, self._file_lock():
                self._engine.dispose()
            self._engine = None

    @contextlib.contextmanager
    def _file_lock(self) -> Iterator[None]:
        handle = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _take_turn(handle, PATIENCE)
            yield
        finally:
            os.close(handle)

    def _writer(self) -> Engine:
        if self._engine is None:
            from socialdesk.storage.writer import make_engine

            self._engine = make_engine(self.path)
        return self._engine


def _take_turn(handle: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    pause = 0.0005
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DeskBusy(f"{patience:.0f} s") from None
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
        else:
            return
