"""The moments a conversation can be put away until: pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from socialdesk.i18n import _

MORNING, AFTERNOON = 9, 16


def suggestions(now: datetime) -> list[tuple[str, datetime]]:
    """Return the usual moments after ``now``, with their names; days begin where the person is."""
    local = now.astimezone()
    found = [(_("In one hour"), now + timedelta(hours=1))]
    afternoon = _at(local, AFTERNOON)
    if local < afternoon:
        found.append((_("This afternoon"), afternoon))
    found.append((_("Tomorrow morning"), _at(local + timedelta(days=1), MORNING)))
    if local.weekday() != 6:  # on Sunday, tomorrow is Monday
        found.append((_("On Monday"), _at(local + timedelta(days=7 - local.weekday()), MORNING)))
    return [(name, moment.astimezone(UTC)) for name, moment in found]


def _at(day: datetime, hour: int) -> datetime:
    """Return that hour of a local day; the zone's rules of that day apply, not today's."""
    return datetime(day.year, day.month, day.day, hour).astimezone()


_SPAN = re.compile(r"(\d{1,4})\s*(m|min|h|d)")
_CLOCK = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d{1,2}):(\d\d)")


def understood(text: str, now: datetime) -> datetime | None:
    """Return the moment that "45m", "3h", "2d", "17:30" or "2026-11-23 09:00" means, or None; always after ``now``."""
    text = text.strip().lower()
    if span := _SPAN.fullmatch(text):
        unit = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}[span[2]]
        return now + timedelta(**{unit: int(span[1])}) if int(span[1]) else None
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return None
    try:
        return _clock_moment(clock, now)
    except ValueError:
        return None


def _clock_moment(clock: re.Match[str], now: datetime) -> datetime | None:
    local = now.astimezone()
    hour, minute = int(clock[4]), int(clock[5])
    if clock[1]:
        moment = datetime(int(clock[1]), int(clock[2]), int(clock[3]), hour, minute).astimezone()
        return moment.astimezone(UTC) if moment > now else None
    moment = _at(local, 0).replace(hour=hour, minute=minute, tzinfo=None).astimezone()
    if moment <= now:
        moment = _at(local + timedelta(days=1), 0).replace(hour=hour, minute=minute, tzinfo=None).astimezone()
    return moment.astimezone(UTC)
