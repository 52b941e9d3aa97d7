"""Makes sure, before anything is read, that the desk file is ours, whole, private and up to date.

A file that cannot be used is refused with its reason and left untouched: what can be told from its first bytes is
told without SQLite, the rest over a read-only connection. The ``application_id`` is written before anything else,
and outside the WAL, so that those first bytes always tell whose file it is.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from socialdesk.errors import DeskFileError
from socialdesk.i18n import _
from socialdesk.privatefile import make_folder
from socialdesk.storage import logcheck
from socialdesk.storage.connecting import connect as open_file
from socialdesk.storage.damage import connect, damaged, note, refuse
from socialdesk.storage.faults import in_plain_words, plainly
from socialdesk.storage.lock import turn
from socialdesk.storage.marks import APPLICATION_ID, PLAIN, SEALED, is_mark

HEAD = "0006"
"""The schema that this program works with: the newest revision in ``migrations/versions``."""

_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "9p",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
    }
)
_NETWORK_FUSE = ("sshfs", "glusterfs", "davfs", "rclone", "s3fs", "gcsfuse", "ceph", "smbnetfs", "curlftpfs")


def make_place(path: Path) -> None:
    """Make the file and its folder, unless they are there, for their owner only; raises ``DeskFileError``."""
    _refuse_network_disk(path)
    _make_private(path)


def prepare(path: Path) -> None:
    """Fill a new desk file or bring one up to date; raises ``DeskFileError`` where it cannot be used."""
    _roll_back(path)
    version = version_of(path)
    _refuse_lost_log(path)
    if version == HEAD:
        return
    with plainly(), turn(path):
        version = version_of(path)  # another process may have been faster
        if version == HEAD:
            return
        refuse(path)
        if path.stat().st_size == 0:
            _refuse_lost(path)
            _sign(path)
        from socialdesk.storage.upgrade import upgrade

        upgrade(path, version)


def _roll_back(path: Path) -> None:
    """Take back what was being written without a log when its writer was killed; readers may not (https://www.sqlite.org/lockingv3.html#hot_journals)."""
    journal = path.with_name(f"{path.name}-journal")
    if not journal.exists():
        return
    with path.open("rb") as file:
        header = file.read(100)
    ours = not header or is_mark(header)
    ours |= header.startswith(PLAIN) and int.from_bytes(header[68:72], "big") == APPLICATION_ID
    if not ours:
        return
    refuse(path)
    with plainly(), turn(path), closing(open_file(path)) as connection:
        connection.execute("PRAGMA user_version").fetchone()


def _make_private(path: Path) -> None:
    try:
        make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise DeskFileError(
            _("{path} cannot be created: {reason}").format(path=path, reason=error.strerror),
            code="desk_unwritable",
        ) from error


def version_of(path: Path) -> str:
    """Return the schema revision of a desk file, "" for a new or half-made one; raises ``DeskFileError``."""
    _check_header(path)
    if path.stat().st_size == 0:
        return ""
    version = _read_version(path)
    if version and not version.isdigit():
        raise _foreign(path)
    if version > HEAD:
        raise DeskFileError(
            _("{path} was written by a newer socialdesk; please update the program.").format(path=path),
            code="desk_newer",
        )
    return version


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise DeskFileError(
            _("{path} cannot be read: {reason}").format(path=path, reason=error.strerror),
            code="desk_unreadable",
        ) from error
    if not header or (is_mark(header) and len(header) == 100):
        return  # of an encrypted file every page is authenticated, the first as soon as it is read
    if not header.startswith((PLAIN, SEALED)):
        raise _foreign(path, _("{path} is not a desk file."))
    if len(header) < 100:
        raise damaged(path)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise _foreign(path)
    if not _is_sound(header):
        raise damaged(path)
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    # With a log beside it the file may lag behind its own header: a checkpoint writes page by page.
    log = Path(f"{path}-wal")
    if not (log.exists() and log.stat().st_size) and size < pages * (65536 if page == 1 else page):
        raise damaged(path)


def _is_sound(header: bytes) -> bool:
    """Say whether a header holds what we, or SQLite always, write there (https://www.sqlite.org/fileformat2.html)."""
    page = int.from_bytes(header[16:18], "big")
    versions, fixed = header[18:20], header[20:24]
    return (
        page in (1, *(1 << power for power in range(9, 16)))
        and versions in (b"\1\1", b"\2\2")
        and fixed == b"\0\x40\x20\x20"
        and not any(header[52:56])  # auto-vacuum
        # The form of the tables and UTF-8; neither is there yet in a file that was only signed.
        and (header[44:48], header[56:60]) in ((b"\0\0\0\4", b"\0\0\0\1"), (bytes(4), bytes(4)))
        and not any(header[72:92])
    )


def _read_version(path: Path) -> str:
    try:
        connection = open_file(path, readonly=True)
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return ""
        if in_plain_words(error).code == "desk_full":
            raise in_plain_words(error) from error
        raise DeskFileError(
            _("{path} cannot be read: {reason}").format(path=path, reason=error), code="desk_unreadable"
        ) from error
    except sqlite3.DatabaseError as error:
        raise damaged(path) from error
    return str(row[0]) if row else ""


def _sign(path: Path) -> None:
    connection = open_file(path)
    try:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    finally:
        connection.close()


def _refuse_lost_log(path: Path) -> None:
    """Remember that the log is damaged, before anybody writes over it; raises ``DeskFileError``."""
    if not logcheck.is_there(path):
        return
    with plainly(), closing(connect(path)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        lost = logcheck.is_damaged(path)
    if lost:
        told = _('what was written last is lost; "socialdesk restore {file}" keeps the rest').format(
            file=path
        )
        note(path, told)
        raise damaged(path, told)


def _foreign(path: Path, words: str = "") -> DeskFileError:
    """Return the error for what is no desk file; where a desk has backups, something has written over it."""
    if _was_there(path):
        return damaged(path)
    words = words or _("{path} is the database of another program.")
    return DeskFileError(words.format(path=path), code="desk_foreign")


def _refuse_lost(path: Path) -> None:
    """Raise ``DeskFileError`` rather than begin anew, empty, beside the backups of a desk that has vanished."""
    if _was_there(path):
        raise DeskFileError(
            _("{path} is empty or gone, and its backups are there.").format(path=path), code="desk_lost"
        )


def _was_there(path: Path) -> bool:
    from socialdesk.storage import backup

    return bool(backup.all_of(path))


def _refuse_network_disk(path: Path) -> None:
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    kind = network_disk(path, mounts)
    if kind:
        raise DeskFileError(
            _("{path} is on a network disk ({kind}), where files cannot be locked safely.").format(
                path=path, kind=kind
            ),
            code="desk_network_disk",
        )


def network_disk(path: Path, mounts: str) -> str:
    """Return the type of the network file system that holds ``path``, or ""; ``mounts`` is as in /proc/mounts."""
    real = path.absolute().resolve()
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " "))
        depth = len(point.parts)
        if depth >= best and real.is_relative_to(point):
            best, kind = depth, fields[2]
    network = kind in _NETWORK or (kind.startswith("fuse") and any(name in kind for name in _NETWORK_FUSE))
    return kind if network else ""
