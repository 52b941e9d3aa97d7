"""Makes the policy in force out of the one that is written: holidays looked up, files read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from socialdesk.calendars.holidays import days_off as days_off
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.domain.calendars import Calendar, Shift, zone
from socialdesk.domain.promises import Policy
from socialdesk.errors import ConfigError

FIRST_YEAR = 2005
YEARS_AHEAD = 5


def years_now() -> range:
    """Return the years to look holidays up for: those of any history worth importing, and some to come."""
    return range(FIRST_YEAR, datetime.now(UTC).year + YEARS_AHEAD + 1)


class UnusableError(ValueError):
    """A setting of a calendar that cannot be used; ``key`` is its name in the settings."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key


def compile_policy(spec: PolicySpec, years: Sequence[int] | None = None) -> Policy:
    """Return the policy. Raises ``ConfigError``, which names the setting, where a zone, a region or a file cannot be used."""
    span = years_now() if years is None else years
    calendars = {}
    for brand, calendar in spec.calendars.items():
        try:
            calendars[brand] = compile_calendar(calendar, span)
        except UnusableError as error:
            where = ("calendars", brand, error.key)
            raise ConfigError(f"{'.'.join(where)}: {error}", where=where, problem=str(error)) from error
    return Policy(**{**spec._asdict(), "calendars": calendars})


def compile_calendar(spec: CalendarSpec, years: Sequence[int]) -> Calendar:
    """Return one brand's calendar. A day's own hours win over a closure, that one over the file and the holidays.

    Raises ``UnusableError``.
    """
    with _about("zone"):
        zone(spec.zone)
    closed: dict[date, str] = {}
    special: dict[date, tuple[Shift, ...]] = {}
    if spec.country:
        with _about("holidays"):
            closed.update(days_off(spec.country, spec.region, years, spec.language))
    if spec.ical_text:
        from socialdesk.calendars.ical import closures

        with _about("ical"):
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


@contextmanager
def _about(key: str) -> Iterator[None]:
    """Name the setting that cannot be used."""
    try:
        yield
    except ValueError as error:
        raise UnusableError(key, str(error)) from error


def _local_days(spec: CalendarSpec, years: Sequence[int]) -> Mapping[date, str]:
    days: dict[date, str] = {}
    for local in spec.local_days:
        for year in years if local.year is None else (local.year,):
            first = date(year, local.month, 1)
            day = first + timedelta(days=local.day - 1)
            if day.month == local.month:  # 29 February, in most years
                days[day] = local.name
    return days
