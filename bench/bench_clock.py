"""The public wait clock against simulated customers: ``python bench/bench_clock.py [--seed N] [--days N] [--refresh MIN]``.

A thousand days and more of a small business, from seeds: quiet, busy, a rush after a crisis, closing time, one and
three people. The clock is read every few minutes, as it is published, and every customer is compared with the figure
that was up when they wrote. The simulation knows more than the clock does: how fast each person is today, their
breaks, who is urgent and jumps the queue, who needs no answer, who looks up late.

Three goals: the upper figure holds for 75 to 90 of 100 customers; the middle one is off by 35 % of the wait at most,
in the median; and by less than the mean of the last ten waits is, which is what one would take without a model.
Exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import heapq
import random
import statistics
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from socialdesk.clockwords import rounded
from socialdesk.domain.calendars import Calendar, Shift, Timeline, timeline
from socialdesk.domain.waitclock import Answer, Expected, Seen, estimate, hands_lately

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
WARM = 6
"""Days at the beginning that are not judged: the clock knows nobody yet."""
LOOKS_BACK = timedelta(days=14)
SPLIT = (Shift(600, 840), Shift(1020, 1200))  # 10-14 and 17-20
LONG = (Shift(540, 1260),)  # 9-21
NEVER: tuple[Shift, ...] = ()


class Scenario(NamedTuple):
    """A kind of business day. ``rush`` is a day's chance of a crisis; ``late`` the share that writes before closing."""

    name: str
    people: int
    load: float  # the share of the people's time that customers take, without the crises
    shifts: tuple[Shift, ...]
    saturday: tuple[Shift, ...]
    rush: float = 0.0
    late: float = 0.0


SCENARIOS = (
    Scenario("quiet, 1 person", 1, 0.15, SPLIT, SPLIT[:1]),
    Scenario("quiet, 3 people", 3, 0.1, LONG, LONG),
    Scenario("busy, 1 person", 1, 0.8, SPLIT, SPLIT[:1]),
    Scenario("busy, 3 people", 3, 0.8, LONG, LONG),
    Scenario("crisis, 1 person", 1, 0.5, SPLIT, SPLIT[:1], rush=0.25),
    Scenario("crisis, 3 people", 3, 0.5, LONG, LONG, rush=0.25),
    Scenario("closing time, 1 person", 1, 0.6, SPLIT, NEVER, late=0.5),
    Scenario("closing time, 3 people", 3, 0.6, LONG, NEVER, late=0.45),
)


class Customer(NamedTuple):
    """One customer; moments in seconds since the first Monday. ``agent`` is "" where no answer was needed."""

    since: float
    at: float
    agent: str


