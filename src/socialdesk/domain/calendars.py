"""Opening hours, and time counted in them (NEEDS A5).

A calendar is open at an instant when the wall clock of its zone then shows a minute of a shift. An hour that the
clock skips therefore holds no opening time, and an hour that it shows twice holds twice as much. What is counted is
real elapsed time. All instants are aware; results are in UTC and never depend on the machine's own zone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from socialdesk.domain.zones import Spell, offsets
from socialdesk.domain.zones import zone as zone

DAY = 1440
"""Minutes of a day on the wall."""

NEVER = timedelta(days=3 * 366)
"""What does not come about within this time does not come about."""

CLOSED_FOR_GOOD = timedelta(days=400)
"""How far ``next_open`` looks."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TICK = timedelta(microseconds=1)
_SECOND, _MINUTE, _MILLISECOND = 1_000_000, 60_000_000, 1_000
_DAY = DAY * _MINUTE
_YEARS = range(2, 9_998)
"""The years in which every local day is a date that can be written down."""


class Shift(NamedTuple):
    """Opening time in minutes after midnight on the wall, half open: [start, end).

    ``start`` is 0 to 1439; ``end`` is 1440 at 24:00 and more, up to 2880, where a shift runs into the next day.
    """

    start: int
    end: int


Week = tuple[tuple[Shift, ...], ...]
ALWAYS: Week = ((Shift(0, DAY),),) * 7


