"""Time zones: by name, and when their clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_SECOND = 1_000_000
_DAY = 86_400


class Spell(NamedTuple):
    """A time, in microseconds since 1970, during which a zone keeps one offset."""

    start: int
    end: int
    offset: int


def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name; raise ``ValueError`` where there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"no such time zone: {name}") from error


def is_skipped(moment: datetime) -> bool:
    """Say whether this machine's clocks never show a time: they are put forward over it. One with an offset exists."""
    return moment.tzinfo is None and moment.astimezone().replace(tzinfo=None) != moment


@lru_cache(maxsize=1_024)
def offsets(where: tzinfo, year: int) -> tuple[Spell, ...]:
    """Return a zone's offsets through one year of UTC, without a gap.

    A zone does not tell when it changes, so every day is asked, and a day that changes is halved until found.
    """
    begin, finish = ((date(y, 1, 1).toordinal() - _EPOCH_DAY) * _DAY for y in (year, year + 1))
    spells: list[Spell] = []
    start, offset = begin, _offset(where, begin)
    for day in range(begin, finish, _DAY):
        changed = _offset(where, day + _DAY - 1)
        if changed != offset:
            at = _change(where, day, day + _DAY - 1, offset)
            spells.append(Spell(start * _SECOND, at * _SECOND, offset * _SECOND))
            start, offset = at, changed
    return (*spells, Spell(start * _SECOND, finish * _SECOND, offset * _SECOND))


def _offset(where: tzinfo, second: int) -> int:
    moved = (_EPOCH + timedelta(seconds=second)).astimezone(where).utcoffset()
    assert moved is not None
    return moved // timedelta(seconds=1)


def _change(where: tzinfo, low: int, high: int, old: int) -> int:
    """Return the first second within [low, high] without the old offset; it is no longer in force at ``high``."""
    while low < high:
        middle = (low + high) // 2
        if _offset(where, middle) == old:
            low = middle + 1
        else:
            high = middle
    return low
