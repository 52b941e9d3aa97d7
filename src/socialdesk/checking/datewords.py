"""The words for times in each language, and where they stand in a text (NEEDS C7).

A file of ``rules/dates`` names the days, months, numbers and hours of its language and, by kind, the expressions that
say when. ``%n%`` is a number, ``%weekday%`` and ``%month%`` a name, ``%d%`` a day of the month, ``%clock%`` an hour with
or without its minutes, ``%exact%`` one with them. A space stands for any white space.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_RULES = Path(__file__).parent / "rules" / "dates"
_PLACE = re.compile(r"%(n|weekday|month|d|clock|exact|hour)%")
_LATE = re.compile(r"tarde|noche|mediodia|afternoon|evening|tonight|vespre|tarda|nit|noite|pomeriggio|sera")
_MORNING = re.compile(r"mañ|mati|manha|morning|madrugada|mattina")
_MIDDAY, _HOURS, _MINUTES = 12, 24, 60


class Words(NamedTuple):
    """What a language has for times."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...] = ()
    numbers: Mapping[str, int] = {}
    weekdays: tuple[re.Pattern[str], ...] = ()
    months: tuple[re.Pattern[str], ...] = ()
    hours: Mapping[str, int] = {}
    """When a part of the day is over."""


class Said(NamedTuple):
    """One expression in a text: where, of which kind, and its parts."""

    start: int
    kind: str
    found: re.Match[str]
    known: Words

    def part(self, name: str) -> str:
        """Return a part of it, or ""; where it can be said in several ways, that of the way that was taken."""
        parts = self.found.groupdict()
        return next(
            (parts[key] for key in (name, *(f"{name}{n}" for n in range(2, 6))) if parts.get(key)), ""
        )

    def number(self, name: str) -> int | None:
        """Return a number in it, in digits or as a word."""
        said = self.part(name)
        return int(said) if said.isdigit() else self.known.numbers.get(said)

    def weekday(self) -> int:
        """Return its day of the week, 0 being Monday."""
        return _place(self.known.weekdays, self.part("weekday"))

    def month(self) -> int:
        """Return its month; 0: it names none."""
        name = self.part("month")
        return _place(self.known.months, name) + 1 if name else 0

    def says_late(self) -> bool:
        """Say whether the hour is said to be one after noon."""
        return bool(_LATE.search(self.found[0])) or self.part("ap").startswith("p")

    def says_morning(self) -> bool:
        """Say whether the hour is said to be one before noon."""
        return bool(_MORNING.search(self.found[0])) or self.part("ap").startswith("a")

    def is_exact(self) -> bool:
        """Say whether the hour is written so that it can only be one: 09:30, 17:00, 5 pm."""
        return bool(self.part("ap")) or (len(self.part("h")) == 2 and bool(self.part("min")))

    def clock(self) -> time | None:
        """Return the time of day; None: there is no such time."""
        hour, minute = self.number("h"), self.number("min") or 0
        for part, minutes in (("half", 30), ("quarter", 15)):
            if self.part(part):
                hour, minute = self.number(part), minutes
        minute += {"media": 30, "cuarto": 15}.get(self.part("add"), 0)
        if hour is None or hour > _HOURS or minute >= _MINUTES:
            return None
        if self.part("ap"):
            hour = hour % _MIDDAY + (_MIDDAY if self.says_late() else 0)
        if self.part("less"):
            hour, minute = hour - 1, 45
        return time(hour % _HOURS, minute)


def _place(names: tuple[re.Pattern[str], ...], said: str) -> int:
    return next(place for place, name in enumerate(names) if name.fullmatch(said))


def sayings(known: Words, plain: str) -> list[Said]:
    """Return the times in a text without accents, in the order of the text; what one takes, none after it sees."""
    said: list[Said] = []
    for kind, expression in known.kinds:
        for found in expression.finditer(plain):
            if all(found.end() <= one.found.start() or found.start() >= one.found.end() for one in said):
                said.append(Said(found.start(), kind, found, known))
    return sorted(said, key=lambda one: one.start)


@cache
def words(language: str) -> Words:
    """Return the words of a language; empty where we have none."""
    path = _RULES / f"{language}.toml"
    if not language.isalpha() or not path.is_file():
        return Words()
    values = tomllib.loads(path.read_text("utf-8"))
    kinds = ((kind, one) for kind, expressions in values["times"].items() for one in expressions)
    return Words(
        tuple((kind, _compiled(one, values)) for kind, one in kinds),
        values["numbers"],
        tuple(re.compile(name) for name in values["weekdays"].split()),
        tuple(re.compile(name) for name in values["months"].split()),
        values["hours"],
    )


def _compiled(expression: str, values: Mapping[str, Any]) -> re.Pattern[str]:
    counted: dict[str, int] = {}

    def named(name: str) -> str:
        counted[name] = counted.get(name, 0) + 1
        return name if counted[name] == 1 else f"{name}{counted[name]}"

    numbers = "|".join(sorted(values["numbers"], key=len, reverse=True))
    number = rf"(?:\d{{1,3}}|{numbers})"

    def filled(place: re.Match[str]) -> str:
        if place[1] == "n":
            return rf"(?:\b{number} ?(?:-|/|a|o|to|or|y|ou|bis|oder|of|tot|edo|e) ?)?\b(?P<{named('n')}>{number})\b"
        if place[1] in ("weekday", "month"):
            return rf"\b(?P<{named(place[1])}>{values[place[1] + 's'].replace(' ', '|')})\b"
        if place[1] == "d":
            return rf"\b(?P<{named('d')}>[0-3]?\d)(?!\d)"
        if place[1] == "hour":
            return number
        if place[1] == "exact":
            return rf"(?P<{named('h')}>\d{{1,2}})[:.](?P<{named('min')}>\d\d)"
        return rf"\b(?P<{named('h')}>\d{{1,2}}|(?:{numbers})\b)(?:[:.h](?P<{named('min')}>\d\d))?(?!\d)"

    return re.compile(rf"(?<!\w)(?:{_spaced(_PLACE.sub(filled, expression))})")


def _spaced(expression: str) -> str:
    """Let a space be any white space, but within a look-behind, which has one length."""
    return re.sub(r"(\(\?<[!=][^)]*\))| ", lambda found: found[1] or r"\s+", expression).replace(
        r"\s+?", r"\s*"
    )
