"""Who sends for a desk, as the kernel tells it, and how soon somebody else does."""

from __future__ import annotations

import os
import time
from pathlib import Path

TAKEN_OVER = 5.0
"""Seconds after the death of the one that sends until another one does."""


def holder(lock: Path) -> int:
    """Return the process that holds a file lock, or 0 (proc(5), /proc/locks)."""
    about = lock.stat()
    place = f"{os.major(about.st_dev):02x}:{os.minor(about.st_dev):02x}:{about.st_ino}"
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return next((int(words[4]) for words in lines if words[1] == "FLOCK" and words[5] == place), 0)


def wait_for_another(lock: Path, before: int, patience: float = 30) -> tuple[int, float]:
    """Return the next process that holds the lock, and after how many seconds."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        found = holder(lock) if lock.exists() else 0
        if found not in (0, before):
            return found, time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError("nobody has taken over")
