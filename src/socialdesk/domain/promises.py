"""Promises (service levels): how long customers have to wait at most, and when a promise falls due (NEEDS A2, A3).

A promise runs on the wall clock or in the brand's opening hours. The wait that is shown is always the customer's own,
on the wall clock; only the moment at which a promise falls due depends on the calendar.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from socialdesk.domain.calendars import Calendar, Shift, Timeline, timeline
from socialdesk.i18n import N_

Which = Literal["first", "next", "resolution"]


class Runs(StrEnum):
    """The clock that a promise runs on."""

    WALL = "wall"
    OPENING = "opening"


class Kept(NamedTuple):
    """What is promised: the first reply, each further one, the whole case; None where a rule leaves it open."""

    first: timedelta | None = None
    next: timedelta | None = None
    resolution: timedelta | None = None
    runs: Runs | None = None


class Rule(NamedTuple):
    """A promise and the cases that it is for; None stands for any."""

    kept: Kept
    brand: str | None = None
    channel: str | None = None
    situation: str | None = None

    def fits(self, brand: str, channel: str, situation: str) -> bool:
        """Return whether the rule is for this case."""
        return (
            self.brand in (None, brand)
            and self.channel in (None, channel)
            and self.situation in (None, situation)
        )

    def weight(self) -> tuple[bool, bool, bool]:
        """Return how specific the rule is: the situation counts before the brand, the brand before the channel."""
        return self.situation is not None, self.brand is not None, self.channel is not None


class Guess(NamedTuple):
    """How a situation is recognised: all that is given must hold; of the words (or phrases) one is enough."""

    situation: str
    words: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""
    tag: str = ""


BAD_REVIEW = "bad_review"

PRESETS = (
    # NEEDS A2: what users expect of a company in general, and of these networks.
    Rule(Kept(first=timedelta(hours=5))),
    Rule(Kept(first=timedelta(hours=5)), channel="x"),
    Rule(Kept(first=timedelta(hours=24)), channel="facebook"),
    Rule(Kept(first=timedelta(hours=24)), channel="google"),
    # NEEDS A2: 27 % want less than an hour, and the more experienced the user, the shorter.
    Rule(Kept(first=timedelta(hours=1)), situation="advanced"),
    # NEEDS A3 names the two cases; the figures are ours. Who is lost at the airport is so at night as well.
    Rule(Kept(first=timedelta(minutes=15), runs=Runs.WALL), situation="stranded"),
    Rule(Kept(first=timedelta(hours=24)), situation="can_wait"),
    # Ours, too: one or two stars stand there for everybody to read until somebody answers.
    Rule(Kept(first=timedelta(hours=5)), situation=BAD_REVIEW),
)

SITUATIONS: Mapping[str, str] = MappingProxyType(
    {
        "stranded": N_("Stranded now"),
        "can_wait": N_("Can wait"),
        "advanced": N_("Advanced user"),
        BAD_REVIEW: N_("Few stars"),
    }
)

CASES: Mapping[str, str] = MappingProxyType(
    {"insult": N_("Insult"), "threat": N_("Threat"), "rumour": N_("Rumour or crisis")}
)
"""Situations without a promise of their own: approval and protocols go by them (NEEDS C4, D4)."""

_LAST_RESORT = PRESETS[0]


class Policy(NamedTuple):
    """All that a desk promises. Own rules come after the presets; of two that weigh the same the later one wins.

    ``calendars`` and ``runs`` are by brand: a brand without a calendar is always open, and its promises run in opening
    hours if it has one. ``warn`` are shares of a promise at which to warn before it is broken, ``quiet`` the times
    without bell or notification in minutes of the desk's own zone; brands in ``acknowledge`` answer out of hours that
    a message has arrived. ``situations`` gives each its label: an English msgid, or the user's own words.
    """

    rules: tuple[Rule, ...] = PRESETS
    calendars: Mapping[str, Calendar] = MappingProxyType({})
    runs: Mapping[str, Runs] = MappingProxyType({})
    guesses: tuple[Guess, ...] = ()
    situations: Mapping[str, str] = SITUATIONS
    warn: tuple[float, ...] = (0.5, 0.8)
    quiet: tuple[Shift, ...] = ()
    acknowledge: frozenset[str] = frozenset()

    def kinds(self) -> Mapping[str, str]:
        """Return every situation that a conversation can have, with its label: also those that are promised nothing.

        A policy that was adopted before there was one of ours knows it all the same.
        """
        return {**self.situations, **SITUATIONS, **CASES, **self.situations}


class Due(NamedTuple):
    """When a promise falls due, and why.

    ``at`` is None where nothing was promised (then ``promise`` is zero: only a resolution can be so) or where the
    brand does not open long enough in three years. ``opening_seconds`` is the brand's open time from the start to
    ``at``; ``rule`` the one that gave the promise.
    """

    at: datetime | None
    promise: timedelta
    runs: Runs
    opening_seconds: int
    which: Which
    rule: Rule


class Step(NamedTuple):
    """One line of the arithmetic behind a deadline, in values; the words are made where it is shown.

    ``seconds`` is the promise time that the step used (at ``clock_change`` by how much the zone's clock was moved, at
    ``started`` 0, at ``promise`` and ``due`` the whole promise), ``left`` what is left of it afterwards. ``end`` is None
    at an instant, and where no end is known. ``note``:

    - ``promise``: what its rule names, joined by "+": "situation", "brand", "channel" ("" is the general one)
    - ``shift``: "" or, where several in a row are told as one, how many
    - ``day_off``: the name of the closed day or days
    - ``due``: "never" where the brand does not open long enough, or nothing was promised; ``start`` is then that of the wait
    """

    kind: Literal["started", "promise", "wall", "shift", "closed", "day_off", "clock_change", "due"]
    start: datetime
    end: datetime | None
    seconds: int
    left: int
    note: str


MOST_STEPS = 48
"""Steps told between the promise and the deadline; of more than these the middle is told as one."""

EVERY_STEP = 1_000
"""As many steps as are worked out for words, which fold what is alike (``domain.folding``)."""

_A_DAY = timedelta(days=1)
_ALWAYS_OPEN = Calendar()


def calendar_of(policy: Policy, brand: str) -> Calendar:
    """Return the opening hours of a brand."""
    return policy.calendars.get(brand, _ALWAYS_OPEN)


def kept_for(policy: Policy, brand: str, channel: str, situation: str) -> Kept:
    """Return what is promised in a case.

    Each field apart, the most specific rule that gives it wins: the situation before the brand before the channel
    before the rest. A further reply is due like the first where nothing else is said.
    """
    fitting = _fitting(policy, brand, channel, situation)
    first = _given(fitting, "first")
    following = _given(fitting, "next")
    resolution = _given(fitting, "resolution")
    runs = next((rule.kept.runs for rule in fitting if rule.kept.runs is not None), None)
    return Kept(
        first.kept.first if first else _LAST_RESORT.kept.first,
        following.kept.next if following else (first or _LAST_RESORT).kept.first,
        resolution.kept.resolution if resolution else None,
        runs or _runs_of(policy, brand),
    )


def due(
    policy: Policy, brand: str, channel: str, situation: str, since: datetime, which: Which = "first"
) -> Due:
    """Return when a promise that began to run at ``since`` falls due."""
    kept = kept_for(policy, brand, channel, situation)
    promise = {"first": kept.first, "next": kept.next, "resolution": kept.resolution}[which]
    rule = rule_for(policy, brand, channel, situation, which)
    runs = kept.runs or Runs.WALL
    if promise is None:
        return Due(None, timedelta(0), runs, 0, which, rule)
    line = timeline(calendar_of(policy, brand))
    seconds = int(promise.total_seconds())
    if runs is Runs.OPENING:
        return Due(line.add(since, seconds), promise, runs, seconds, which, rule)
    at = since.astimezone(UTC) + promise
    return Due(at, promise, runs, line.open_seconds(since, at), which, rule)


def rule_for(policy: Policy, brand: str, channel: str, situation: str, which: Which = "first") -> Rule:
    """Return the rule that gives a promise; the default where none does."""
    fitting = _fitting(policy, brand, channel, situation)
    found = _given(fitting, which)
    if found is None and which == "next":
        found = _given(fitting, "first")
    return found or _LAST_RESORT


def situation_of(policy: Policy, text: str, language: str, channel: str, tags: Collection[str]) -> str:
    """Return the situation that the first fitting guess names, or "" where none fits.

    Words are whole words, whatever their case and accents; ``language`` and ``channel`` are ids, ``tags`` those that
    the customer carries.
    """
    folded = None
    carried = {_folded(tag) for tag in tags}
    for guess in policy.guesses:
        if guess.language not in ("", language) or guess.channel not in ("", channel):
            continue
        if guess.tag and _folded(guess.tag) not in carried:
            continue
        if guess.words:
            folded = _folded(text) if folded is None else folded
            if not any(_phrase(word) in folded for word in guess.words if _phrase(word).strip()):
                continue
        return guess.situation
    return ""


def steps(
    policy: Policy,
    brand: str,
    channel: str,
    situation: str,
    since: datetime,
    which: Which = "first",
    most: int = MOST_STEPS,
) -> tuple[Step, ...]:
    """Return the arithmetic of a deadline, step by step (NEEDS A5: a deadline that can be defended).

    Instants are in UTC. Equal closed days in a row are one step, and so are the middle ones of more steps than ``most``.
    """
    found = due(policy, brand, channel, situation, since, which)
    since, total = since.astimezone(UTC), int(found.promise.total_seconds())
    begin = (
        Step("started", since, None, 0, total, ""),
        Step("promise", since, None, total, total, _named(found.rule)),
    )
    if found.at is None:
        never = Step("due", since, None, total, total, "never")
        return (*begin, Step("closed", since, None, 0, total, ""), never) if total else (*begin, never)
    line = timeline(calendar_of(policy, brand))
    if found.runs is Runs.WALL:
        middle = [Step("wall", since, found.at, total, 0, "")]
    else:
        middle = _shortened(list(_counted(line, since, found.at, total)), most)
    changes = [
        Step("clock_change", at, None, moved, _left_at(middle, at), "")
        for at, moved in line.offset_changes(since, found.at)
    ]
    told = sorted((*middle, *changes), key=lambda step: step.start)
    return (*begin, *told, Step("due", found.at, None, total, 0, ""))


def _counted(line: Timeline, since: datetime, until: datetime, total: int) -> Iterator[Step]:
    """Yield the shifts and the closed times between two instants, in order, without a gap."""
    left, at = total, since
    for opens, closes in line.spans(since, until):
        yield from _closed(line, at, opens, left)
        used = round((closes - opens).total_seconds())
        left, at = left - used, closes
        yield Step("shift", opens, closes, used, left, "")
    yield from _closed(line, at, until, left)


def _closed(line: Timeline, start: datetime, end: datetime, left: int) -> Iterator[Step]:
    """Yield a closed time, its days off apart; days off of the same name in a row are one step."""
    if start >= end:
        return
    calendar, at, name = line.calendar, start, ""
    day, last = start.astimezone(line.zone).date(), end.astimezone(line.zone).date()
    while day <= last:
        own = "" if day in calendar.special else calendar.closed.get(day, "")
        begins = max(start, _midnight(day, line.zone))
        if own != name:
            if begins > at:
                yield Step("day_off" if name else "closed", at, begins, 0, left, name)
                at = begins
            name = own
        day += _A_DAY
    if end > at:
        yield Step("day_off" if name else "closed", at, end, 0, left, name)


def _shortened(told: list[Step], most: int) -> list[Step]:
    """Return the steps, the middle ones of too many as one shift that counts them."""
    if len(told) <= most:
        return told
    head, middle, tail = told[: most // 2], told[most // 2 : -most // 2], told[-most // 2 :]
    shifts = [step for step in middle if step.kind == "shift"]
    used = sum(step.seconds for step in shifts)
    return [
        *head,
        Step("shift", middle[0].start, middle[-1].end, used, middle[-1].left, str(len(shifts))),
        *tail,
    ]


def _left_at(told: list[Step], at: datetime) -> int:
    """Return what is left of the promise at an instant within the steps."""
    for step in told:
        if step.end is not None and at < step.end:
            unused = step.end - max(at, step.start)
            return step.left + (round(unused.total_seconds()) if step.seconds and not step.note else 0)
    return 0


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a local day begins; where its midnight is skipped, when the clock is put forward."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _named(rule: Rule) -> str:
    """Return what a rule names."""
    return "+".join(name for name in ("situation", "brand", "channel") if getattr(rule, name) is not None)


def _fitting(policy: Policy, brand: str, channel: str, situation: str) -> list[Rule]:
    """Return the rules for a case, the most specific first."""
    fitting = [rule for rule in policy.rules if rule.fits(brand, channel, situation)]
    fitting.reverse()
    fitting.sort(key=Rule.weight, reverse=True)
    return fitting


def _given(fitting: list[Rule], which: Which) -> Rule | None:
    return next((rule for rule in fitting if getattr(rule.kept, which) is not None), None)


def _runs_of(policy: Policy, brand: str) -> Runs:
    return policy.runs.get(brand, Runs.OPENING if brand in policy.calendars else Runs.WALL)


_WORD = re.compile(r"\w+")


def _folded(text: str) -> str:
    """Return the words of a text without case and accents, each between single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " " + " ".join(_WORD.findall(bare)) + " "


@lru_cache(maxsize=4_096)
def _phrase(words: str) -> str:
    return _folded(words)
