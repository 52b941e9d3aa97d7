"""What deadlines cost: ``python bench/bench_calendar.py [--count N] [--seed N]``. Exit code 1 where a goal is missed.

The brand has split shifts, two decades of holidays of Madrid, a month's closure and changes of the clock. "Cold" is the
first question after the calendar was changed, when its years have to be made; "warm" all those after it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from socialdesk.calendars.compile import compile_policy
from socialdesk.calendars.spec import CalendarSpec, Closure, PolicySpec
from socialdesk.domain import calendars
from socialdesk.domain.calendars import Shift, Timeline, timeline
from socialdesk.domain.promises import PRESETS, Kept, Policy, Rule, due, kept_for, steps

SPLIT = (Shift(600, 840), Shift(1020, 1200))
CLOSED = (Closure(date(2026, 8, 1), date(2026, 8, 31), "Vacaciones"),)
SHOP = CalendarSpec("Europe/Madrid", (SPLIT,) * 5 + ((), ()), "ES", "MD", closed=CLOSED)
START, SPAN = datetime(2026, 1, 1, tzinfo=UTC), 365 * 86_400
LONG = Rule(Kept(first=timedelta(hours=500)), situation="long")


class Figure(NamedTuple):
    """One line of the table, in milliseconds; ``goal`` is None where none was set."""

    what: str
    taken: float
    goal: float | None = None

    def reached(self) -> bool:
        """Return whether the goal, if there is one, is met."""
        return self.goal is None or self.taken <= self.goal


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def worst_and_median(times: list[float]) -> tuple[float, float]:
    """Return the largest and the middle one."""
    times.sort()
    return times[-1], times[len(times) // 2]


def warm(policy: Policy, situation: str, since: datetime) -> float:
    """Explain one deadline with the calendar's years at hand."""
    return milliseconds(lambda: steps(policy, "Sol", "facebook", situation, since))


def cold(policy: Policy, situation: str, since: datetime) -> float:
    """Explain one deadline with nothing known yet: no year of the calendar, no offset of the zone."""
    policy = policy._replace(calendars={brand: one._replace() for brand, one in policy.calendars.items()})
    calendars.forget()
    return warm(policy, situation, since)


def explaining(policy: Policy, moments: list[datetime]) -> list[Figure]:
    """Return what the arithmetic of one deadline costs."""
    figures = []
    for situation, name in (("", "24 h"), ("long", "500 h")):
        times = [warm(policy, situation, at) for at in moments[:2_000]]
        worst, median = worst_and_median(times)
        figures += [
            Figure(f"Explain a deadline of {name}, median", median, 5),
            Figure(f"Explain a deadline of {name}, worst of {len(times)}", worst),
            Figure(
                f"Explain a deadline of {name}, cold, median",
                worst_and_median([cold(policy, situation, at) for at in moments[:50]])[1],
                5,
            ),
        ]
    return figures


def recomputing(policy: Policy, moments: list[datetime]) -> list[Figure]:
    """Return what many deadlines cost, one by one and as the storage recomputes them."""
    whole = [(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) for at in moments]

    def quickly() -> None:
        line: Timeline = timeline(policy.calendars["Sol"])
        promise = kept_for(policy, "Sol", "facebook", "").first
        assert promise is not None
        seconds = int(promise.total_seconds())
        for at in whole:
            line.add_ms(at, seconds)

    def one_by_one() -> None:
        for at in moments:
            due(policy, "Sol", "facebook", "", at)

    count = f"{len(moments):,}"
    return [
        Figure(f"{count} deadlines, as the storage recomputes them", milliseconds(quickly), 2_000),
        Figure(f"{count} deadlines, rules looked up for each", milliseconds(one_by_one)),
    ]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    spec = PolicySpec(rules=(*PRESETS, LONG), calendars={"Sol": SHOP})
    made: list[Policy] = []
    compiling = Figure(
        "Look up the holidays of 27 years",
        milliseconds(lambda: made.append(compile_policy(spec, range(2005, 2032)))),
    )
    moments = [START + timedelta(seconds=rng.randrange(SPAN)) for _ in range(options.count)]
    figures = [compiling, *explaining(made[0], moments), *recomputing(made[0], moments)]
    for figure in figures:
        goal = (
            ""
            if figure.goal is None
            else f"  goal {figure.goal:,.0f} ms, {'reached' if figure.reached() else 'MISSED'}"
        )
        print(f"{figure.what:55} {figure.taken:10,.2f} ms{goal}")
    return 0 if all(figure.reached() for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
