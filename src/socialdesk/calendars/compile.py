"""Makes the policy in force out of the one that is written: holidays looked up, files read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from socialdesk.calendars.holidays import days_off as days_off
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.domain.calendars import Calendar, Shift, zone
from socialdesk.domain.promises import Policy

FIRST_YEAR = 2005
YEARS_AHEAD = 5


def years_now() -> range:
    """Return the years to look holidays up for: those of any history worth importing, and some to come."""
    return range(FIRST_YEAR, datetime.now(UTC).year + YEARS_AHEAD + 1)


def compile_policy(spec: PolicySpec, years: Sequence[int] | None = None) -> Policy:
    """Return the policy; ``ValueError`` where a zone, a region or a file cannot be used."""
    span = years_now() if years is None else years
    calendars = {brand: compile_calendar(one, span) for brand, one in spec.calendars.items()}
    return Policy(**{**spec._asdict(), "calendars": calendars})


def compile_calendar(spec: CalendarSpec, years: Sequence[int]) -> Calendar:
    """Return one brand's calendar. A day's own hours win over a closure, that one over the file and the holidays."""
    zone(spec.zone)
    closed: dict[date, str] = {}
    special: dict[date, tuple[Shift, ...]] = {}
    if spec.country:
        closed.update(days_off(spec.country, spec.region, years, spec.language))
    if spec.ical_text:
        from socialdesk.calendars.ical import closures

        shut, hours = closures(spec.ical_text, years, spec.zone)
        closed.update(shut)
        special.update(hours)
    closed.update(_local_days(spec, years))
    for closure in spec.closed:
        for ordinal in range(closure.first.toordinal(), closure.last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            closed[day] = closure.name
            special.pop(day, None)
    special.update({opening.day: opening.shifts for opening in spec.opens})
    return Calendar(spec.zone, spec.week, dict(sorted(closed.items())), dict(sorted(special.items())))


def _local_days(spec: CalendarSpec, years: Sequence[int]) -> Mapping[date, str]:
    days: dict[date, str] = {}
    for local in spec.local_days:
        for year in years if local.year is None else (local.year,):
            first = date(year, local.month, 1)
            day = first + timedelta(days=local.day - 1)
            if day.month == local.month:  # 29 February, in most years
                days[day] = local.name
    return days
