"""Puts a backup in the place of the desk; the present file is kept aside with its log (promise 8 of docs/reliability.md).

The desk file is there at every moment, the old one or the new: whatever kills a restore, it can be begun again. While
the two are exchanged the desk counts as damaged, so that nobody works on half of it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from socialdesk.domain.models import Delivery
from socialdesk.domain.outbox import NEEDS_ATTENTION, RESTORED, SETTLED
from socialdesk.domain.priority import to_ms
from socialdesk.errors import DeskFileError, NotFound
from socialdesk.i18n import _
from socialdesk.storage import backup, damage, erasing, file, keeping, persons
from socialdesk.storage.connecting import connect
from socialdesk.storage.faults import plainly
from socialdesk.storage.inuse import alone
from socialdesk.storage.lock import turn
from socialdesk.storage.marks import mark_of

_LOGS = ("-wal", "-journal")


class Restored(NamedTuple):
    """What was done: where the former desk lies, how many replies wait for a person, how many erasures were done again."""

    aside: Path | None
    held: int
    erased: int


def restore(path: Path, source: Path, now: datetime) -> Restored:
    """Put a copy of ``source``, examined before anything is touched, in the place of the desk.

    Raises ``NotFound`` where there is no such file, ``Refused`` while somebody has the desk open, and ``DeskFileError``:
    ``backup_unusable`` where the backup is damaged, empty, another program's or newer than this program.
    """
    if not source.is_file():
        raise NotFound(str(source), code="no_backup")
    file.make_place(path)
    with plainly(), alone(path):
        with _of_the_backup(source):
            if not file.version_of(source):
                raise DeskFileError(_("{path} holds no desk").format(path=source), code="backup_unusable")
        try:
            with ExitStack() as stack:
                stack.enter_context(backup.copying(path))
                with _of_the_backup(source):
                    draft = stack.enter_context(backup.examined(source, path, _mark(path, source)))
                held = _hold(draft, now)
                aside = _exchange(path, draft, now)
        except OSError as error:
            raise DeskFileError(f"{path}: {error.strerror}", code="desk_unwritable") from error
        file.prepare(path)
        with erasing.writing(path) as c:
            _mark_restored(c, now)  # an older backup has no place for it before it is brought up to date
        return Restored(aside, held, keeping.replay(path, now))


@contextmanager
def _of_the_backup(source: Path) -> Iterator[None]:
    """Tell of what is wrong with a backup, and not with the desk."""
    try:
        with plainly():
            yield
    except DeskFileError as error:
        if error.code in ("desk_damaged", "desk_foreign", "desk_newer", "desk_unreadable"):
            raise DeskFileError(error.detail, code="backup_unusable") from error
        if error.code == "desk_no_key" and error.detail == str(source):
            raise DeskFileError(error.detail, code="backup_no_key") from error
        raise


def _mark(path: Path, source: Path) -> bytes:
    """Return how the desk will be encrypted: as the backup is, and as the desk was; it never ceases to be by the way."""
    return mark_of(source) or mark_of(path)


def _hold(draft: Path, now: datetime) -> int:
    """Let nothing leave by itself that may have left since; returns how many replies a person has to look at."""
    settled = sorted(state.value for state in SETTLED | NEEDS_ATTENTION | {Delivery.AWAITING_APPROVAL})
    marks = ", ".join("?" * len(settled))
    with closing(connect(draft)) as c:
        c.execute("BEGIN IMMEDIATE")
        # Beside the table of steps: none of these states says any more where the reply is.
        held = c.execute(
            f"UPDATE outbox SET state = ?, reason = ?, detail = '', next_attempt_at = NULL WHERE state NOT IN ({marks})",  # noqa: S608
            (Delivery.NEEDS_PERSON.value, RESTORED, *settled),
        ).rowcount
        c.execute(
            "UPDATE outbox SET reason = ? WHERE state = ?", (RESTORED, Delivery.AWAITING_APPROVAL.value)
        )
        if persons.there(c, ("act",)):
            c.execute(
                "UPDATE act SET state = 'failed', reason = 'act_restored', due_at = NULL, done_at = ?"
                " WHERE state IN ('queued', 'doing')",
                (to_ms(now),),
            )
        _mark_restored(c, now)
        c.execute("COMMIT")
    return held


def _mark_restored(c: sqlite3.Connection, now: datetime) -> None:
    """Remember when: who wrote before may have been told that their message has arrived, and is not told again."""
    if persons.there(c, ("ledger_mark",)):
        c.execute("INSERT OR REPLACE INTO ledger_mark(id, applied) VALUES (3, ?)", (to_ms(now),))


def _exchange(path: Path, draft: Path, now: datetime) -> Path | None:
    with turn(path):
        aside = _keep_aside(path, now)
        damage.note(path, _("a restore was cut off; begin it again"), restoring=True)
        # A log that is left would be taken for the new file's.
        for ending in (*_LOGS, "-shm"):
            _beside(path, ending).unlink(missing_ok=True)
        backup.sync(path.parent)
        backup.put(draft, path)
        damage.clear(path)
    return aside


def _keep_aside(path: Path, now: datetime) -> Path | None:
    """Give the present desk and its log a second name; returns it, None where there is nothing to keep."""
    if not path.stat().st_size and not any(_beside(path, ending).exists() for ending in _LOGS):
        return None
    moment = now.astimezone(UTC)
    while (aside := path.with_name(f"{path.name}.aside-{moment:%Y-%m-%d-%H%M%S}")).exists():
        moment += timedelta(seconds=1)
    for ending in (*_LOGS, ""):
        if _beside(path, ending).exists():
            _second_name(_beside(path, ending), _beside(aside, ending))
    backup.sync(path.parent)
    return aside


def _second_name(present: Path, other: Path) -> None:
    try:
        os.link(present, other)
    except OSError:  # a file system without second names
        handle = os.open(other, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as copy, present.open("rb") as original:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}{ending}")
