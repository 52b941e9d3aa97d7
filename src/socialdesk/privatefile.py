"""Small files, for their owner's eyes unless said otherwise, replaced in one step that survives a power cut."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only; those that are there stay as they are."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write the file anew; a reader sees the old content or the new, never a part. A folder that is made is 0700."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only one, of all threads and processes, who reads the file in order to write it anew."""
    make_folder(path.parent)
    place = path.with_name(f".{path.name}.lock")
    handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
