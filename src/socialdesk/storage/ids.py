"""Message ids that grow with time.

The full-text index returns rows by id at no cost and by anything else at a large one (a common word among a
million messages: 0.1 ms newest id first, 240 ms sorted). So a message's id begins with the moment it was written;
what follows tells apart messages of the same millisecond, and the same message always gets the same id.
"""

from __future__ import annotations

from zlib import crc32

_TAIL_BITS = 20
_TAIL = (1 << _TAIL_BITS) - 1


def message_id(at_ms: int, account_id: int, remote_id: str) -> int:
    """Return the id of a message written at that moment (milliseconds since 1970); on a clash, take the next free one."""
    tail = crc32(f"{account_id}:{remote_id}".encode()) & _TAIL
    return (max(at_ms, 0) << _TAIL_BITS) | tail


def first_id(at_ms: int) -> int:
    """Return a number that no message written at that moment or later has an id below."""
    return max(at_ms, 0) << _TAIL_BITS
