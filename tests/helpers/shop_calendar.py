"""iCalendar files as a shop's calendar program writes them."""

from __future__ import annotations

from itertools import count

NUMBERS = count()


def event(*lines: str) -> str:
    """One event of a file."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{next(NUMBERS)}", *lines, "END:VEVENT"])


def calendar_file(*parts: str) -> str:
    """A whole file."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//ES", *parts, "END:VCALENDAR", ""])
