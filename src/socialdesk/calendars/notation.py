"""Hours and days as people write them, read and written back (docs/configuration.md).

Whatever cannot be read is a ``ValueError`` whose words say why; what it was written in is the caller's to name.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from socialdesk.calendars.spec import Closure, LocalDay, Opening
from socialdesk.domain.calendars import DAY, Shift
from socialdesk.i18n import _

CLOSED = "closed"
OPEN_ALL_DAY = "00:00-24:00"
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?", re.ASCII)
_MAX_CLOSURE = 366 * 3


def shifts(text: str) -> tuple[Shift, ...]:
    """Read the hours of a day: "10:00-14:00, 17:00-20:00", "closed", "22:00-06:00" (into the next day), "0-24"."""
    if text.strip().lower() in (CLOSED, ""):
        return ()
    found = tuple(sorted(_shift(part) for part in text.split(",")))
    for before, after in pairwise(found):
        if after.start < before.end:
            raise ValueError(
                _("{first} and {second} overlap").format(first=shift_text(before), second=shift_text(after))
            )
    return found


def shifts_text(hours: tuple[Shift, ...]) -> str:
    """Write the hours of a day so that ``shifts`` reads them."""
    return ", ".join(shift_text(shift) for shift in hours) or CLOSED


def shift_text(shift: Shift) -> str:
    """Write one shift: "17:00-20:00"; one that ends the next day ends with that day's time."""
    end = shift.end if shift.end <= DAY else shift.end - DAY
    return f"{_clock(shift.start)}-{_clock(end)}"


def local_day(text: str) -> LocalDay:
    """Read a day of one's own town: "05-15 San Isidro" each year, "2026-05-15 San Isidro" in one."""
    written, _space, name = text.strip().partition(" ")
    if re.fullmatch(r"\d{2}-\d{2}", written, re.ASCII):
        day = _date(f"2000-{written}")  # a leap year, so that 29 February is a day
        return LocalDay(day.month, day.day, name.strip())
    day = _date(written)
    return LocalDay(day.month, day.day, name.strip(), day.year)


def local_day_text(local: LocalDay) -> str:
    """Write a local day so that ``local_day`` reads it."""
    year = "" if local.year is None else f"{local.year:04}-"
    return f"{year}{local.month:02}-{local.day:02} {local.name}".rstrip()


def closure(text: str) -> Closure:
    """Read closed days: "2026-08-01/2026-08-15 Vacaciones", the last one included, or "2026-12-24 Nochebuena"."""
    written, _space, name = text.strip().partition(" ")
    first, slash, last = written.partition("/")
    found = Closure(_date(first), _date(last) if slash else _date(first), name.strip())
    if found.last < found.first:
        raise ValueError(_("{last} comes before {first}").format(last=last, first=first))
    if (found.last - found.first).days > _MAX_CLOSURE:
        raise ValueError(_("closed for more than three years"))
    return found


def closure_text(closed: Closure) -> str:
    """Write closed days so that ``closure`` reads them."""
    last = "" if closed.last == closed.first else f"/{closed.last}"
    return f"{closed.first}{last} {closed.name}".rstrip()


def opening(text: str) -> Opening:
    """Read the hours of one day: "2026-12-20 10:00-14:00, 17:00-20:00"."""
    written, _space, hours = text.strip().partition(" ")
    found = shifts(hours)
    if not found:
        raise ValueError(_("says no hours"))
    return Opening(_date(written), found)


def opening_text(opens: Opening) -> str:
    """Write the hours of one day so that ``opening`` reads them."""
    return f"{opens.day} {shifts_text(opens.shifts)}"


def region(text: str) -> tuple[str, str]:
    """Read a country and its region: "ES-MD" is ("ES", "MD"), "ES" is ("ES", "")."""
    country, _dash, part = text.strip().partition("-")
    if not re.fullmatch(r"[A-Za-z]{2}", country):
        raise ValueError(_("is not a country, like ES, or a region of one, like ES-MD"))
    return country.upper(), part.strip()


def _shift(text: str) -> Shift:
    start, dash, end = text.strip().partition("-")
    if not dash:
        raise ValueError(_("“{text}” is not a time of opening, like 10:00-14:00").format(text=text.strip()))
    begins, ends = _minutes(start), _minutes(end)
    if begins >= DAY:
        raise ValueError(_("a shift begins before 24:00"))
    if begins == ends:
        raise ValueError(
            _("{text} has no length; a whole day is {whole}").format(text=text.strip(), whole=OPEN_ALL_DAY)
        )
    return Shift(begins, ends if ends > begins else ends + DAY)


def _minutes(text: str) -> int:
    match = _TIME.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else DAY + 1
    if match is None or int(match[2] or 0) > 59 or minutes > DAY:
        raise ValueError(_("“{text}” is not a time between 00:00 and 24:00").format(text=text.strip()))
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(_("“{text}” is not a date, like 2026-05-15").format(text=text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("{text} is a day that no calendar has").format(text=text)) from None
