"""Damages a desk file as disks, cables and copying programs do, and knows which damage touches its structure."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

PAGE = 4096
_HEADER = ((0, 24), (28, 40), (44, 48), (52, 60), (68, 92))
"""Bytes of the file's header that mean something for its structure; the others are counters and versions."""


class Roles(NamedTuple):
    """Which pages are what, numbered from 1."""

    leaves: list[int]
    interiors: list[int]
    overflow: list[int]  # those that name another one
    tails: list[int]  # the last of a chain: nothing but text
    trunks: list[int]
    free: list[int]

    @property
    def trees(self) -> list[int]:
        """Pages of tables and indexes."""
        return self.leaves + self.interiors


def roles(content: bytes) -> Roles:
    """Sort the pages of a whole file by what they are (https://www.sqlite.org/fileformat2.html)."""
    found = Roles([], [], [], [], [], [])
    trunk = _number(content, 32)
    while trunk:
        at = (trunk - 1) * PAGE
        found.trunks.append(trunk)
        found.free.extend(_number(content, at + 8 + 4 * n) for n in range(_number(content, at + 4)))
        trunk = _number(content, at)
    known = {*found.trunks, *found.free}
    chains: set[int] = set()
    for page in (one for one in range(1, len(content) // PAGE + 1) if one not in known):
        kind = content[_start(page)]
        if kind in (2, 5):
            found.interiors.append(page)
        elif kind in (10, 13):
            found.leaves.append(page)
        else:
            chains.add(page)
    for page in sorted(chains):
        (found.overflow if _number(content, (page - 1) * PAGE) else found.tails).append(page)
    return found


class Damage(NamedTuple):
    """A way to damage a file: changes its content, or returns False where the file has nothing of the kind."""

    name: str
    do: Callable[[bytearray, Roles, Random], bool]


def _start(page: int) -> int:
    """Return where the header of a tree's page begins."""
    return 100 if page == 1 else (page - 1) * PAGE


def _number(content: bytes | bytearray, at: int) -> int:
    return int(struct.unpack_from(">I", content, at)[0])


def _flip(content: bytearray, at: int, dice: Random) -> bool:
    content[at] ^= 1 << dice.randrange(8)
    return True


def _header(content: bytearray, _roles: Roles, dice: Random) -> bool:
    return _flip(content, dice.choice([at for begin, end in _HEADER for at in range(begin, end)]), dice)


def _page_header(content: bytearray, roles: Roles, dice: Random) -> bool:
    page = dice.choice(roles.trees)
    return _flip(content, _start(page) + dice.randrange(8), dice)


def _pointer(content: bytearray, roles: Roles, dice: Random) -> bool:
    """The array that says where each cell of a page begins."""
    page = dice.choice(roles.trees)
    start = _start(page)
    cells = struct.unpack_from(">H", content, start + 3)[0]
    head = 12 if page in roles.interiors else 8
    return bool(cells) and _flip(content, start + head + dice.randrange(2 * cells), dice)


def _child(content: bytearray, roles: Roles, dice: Random) -> bool:
    """The numbers by which inner pages name those below."""
    if not roles.interiors:
        return False
    start = _start(dice.choice(roles.interiors))
    cells = struct.unpack_from(">H", content, start + 3)[0]
    which = dice.randrange(cells + 1)
    page = start // PAGE * PAGE
    at = start + 8 if which == cells else page + struct.unpack_from(">H", content, start + 12 + 2 * which)[0]
    return _flip(content, at + dice.randrange(4), dice)


def _chain(content: bytearray, roles: Roles, dice: Random) -> bool:
    pages = roles.overflow + roles.tails
    return bool(pages) and _flip(content, (dice.choice(pages) - 1) * PAGE + dice.randrange(4), dice)


def _trunk(content: bytearray, roles: Roles, dice: Random) -> bool:
    if not roles.trunks:
        return False
    at = (dice.choice(roles.trunks) - 1) * PAGE
    return _flip(content, at + dice.randrange(8 + 4 * min(_number(content, at + 4), 1000)), dice)


def _zeroed(content: bytearray, roles: Roles, dice: Random) -> bool:
    at = (dice.choice(roles.trees + roles.overflow + roles.trunks) - 1) * PAGE
    content[at : at + PAGE] = bytes(PAGE)
    return True


def _noise(content: bytearray, roles: Roles, dice: Random) -> bool:
    at = (dice.choice(roles.trees + roles.overflow + roles.trunks) - 1) * PAGE
    content[at : at + PAGE] = dice.randbytes(PAGE)
    return True


def _first_sector(content: bytearray, roles: Roles, dice: Random) -> bool:
    """The part of a page that says where all else is."""
    return _sector(content, dice.choice(roles.trees), 0)


def _other_sector(content: bytearray, roles: Roles, dice: Random) -> bool:
    """Often nothing but words, where no page says what they should be."""
    return _sector(content, dice.choice(roles.trees), dice.randrange(1, 8))


def _sector(content: bytearray, page: int, number: int) -> bool:
    at = (page - 1) * PAGE + 512 * number
    if not any(content[at : at + 512]):
        return False
    content[at : at + 512] = bytes(512)
    return True


def _any_bit(content: bytearray, _roles: Roles, dice: Random) -> bool:
    return _flip(content, dice.randrange(len(content)), dice)


def _tail(content: bytearray, roles: Roles, dice: Random) -> bool:
    if not roles.tails:
        return False
    at = (dice.choice(roles.tails) - 1) * PAGE
    content[at : at + PAGE] = bytes(PAGE)
    return True


def _swapped(content: bytearray, roles: Roles, dice: Random) -> bool:
    one = (dice.choice(roles.trees) - 1) * PAGE
    other = (dice.choice(roles.trees + roles.overflow + roles.tails + roles.trunks) - 1) * PAGE
    first, second = content[one : one + PAGE], content[other : other + PAGE]
    content[one : one + PAGE], content[other : other + PAGE] = second, first
    return first != second


def _doubled(content: bytearray, roles: Roles, dice: Random) -> bool:
    """A page written to the wrong place."""
    one, other = ((page - 1) * PAGE for page in dice.sample(roles.trees, 2))
    content[other : other + PAGE] = content[one : one + PAGE]
    return True


def _cut(content: bytearray, _roles: Roles, dice: Random) -> bool:
    del content[dice.randrange(1, len(content)) :]
    return True


STRUCTURAL = (
    Damage("a bit of the file's header", _header),
    Damage("a bit of a page's header", _page_header),
    Damage("a bit of the places of cells", _pointer),
    Damage("a bit of the number of a page below", _child),
    Damage("a bit of an overflow chain", _chain),
    Damage("a bit of the list of free pages", _trunk),
    Damage("a page of zeros", _zeroed),
    Damage("a page of noise", _noise),
    Damage("the first sector of a page zeros", _first_sector),
    Damage("two pages exchanged", _swapped),
    Damage("a page in another's place", _doubled),
    Damage("the file cut short", _cut),
)

CONTENT = (
    Damage("any bit of the file", _any_bit),
    Damage("another sector of a page zeros", _other_sector),
    Damage("the end of a long text zeros", _tail),
)
"""What mostly touches words and numbers alone, which nothing in the file vouches for."""


def apply(damage: Damage, path: Path, whole: bytes, known: Roles, dice: Random) -> bytes:
    """Write a damaged copy of a file; returns what is there now."""
    while True:
        content = bytearray(whole)
        if damage.do(content, known, dice) and content != whole:
            path.write_bytes(content)
            return bytes(content)