class Seat:
    """One person at work: how fast, and when they are there."""

    def __init__(self, name: str, luck: random.Random, shifts: Sequence[tuple[float, float]]) -> None:
        self.name = name
        self._luck = luck
        self._pace = 4.5 * MINUTE * luck.lognormvariate(0, 0.2)
        self._stints = [stint for shift in shifts for stint in _stints(shift, luck)]
        self._days: dict[int, float] = {}
        self._next = 0

    def capacity(self) -> float:
        """Return how many customers the person could serve in all their time."""
        return sum(end - start for start, end in self._stints) / self._pace

    def there(self, moment: float) -> float:
        """Return the moment itself if the person is at work then, else when they are next; infinity at the end."""
        while self._next < len(self._stints) and self._stints[self._next][1] <= moment:
            self._next += 1
        if self._next == len(self._stints):
            return float("inf")
        return max(moment, self._stints[self._next][0])

    def answer(self, moment: float) -> float:
        """Return how long one answer takes: lognormal, as such times are; slower on some days."""
        form = self._days.setdefault(int(moment // DAY), self._luck.lognormvariate(0, 0.15))
        return self._pace * form * self._luck.lognormvariate(-0.25, 0.7)

    def look_up(self) -> float:
        """Return how long the person takes to see a message that finds nobody waiting."""
        return self._luck.lognormvariate(4.4, 0.8)  # 80 seconds in the median


def _stints(shift: tuple[float, float], luck: random.Random) -> list[tuple[float, float]]:
    """Return a shift from a little late to its end, with a break in it."""
    start, end = shift[0] + luck.uniform(0, 8 * MINUTE), shift[1]
    pause = luck.uniform(start + 0.3 * (end - start), start + 0.7 * (end - start))
    return [(start, pause), (pause + luck.uniform(8, 20) * MINUTE, end)]


def simulate(scenario: Scenario, days: int, seed: int) -> list[Customer]:
    """Return everybody who wrote, in the order in which they were dealt with."""
    luck = random.Random(f"{seed} {scenario.name}")
    seats = []
    for number in range(scenario.people):
        present = [shift for shift in _shifts(scenario, days) if number == 0 or luck.random() > 0.12]
        seats.append(Seat(f"agent {number + 1}", luck, present))
    customers = scenario.load * sum(seat.capacity() for seat in seats) / days
    return _serve(_arrivals(scenario, customers, days, luck), seats, luck)


def _arrivals(scenario: Scenario, customers: float, days: int, luck: random.Random) -> list[float]:
    found = []
    for day in range(days):
        many = customers * luck.gammavariate(8, 1 / 8) * (0.5 if day % 7 == 6 else 1.0)
        moments = [_moment(scenario, luck) for _ in range(_poisson(many, luck))]
        if luck.random() < scenario.rush:
            begin = luck.uniform(10 * HOUR, 19 * HOUR)
            rush = _poisson(customers * luck.uniform(0.5, 1.2), luck)
            moments += [begin + luck.expovariate(1 / (0.75 * HOUR)) for _ in range(rush)]
        found += [day * DAY + moment for moment in moments]
    return sorted(found)


def _moment(scenario: Scenario, luck: random.Random) -> float:
    """Return when in the day somebody writes: mostly by day, some at night, where asked many before closing."""
    if luck.random() < scenario.late:
        return scenario.shifts[-1].end * MINUTE - luck.uniform(0, 1.5 * HOUR)
    if luck.random() < 0.12:
        return luck.uniform(0, DAY)
    return luck.triangular(8 * HOUR, 23 * HOUR, 13 * HOUR)


def _poisson(mean: float, luck: random.Random) -> int:
    return max(0, round(luck.gauss(mean, mean**0.5)))


def _shifts(scenario: Scenario, days: int) -> list[tuple[float, float]]:
    week = _week(scenario)
    return [
        (day * DAY + shift.start * MINUTE, day * DAY + shift.end * MINUTE)
        for day in range(days + 4)
        for shift in week[day % 7]
    ]


def _week(scenario: Scenario) -> tuple[tuple[Shift, ...], ...]:
    return (scenario.shifts,) * 5 + (scenario.saturday, NEVER)


def _serve(arrivals: Sequence[float], seats: Sequence[Seat], luck: random.Random) -> list[Customer]:
    """Let every seat take the next customer whenever it is free: the urgent first, else in their order."""
    free = [(0.0, number) for number in range(len(seats))]
    queue: list[tuple[bool, float]] = []
    served: list[Customer] = []
    come = 0
    while len(served) < len(arrivals) and free[0][0] < float("inf"):
        moment, number = heapq.heappop(free)
        seat = seats[number]
        moment = seat.there(moment)
        if moment == float("inf") or (free and moment > free[0][0]):
            heapq.heappush(free, (moment, number))
            continue
        while come < len(arrivals) and arrivals[come] <= moment:
            heapq.heappush(queue, (luck.random() > 0.08, arrivals[come]))
            come += 1
        if not queue:
            look = arrivals[come] + seat.look_up() if come < len(arrivals) else float("inf")
            heapq.heappush(free, (look, number))
            continue
        since = heapq.heappop(queue)[1]
        needed = luck.random() > 0.07
        done = moment + (seat.answer(moment) if needed else luck.uniform(10, 40))
        served.append(Customer(since, done, seat.name if needed else ""))
        heapq.heappush(free, (done, number))
    return served


class Read(NamedTuple):
    """What one customer read when they wrote, what the plain mean said, and how long they then waited (seconds).

    ``worked``, ``expected`` and ``plain_worked`` are the opening hours in the wait, in the middle figure and in the last ten.
    """

    shown: Expected
    plain: float
    waited: float
    worked: float
    expected: float
    plain_worked: float


def read_all(scenario: Scenario, served: Sequence[Customer], days: int, refresh: float) -> list[Read]:
    """Return what each customer read on the clock, which is renewed every ``refresh`` seconds."""
    hours = timeline(Calendar("UTC", _week(scenario)))
    by_since = sorted(served)
    answered = sorted((customer for customer in served if customer.agent), key=lambda customer: customer.at)
    done = [customer.at for customer in answered]
    reads: list[Read] = []
    tick, shown = -1.0, None
    plain = expected = plain_worked = 0.0
    for customer in by_since:
        if not WARM * DAY <= customer.since < days * DAY or not customer.agent:
            continue
        now = customer.since // refresh * refresh
        if now != tick:
            tick = now
            shown = estimate(_seen(now, by_since, answered, done, hours))
            expected = hours.open_seconds(_at(now), _at(now + (shown.expected or 0)))
            last = answered[max(0, bisect_right(done, now) - 10) : bisect_right(done, now)]
            plain = statistics.fmean(one.at - one.since for one in last)
            plain_worked = statistics.fmean(hours.open_seconds(_at(one.since), _at(one.at)) for one in last)
        assert shown is not None
        worked = hours.open_seconds(_at(customer.since), _at(customer.at))
        reads.append(Read(shown, plain, customer.at - customer.since, max(worked, 1), expected, plain_worked))
    return reads


def _seen(
    now: float,
    by_since: Sequence[Customer],
    answered: Sequence[Customer],
    done: Sequence[float],
    hours: Timeline,
) -> Seen:
    moment = MONDAY + timedelta(seconds=now)
    recent = answered[max(0, bisect_right(done, now) - 240) : bisect_right(done, now)]
    answers = [
        Answer(_at(one.since), _at(one.at), one.agent)
        for one in recent
        if one.at > now - LOOKS_BACK.total_seconds()
    ]
    first = bisect_left(by_since, (now - 7 * DAY,))
    last = bisect_right(by_since, (now, float("inf")))
    waiting = [_at(one.since) for one in by_since[first:last] if one.at > now]
    return Seen(moment, waiting, answers, hands_lately(answers, moment, hours), hours)


def _at(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


class Verdict(NamedTuple):
    """How well the clock did; shares of the customers, and errors in shares of the wait (medians)."""

    customers: int
    wait: float  # the median, in minutes
    held: float  # waited no longer than the upper figure
    said: float  # waited no longer than the rounded words said
    within: float  # waited no shorter than the lower figure either
    off: float  # error of the middle figure
    off_worked: float  # the same, nights and siestas left out of both
    off_plain: float  # error of the mean of the last ten waits
    off_plain_worked: float  # the same, nights and siestas left out


def judge(reads: Sequence[Read]) -> Verdict:
    """Compare what was read with what came."""
    told = [(read, read.shown.expected or 0, read.shown.low or 0, read.shown.high or 0) for read in reads]
    return Verdict(
        len(reads),
        statistics.median(read.waited for read in reads) / MINUTE,
        statistics.fmean(read.waited <= high for read, _, _, high in told),
        statistics.fmean(read.waited <= MINUTE * rounded(low, high)[1] for read, _, low, high in told),
        statistics.fmean(low <= read.waited <= high for read, _, low, high in told),
        statistics.median(abs(middle - read.waited) / read.waited for read, middle, _, _ in told),
        statistics.median(abs(read.expected - read.worked) / read.worked for read in reads),
        statistics.median(abs(read.plain - read.waited) / read.waited for read in reads),
        statistics.median(abs(read.plain_worked - read.worked) / read.worked for read in reads),
    )


HEADS = ("customers", "wait min", "high ok", "said ok", "in range", "off", "off open", "mean-10", "m-10 open")


def _row(name: str, days: int | str, reads: Sequence[Read]) -> None:
    count, wait, *shares = judge(reads)
    print(f"{name:32} {days:>5} {count:>9,} {wait:>9.1f} " + " ".join(f"{share:>9.1%}" for share in shares))


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--days", type=int, default=132, help="of each scenario; the first six are not judged"
    )
    parser.add_argument("--refresh", type=float, default=5, help="minutes between two readings of the clock")
    options = parser.parse_args()
    began = time.perf_counter()
    print(f"{'':32} {'days':>5} " + " ".join(f"{head:>9}" for head in HEADS))
    open_reads: list[Read] = []
    shut_reads: list[Read] = []
    for scenario in SCENARIOS:
        served = simulate(scenario, options.days, options.seed)
        reads = read_all(scenario, served, options.days, options.refresh * MINUTE)
        mine = [read for read in reads if read.shown.open_now]
        _row(scenario.name, options.days - WARM, mine)
        open_reads += mine
        shut_reads += [read for read in reads if not read.shown.open_now]
    judged = (options.days - WARM) * len(SCENARIOS)
    _row("ALL, written in opening hours", judged, open_reads)
    _row("out of hours", "", shut_reads)
    _row("all, day and night", "", open_reads + shut_reads)
    print(f"nobody before one, every habit known: off by {_least_error(options.seed):.1%} at the least")
    print(f"{time.perf_counter() - began:.0f} s")
    return _goals(judge(open_reads), judge(open_reads + shut_reads))


def _least_error(seed: int) -> float:
    """Return by how much the best figure is off for one who finds nobody waiting, even if every habit is known."""
    luck = random.Random(seed)
    seat = Seat("", luck, ())
    waits = [seat.look_up() + seat.answer(DAY * number) for number in range(20_000)]
    guesses = [statistics.median(waits) * share / 20 for share in range(10, 25)]
    return min(statistics.median(abs(guess - wait) / wait for wait in waits) for guess in guesses)


def _goals(by_day: Verdict, always: Verdict) -> int:
    goals: tuple[tuple[str, bool], ...] = (
        (f"upper figure held for {by_day.held:.1%}; goal 75 to 90 %", 0.75 <= by_day.held <= 0.90),
        (f"the same, day and night, for {always.held:.1%}", 0.75 <= always.held <= 0.90),
        (f"rounded as it is said, for {by_day.said:.1%}", 0.75 <= by_day.said <= 0.90),
        (f"middle figure off by {by_day.off:.1%} of the wait; goal 35 %", by_day.off <= 0.35),
        (f"the same, nights and siestas left out, by {by_day.off_worked:.1%}", by_day.off_worked <= 0.35),
        (f"mean of the last ten off by {by_day.off_plain:.1%}; goal: worse", by_day.off < by_day.off_plain),
        (
            f"the same, nights and siestas left out, by {by_day.off_plain_worked:.1%}",
            by_day.off_worked < by_day.off_plain_worked,
        ),
    )
    for text, reached in goals:
        print(f"{'reached' if reached else 'MISSED ':8} {text}")
    return 0 if all(reached for _, reached in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
