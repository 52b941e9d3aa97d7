"""Budgets of accounts whose networks charge: periods, what is kept for answers, a forecast, how often a look is affordable. Pure.

Amounts are whole numbers in the tariff's unit (``connectors.metering``); moments are aware.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from socialdesk.domain.zones import zone

ALWAYS_KEPT = 0.02
KEPT_FOR_ANSWERS = 0.15
"""Of the limit: what reading leaves to answers at a period's beginning, besides what it leaves always."""
NIGHT = timedelta(hours=1)
"""The pace while the business is closed and money is short: nobody has been promised anything then."""
SLOWEST = timedelta(days=1)
_RECENT = timedelta(days=7)
_LEAST = timedelta(hours=6)


class Allowance(NamedTuple):
    """A tariff as the desk keeps it: ``limit`` in each day or month of ``zone``; ``euros`` a unit of currency, 0 for points."""

    limit: int
    monthly: bool
    zone: str
    euros: float
    look: int


class Spent(NamedTuple):
    """What a day cost, in the allowance's zone."""

    day: date
    reading: int
    answering: int

    @property
    def total(self) -> int:
        """Return both together."""
        return self.reading + self.answering


def today(allowance: Allowance, now: datetime) -> date:
    """Return the day of the allowance's zone."""
    return now.astimezone(zone(allowance.zone)).date()


def first_day(allowance: Allowance, now: datetime) -> date:
    """Return the day on which the present period began."""
    day = today(allowance, now)
    return day.replace(day=1) if allowance.monthly else day


def last_day(allowance: Allowance, now: datetime) -> date:
    """Return the last day of the present period."""
    first = first_day(allowance, now)
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1) if allowance.monthly else first


def began(allowance: Allowance, now: datetime) -> datetime:
    """Return when the present period began."""
    return _midnight(allowance, first_day(allowance, now))


def ends(allowance: Allowance, now: datetime) -> datetime:
    """Return when the present period ends and the limit holds anew."""
    first = first_day(allowance, now)
    after = (first + timedelta(days=32)).replace(day=1) if allowance.monthly else first + timedelta(days=1)
    return _midnight(allowance, after)


def kept(allowance: Allowance, now: datetime) -> int:
    """Return what reading leaves to answers: less and less towards the end of the period, never nothing."""
    start, end = began(allowance, now), ends(allowance, now)
    share = (end - now) / (end - start)
    return int(allowance.limit * (ALWAYS_KEPT + KEPT_FOR_ANSWERS * share))


def forecast(allowance: Allowance, days: list[Spent], now: datetime) -> int:
    """Return what the whole period is likely to cost, going by its last seven days, or by the day so far.

    ``days`` are those of the present period, in any order. The first hours are no measure: they count as six.
    """
    start, end = began(allowance, now), ends(allowance, now)
    spent = sum(one.total for one in days)
    if allowance.monthly:
        since = max(start, _midnight(allowance, today(allowance, now)) - _RECENT + timedelta(days=1))
        if days:
            since = max(since, _midnight(allowance, min(one.day for one in days)))
        recent = sum(one.total for one in days if _midnight(allowance, one.day) >= since)
    else:
        since, recent = start, spent
    return spent + round(recent * (end - now) / max(now - since, _LEAST))


class Budget(NamedTuple):
    """How an account stands in the present period: amounts, when it ends, and how long it has to wait for the next look.

    ``pause`` is that of opening hours, nothing where the budget slows no look.
    """

    allowance: Allowance
    spent: int
    forecast: int
    ends: datetime
    pause: timedelta

    @property
    def is_short(self) -> bool:
        """Return whether it will not last."""
        return self.forecast > self.allowance.limit


def budget(allowance: Allowance, days: list[Spent], pause: timedelta, now: datetime) -> Budget:
    """Return how an account stands; ``days`` are those of the present period."""
    spent = sum(one.total for one in days)
    return Budget(allowance, spent, forecast(allowance, days, now), ends(allowance, now), pause)


class Pace(NamedTuple):
    """How long to wait for the next look, and what that is while the business is open."""

    pause: timedelta
    open_pause: timedelta


def pace(
    look: int, left: int, fastest: timedelta, opened: timedelta, closed: timedelta, is_open: bool
) -> Pace:
    """Return the pace that lasts for the rest of the period: the promise runs in opening hours, so looks are spent on these.

    ``look`` is what one costs that brings nothing, ``left`` what reading may still spend; ``opened`` and ``closed`` are how
    much of the rest of the period the business is open and closed.
    """
    if look <= 0 or left <= 0:
        return Pace(fastest, fastest)
    if look * ((opened + closed) / fastest) <= left:
        return Pace(fastest, fastest)
    nights = min(int(look * (closed / NIGHT)), left // 2)
    affordable = (left - nights) / look
    open_pause = min(max(fastest, opened / affordable), SLOWEST) if opened else NIGHT
    return Pace(open_pause if is_open else max(NIGHT, fastest), open_pause)


def _midnight(allowance: Allowance, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone(allowance.zone)).astimezone(UTC)
