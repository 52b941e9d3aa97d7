"""The order of the queue: most urgent first, by time left to the promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

AFTER_ALL_DEADLINES = 1 << 52
"""Larger than any deadline in milliseconds, and exact in every JSON reader."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


def to_ms(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    """Return the moment of that many milliseconds since 1970, aware, UTC; outside the calendar, its nearest end."""
    return _EPOCH + min(max(value, _FIRST), _LAST) * _MILLISECOND


def urgency(due_at: datetime | None, last_at: datetime) -> int:
    """Return the sort key of a conversation; smaller is more urgent.

    A waiting conversation sorts by its deadline (so ``urgency < now`` means late); one that waits for the
    customer comes after all of those, the most recent first.
    """
    if due_at is not None:
        return to_ms(due_at)
    return AFTER_ALL_DEADLINES - to_ms(last_at)


def comes_back(until: datetime, promised: datetime | None, now: datetime) -> datetime:
    """Return when a conversation that is snoozed comes back: a promise due before then is not slept through (NEEDS A1).

    One that is overdue by now was seen by whoever snoozes, and does not count.
    """
    return promised if promised is not None and now < promised < until else until
