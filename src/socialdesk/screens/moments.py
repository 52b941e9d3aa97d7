"""The moments a conversation can be put away until: pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

from socialdesk.domain.zones import is_skipped
from socialdesk.i18n import _

MORNING, AFTERNOON = 9, 16

APART = timedelta(minutes=30)
"""Suggestions nearer to each other than this are one and the same."""

FARTHEST = timedelta(days=366)
"""Nobody puts a customer away for longer; a farther moment is a slip of the finger."""


class Unclear(ValueError):
    """No moment to put a conversation away until; the message says why, in words."""


def suggestions(now: datetime) -> list[tuple[str, datetime]]:
    """Return the usual moments after ``now`` in their order, with their names; days begin where the person is."""
    local = now.astimezone()
    found = [
        (_("In one hour"), now + timedelta(hours=1)),
        (_("This afternoon"), _at(local.date(), AFTERNOON)),
        (_("Tomorrow morning"), _at(local.date() + timedelta(days=1), MORNING)),
        (_("On Monday"), _at(local.date() + timedelta(days=7 - local.weekday()), MORNING)),
    ]
    kept: list[tuple[str, datetime]] = []
    for name, moment in sorted(found, key=lambda pair: pair[1]):
        if moment - (kept[-1][1] if kept else now) >= APART:
            kept.append((name, moment.astimezone(UTC)))
    return kept


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return that time of a local day; the zone's rules of that day apply, not today's. Raises ``Unclear``."""
    local = datetime.combine(day, time(hour, minute))
    if is_skipped(local):
        words = _("{text} never comes: the clocks are put forward over it. Name an earlier or a later time.")
        raise Unclear(words.format(text=f"{local:%H:%M}"))
    return local.astimezone()


_SPAN = re.compile(r"(\d{1,6})\s*(m|min|h|d)")
_MOMENT = re.compile(
    r"(?:(?P<iso>\d{4}-\d\d?-\d\d?)|(?P<day>\d\d?)(?:/(?P<month>\d\d?)| (?:de )?(?P<name>[a-z]{3,})\.?)"
    r"(?:(?:/| | de )(?P<year>\d{4}))?|(?P<word>[a-z]+ ?[a-z]*?))?"
    r"(?:(?:^|[ t]+|,\s*)(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?(?P<unit> ?h)?)?"
)
_FILLERS = re.compile(r"\b(?:a las?|at|el|on) |^[a-z]+\.?, (?=\d\d? [a-z])")
_DAYS = {"hoy": 0, "today": 0, "manana": 1, "tomorrow": 1, "pasado manana": 2, "pasado": 2}
_WEEKDAYS = (
    ("lunes", "monday"),
    ("martes", "tuesday"),
    ("miercoles", "wednesday"),
    ("jueves", "thursday"),
    ("viernes", "friday"),
    ("sabado", "saturday"),
    ("domingo", "sunday"),
)
_MONTHS = (
    ("enero", "january"),
    ("febrero", "february"),
    ("marzo", "march"),
    ("abril", "april"),
    ("mayo", "may"),
    ("junio", "june"),
    ("julio", "july"),
    ("agosto", "august"),
    ("septiembre", "september"),
    ("octubre", "october"),
    ("noviembre", "november"),
    ("diciembre", "december"),
)


def understood(text: str, now: datetime) -> datetime:
    """Return the moment after ``now`` that a person has written, in Spanish or English.

    "45m", "3h", "2d", "17:30", "23/11", "23/11 9:00", "2026-11-23 09:00", "23 nov, 9:00", "mañana", "mañana a las 10",
    "el viernes", "Friday 9:00"; a day without a time means its morning. Raises ``Unclear``.
    """
    text = _plain(text)
    try:
        moment = _moment(text, now)
    except Unclear:
        raise
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise Unclear(_("Not understood. For example: {hint}").format(hint=hint()))
    if moment <= now:
        raise Unclear(_("That moment is in the past."))
    if moment - now > FARTHEST:
        raise Unclear(_("That is more than a year away."))
    return moment.astimezone(UTC)


def hint() -> str:
    """Return what may be written."""
    return _("45m, 3h, 2d, 17:30, tomorrow 10:00, Friday 10:00 or 23/11 9:00")


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", " ".join(text.lower().split()))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _FILLERS.sub("", plain)


def _moment(text: str, now: datetime) -> datetime | None:
    if span := _SPAN.fullmatch(text):
        unit = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}[span[2]]
        return now + timedelta(**{unit: int(span[1])})
    found = _MOMENT.fullmatch(text)
    if found is None or not text:
        return None
    today = now.astimezone().date()
    clock = (int(found["hour"] or MORNING), int(found["minute"] or 0))
    if (weekday := _nth(_WEEKDAYS, found["word"])) is not None:
        moment = _at(today + timedelta(days=(weekday - today.weekday()) % 7), *clock)
        return moment if moment > now else _at(moment.date() + timedelta(days=7), *clock)
    if day := _day(found, today):
        return _at(day, *clock)
    if found["word"] or not (found["minute"] or found["unit"]):
        return None
    moment = _at(today, *clock)
    return moment if moment > now else _at(today + timedelta(days=1), *clock)


def _nth(names: tuple[tuple[str, ...], ...], written: str | None) -> int | None:
    """Return which of the names is written, in any language, whole or by its first letters; None: none of them."""
    word = (written or "").strip()
    if len(word) < 3:
        return None
    return next((nth for nth, each in enumerate(names) if any(name.startswith(word) for name in each)), None)


def _day(found: re.Match[str], today: date) -> date | None:
    """Return the day that was written; one without a year is this year's, or next year's long after it."""
    if found["iso"]:
        return date(*map(int, found["iso"].split("-")))
    if found["word"]:
        ahead = _DAYS.get(found["word"].strip())
        return None if ahead is None else today + timedelta(days=ahead)
    if not found["day"]:
        return None
    if (named := _nth(_MONTHS, found["name"])) is None and found["name"]:
        return None
    month = int(found["month"]) if named is None else named + 1
    day = date(int(found["year"] or today.year), month, int(found["day"]))
    far_back = not found["year"] and today - day > timedelta(days=180)
    return day.replace(year=day.year + 1) if far_back else day
