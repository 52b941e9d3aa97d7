"""Closures and one-off hours out of an iCalendar file (RFC 5545), recurring ones included.

An event of whole days closes them, and so does one with times for each local day that it covers wholly. An event with
times of a day or less says the hours of that day, in place of its own. Cancelled events do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from socialdesk.domain.calendars import DAY, Shift, zone
from socialdesk.domain.text import preview
from socialdesk.i18n import _

MAX_BYTES = 4 * 1024 * 1024
MAX_SERIES = 200
MAX_EVENTS = 12_000
"""More recurring events than that, or more events once those are unrolled, make no calendar of a shop."""
MAX_NAME = 80
"""Characters of an event's name that are kept."""

_A_DAY = timedelta(days=1)
_OLDEST_SERIES = 1900
"""What recurs from a year before is a mistake, and takes minutes to unroll."""
_QUICK = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
"""What recurs within the day would go on for ever."""
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
"""What an event may say once only (RFC 5545, section 3.6.1)."""


class Closures(NamedTuple):
    """What a file says: the closed local days with their names, and the hours of some days."""

    closed: Mapping[date, str]
    special: Mapping[date, tuple[Shift, ...]]


def closures(text: str, years: Sequence[int], zone_name: str) -> Closures:
    """Read a file's events within some years; ``zone_name`` is the brand's, and that of times without one.

    ``ValueError`` where the file is none or an event of it cannot be understood: a closure that were left out would
    make wrong deadlines.
    """
    where = zone(zone_name)
    if not years:
        return Closures({}, {})
    closed: dict[date, str] = {}
    hours: dict[date, set[Shift]] = {}
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    for event in _events(text, first.year, last.year):
        name = preview(str(event.get("SUMMARY", "")), MAX_NAME)
        start, end = event.start, event.end
        if not isinstance(start, datetime):
            _close(closed, max(start, first), min(max(end, start + _A_DAY), last + _A_DAY), name)
            continue
        begins, ends = _local(start, where), _local(end, where)
        if ends - begins >= _A_DAY:
            whole = begins.date() if begins.time() == time() else begins.date() + _A_DAY
            _close(closed, max(whole, first), min(ends.date(), last + _A_DAY), name)
        elif ends > begins:
            hours.setdefault(begins.date(), set()).add(_shift(begins, ends))
    special = {day: tuple(sorted(shifts)) for day, shifts in sorted(hours.items())}
    return Closures(dict(sorted(closed.items())), special)


def _events(text: str, first: int, last: int) -> Iterator[Any]:
    """Yield the events that touch the years from ``first`` to ``last``, each time they recur, some more than once."""
    from recurring_ical_events import of  # type: ignore[import-untyped]

    calendar = _read(text)
    events = calendar.walk("VEVENT")
    for event in events:
        _check(event)
    _tell_apart(events)
    if sum("RRULE" in event for event in events) > MAX_SERIES:
        raise ValueError(_("more than {number} recurring events").format(number=MAX_SERIES))
    number, query = 0, None
    for year in range(first, last + 1):
        try:
            query = of(calendar) if query is None else query  # reads every event, hence once for all years
            found = query.between(date(year, 1, 1), date(year + 1, 1, 1))
        except Exception as error:  # what a library makes of a stranger's file has no bounds
            raise ValueError(
                _("an event cannot be understood: {reason}").format(reason=preview(str(error)))
            ) from error
        number += len(found)
        if number > MAX_EVENTS:
            raise ValueError(_("more than {number} events").format(number=MAX_EVENTS))
        yield from (event for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED")


def _read(text: str) -> Any:
    from icalendar import Calendar

    if len(text) > MAX_BYTES:
        raise ValueError(_("the file is too large for a calendar"))
    if "BEGIN:VCALENDAR" not in text.upper():
        raise ValueError(_("this is no iCalendar file: BEGIN:VCALENDAR is missing"))
    try:
        return Calendar.from_ical(text.lstrip("\ufeff"))
    except Exception as error:  # as above
        raise ValueError(
            _("this is no whole iCalendar file: {reason}").format(reason=preview(str(error)))
        ) from error


def _check(event: Any) -> None:
    """Raise ``ValueError``, naming the event, where it would be left out or go on within the day."""
    name = preview(str(event.get("SUMMARY") or event.get("UID") or "?"), MAX_NAME)
    if event.errors:
        field, reason = event.errors[0]
        raise ValueError(
            _("the event “{name}” cannot be understood: {field}: {reason}").format(
                name=name, field=field, reason=preview(str(reason))
            )
        )
    for field in _ONCE:
        value = event.get(field)
        if isinstance(value, list):
            raise ValueError(_("the event “{name}” says {field} twice").format(name=name, field=field))
        if value is not None and not isinstance(getattr(value, "dt", None), date | timedelta):
            raise ValueError(
                _("the event “{name}” cannot be understood: {reason}").format(name=name, reason=field)
            )
    if event.get("DTSTART") is None:
        raise ValueError(_("the event “{name}” has no beginning").format(name=name))
    rules = event.get("RRULE")
    for rule in rules if isinstance(rules, list) else [rules] if rules else []:
        if any(step < 1 for step in rule.get("INTERVAL", ())):  # it would never come to an end
            raise ValueError(_("the event “{name}” recurs at no interval").format(name=name))
        if event["DTSTART"].dt.year < _OLDEST_SERIES:
            raise ValueError(_("the event “{name}” recurs from too long ago").format(name=name))
        if _QUICK.intersection(str(one).upper() for one in rule.get("FREQ", ())) or any(
            name in rule for name in ("BYHOUR", "BYMINUTE", "BYSECOND")
        ):
            raise ValueError(_("the event “{name}” recurs within the day").format(name=name))
    for field in ("DTSTART", "DTEND"):
        moment = event.get(field)
        if moment is not None and "TZID" in moment.params and getattr(moment.dt, "tzinfo", None) is None:
            raise ValueError(
                _("the event “{name}” is in a time zone that is unknown: {zone}").format(
                    name=name, zone=preview(str(moment.params["TZID"]), MAX_NAME)
                )
            )
    try:
        backwards = event.end < event.start
    except Exception as error:  # as above
        raise ValueError(
            _("the event “{name}” cannot be understood: {reason}").format(
                name=name, reason=preview(str(error))
            )
        ) from error
    if backwards:
        raise ValueError(_("the event “{name}” ends before it begins").format(name=name))


def _tell_apart(events: Sequence[Any]) -> None:
    """Give events that share a UID, and are no version of each other, one each: all but one would be left out."""
    seen: set[tuple[str, str]] = set()
    for number, event in enumerate(events):
        key = str(event.get("UID", "")), str(event.get("SEQUENCE", ""))
        if key in seen and "RECURRENCE-ID" not in event:
            event["UID"] = f"{key[0]} {number}"
        seen.add(key)


def _close(closed: dict[date, str], first: date, after: date, name: str) -> None:
    for ordinal in range(first.toordinal(), after.toordinal()):
        closed[date.fromordinal(ordinal)] = name


def _local(moment: datetime, where: tzinfo) -> datetime:
    """Return what the wall clock of the brand shows; times without a zone are such already."""
    return (moment if moment.tzinfo is None else moment.astimezone(where)).replace(tzinfo=None)


def _shift(begins: datetime, ends: datetime) -> Shift:
    midnight = datetime.combine(begins.date(), time())
    minute = timedelta(minutes=1)
    end = -((midnight - ends) // minute)  # a part of a minute counts as the whole
    return Shift((begins - midnight) // minute, min(end, 2 * DAY))
