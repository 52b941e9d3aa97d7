"""When a sentence means: "mañana antes de las 12", "by Friday", "en 24 horas" (NEEDS C7).

How a language says it is a file in ``rules/dates``: expressions by kind, the surest first. What they mean is here, the
same for all: a day, a time of day, or how long from now. A day alone ends with the working day; a time alone is the
next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from socialdesk.checking.datewords import Said, Words, sayings, words
from socialdesk.checking.folding import folded

END_OF_DAY = time(20)
"""When a working day is over: a promise for a day without a time is kept by then."""
OPENING = time(10)
_MIDDAY, _LAST = 12, time(23, 59)
_AT_ONCE = timedelta(hours=1)
_WORKDAYS, _FRIDAY, _SATURDAY, _SUNDAY, _DECEMBER = 5, 4, 5, 6, 12

_SPANS = {
    "half_hour": timedelta(minutes=30),
    "hour_and_half": timedelta(minutes=90),
    "at_once": _AT_ONCE,
    "in_minutes": timedelta(minutes=1),
    "in_hours": timedelta(hours=1),
}
_PARTS = {
    "first_thing": OPENING,
    "mid_morning": time(12),
    "mid_afternoon": time(18),
    "last_thing": END_OF_DAY,
}
_PARTS_OF_TODAY = {"tonight": "night", "this_afternoon": "afternoon", "this_morning": "morning"}
_VAGUE = frozenset({"at_once", "today"})
"""What counts only where nothing says it better."""


def when(text: str, language: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return the time that a text names, in UTC; None: it names none, or one that is over.

    ``zone`` is where "tomorrow" and "at five" are meant; None: the machine's own.
    """
    known = words(language)
    local = now.astimezone(zone)
    said = sayings(known, folded(text))
    span = _span(said)
    if span is not None:
        return now.astimezone(UTC) + span
    wall = _wall(said, known, local.replace(tzinfo=None))
    return None if wall is None else _in_utc(wall, zone)


def _span(said: list[Said]) -> timedelta | None:
    sure = [one for one in said if one.kind not in _VAGUE]
    first = min(sure or said, default=None, key=lambda one: one.start)
    if first is None or first.kind not in _SPANS:
        return None
    return _SPANS[first.kind] * (first.number("n") or 1)


def _in_utc(wall: datetime, zone: tzinfo | None) -> datetime:
    """Return the instant of a wall clock; a time that the change of clocks leaves out is the one after it."""
    aware = wall.replace(tzinfo=zone) if zone is not None else wall
    return aware.astimezone(UTC)


class _Day(NamedTuple):
    day: date
    before: bool = False
    """It ends as the day begins."""


def _wall(said: list[Said], known: Words, now: datetime) -> datetime | None:
    day = next((day for day in (_day(one, now.date()) for one in said) if day is not None), None)
    clocks = [one for one in said if one.kind == "clock"]
    times = (_moment(one, known) for one in (*clocks, *said))
    moment = next((one for one in times if one is not None), None)
    if day is None and moment is None:
        return None
    if day is None:
        return _next(_sensible(moment or END_OF_DAY, said), now)
    if moment is None and day.before:
        eve = datetime.combine(day.day - timedelta(days=1), END_OF_DAY)
        return eve if eve > now else _ahead(datetime.combine(day.day, OPENING), now)
    wall = datetime.combine(day.day, _sensible(moment or END_OF_DAY, said))
    if wall <= now < datetime.combine(day.day, _LAST):
        return _later_today(wall, now)
    return _ahead(wall, now)


def _ahead(wall: datetime, now: datetime) -> datetime | None:
    return wall if wall > now else None


def _next(moment: time, now: datetime) -> datetime:
    wall = datetime.combine(now.date(), moment)
    return wall if wall > now else wall + timedelta(days=1)


def _later_today(wall: datetime, now: datetime) -> datetime:
    """Return what "by five" or "today" means once that is over: the evening's five, or the end of the day."""
    evening = wall + timedelta(hours=12)
    if wall.hour < _MIDDAY and evening > now and wall.time() != OPENING:
        return evening
    return datetime.combine(wall.date(), _LAST)


