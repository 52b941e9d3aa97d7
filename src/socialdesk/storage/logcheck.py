"""Tells a write-ahead log that was damaged from one that a crash has cut off (https://www.sqlite.org/fileformat2.html#walformat).

SQLite takes a log up to its first frame that does not add up, and forgets the rest without a word: right after a crash,
for a transaction that was being written; wrong after damage, when replies that have left would count as waiting again.
A transaction begins only after the one before it is safe on the disk, so two commits beyond what SQLite has taken show
that something safe was lost.
"""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path
from typing import BinaryIO

_HEADER, _FRAME = 32, 24
_MAGIC = (0x377F0682, 0x377F0683)


def is_there(path: Path) -> bool:
    """Say whether there is a log to look at."""
    try:
        return _log_of(path).stat().st_size > _HEADER
    except FileNotFoundError:
        return False


def is_damaged(path: Path) -> bool:
    """Say whether the log of a desk was damaged; to be asked while a connection has read the desk."""
    index = path.with_name(f"{path.name}-shm")
    try:
        with _log_of(path).open("rb") as log:
            return all(
                _looks_damaged(log, index) for _ in range(2)
            )  # one look may meet somebody who is writing
    except FileNotFoundError:
        return False


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _looks_damaged(log: BinaryIO, index: Path) -> bool:
    log.seek(0)
    header = log.read(_HEADER)
    if len(header) < _HEADER:
        return False
    if not _adds_up(header):
        time.sleep(0.01)
        return os.fstat(log.fileno()).st_size > _HEADER
    taken = _taken(index)
    return _lost_commits(log, header, taken) > 1 and _taken(index) == taken


def _lost_commits(log: BinaryIO, header: bytes, taken: int) -> int:
    """Count the transactions of this log beyond what SQLite takes; one may have been in the middle of being written."""
    page, salts, commits = int.from_bytes(header[8:12], "big"), header[16:24], 0
    log.seek(_HEADER + taken * (_FRAME + page))
    while len(frame := log.read(_FRAME)) == _FRAME:
        commits += frame[8:16] == salts and any(frame[4:8])
        log.seek(page, os.SEEK_CUR)
    return commits


def _taken(index: Path) -> int:
    """Return how many frames SQLite takes for good (https://www.sqlite.org/walformat.html#the_wal_index_file_format)."""
    try:
        with index.open("rb") as file:
            header = file.read(48)
    except FileNotFoundError:
        return 0
    return int(struct.unpack_from("=I", header, 16)[0]) if len(header) == 48 else 0


def _adds_up(header: bytes) -> bool:
    magic, version = struct.unpack_from(">II", header)
    if magic not in _MAGIC or version != 3007000:
        return False
    order = ">" if magic & 1 else "<"
    first = second = 0
    for one, two in struct.iter_unpack(f"{order}II", header[:24]):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second) == header[24:32]
