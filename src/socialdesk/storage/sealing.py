"""Encrypts the desk as a whole, and takes the encryption off again.

A copy is made, examined and compared row by row before it takes the desk's place in one step: whatever kills this, the desk is
there, the one or the other, whole. Then the copies of the desk that lie beside it are encrypted in the same way, one by one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from socialdesk.errors import DeskFileError, SocialdeskError
from socialdesk.storage import backup, cipher, copies, damage, file
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import plainly
from socialdesk.storage.inuse import alone
from socialdesk.storage.lock import turn
from socialdesk.storage.marks import mark_of


class Sealed(NamedTuple):
    """The copies of the desk that were encrypted, those that could not be, and desk files beside it that it has not made.

    Whoever finds those that were not can read them.
    """

    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


def seal(path: Path, mark: bytes) -> None:
    """Encrypt the desk with the key of that mark, which ``keys`` knows; ``mark`` "" takes the encryption off.

    Raises ``Refused`` while somebody has the desk open, and ``DeskFileError`` where it is damaged, the key or what reads
    encrypted desks is missing, or there is no room; the desk is untouched then.
    """
    cipher.versions()
    file.make_place(path)
    with plainly(), alone(path):
        file.prepare(path)
        if mark_of(path) == mark:
            return
        with backup.copying(path), turn(path):
            damage.refuse(path)
            _replace(path, mark)


def seal_copies(path: Path) -> Sealed:
    """Encrypt the copies that an encrypted desk has made and that are not; each is as old as it was."""
    done, left, mark = [], [], mark_of(path)
    with backup.copying(path):
        for copy in plain_copies(path):
            made = copy.stat()
            try:
                with plainly():
                    _replace(copy, mark)
            except (SocialdeskError, sqlite3.Error):
                left.append(copy.name)
                continue
            os.utime(copy, ns=(made.st_atime_ns, made.st_mtime_ns))
            done.append(copy.name)
    strays = (file.name for file in copies.strays(path) if not mark_of(file))
    return Sealed(tuple(done), tuple(left), tuple(strays))


def plain_copies(path: Path) -> list[Path]:
    """Return the copies that a desk has made and in which anybody can read."""
    return sorted(copy for copy in copies.own(path) if not copy.is_symlink() and not mark_of(copy))


def _replace(path: Path, mark: bytes) -> None:
    try:
        _fold(path)
        with backup.examined(path, path, mark) as draft:
            if fault := difference(path, draft):
                raise DeskFileError(fault, code="desk_not_sealed")
            backup.put(draft, path)
    except OSError as error:
        raise DeskFileError(f"{path}: {error.strerror}", code="desk_unwritable") from error


def _fold(path: Path) -> None:
    """Bring the log into the file and do without: left beside another file, it would be taken for that file's."""
    with closing(connect(path)) as c:
        if c.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise DeskFileError(str(path), code="desk_busy")


def difference(one: Path, other: Path) -> str:
    """Return what is not the same in two desk files, row by row, the rows of the indexes included; "" for nothing."""
    with closing(damage.connect(one)) as a, closing(damage.connect(other)) as b:
        if _tables(a) != _tables(b):
            return "schema"
        for table in (name for kind, name, _, sql in _tables(a) if kind == "table" and _holds_rows(sql)):
            for left, right in zip_longest(_rows(a, table), _rows(b, table)):
                if left != right:
                    return table
    return ""


def _tables(c: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    found = c.execute("SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema ORDER BY type, name")
    return [(kind, name, table, sql) for kind, name, table, sql in found]


def _holds_rows(sql: str) -> bool:
    return not sql.upper().startswith("CREATE VIRTUAL")


def _rows(c: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    yield from c.execute(f"SELECT * FROM {table} NOT INDEXED")  # noqa: S608
