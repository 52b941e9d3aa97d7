"""The arithmetic of a long deadline, told in few lines: days in a row with the same hours as one, and so equal weeks.

Days off and changed clocks are told apart as long as there is room for them (NEEDS A5: a deadline that can be defended).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Literal, NamedTuple

from socialdesk.domain.promises import Step

ROOM = 20
"""Lines that a person reads at a glance; from more steps than these on they are folded."""

_A_DAY = timedelta(days=1)
_WEEK = 7


class Alike(NamedTuple):
    """Two or more days or weeks in a row with the same hours: how many, the seconds counted in ``each``, and what is then ``left``.

    ``start`` and ``end`` are local midnights, in UTC; ``shifts`` is how often it was opened in all of them.
    """

    unit: Literal["day", "week"]
    start: datetime
    end: datetime
    number: int
    each: int
    left: int
    shifts: int


Told = Step | Alike


class _Day(NamedTuple):
    """A local day: its shifts, what else is told of it, and whether nothing but its shifts is (``plain``)."""

    day: date
    shifts: tuple[Step, ...]
    told: tuple[Step, ...]
    plain: bool

    def hours(self, where: tzinfo) -> tuple[tuple[time, int], ...]:
        return tuple((step.start.astimezone(where).time(), step.seconds) for step in self.shifts)


def folded(steps: Sequence[Step], where: tzinfo, room: int = ROOM) -> list[Told]:
    """Return what to tell of ``promises.steps``, in about so many lines; ``where`` is the brand's zone."""
    if len(steps) <= room or any(step.kind == "wall" for step in steps):
        return list(steps)
    begin, middle, end = steps[:2], steps[2:-1], steps[-1]
    days, left = _days(middle, where), begin[1].left
    told: list[Told] = []
    for fold in (_by_days, _by_weeks, _by_each_week):
        told = list(fold(days, where, left))
        if len(told) + 3 <= room:
            break
    return [*begin, *_shortened(told, room - 3), end]


def _days(middle: Sequence[Step], where: tzinfo) -> list[_Day]:
    """Return the local days from the first step to the last."""
    begins, ends = middle[0].start.astimezone(where), (middle[-1].end or middle[-1].start).astimezone(where)
    shifts: dict[date, list[Step]] = {}
    told: dict[date, list[Step]] = {}
    off: set[date] = set()
    for step in middle:
        first = step.start.astimezone(where).date()
        if step.kind == "shift" and not step.note:
            shifts.setdefault(first, []).append(step)
            if step.end is not None and step.end - step.start > _A_DAY:
                off.update(_touched(step, where))
        elif step.kind != "closed":
            told.setdefault(first, []).append(step)
        if step.kind == "day_off":
            off.update(_touched(step, where))
    cut = {ends.date()} | ({begins.date()} if begins.time() != time() else set())
    return [
        _Day(
            day,
            tuple(shifts.get(day, ())),
            tuple(told.get(day, ())),
            not (day in told or day in off or day in cut),
        )
        for day in (begins.date() + n * _A_DAY for n in range((ends.date() - begins.date()).days + 1))
    ]


def _touched(step: Step, where: tzinfo) -> Iterator[date]:
    """Yield the local days on which a step is."""
    last = ((step.end or step.start) - timedelta(microseconds=1)).astimezone(where).date()
    day = step.start.astimezone(where).date()
    while day <= last:
        yield day
        day += _A_DAY


def _by_days(days: Sequence[_Day], where: tzinfo, left: int) -> Iterator[Told]:
    """Yield neighbouring days with the same hours as one."""
    for hours, group in groupby(days, lambda day: day.hours(where) if day.plain else None):
        run = list(group)
        if hours is None:
            for day in run:
                yield from sorted((*day.told, *day.shifts), key=lambda step: step.start)
        elif not hours:
            yield Step("closed", *_span(run, where), 0, left, "")
        elif len(run) == 1 and len(hours) == 1:
            yield run[0].shifts[0]
        else:
            days_alike = _alike("day", run, len(run), where)
            yield days_alike if len(run) > 1 else _counted(days_alike)
        left = _left(run, left)


