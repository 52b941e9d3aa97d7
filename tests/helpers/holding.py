"""What a process holds of the machine (proc(5))."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypedDict


class Held(TypedDict):
    """Bytes in memory, open descriptors, threads; the largest size in bytes that the desk's log was seen to have."""

    memory: int
    descriptors: int
    threads: int
    wal: int


class Holding:
    """Looks at the own process, and at the log of a desk."""

    def __init__(self, desk: Path) -> None:
        self._wal = Path(f"{desk}-wal")
        self._largest = 0

    def look(self) -> None:
        """Look how large the log is."""
        if self._wal.exists():
            self._largest = max(self._largest, self._wal.stat().st_size)

    def tell(self) -> Held:
        """Return what is held now."""
        self.look()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return {
            "memory": pages * os.sysconf("SC_PAGE_SIZE"),
            "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
            "threads": sum(1 for _ in Path("/proc/self/task").iterdir()),
            "wal": self._largest,
        }
