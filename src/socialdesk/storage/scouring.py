"""Leaves no byte behind: the desk file written anew, its log emptied, backups and logs gone through.

Deleting a row leaves its words in the full-text index until that is merged, its bytes in pages until they are written anew,
and all of it in the write-ahead log and in every copy (promise 14 of docs/reliability.md).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from socialdesk.storage import erasing
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import in_plain_words, plainly
from socialdesk.storage.file import APPLICATION_ID
from socialdesk.storage.ledger import Ledger
from socialdesk.storage.lock import turn
from socialdesk.storage.marks import PLAIN, is_mark

_PAGES = 2_000
"""Pages of the full-text index that are merged at once: others write in between."""


class Swept(NamedTuple):
    """The copies of the desk that were written anew, and those that could not be and were deleted."""

    renewed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def scour(path: Path) -> None:
    """Leave nothing of what was deleted in the desk file and beside it."""
    with plainly():
        for table in ("message_fts", "contact_fts"):
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
    """Take what the ledger says is destroyed out of every copy of the desk in its folder.

    A copy that is damaged is deleted: nobody can restore it, and all could read in it. Raises ``DeskFileError`` where the
    disk is full or a copy cannot be written.
    """
    renewed, deleted = [], []
    ledger = Ledger(path).refresh()
    with turn(
        path.with_name(f"{path.name}.copying")
    ):  # the lock of whoever makes or changes copies of the desk
        _drop_drafts(path)
        for copy in copies(path):
            try:
                if _renew(copy, ledger, now):
                    renewed.append(copy.name)
            except sqlite3.OperationalError as error:
                raise in_plain_words(error) from error
            except sqlite3.DatabaseError:
                _drop(copy)
                deleted.append(copy.name)
    return Swept(tuple(renewed), tuple(deleted))


def _drop_drafts(path: Path) -> None:
    """Remove copies whose maker was killed; the lock says that nobody else is at work on one."""
    for folder in (path.parent, path.parent / "backups"):
        for left in folder.glob(f".{path.stem}*.new*"):
            left.unlink(missing_ok=True)


def copies(path: Path) -> Iterator[Path]:
    """Yield the other desk files below the folder of this one: backups, copies before upgrades, files set aside.

    Without those that are encrypted with a key that nobody has: they are letters to nobody.
    """
    for folder in (path.parent, path.parent / "backups"):
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file != path and file.is_file() and not file.is_symlink() and _is_desk(file):
                yield file


def _is_desk(file: Path) -> bool:
    with file.open("rb") as opened:
        header = opened.read(100)
    if is_mark(header):
        return _is_readable(header[: len(PLAIN)])
    return header.startswith(PLAIN) and int.from_bytes(header[68:72], "big") == APPLICATION_ID


def _is_readable(mark: bytes) -> bool:
    from socialdesk.storage import cipher, keys

    return cipher.available() and keys.is_known(mark)


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
            for table in ("message_fts", "contact_fts"):
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
