"""Who has the desk open: everybody shares it, a restore has it alone; the kernel frees it when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from socialdesk.errors import DeskBusy, Refused
from socialdesk.storage.file import make_place

PATIENCE = 10.0
"""Seconds to wait for a restore to end."""


class InUse:
    """A process has the desk open. Raises ``DeskBusy`` where a restore takes too long, ``DeskFileError`` as ``make_place``."""

    def __init__(self, path: Path) -> None:
        make_place(path)
        self._handle = _open(path)
        if self._handle is None:  # a disk that is full or not ours to write: whoever restores meets the same
            return
        deadline = time.monotonic() + PATIENCE
        while not _locked(self._handle, fcntl.LOCK_SH):
            if time.monotonic() > deadline:
                self.end()
                raise DeskBusy(f"{PATIENCE:.0f} s")
            time.sleep(0.01)

    def end(self) -> None:
        """The desk is closed."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Have the desk for oneself; raises ``Refused`` while a screen, an engine or a command has it open."""
    handle = _open(path)
    try:
        if handle is not None and not _locked(handle, fcntl.LOCK_EX):
            raise Refused(code="desk_in_use")
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _open(path: Path) -> int | None:
    try:
        return os.open(f"{path}.open", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
