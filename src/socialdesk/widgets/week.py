"""A week of opening hours as bars: pure, from a calendar to lines.

Hours are the wall clock of the calendar's zone. A bar shows a day from 0:00 to 24:00; what a shift goes on after
midnight is drawn on the next day, where it happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from socialdesk.domain.calendars import DAY, Calendar, Shift
from socialdesk.i18n import _
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.wrapping import cells, cut

NAME = 7
"""Cells of a day's name, "mié 25" and a blank."""

BARS = (48, 24)
"""How wide a bar may be: half hours, or hours where room is short."""

LEAST_HOURS = 14
"""Cells that the hours in words need beside a bar."""

_FULL, _LEFT, _RIGHT, _SHUT, _NOW = "█", "▌", "▐", "·", "│"


class Day(NamedTuple):
    """A day as it is drawn: ``open`` are minutes after its midnight, within 0 and 1440."""

    date: date
    open: tuple[Shift, ...]
    shifts: tuple[Shift, ...]  # those that begin that day
    note: str = ""  # the holiday's or the closure's name
    special: bool = False  # hours of this one day


def week(calendar: Calendar, first: date) -> list[Day]:
    """Return seven days from ``first`` on."""
    return [_day(calendar, first + timedelta(days=n)) for n in range(7)]


def _day(calendar: Calendar, day: date) -> Day:
    today, before = calendar.shifts(day), calendar.shifts(day - timedelta(days=1))
    parts = [Shift(s.start - DAY, s.end - DAY) for s in before] + list(today)
    within = sorted(Shift(max(0, s.start), min(DAY, s.end)) for s in parts if s.end > 0 and s.start < DAY)
    special = day in calendar.special
    return Day(day, tuple(within), today, "" if special else calendar.closed.get(day, ""), special)


def bar(open_: Sequence[Shift], width: int) -> str:
    """Return a day as ``width`` cells; a cell is drawn by its halves, each open where most of it is."""
    half = DAY / width / 2
    lit = [_is_lit(open_, n * half, half) for n in range(2 * width)]
    marks = {(True, True): _FULL, (True, False): _LEFT, (False, True): _RIGHT, (False, False): _SHUT}
    return "".join(marks[lit[2 * n], lit[2 * n + 1]] for n in range(width))


def _is_lit(open_: Sequence[Shift], start: float, length: float) -> bool:
    covered = sum(max(0.0, min(s.end, start + length) - max(s.start, start)) for s in open_)
    return covered * 2 >= length


def hours_text(shifts: Sequence[Shift]) -> str:
    """Return hours as people write them: "10-14, 17-20:30"; "24 h" and "closed" in words."""
    if not shifts:
        return _("closed")
    if any(s.start <= 0 and s.end >= DAY for s in shifts):
        return _("24 hours")
    return ", ".join(f"{_time(s.start)}-{_time(s.end)}" for s in shifts)


def _time(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    hour = hour if minutes <= DAY else hour - 24
    return f"{hour}:{minute:02}" if minute else str(hour)


def bar_width(width: int) -> int:
    """Return the cells of the bars in lines so wide."""
    return next((wide for wide in BARS if NAME + wide + 2 + LEAST_HOURS <= width), BARS[-1])


def scale(width: int) -> Line:
    """Return the hours above the bars, in lines ``width`` cells wide."""
    wide = bar_width(width)
    step = wide // 8
    marks = "".join(f"{hour:<{step}}" for hour in range(0, 24, 3))
    return Line(((" " * NAME + marks + "24", "soft"),))


def day_line(day: Day, name: str, width: int, minute: int | None = None) -> Line:
    """Return a day's line: its name, bar and hours; ``minute`` of now marks today."""
    wide = bar_width(width)
    words = hours_text(day.shifts)
    if day.note:
        words = day.note if not day.shifts else f"{words} · {day.note}"
    part = "strong" if minute is not None else "text" if day.shifts else "soft"
    room = max(0, width - NAME - wide - 2)
    pieces: list[Piece] = [(name + " " * max(1, NAME - cells(name)), part)]
    pieces += _drawn(bar(day.open, wide), minute, wide)
    pieces.append(("  " + cut(words + (" *" if day.special else ""), room), "warn" if day.note else part))
    return Line(tuple(pieces))


def _drawn(drawn: str, minute: int | None, wide: int) -> list[Piece]:
    """Return a bar in runs of one style, with the mark of now."""
    now = None if minute is None else min(wide - 1, minute * wide // DAY)
    pieces: list[Piece] = []
    for at, mark in enumerate(drawn):
        here = at == now
        part = "here" if here else "rule" if mark == _SHUT else "good"
        text = _NOW if here else mark
        if pieces and pieces[-1][1] == part:
            pieces[-1] = (pieces[-1][0] + text, part)
        else:
            pieces.append((text, part))
    return pieces
