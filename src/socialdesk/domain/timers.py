"""The words of a running timer: seconds only while they matter, and always of the same width.

Seconds are shown in the first hour of a wait, and within an hour of the deadline on either side (NEEDS A1); beyond
that a row's text changes once a minute at most, which is what keeps a slow line quiet. ``h`` and ``d`` are read in
Spanish as in English.
"""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86_400

WAITED_WIDTH = 6
"""Cells of ``waited``."""

LEFT_WIDTH = 7
"""Cells of ``left``."""

LATE = "-"
"""The sign before the time that has passed since the deadline."""


def waited(seconds: int) -> str:
    """Return how long somebody has waited, right aligned in ``WAITED_WIDTH`` cells; never less than nothing."""
    return _span(max(0, seconds)).rjust(WAITED_WIDTH)


def left(seconds: int) -> str:
    """Return the time left to a deadline, right aligned in ``LEFT_WIDTH`` cells; a negative one is overdue."""
    return (LATE + _span(-seconds) if seconds < 0 else _span(seconds)).rjust(LEFT_WIDTH)


def _span(seconds: int) -> str:
    """Return a span in at most six cells."""
    if seconds < HOUR:
        return f"{seconds // MINUTE}:{seconds % MINUTE:02d}"
    if seconds < DAY:
        return f"{seconds // HOUR}h {seconds % HOUR // MINUTE:02d}"
    if seconds < 10 * DAY:
        return f"{seconds // DAY}d {seconds % DAY // HOUR:02d}h"
    return f"{min(seconds // DAY, 99_999)}d"
