"""Finds damage in a desk file, and remembers it: a damaged desk is never written to (promise 8 of docs/reliability.md).

The mark is a small file beside the desk, not in it. Every process looks for it before it writes. Whoever puts a
good file in the place of the damaged one, or examines the desk and finds it whole, takes it away.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from socialdesk.errors import DeskFileError
from socialdesk.i18n import _
from socialdesk.privatefile import replace
from socialdesk.storage import connecting
from socialdesk.storage.faults import plainly

FAULTS = 5
"""So many faults are told; one is enough."""
INDEXES = ("message_fts", "contact_fts", "beside_fts")
"""The full-text indexes, which SQLite's own check sees as plain tables."""
_BROKEN = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})


class Mark(NamedTuple):
    """What was found, and when, in milliseconds since 1970; ``restoring``: only another restore can make it good."""

    at: int
    fault: str
    restoring: bool = False


def mark_of(path: Path) -> Path:
    """Return the file that says that a desk is damaged."""
    return path.with_name(f"{path.name}.damaged")


def note(path: Path, fault: str, *, restoring: bool = False) -> None:
    """Let nobody write this desk from now on; the first fault found stays. A full disk may have no room for the words."""
    mark = mark_of(path)
    if mark.exists() and not restoring:
        return
    told = fault.removeprefix(f"{_words(path)}: ")[:500]
    words = {"at": int(time.time() * 1000), "fault": told, "restoring": restoring}
    try:
        replace(mark, json.dumps(words).encode())
    except OSError:
        with suppress(OSError):
            mark.touch(mode=0o600)


def noted(path: Path) -> Mark | None:
    """Return what was found before; None for a desk of which nothing bad is known."""
    try:
        words = json.loads(mark_of(path).read_bytes())
        return Mark(int(words["at"]), str(words["fault"]), bool(words["restoring"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Mark(0, "")


def clear(path: Path) -> None:
    """Forget it: the file is whole."""
    mark_of(path).unlink(missing_ok=True)


def doubt(path: Path, faults: list[str]) -> None:
    """Remember, or forget where there are none, that the content of a whole file does not agree with itself."""
    place = path.with_name(f"{path.name}.doubts")
    with suppress(OSError):
        if faults:
            replace(place, json.dumps(faults).encode())
        else:
            place.unlink(missing_ok=True)


def is_doubted(path: Path) -> bool:
    """Say whether that is remembered."""
    return path.with_name(f"{path.name}.doubts").exists()


def refuse(path: Path) -> None:
    """Raise ``DeskFileError`` where the desk is known to be damaged."""
    if mark_of(path).exists():
        mark = noted(path)
        raise damaged(path, mark.fault if mark else "")


def damaged(path: Path, fault: str = "") -> DeskFileError:
    """Return the error that tells of a damaged file."""
    return DeskFileError(f"{_words(path)}: {fault}" if fault else _words(path), code="desk_damaged")


def _words(path: Path) -> str:
    return _("{path} is damaged").format(path=path)


def examine(path: Path) -> list[str]:
    """Read every page of a desk file, in use or not, without changing it; returns its faults.

    Checks the trees, the lists of free pages, the order of rows and keys, and each row against each index. Raises
    ``DeskFileError`` or ``DeskBusy`` where the file could not be read to its end for another reason.
    """
    with plainly():
        try:
            with closing(connect(path)) as connection:
                return _faults(connection, f"PRAGMA integrity_check({FAULTS})")
        except sqlite3.Error as error:
            return _of_the_content(error)


def examine_copy(path: Path) -> list[str]:
    """Examine a copy that nobody else uses, the inside of its full-text indexes as well; returns its faults."""
    with _copy(path) as connection:
        try:
            faults = _faults(connection, f"PRAGMA integrity_check({FAULTS})")
            return faults or [fault for index in INDEXES for fault in _index_faults(connection, index, 0)]
        except sqlite3.Error as error:
            return _of_the_content(error)


def doubts(path: Path) -> list[str]:
    """Return what is wrong in a whole copy: references to nothing, indexes that do not say what the texts say."""
    with _copy(path) as connection:
        lost = connection.execute("PRAGMA foreign_key_check").fetchmany(FAULTS)
        found = [f"{table} {row}: no such {parent}" for table, row, parent, *_rest in lost]
        return found + [fault for index in INDEXES for fault in _index_faults(connection, index, 1)]


@contextmanager
def _copy(path: Path) -> Iterator[sqlite3.Connection]:
    with plainly(), closing(connecting.connect(path)) as connection:
        connection.execute("PRAGMA cell_size_check=1")
        yield connection


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that reads, believes nothing and changes nothing."""
    connection = connecting.connect(path, readonly=True)
    for pragma in ("query_only=1", "trusted_schema=0", "cell_size_check=1"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _faults(connection: sqlite3.Connection, check: str) -> list[str]:
    found = [str(row[0]).replace("\n", " ") for row in connection.execute(check)]
    return [] if found == ["ok"] else found


def _index_faults(connection: sqlite3.Connection, index: str, content: int) -> list[str]:
    """Check a full-text index, with its texts where ``content`` is 1 (https://www.sqlite.org/fts5.html#the_integrity_check_command)."""
    try:
        connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', ?)", (content,))  # noqa: S608
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []  # a desk before its first upgrade
        raise
    except sqlite3.DatabaseError as error:
        return [f"{index}: {fault}" for fault in _of_the_content(error)]
    return []


def _of_the_content(error: sqlite3.Error) -> list[str]:
    """Return what an error says of the file's content; raise it again where it is about anything else."""
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    if name not in _BROKEN:
        raise error
    return [str(error)]
