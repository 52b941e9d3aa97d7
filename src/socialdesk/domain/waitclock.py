"""How long a customer who writes now will wait: the figures behind the public wait clock (NEEDS A6).

A model of the queue makes the figure, and what really happened lately sets how far it may be trusted:

1. Time is counted in opening hours only, so that nights and siestas neither slow down nor speed up anybody.
2. What an answer costs is measured between two answers of the same person while somebody waited; the newest count
   most, and a few odd ones do not turn the figure over.
3. Whoever writes now is answered after those who wait already, by as many hands as have answered lately.
4. The same model is asked about the customers answered lately, with the queue as each of them found it. How much
   longer or shorter they really waited gives the range around the figure, those who found a similar queue first.

Everything is a pure function of ``Seen``; nothing is learned that is not in it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from socialdesk.domain.calendars import Timeline

LOW, MIDDLE, HIGH = 0.2, 0.5, 0.78
"""The shares of customers who should wait no longer than the figures."""

LATELY = 3600.0
"""Opening seconds in which whoever answered counts as a hand at work."""

STALE = timedelta(hours=1)
"""How long a figure may stand for what customers could read; afterwards nobody had renewed it."""

KEPT = 240
"""How many answers are looked at, the newest; older ones tell of other days."""

ENOUGH = 10
"""Answers from which on a figure is given: fewer tell of those customers, not of the next one."""

_PACE = 12.0  # answers after which one counts half in what an answer costs
_FADES = 0.5 ** (1 / _PACE)
_ANCHOR = 4.0  # answers that the long run weighs against the newest
_MEMORY = 50.0  # answers after which one counts half in the range
_ALIKE = 0.6  # how alike two queues are: a factor of e to this weighs 0.6
_OTHER_HOURS = 0.2  # how alike a queue of opening hours and one of the night are
_NIGHT = 0.25  # how uneven the mornings are (variance of the logarithm), even for a long queue
_DOUBT = 10.0  # answers that the model's own idea of the range weighs
_FORGOTTEN = 60, 2 / 3  # of so many last answers, the share to later customers that makes one forgotten
_LEAST = 20.0  # seconds; no answer is quicker


class Answer(NamedTuple):
    """A customer who has been answered: waiting ``since``, answered ``at``, by ``agent`` ("" where nobody knows)."""

    since: datetime
    at: datetime
    agent: str = ""


class Seen(NamedTuple):
    """What the clock sees: who waits since when, who was answered lately, by how many hands, and the opening hours."""

    now: datetime
    waiting_since: Sequence[datetime]
    answered: Sequence[Answer]
    hands: int
    timeline: Timeline


class Expected(NamedTuple):
    """The wait of a customer who writes now, in seconds on the customer's own clock; None where too little is known.

    ``opens_at`` is the next opening where it is closed. ``answers_from`` is when the opening hours begin in which the
    answer is expected, None where those are the present ones; ``high_from`` is the same for the upper figure.
    """

    waiting: int
    low: int | None
    expected: int | None
    high: int | None
    open_now: bool
    opens_at: datetime | None
    answers_from: datetime | None = None
    high_from: datetime | None = None


class Reading(NamedTuple):
    """The clock of a brand and channel (None: all of them) read ``at`` a moment.

    ``zone`` is that of the brand's calendar; None, as for ``datetime.astimezone``, is the machine's own.
    """

    brand: str | None
    channel: str | None
    at: datetime
    zone: tzinfo | None
    expected: Expected


class Promised(NamedTuple):
    """What the clock said at a moment, in seconds."""

    at: datetime
    low: int
    expected: int
    high: int


class Honesty(NamedTuple):
    """How the clock did: of so many customers who could read a figure, how many waited no longer than its upper one.

    Who still waits counts, as not kept, once the wait is longer than the figure.
    """

    customers: int = 0
    kept: int = 0

    @property
    def share(self) -> float | None:
        """The share that waited no longer than promised; None before anybody could tell."""
        return self.kept / self.customers if self.customers else None


class _Case(NamedTuple):
    """An answer on the clock of opening hours, with the queue and the hands that its customer found."""

    at: float
    waited: float
    cost: float | None  # None where it is not known what its agent did before
    busy: bool  # the customer waited already when the agent was free for this one
    queue: int
    hands: int
    told: int  # how many answers had been given when the customer wrote
    open: bool  # written in opening hours


def estimate(seen: Seen) -> Expected:
    """Return how long a customer who writes now will wait."""
    answers = sorted(seen.answered, key=lambda answer: answer.at)[-KEPT:]
    waiting = _in_front(seen.waiting_since, answers)
    clock = _OpenClock(seen.timeline, seen.now, [*waiting[:1], *(answer.since for answer in answers)])
    open_now = seen.timeline.is_open(seen.now)
    opens_at = None if open_now else seen.timeline.next_open(seen.now)
    if len(answers) < ENOUGH:
        return Expected(len(seen.waiting_since), None, None, None, open_now, opens_at)
    cases = _cases(clock, answers, waiting)
    paces = _paces(cases)
    pace = paces[-1]
    base = pace.wait(len(waiting), max(1, seen.hands), open_now)
    if open_now:  # the next opening is a new beginning
        base += _absence(pace, cases, clock, seen.now, waiting)
    low, middle, high = (_on_the_wall(seen, seconds) for seconds in _figures(paces, cases, base, open_now))
    count = len(seen.waiting_since)
    answers_from, high_from = _opening_of(seen, middle), _opening_of(seen, high)
    return Expected(count, low, middle, high, open_now, opens_at, answers_from, high_from)


def hands_lately(answered: Iterable[Answer], now: datetime, timeline: Timeline) -> int:
    """Return how many different people have answered in the last hour that was open."""
    answers = sorted(answered, key=lambda answer: answer.at)[-KEPT:]
    clock = _OpenClock(timeline, now, [answer.at for answer in answers])
    return len({answer.agent for answer in answers if clock(answer.at) >= clock(now) - LATELY})


def honesty(
    promised: Sequence[Promised], answered: Iterable[Answer], waiting_since: Iterable[datetime], now: datetime
) -> Honesty:
    """Compare what the clock said (oldest first) with what came; a figure counts for ``STALE`` after it was said."""
    moments = [promise.at for promise in promised]

    def held(since: datetime, until: datetime) -> bool | None:
        index = bisect_right(moments, since) - 1
        if index < 0 or since - moments[index] > STALE:
            return None
        return until - since <= timedelta(seconds=promised[index].high)

    told = [kept for answer in answered if (kept := held(answer.since, answer.at)) is not None]
    broken = sum(held(since, now) is False for since in waiting_since)
    return Honesty(len(told) + broken, sum(told))


class _OpenClock:
    """Counts the opening seconds from the first moment that matters to any later one."""

    def __init__(self, timeline: Timeline, now: datetime, moments: Sequence[datetime]) -> None:
        spans = [(a.timestamp(), b.timestamp()) for a, b in timeline.spans(min([now, *moments]), now)]
        self._starts = [start for start, _ in spans]
        self._lengths = [end - start for start, end in spans]
        self._before = [0.0, *accumulate(self._lengths)]

    def is_open(self, moment: datetime) -> bool:
        """Say whether a moment before now lies in opening hours."""
        at = moment.timestamp()
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at - self._starts[index] < self._lengths[index]

    def __call__(self, moment: datetime) -> float:
        at = moment.timestamp()
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0.0
        return self._before[index] + min(at - self._starts[index], self._lengths[index])


def _in_front(waiting_since: Iterable[datetime], answers: Sequence[Answer]) -> list[datetime]:
    """Return those whose turn comes first; one whom most answers of late have passed over is in front of nobody."""
    last, share = _FORGOTTEN
    asked = sorted(answer.since for answer in answers[-last:])
    limit = asked[int((1 - share) * len(asked))] if len(asked) >= last / 4 else None
    return sorted(since for since in waiting_since if limit is None or since >= limit)


def _cases(clock: _OpenClock, answers: Sequence[Answer], waiting: Sequence[datetime]) -> list[_Case]:
    asked = sorted([*(answer.since for answer in answers), *waiting])
    left = [answer.at for answer in answers]
    done = [clock(at) for at in left]
    free: dict[str, float] = {}
    cases = []
    for answer, at in zip(answers, done, strict=True):
        since, before = clock(answer.since), free.get(answer.agent)
        told = bisect_right(left, answer.since)
        lately = answers[bisect_left(done, since - LATELY) : told]
        cases.append(
            _Case(
                at,
                max(at - since, _LEAST),
                None if before is None else max(at - max(since, before), _LEAST),
                before is not None and before >= since,
                max(bisect_left(asked, answer.since) - told, 0),
                max(len({other.agent for other in lately}), 1),
                told,
                clock.is_open(answer.since),
            )
        )
        free[answer.agent] = at
    return cases


class _Cost:
    """The mean of what answers cost, the newest counting most, held to the long run."""

    def __init__(self) -> None:
        self._count = 0
        self._total = self._recent = self._weight = 0.0

    def add(self, cost: float) -> None:
        """Count one more answer; one that took very long (a break, a meeting) counts as a long one."""
        if self._count > _PACE:
            cost = min(cost, 6 * self.mean())
        self._count += 1
        self._total += cost
        self._recent = self._recent * _FADES + cost
        self._weight = self._weight * _FADES + 1

    def mean(self, otherwise: float = 0.0) -> float:
        """Return the mean, or what stands for it before the first."""
        if not self._count:
            return otherwise
        return (_ANCHOR * self._total / self._count + self._recent) / (_ANCHOR + self._weight)


class _Pace(NamedTuple):
    """What an answer costs: while customers wait, and where one finds nobody before them."""

    answer: float
    alone: float

    def wait(self, queue: int, hands: int, is_open: bool) -> float:
        """Return the opening seconds until somebody is answered who finds so many before them.

        At an opening nobody is at work yet, and what is urgent of the night goes first: all wait that bit longer.
        """
        start = 0.0 if is_open else self.alone
        if queue < hands:
            return start + self.alone
        return start + (queue - hands + 1) * self.answer / hands + self.answer


def _paces(cases: Sequence[_Case]) -> list[_Pace]:
    """Return the pace as it was known before each answer, and at the end as it is known now."""
    busy, calm, unknown = _Cost(), _Cost(), _Cost()
    paces = []
    for case in cases:
        paces.append(_pace(busy, calm, unknown))
        kind = unknown if case.cost is None else busy if case.busy else calm
        kind.add(case.cost or case.waited)
    return [*paces, _pace(busy, calm, unknown)]


def _pace(busy: _Cost, calm: _Cost, unknown: _Cost) -> _Pace:
    either = calm.mean(unknown.mean(_LEAST))
    answer = busy.mean(either)
    return _Pace(answer, calm.mean(answer))


def _absence(
    pace: _Pace, cases: Sequence[_Case], clock: _OpenClock, now: datetime, waiting: Sequence[datetime]
) -> float:
    """Return the seconds to add where customers wait and nobody answers: as long again as it is too long already."""
    if not waiting:
        return 0.0
    silent = clock(now) - max(cases[-1].at, clock(waiting[0]))
    return max(0.0, silent - max(4 * pace.answer, 2 * pace.alone))


def _figures(
    paces: Sequence[_Pace], cases: Sequence[_Case], base: float, open_now: bool
) -> tuple[float, float, float]:
    """Return the base times what customers in a like place really waited, in shares of what the model said of them."""
    size = math.log(base)
    found: list[tuple[float, float]] = []
    weight = 1.0
    for case in reversed(cases):
        weight *= 0.5 ** (1 / _MEMORY)
        if case.told:  # before the first answer nothing was known
            said = math.log(paces[case.told].wait(case.queue, case.hands, case.open))
            alike = math.exp(-(((said - size) / _ALIKE) ** 2) / 2)
            alike *= 1.0 if case.open == open_now else _OTHER_HOURS
            found.append((math.log(case.waited) - said, weight * alike))
    found = sorted(found + _idea(base / paces[-1].answer, open_now))
    low, middle, high = (base * math.exp(_quantile(found, share)) for share in (LOW, MIDDLE, HIGH))
    return low, middle, high


def _idea(turns: float, open_now: bool) -> list[tuple[float, float]]:
    """Return the model's own idea of the range: the more turns a wait has, the less one slow answer matters.

    Who will be there at the next opening is another matter, and the last nights say little of it.
    """
    variance = math.log(1 + 0.7 / max(1.0, turns) + (0.04 if open_now else _NIGHT))
    centre, weight = (-variance / 2, _DOUBT) if open_now else (0.0, 3 * _DOUBT)
    return [(math.sqrt(variance) * z + centre, weight / len(_NORMAL)) for z in _NORMAL]


_NORMAL = (-1.64, -1.04, -0.67, -0.39, -0.13, 0.13, 0.39, 0.67, 1.04, 1.64)


def _quantile(weighted: Sequence[tuple[float, float]], share: float) -> float:
    """Return the value below which that share of the weight lies."""
    wanted = share * sum(weight for _, weight in weighted)
    total = 0.0
    for value, weight in weighted:
        total += weight
        if total >= wanted:
            return value
    return weighted[-1][0]


def _on_the_wall(seen: Seen, seconds: float) -> int | None:
    """Return the customer's own wait for so many opening seconds."""
    answered = seen.timeline.add(seen.now, round(seconds))
    return None if answered is None else round((answered - seen.now).total_seconds())


def _opening_of(seen: Seen, wait: int | None) -> datetime | None:
    """Return when the opening hours begin at whose end, or within which, a wait is over; None for those of now."""
    if wait is None:
        return None
    spans = seen.timeline.spans(seen.now, seen.now + timedelta(seconds=wait))
    return spans[-1][0] if spans and spans[-1][0] > seen.now else None
