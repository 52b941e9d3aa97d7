"""The slow way to count opening hours: ask the wall clock about every single minute.

Written from the definition in docs/promises.md, apart from what it checks: of ``domain.calendars`` it takes the values,
never the counting. Zones in use since 1980 differ from UTC by whole minutes, so a minute of UTC is open or closed as a
whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from socialdesk.domain.calendars import Calendar, Shift, Timeline

MINUTE = timedelta(minutes=1)
CHANGING = ("Europe/Madrid", "Atlantic/Canary", "America/Mexico_City", "Pacific/Auckland")
ODD = (
    "UTC",
    "America/St_Johns",  # half an hour off
    "Australia/Lord_Howe",  # its clock moves by half an hour
    "Asia/Kathmandu",  # three quarters
    "America/Santiago",  # its midnights are skipped
    "Africa/Casablanca",  # four changes a year
    "Pacific/Apia",  # left out the whole of 30 December 2011
    "Europe/Lisbon",
    "America/New_York",
)


def wall_is_open(calendar: Calendar, wall: datetime) -> bool:
    """Return whether a shift holds the minute that the wall clock shows."""
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        if day in calendar.special:
            shifts = calendar.special[day]
        elif day in calendar.closed:
            shifts = ()
        else:
            shifts = calendar.week[day.weekday()]
        minute = wall.hour * 60 + wall.minute + back * 1440
        if any(shift.start <= minute < shift.end for shift in shifts):
            return True
    return False


class Window:
    """A stretch of time from a whole minute of UTC on, each minute asked once."""

    def __init__(self, calendar: Calendar, start: datetime, minutes: int) -> None:
        zone = ZoneInfo(calendar.zone)
        self.start = start
        self.open = [
            wall_is_open(calendar, (start + MINUTE * i).astimezone(zone).replace(tzinfo=None))
            for i in range(minutes)
        ]

    def add(self, at: datetime, seconds: int) -> datetime | None:
        """Return when so many open seconds have passed; None beyond the window."""
        i, within = divmod(int((at - self.start).total_seconds()), 60)
        left = seconds
        while i < len(self.open):
            if self.open[i]:
                if left <= 60 - within:
                    return self.start + MINUTE * i + timedelta(seconds=within + left)
                left -= 60 - within
            i, within = i + 1, 0
        return None

    def open_seconds(self, at: datetime, end: datetime) -> int:
        """Return the open seconds between two whole seconds of the window."""
        total = 0
        second, last = (int((moment - self.start).total_seconds()) for moment in (at, end))
        while second < last:
            step = min(60 - second % 60, last - second)
            total += step if self.open[second // 60] else 0
            second += step
        return total


class Answer(NamedTuple):
    """When a promise falls due, None beyond the window; and the open seconds from its start to another instant."""

    due: datetime | None
    opened: int


class Case(NamedTuple):
    """One question and both answers."""

    calendar: Calendar
    start: datetime
    seconds: int
    until: datetime
    slow: Answer
    quick: Answer


def clock_changes(name: str, first: int = 2012, last: int = 2030) -> list[datetime]:
    """Return the instants of UTC, to the hour before, at which a zone changes its clock in some years."""
    zone, hour = ZoneInfo(name), timedelta(hours=1)
    days = range(date(first, 1, 1).toordinal(), date(last + 1, 1, 1).toordinal())
    hours = (
        midnight + hour * n
        for midnight in (datetime.combine(date.fromordinal(day), time(), UTC) for day in days)
        if midnight.astimezone(zone).utcoffset() != (midnight + 24 * hour).astimezone(zone).utcoffset()
        for n in range(24)
    )
    return [at for at in hours if at.astimezone(zone).utcoffset() != (at + hour).astimezone(zone).utcoffset()]


def random_shifts(rng: random.Random) -> tuple[Shift, ...]:
    """Return the hours of a day: none, one shift, split, round the clock, overnight, up to 24:00, odd minutes."""
    kind = rng.randrange(8)
    if kind == 0:
        return ()
    if kind == 1:
        return (Shift(0, 1440),)
    if kind == 2:
        return (Shift(rng.randrange(900, 1440), 1440),)
    if kind == 3:
        start = rng.randrange(720, 1440)
        return (Shift(start, rng.randrange(1441, min(start + 1440, 2880) + 1)),)
    if kind == 4:
        return (Shift(600, 840), Shift(1020, 1200))
    if kind == 5:  # around the hours at which clocks are changed
        start = rng.randrange(0, 200)
        return (Shift(start, start + rng.randrange(1, 200)),)
    ends = sorted(rng.sample(range(1441), 2 * rng.randrange(1, 4)))
    return tuple(Shift(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True))


def random_calendar(rng: random.Random, zone: str, around: date) -> Calendar:
    """Return a calendar with closures and one-off hours near a day."""
    week = tuple(random_shifts(rng) for _ in range(7))
    near = [around + timedelta(days=n) for n in range(-3, 15)]
    closed = dict.fromkeys(rng.sample(near, rng.randrange(5)), "closed")
    special = {day: random_shifts(rng) for day in rng.sample(near, rng.randrange(3))}
    return Calendar(zone, week, closed, special)


DAYS, ASKED = 14, 20
"""The length of a window, and how often it is asked."""


def cases(rng: random.Random, zone: str, around: datetime) -> Iterator[Case]:
    """Yield questions about a random calendar in the days after an instant, with both answers."""
    calendar = random_calendar(rng, zone, around.date())
    window = Window(calendar, around - timedelta(days=2), DAYS * 1440)
    line = Timeline(calendar)
    end = window.start + MINUTE * len(window.open)
    for _ in range(ASKED):
        start = window.start + timedelta(seconds=rng.randrange(4 * 86_400))
        seconds = rng.choice(
            (rng.randrange(1, 3_600), rng.randrange(1, 4 * 86_400), 3_600 * rng.randrange(1, 48))
        )
        until = start + timedelta(seconds=rng.randrange(8 * 86_400))
        slow = Answer(window.add(start, seconds), window.open_seconds(start, until))
        due = line.add(start, seconds)
        if slow.due is None and due is not None and due > end:
            due = None  # all that the window can say is that it is not within
        yield Case(calendar, start, seconds, until, slow, Answer(due, line.open_seconds(start, until)))


class Trial(NamedTuple):
    """How many cases were tried, how many of them have an answer within their window, and those that differ."""

    tried: int
    answered: int
    wrong: list[Case]


Place = tuple[str, datetime]
"""A zone, and an instant to look around."""


def compared(seed: int, places: list[Place]) -> Trial:
    """Try random calendars at these places."""
    rng = random.Random(seed)
    found = [case for zone, around in places for case in cases(rng, zone, around.replace(second=0))]
    answered = sum(case.slow.due is not None for case in found)
    return Trial(len(found), answered, [case for case in found if case.slow != case.quick])


def any_places(rng: random.Random, number: int) -> list[Place]:
    """Return random times of all zones, from before Apia's lost day to 2030."""
    begin, minutes = datetime(2011, 12, 27, tzinfo=UTC), 19 * 365 * 1440
    return [(rng.choice(CHANGING + ODD), begin + MINUTE * rng.randrange(minutes)) for _ in range(number)]


def changing_places(rng: random.Random, each: int) -> list[Place]:
    """Return times about every clock change from 2012 to 2030 of the four zones, so many for each."""
    changes = [(name, at) for name in CHANGING for at in clock_changes(name)]
    return [(name, at + MINUTE * rng.randrange(-1440, 1440)) for name, at in changes for _ in range(each)]
