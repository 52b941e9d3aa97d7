"""Leaves no byte behind: the desk file written anew, its log emptied, backups and logs gone through.

Deleting a row leaves its words in the full-text index until that is merged, its bytes in pages until they are written anew,
and all of it in the write-ahead log and in every copy (promise 14 of docs/reliability.md).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from socialdesk.storage import backup, copies, damage, erasing, persons
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import in_plain_words, plainly
from socialdesk.storage.ledger import Ledger
from socialdesk.storage.lock import turn
from socialdesk.storage.marks import mark_of

_PAGES = 2_000
"""Pages of the full-text index that are merged at once: others write in between."""


class Swept(NamedTuple):
    """The copies of the desk that were written anew, those that could not be and were deleted, and those whose key is not at hand."""

    renewed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def scour(path: Path) -> None:
    """Leave nothing of what was deleted in the desk file and beside it."""
    with plainly():
        for table in damage.INDEXES:
            while _merge(path, table):
                pass
        with turn(path), erasing.connected(path) as c:
            c.execute("VACUUM")
            c.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _merge(path: Path, table: str) -> bool:
    """Merge some of an index; returns whether there may be more to do (https://www.sqlite.org/fts5.html#the_merge_command)."""
    with turn(path), erasing.connected(path) as c:
        before = c.total_changes
        c.execute(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (-_PAGES,))  # noqa: S608
        return c.total_changes - before >= 2


def sweep(path: Path, now: datetime) -> Swept:
    """Take what the ledger says is destroyed out of every copy that the desk has made.

    A copy that is damaged is deleted: nobody can restore it, and all could read in it. One whose key is not at hand stays
    as it is. Raises ``DeskFileError`` where the disk is full or a copy cannot be written.
    """
    renewed, deleted = [], []
    ledger = Ledger(path).refresh()
    with backup.copying(path):
        for left in copies.drafts(path):
            _drop(left)
        shut = closed(path)
        for copy in copies_of(path):
            if copy.name in shut:
                continue
            try:
                if _renew(copy, ledger, now):
                    renewed.append(copy.name)
            except sqlite3.OperationalError as error:
                raise in_plain_words(error) from error
            except sqlite3.DatabaseError:
                _drop(copy)
                deleted.append(copy.name)
    return Swept(tuple(renewed), tuple(deleted), tuple(shut))


def remember(c: sqlite3.Connection, swept: Swept) -> None:
    """Remember that nothing is left, but in the copies whose key was not at hand."""
    erasing.clean(c)
    if swept.closed:
        c.execute("INSERT INTO ledger_mark(id, applied) VALUES (2, ?)", (1 + len(swept.closed),))


def copies_of(path: Path) -> list[Path]:
    """Return what this desk has made and anybody might restore: backups, copies before upgrades, files set aside."""
    return [file for file in copies.own(path) if not file.is_symlink() and copies.is_desk(file)]


def closed(path: Path) -> list[str]:
    """Return the copies of a desk that are encrypted with a key that is not at hand."""
    marks = {copy.name: mark_of(copy) for copy in copies_of(path)}
    shut = {mark for mark in set(marks.values()) if mark and not _is_readable(mark, path)}
    return [name for name, mark in marks.items() if mark in shut]


def _is_readable(mark: bytes, path: Path) -> bool:
    from socialdesk.storage import cipher, keys

    return cipher.available() and keys.is_at_hand(mark, path)


def _renew(copy: Path, ledger: Ledger, now: datetime) -> bool:
    """Write a copy anew without what is destroyed, in one step; returns whether there was anything."""
    draft = copy.with_name(f".{copy.name}.{os.getpid()}.new")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        with closing(connect(copy)) as c:
            c.execute("VACUUM INTO ?", (str(draft),))
        if not _obey(draft, ledger, now):
            return False
        made = copy.stat()
        os.utime(draft, ns=(made.st_atime_ns, made.st_mtime_ns))  # it is as old as it was
        draft.replace(copy)
        _drop(copy, keep=True)
        return True
    finally:
        _drop(draft)


def _obey(draft: Path, ledger: Ledger, now: datetime) -> int:
    with closing(connect(draft)) as c:
        for pragma in ("journal_mode=DELETE", "secure_delete=1", "temp_store=MEMORY"):
            c.execute(f"PRAGMA {pragma}")
        c.execute("BEGIN IMMEDIATE")
        done = erasing.obey(c, ledger, now)
        c.execute("COMMIT")
        if done:
            for table in persons.there(c, damage.INDEXES):
                c.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
            c.execute("VACUUM")
            if c.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("quick_check")
    if done:
        with draft.open("rb") as file:
            os.fsync(file.fileno())
    return done


def _drop(file: Path, *, keep: bool = False) -> None:
    for ending in ("-wal", "-shm", "-journal", *(() if keep else ("",))):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)


def redact_logs(folder: Path, words: Collection[str]) -> None:
    """Cover words in the logs where they stand: a process that is writing there goes on writing."""
    wanted = sorted({word for word in words if len(word) >= 3}, key=len, reverse=True)
    if not wanted or not folder.is_dir():
        return
    pattern = re.compile("|".join(map(re.escape, wanted)).encode(), re.IGNORECASE)
    for file in folder.glob("*.log*"):
        with file.open("r+b") as log:
            text = log.read()
            for found in pattern.finditer(text):
                log.seek(found.start())
                log.write(b"x" * len(found[0]))
