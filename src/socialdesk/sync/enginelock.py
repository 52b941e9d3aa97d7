"""One engine a desk: a file lock that the kernel frees when its holder dies, however it dies.

It lies beside the desk file, wherever that is: two homes that share a desk share its engine.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from socialdesk.privatefile import make_folder


def lock_of(desk: Path) -> Path:
    """Return the lock of a desk file."""
    desk = desk.resolve()
    return desk.with_name(f"{desk.name}.engine")


class EngineLock:
    """The right to receive and send for a desk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Take the right if nobody holds it; returns whether it is ours now."""
        if self._handle is not None:
            return True
        make_folder(self._path.parent)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Give the right back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def is_running(path: Path) -> bool:
    """Say whether some process receives and sends for the desk with that lock."""
    if not path.exists():
        return False
    lock = EngineLock(path)
    taken = lock.take()
    lock.release()
    return not taken
