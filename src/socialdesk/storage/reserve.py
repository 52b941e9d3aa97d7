"""Room on the disk that is kept for one thing: to write down that a reply has left (promise 6 of docs/reliability.md).

Nothing is sent unless that room is there. Where the disk is full by the time a reply has left, the room is given back to
the disk and the desk file takes it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from socialdesk.errors import DeskFileError

SIZE = 2 * 1024 * 1024
"""Bytes: some ten times what the largest of those transactions writes."""


def hold(path: Path) -> bool:
    """Keep the room, unless it is kept already; returns whether it is."""
    place = _place(path)
    if is_held(path):
        return True
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _fill(handle)
        finally:
            os.close(handle)
    except OSError:
        release(path)
        return False
    return True


def is_held(path: Path) -> bool:
    """Say whether the room is kept."""
    try:
        return _place(path).stat().st_blocks * 512 >= SIZE
    except OSError:
        return False


def release(path: Path) -> bool:
    """Give the room back; returns whether there was any."""
    held = is_held(path)
    with suppress(OSError):
        _place(path).unlink()
    return held


def is_full(path: Path) -> bool:
    """Say whether nothing can be sent from this desk for want of room."""
    if is_held(path):
        return False
    try:
        return shutil.disk_usage(path.parent).free < SIZE
    except OSError:
        return False


def need(path: Path) -> None:
    """Raise ``DeskFileError`` where nothing can be sent for want of room."""
    if is_full(path):
        raise DeskFileError(code="desk_full")


def _place(path: Path) -> Path:
    return path.with_name(f"{path.name}.reserve")


def _fill(handle: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, SIZE)
        return
    for _ in range(SIZE // 65536):
        os.write(handle, b"\0" * 65536)
    os.fsync(handle)