def _by_weeks(days: Sequence[_Day], where: tzinfo, left: int, *, lone: bool = False) -> Iterator[Told]:
    """Yield equal weeks from Monday to Sunday as one, the other days as above; ``lone`` folds each other week as well."""
    for key, group in groupby(_weeks(days), lambda week: _key(week, where)):
        run = list(group)
        flat = [day for week in run for day in week]
        if key is not None and any(key) and (len(run) > 1 or lone):
            weeks_alike = _alike("week", flat, len(run), where)
            yield weeks_alike if len(run) > 1 else _counted(weeks_alike)
        elif lone:
            for week in run:
                yield from _one_week(week, where, left)
                left = _left(week, left)
        else:
            yield from _by_days(flat, where, left)
        left = _left(flat, left)


def _one_week(week: Sequence[_Day], where: tzinfo, left: int) -> Iterator[Told]:
    """Yield what is told of a week's days, and its hours as one; day by day where it is cut or nothing is open."""
    whole = len(week) == _WEEK and all(day.plain or day.told or not day.shifts for day in week)
    if whole and any(day.shifts for day in week):
        yield from (step for day in week for step in day.told)
        yield _counted(_alike("week", week, 1, where))
    else:
        yield from _by_days(week, where, left)


def _left(days: Sequence[_Day], before: int) -> int:
    """Return what is left of the promise after some days."""
    return next((day.shifts[-1].left for day in reversed(days) if day.shifts), before)


def _by_each_week(days: Sequence[_Day], where: tzinfo, left: int) -> Iterator[Told]:
    """Yield every whole week as one line, and what is told of its days."""
    return _by_weeks(days, where, left, lone=True)


def _weeks(days: Sequence[_Day]) -> Iterator[list[_Day]]:
    """Yield the days by their week; the first and the last may be less than one."""
    for _monday, group in groupby(days, lambda day: day.day - day.day.weekday() * _A_DAY):
        yield list(group)


def _key(week: Sequence[_Day], where: tzinfo) -> tuple[tuple[tuple[time, int], ...], ...] | None:
    """Return what makes weeks equal; None for one that is cut, or of which something else is told."""
    if len(week) < _WEEK or not all(day.plain for day in week):
        return None
    return tuple(day.hours(where) for day in week)


def _alike(unit: Literal["day", "week"], days: Sequence[_Day], number: int, where: tzinfo) -> Alike:
    shifts = [step for day in days for step in day.shifts]
    used = sum(step.seconds for step in shifts)
    return Alike(unit, *_span(days, where), number, used // number, shifts[-1].left, len(shifts))


def _span(days: Sequence[_Day], where: tzinfo) -> tuple[datetime, datetime]:
    first, after = days[0].day, days[-1].day + _A_DAY
    start, end = (datetime.combine(day, time(), where).astimezone(UTC) for day in (first, after))
    return start, end


def _counted(alike: Alike) -> Step:
    """Return days or weeks as one shift that counts them (see ``promises.Step``)."""
    used = alike.each * alike.number
    return Step("shift", alike.start, alike.end, used, alike.left, str(alike.shifts))


def _shortened(told: Sequence[Told], room: int) -> list[Told]:
    """Return the lines, those in the middle of too many as one shift that counts what they count."""
    if len(told) <= room:
        return list(told)
    head = (room - 1) // 2
    tail = room - 1 - head
    middle = [_counted(each) if isinstance(each, Alike) else each for each in told[head:-tail]]
    shifts = [step for step in middle if step.kind == "shift"]
    one = Step(
        "shift",
        middle[0].start,
        middle[-1].end or middle[-1].start,
        sum(step.seconds for step in shifts),
        middle[-1].left,
        str(sum(int(step.note or 1) for step in shifts)),
    )
    return [*told[:head], one, *told[-tail:]]
