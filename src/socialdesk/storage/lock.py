"""The writers' queue: a file lock beside the desk file, freed by the kernel when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from socialdesk.errors import DeskBusy, DeskFileError

PATIENCE = 30.0
"""Seconds a writer waits for its turn."""


@contextlib.contextmanager
def turn(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the right to write the desk file at ``path``; raises ``DeskBusy`` after ``patience`` seconds.

    Raises ``DeskFileError`` where this person may not write there.
    """
    try:
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DeskFileError(f"{error.filename}: {error.strerror}", code="desk_unwritable") from error
    try:
        _wait(handle, patience)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    pause = 0.0005
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DeskBusy(f"{patience:.0f} s") from None
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
        else:
            return