def _sensible(moment: time, said: list[Said]) -> time:
    """Return five as 17:00, and nine as 21:00 where it is said of the evening."""
    clock = next((one for one in said if one.kind == "clock"), None)
    if clock is None or not 1 <= moment.hour < _MIDDAY or clock.is_exact():
        return moment
    late = {"night", "tonight", "afternoon", "this_afternoon"} & {one.kind for one in said}
    small = moment.hour < OPENING.hour - 2 and not clock.says_morning()
    return moment.replace(hour=moment.hour + 12) if late or small or clock.says_late() else moment


def _moment(one: Said, known: Words) -> time | None:
    if one.kind == "clock":
        return one.clock()
    if one.kind in _PARTS:
        return _PARTS[one.kind]
    part = _PARTS_OF_TODAY.get(one.kind, "morning" if one.kind == "tomorrow_morning" else one.kind)
    return time(known.hours[part]) if part in known.hours else None


def _day(one: Said, today: date) -> _Day | None:
    day = next((found for found in _days(one, today) if found is not None), None)
    return None if day is None else _Day(day, bool(one.found.groupdict().get("before")))


def _days(one: Said, today: date) -> Iterator[date | None]:
    kind, count = one.kind, one.number("n") or 1
    monday = today - timedelta(days=today.weekday())
    week = timedelta(days=7)
    if kind in ("today", *_PARTS_OF_TODAY):
        yield today
    elif kind in ("tomorrow", "tomorrow_morning"):
        yield today + timedelta(days=1)
    elif kind in ("day_after", "in_days", "in_weeks"):
        days = {"day_after": 2, "in_days": count, "in_weeks": 7 * count}[kind]
        yield today + timedelta(days=days)
    elif kind == "in_working_days":
        yield _working_days(today, count)
    elif kind == "weekday":
        yield today + timedelta(days=(one.weekday() - today.weekday() - 1) % 7 + 1)
    elif kind == "weekday_next_week":
        yield monday + week + timedelta(days=one.weekday())
    elif kind == "this_week":
        yield monday + timedelta(days=_FRIDAY if today.weekday() <= _FRIDAY else _SUNDAY)
    elif kind == "weekend":
        yield monday + timedelta(days=_SATURDAY if one.part("before") else _SUNDAY)
    elif kind == "next_week":
        yield monday + week + timedelta(days=_FRIDAY)
    elif kind == "christmas":
        yield _in_year(today, _DECEMBER, 24)
    elif kind == "date":
        yield _date(one, today)
    else:
        yield _in_month(one, today, count)


def _working_days(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _WORKDAYS
    return day


def _in_month(one: Said, today: date, count: int) -> date | None:
    """Return the last day meant by "next month", "at the end of May", "in March", "early in June"."""
    if one.kind in ("next_month", "in_months"):
        return _last_of(_month_after(today, 1 if one.kind == "next_month" else count))
    if one.kind not in ("in_month", "month_start", "month_middle", "month_end"):
        return None
    month = one.month()
    last = _last_of(_in_year(_last_of(today), month, 1) or today) if month else _last_of(today)
    if month and month == today.month:
        last = _last_of(today)
    limit = {"month_start": 5, "month_middle": 15}.get(one.kind, last.day)
    day = last.replace(day=limit)
    return day if day >= today else _month_after(day, 1).replace(day=limit)


def _month_after(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _last_of(day: date) -> date:
    return _month_after(day, 1) - timedelta(days=1)


def _in_year(today: date, month: int, day: int) -> date | None:
    """Return the next time that a day and month come round; None: there is no such day."""
    for year in (today.year, today.year + 1):
        try:
            if (found := date(year, month, day)) >= today:
                return found
        except ValueError:
            continue
    return None


def _date(one: Said, today: date) -> date | None:
    day, month, year = one.number("d"), one.month() or one.number("mm"), one.number("y")
    if day is None:
        return None
    try:
        if year and month:
            return date(year, month, day)
        if month:
            return _in_year(today, month, day)
        return today.replace(day=day) if day >= today.day else _month_after(today, 1).replace(day=day)
    except ValueError:
        return None
