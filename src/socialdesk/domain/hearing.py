"""When a customer who is being answered hears from us again: a term that an answer may name (NEEDS A2, C7).

It is no deadline of the answer that is being written, which meets that by leaving, but what the brand promises of a
further reply, counted from now.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

from socialdesk.domain.calendars import timeline
from socialdesk.domain.promises import Policy, Runs, due

DAYTIME = time(9), time(21)
"""When somebody may be expected to be there, on the wall, where a brand has not said its opening hours."""

_STEP = 30
"""Minutes. Nobody says a finer moment of something that is hours away."""

_INSTANT = timedelta(seconds=1)


def hears_by(
    policy: Policy, brand: str, channel: str, situation: str, now: datetime, zone: tzinfo | None
) -> datetime | None:
    """Return the moment in UTC, rounded up to the half hour; None where nothing sensible can be said.

    The brand's promise of a further reply runs from ``now``, in its opening hours if it has any. It is said no later than
    the brand then closes, and not at all where it runs out while nobody is there, unless its situation is promised an
    answer at any hour. ``zone`` is where the brand's clock hangs; None: here.
    """
    promised = due(policy, brand, channel, situation, now, "next")
    if promised.at is None:
        return None
    said = _rounded(promised.at.astimezone(zone))
    any_hour = promised.rule.situation is not None and promised.runs is Runs.WALL
    there, closes = DAYTIME[0] < said.time() <= DAYTIME[1], None
    if brand in policy.calendars:
        line, last = timeline(policy.calendars[brand]), promised.at - _INSTANT
        there, closes = line.is_open(last), line.closes(last)
    by = said.astimezone(UTC) if closes is None else min(said.astimezone(UTC), closes)
    return by if there or any_hour else None


def _rounded(local: datetime) -> datetime:
    """Return the next half hour on the wall."""
    over = timedelta(minutes=local.minute % _STEP, seconds=local.second, microseconds=local.microsecond)
    return local + (timedelta(minutes=_STEP) - over) if over else local
