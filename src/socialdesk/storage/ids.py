"""Message ids that grow with time.

The full-text index returns rows by id at no cost and by anything else at a large one (a common word among a
million messages: 0.1 ms newest id first, 240 ms sorted). So a message's id begins with the moment it was written;
what follows tells apart messages of the same millisecond, and the same message always gets the same id. Several
networks tell whole seconds only and number their messages: a number at the end of a remote id keeps two lines that
somebody wrote within one second in their order.
"""

from __future__ import annotations

import re
from zlib import crc32

_TAIL_BITS = 20
_TAIL = (1 << _TAIL_BITS) - 1
_APART_BITS = 6
_NUMBER = (1 << (_TAIL_BITS - _APART_BITS)) - 1
_APART = (1 << _APART_BITS) - 1
_NUMBERED = re.compile(r"[0-9]{1,30}\Z", re.ASCII)


def message_id(at_ms: int, account_id: int, remote_id: str) -> int:
    """Return the id of a message written at that moment (milliseconds since 1970); on a clash, take the next free one."""
    tail = crc32(f"{account_id}:{remote_id}".encode()) & _TAIL
    if numbered := _NUMBERED.search(remote_id):
        tail = (int(numbered[0]) & _NUMBER) << _APART_BITS | (tail & _APART)
    return (max(at_ms, 0) << _TAIL_BITS) | tail


def first_id(at_ms: int) -> int:
    """Return a number that no message written at that moment or later has an id below."""
    return max(at_ms, 0) << _TAIL_BITS