class Calendar(NamedTuple):
    """A brand's opening hours in its own zone (an IANA name); a value, never changed.

    ``week`` begins on Monday. On a ``closed`` day no shift begins; its value is the day's name. ``special`` are the
    hours of one day and win over both. A shift that began the evening before runs to its end in any case.
    """

    zone: str = "UTC"
    week: Week = ALWAYS
    closed: Mapping[date, str] = MappingProxyType({})
    special: Mapping[date, tuple[Shift, ...]] = MappingProxyType({})

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that begin on a local day."""
        if day in self.special:
            return self.special[day]
        return () if day in self.closed else self.week[day.weekday()]


class _Year(NamedTuple):
    """The open intervals that lie in one year of UTC, in ticks since 1970.

    ``opened[i]`` is the open time before the interval ``i``; the last one is that of the whole year.
    """

    start: int
    end: int
    starts: Sequence[int]
    ends: Sequence[int]
    opened: Sequence[int]

    def before(self, at: int) -> int:
        """Return the open time of the year before an instant."""
        i = bisect_right(self.starts, at)
        return self.opened[i - 1] + min(at, self.ends[i - 1]) - self.starts[i - 1] if i else 0

    def holding(self, at: int) -> int | None:
        """Return the number of the interval that holds an instant."""
        i = bisect_right(self.starts, at) - 1
        return i if i >= 0 and at < self.ends[i] else None


class Timeline:
    """A calendar made quick: its open intervals year by year, made when first asked for, and then kept.

    May be shared between threads: a year is a value, and made twice at worst.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Raise ``ValueError`` where the zone is unknown."""
        self.calendar = calendar
        self.zone = zone(calendar.zone)
        self._years: dict[int, _Year] = {}

    def is_open(self, at: datetime) -> bool:
        """Return whether the shop is open."""
        ticks = _ticks(at)
        return self._year(_year_of(at)).holding(ticks) is not None

    def next_open(self, at: datetime) -> datetime | None:
        """Return ``at`` itself while open, else the next opening; None where it is more than 400 days off."""
        ticks, first = _ticks(at), _year_of(at)
        for number in range(first, first + 3):
            year = self._year(number)
            if year.holding(ticks) is not None:
                return at
            i = bisect_left(year.starts, ticks)
            if i < len(year.starts):
                found = _moment(year.starts[i])
                return found if found - at <= CLOSED_FOR_GOOD else None
        return None

    def closes(self, at: datetime) -> datetime | None:
        """Return the end of the open time that holds ``at``; None while closed, or where it never closes."""
        ticks, number = _ticks(at), _year_of(at)
        year = self._year(number)
        i = year.holding(ticks)
        if i is None:
            return None
        end, last = year.ends[i], number + 4
        while end == year.end and number < last:
            number += 1
            year = self._year(number)
            if year.holding(end) is None:
                break
            end = year.ends[0]
        return _moment(end) if number < last else None

    def add(self, start: datetime, seconds: int) -> datetime | None:
        """Return the first instant by which so many open seconds have passed; None if there is none in ``NEVER``.

        Four hours from 10:00 in a shift that ends at 14:00 end at 14:00, not at the next opening.
        """
        found = self._later(_ticks(start), _year_of(start), seconds * _SECOND)
        return None if found is None else _moment(found)

    def add_ms(self, start: int, seconds: int) -> int | None:
        """Do as ``add`` with milliseconds since 1970, where there are many."""
        ticks = start * _MILLISECOND
        found = self._later(ticks, _moment(ticks).year, seconds * _SECOND)
        return None if found is None else found // _MILLISECOND

    def open_seconds(self, start: datetime, end: datetime) -> int:
        """Return the whole open seconds of [start, end); 0 where the end comes first."""
        first, last = _ticks(start), _ticks(end)
        if last <= first:
            return 0
        years = (self._year(number) for number in range(_year_of(start), _year_of(end) + 1))
        return sum(year.before(last) - year.before(first) for year in years) // _SECOND

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the open intervals of [start, end), in order, clipped to it."""
        first, last = _ticks(start), _ticks(end)
        if last <= first:
            return []
        clipped = (
            (max(opens, first), min(closes, last))
            for number in range(_year_of(start), _year_of(end) + 1)
            for opens, closes in self._between(number, first, last)
        )
        return [(_moment(opens), _moment(closes)) for opens, closes in _joined(clipped)]

    def offset_changes(self, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
        """Return when the zone's clock was changed within [start, end), and by how many seconds."""
        spells = [s for number in range(_year_of(start), _year_of(end) + 1) for s in self._spells(number)]
        changes = (
            (_moment(after.start), (after.offset - before.offset) // _SECOND)
            for before, after in pairwise(spells)
            if after.offset != before.offset
        )
        return [change for change in changes if start <= change[0] < end]

    def _later(self, at: int, first: int, wanted: int) -> int | None:
        if wanted <= 0:
            return at
        limit = at + NEVER // _TICK
        for number in range(first, first + 5):
            year = self._year(number)
            passed = year.before(at)
            target = passed + wanted
            if target <= year.opened[-1]:
                i = bisect_left(year.opened, target) - 1
                found = year.starts[i] + target - year.opened[i]
                return found if found <= limit else None
            wanted = target - year.opened[-1]
        return None

    def _between(self, number: int, first: int, last: int) -> Iterator[tuple[int, int]]:
        year = self._year(number)
        some = slice(bisect_right(year.ends, first), bisect_left(year.starts, last))
        return zip(year.starts[some], year.ends[some], strict=True)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._made(number)
        return year

    def _made(self, number: int) -> _Year:
        spells = self._spells(number)
        if not spells:
            return _Year(0, 0, (), (), (0,))
        opens: list[int] = []
        closes: list[int] = []
        opened = [0]
        for start, end in _joined(_seen(list(_joined(self._wall(number))), spells)):
            opens.append(start)
            closes.append(end)
            opened.append(opened[-1] + end - start)
        return _Year(spells[0].start, spells[-1].end, opens, closes, opened)

    def _wall(self, number: int) -> Iterator[tuple[int, int]]:
        """Yield when the shifts of a year begin and end on the wall, in order of their beginning.

        It starts some days early: a shift runs into the next day, and zones lie up to a day apart.
        """
        first, last = date(number, 1, 1).toordinal() - 3, date(number + 1, 1, 1).toordinal() + 2
        for ordinal in range(first, last):
            midnight = (ordinal - _EPOCH_DAY) * _DAY
            for shift in sorted(self.calendar.shifts(date.fromordinal(ordinal))):
                yield midnight + shift.start * _MINUTE, midnight + shift.end * _MINUTE

    def _spells(self, number: int) -> tuple[Spell, ...]:
        return offsets(self.zone, number) if number in _YEARS else ()


def timeline(calendar: Calendar) -> Timeline:
    """Return the timeline of a calendar, the same one for equal calendars."""
    known = _KNOWN.get(id(calendar))
    if known is not None and known[0] is calendar:
        return known[1]
    key = (
        calendar.zone,
        calendar.week,
        tuple(sorted(calendar.closed)),
        tuple(sorted(calendar.special.items())),
    )
    made = _MADE.get(key) or Timeline(calendar)
    if len(_KNOWN) >= _KEPT:
        _KNOWN.clear()
        _MADE.clear()
    _MADE[key] = made
    _KNOWN[id(calendar)] = (calendar, made)
    return made


_KEPT = 256
_KNOWN: dict[int, tuple[Calendar, Timeline]] = {}
"""By identity, the calendar kept with it so that its number is not given to another."""
_MADE: dict[object, Timeline] = {}


def forget() -> None:
    """Let go of every timeline, and of what is known of zones."""
    _KNOWN.clear()
    _MADE.clear()
    offsets.cache_clear()


def _seen(wall: Sequence[tuple[int, int]], spells: Sequence[Spell]) -> Iterator[tuple[int, int]]:
    """Yield when, in UTC, the wall clock shows one of the given times; both are in order and do not overlap."""
    for spell in spells:
        first = bisect_right(wall, spell.start + spell.offset, key=lambda shift: shift[1])
        for opens, closes in wall[first:]:
            if opens >= spell.end + spell.offset:
                break
            yield max(opens - spell.offset, spell.start), min(closes - spell.offset, spell.end)


def _joined(intervals: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the intervals, those that touch or overlap as one; given in order of their beginning."""
    start = end = None
    for opens, closes in intervals:
        if start is None or end is None:
            start, end = opens, closes
        elif opens <= end:
            end = max(end, closes)
        else:
            yield start, end
            start, end = opens, closes
    if start is not None and end is not None:
        yield start, end


def _ticks(at: datetime) -> int:
    """Return an aware instant in microseconds since 1970; a naive one is a ``TypeError``."""
    return (at - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK


def _year_of(at: datetime) -> int:
    return at.astimezone(UTC).year
