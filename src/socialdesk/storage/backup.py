"""Copies of the desk: made while it is in use, examined before they count, readable by their owner only.

A copy is made page by page (https://www.sqlite.org/backup.html), so that examining it examines the desk: damage is
copied as well, and such a copy never takes the place of a good one (promises 7, 8 and 13 of docs/reliability.md).
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from socialdesk.errors import DeskBusy, DeskFileError
from socialdesk.i18n import _
from socialdesk.privatefile import make_folder
from socialdesk.storage import copies, damage
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import in_plain_words
from socialdesk.storage.lock import PATIENCE, turn
from socialdesk.storage.marks import mark_of

_DAY = re.compile(r"-(\d{4}-\d\d-\d\d)(?:\.\w+)?$")
_MOMENT = re.compile(r"-(\d{4}-\d\d-\d\d-\d{6})(?:\.\w+)?$")


class Backup(NamedTuple):
    """A copy of the desk: when it was made (aware, UTC), and how many bytes it has."""

    path: Path
    at: datetime
    size: int


def place(path: Path, now: datetime) -> Path:
    """Return where a backup goes that somebody asks for; those are never removed by us."""
    return copies.named(path, f"{now.astimezone(UTC):%Y-%m-%d-%H%M%S}")


def all_of(path: Path) -> list[Backup]:
    """Return every copy of a desk that lies where we put them, the newest first.

    Besides the backups these are the copies from before an upgrade and the files that a restore has put aside.
    """
    found = map(_backup, copies.own(path))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def newest(path: Path) -> Backup | None:
    """Return the newest backup; what was put aside by a restore is none, and one of days to come has a wrong clock's name."""
    found = [one for one in all_of(path) if ".aside-" not in one.path.name]
    latest = datetime.now(UTC) + timedelta(days=1)
    return next((one for one in found if one.at <= latest), found[0] if found else None)


def daily(path: Path, now: datetime, keep: int) -> Path | None:
    """Make the backup of the day unless there is one, and remove all but the newest ``keep`` of these.

    What a copy that was cut off has left is removed as well. Four times as many stay while the content of the desk does not agree with itself: an older one may be the better.
    Raises ``DeskFileError`` as ``back_up`` does; then none is removed.
    """
    tidy(path)
    target = copies.named(path, f"{now.astimezone(UTC):%Y-%m-%d}")
    made = None
    if keep and not target.exists():
        damage.doubt(path, back_up(path, target, thorough=True))
        made = target
    keep *= 4 if damage.is_doubted(path) else 1
    days = [one for one in copies.own(path) if one.parent == target.parent and _DAY.search(one.name)]
    # Those of days to come are a wrong clock's: they go before the one of today.
    ours = sorted(days, key=lambda one: (one.stem <= target.stem, one.stem))
    for old in ours[:-keep] if keep else ():
        old.unlink(missing_ok=True)
    return made


def back_up(path: Path, target: Path, *, thorough: bool = False) -> list[str]:
    """Copy a desk, in use or not, into a private file, which is there once it was found whole; replaces one of that name.

    Returns what does not agree in its content, where ``thorough`` asks for that. Raises ``DeskFileError``: ``desk_damaged`` where the desk itself is, ``backup_failed`` where there is no room or it may
    not be written.
    """
    with _in_words(path):
        make_folder(target.absolute().parent)
        with copying(path), examined(path, target) as draft:
            found = damage.doubts(draft) if thorough else []
            put(draft, target)
    return found


def doubts(path: Path) -> list[str]:
    """Examine a copy of the desk, so that nobody has to wait; returns what is wrong in it although it is whole.

    Raises as ``back_up`` does.
    """
    with _in_words(path), copying(path), examined(path, path) as draft:
        return damage.doubts(draft)


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _failed(path, str(error.strerror or error)) from error
    except sqlite3.Error as error:
        if in_plain_words(error).code == "desk_damaged":
            raise damage.damaged(path, str(error)) from error
        raise _failed(path, str(error)) from error


def copying(path: Path, patience: float = PATIENCE) -> contextlib.AbstractContextManager[None]:
    """Return the right to make, change or remove copies of that desk; raises ``DeskBusy`` as ``turn`` does."""
    return turn(path.with_name(f"{path.name}.copying"), patience)


def tidy(path: Path) -> list[Path]:
    """Remove what a copy that was cut off has left, and return it: it may be all of an encrypted desk in plain text."""
    with contextlib.suppress(DeskBusy, OSError), copying(path, 0):  # whoever is busy with one does it too
        found = copies.drafts(path)
        for left in found:
            left.unlink(missing_ok=True)
        return found
    return []


@contextlib.contextmanager
def examined(path: Path, target: Path, mark: bytes | None = None) -> Iterator[Path]:
    """Give a private copy of a desk that was found whole, beside ``target``, whose place it may take; within ``copying``.

    It is encrypted as the desk is, or as ``mark`` says (``connecting``); then nobody may change the desk meanwhile. Raises as ``back_up`` does, and SQLite's and the system's errors.
    """
    _remove_drafts(path, target)
    with _draft(target) as draft:
        _copy(path, draft, mark_of(path) if mark is None else mark)
        if faults := damage.examine_copy(draft):
            raise _at_fault(path, faults)
        yield draft


def _copy(path: Path, draft: Path, mark: bytes) -> None:
    if mark != mark_of(path):
        from socialdesk.storage import cipher

        cipher.convert(path, draft, mark)
        return
    with closing(damage.connect(path)) as source, closing(connect(draft, mark=mark)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _at_fault(path: Path, faults: list[str]) -> DeskFileError:
    """Return what a faulty copy means: the desk is damaged, unless it is whole and the copy alone went wrong."""
    if not damage.examine(path) and not any(index in faults[0] for index in damage.INDEXES):
        return _failed(path, "; ".join(faults))
    return damage.damaged(path, "; ".join(faults))


def put(draft: Path, target: Path) -> None:
    """Let a file take another's place, in one step that survives a power cut."""
    sync(draft)
    draft.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Let a file, or the names in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _draft(target: Path) -> Iterator[Path]:
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        yield draft
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            draft.with_name(f"{draft.name}{ending}").unlink(missing_ok=True)


def _remove_drafts(path: Path, target: Path) -> None:
    """Remove what a backup that was killed has left; the lock says that nobody else is at work there."""
    elsewhere = target.parent.glob(f".{glob.escape(target.name)}.*.new*")
    for left in (*copies.drafts(path), *elsewhere):
        left.unlink(missing_ok=True)


def _backup(file: Path) -> Backup:
    stat = file.stat()
    at = datetime.fromtimestamp(stat.st_mtime, UTC)
    for pattern, form in ((_MOMENT, "%Y-%m-%d-%H%M%S"), (_DAY, "%Y-%m-%d")):
        if found := pattern.search(file.name):
            with contextlib.suppress(ValueError):
                named = datetime.strptime(found[1], form).replace(tzinfo=UTC)
                # A day's backup was made some time that day; the file knows when, unless it was copied since.
                at = at if pattern is _DAY and named.date() == at.date() else named
                break
    return Backup(file, at, stat.st_size)


def _failed(path: Path, reason: str) -> DeskFileError:
    return DeskFileError(
        _("{path} could not be backed up: {reason}").format(path=path, reason=reason), code="backup_failed"
    )
