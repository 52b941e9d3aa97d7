"""Reads rule files: words and patterns of the check, shipped ones and a desk's or brand's own.

language = "es"              # absent: whatever the language
brand = "Panadería Sol"      # absent: for every brand of the desk
off = ["blame.should_have", "shouting"]     # rules, or whole families, that do not count

[weights]                                   # of rules, or whole families
spelling = "stop"                           # mended or given a reason before the answer leaves
blame.should_have = "advice"                # said once; "note": said, and asks nothing

[words]
right = ["sneaker", "Nimbus"]               # never misspelt
coarse = ["jolines"]                        # more of what a family looks for

[[pattern]]
family = "blame"
rule = "you_knew"
match = '''\\bya lo sabías\\b'''             # a regular expression; upper and lower case are the same
unless = '''\\bno sé si\\b'''                # optional: no finding in a sentence where this matches
message = "..."                             # what to say; shipped rules have theirs in the code
mend = "..."                                # optional: what to write instead; \\1 is the first group
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

FAMILIES = (
    "blanks",
    "length",
    "spelling",
    "coarse",
    "shouting",
    "blame",
    "cold",
    "repeated",
    "personal-data",
    "channel-switch",
    "language",
    "address",
    "discrimination",
    "commitment",
)
"""Every family, in the order of the manual."""

WEIGHTS = ("stop", "advice", "note")
"""What a finding asks for before the answer leaves, the most first."""


class Pattern:
    """One regular expression with what to say of it; compiled when it is first used.

    ``place`` is the file and line of one that a person has written.
    """

    def __init__(
        self,
        family: str,
        rule: str,
        match: str,
        unless: str = "",
        message: str = "",
        mend: str | None = None,
        place: tuple[Path, int] | None = None,
    ) -> None:
        self.family = family
        self.rule = rule
        self.message = message
        self.mend = mend
        self.place = place
        self._match = match
        self._unless = unless

    @cached_property
    def match(self) -> Any:
        """What to look for, compiled."""
        return compiled(self._match)

    @cached_property
    def unless(self) -> Any:
        """What makes it harmless in the same sentence, compiled; None: nothing does."""
        return compiled(self._unless) if self._unless else None


class RuleFile(NamedTuple):
    """What one file holds."""

    language: str = ""
    brand: str = ""
    off: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] = {}
    patterns: tuple[Pattern, ...] = ()
    weights: Mapping[str, str] = {}
    places: Mapping[str, tuple[Path, int]] = {}
    """Where a person has named a family or a rule, to switch it off or to weigh it: the file and line."""


def compiled(expression: str) -> Any:
    """Return the regular expression as all rules understand it. Raises ``ValueError`` with the reason."""
    import regex  # type: ignore[import-untyped]

    try:
        return regex.compile(expression, regex.IGNORECASE | regex.VERSION0)
    except regex.error as error:
        raise ValueError(str(error)) from None


def shipped(path: Path, language: str) -> RuleFile:
    """Return a file that came with the program; it is sound, the tests see to it."""
    values = tomllib.loads(path.read_text("utf-8"))
    return RuleFile(
        language=language,
        words={name: tuple(words) for name, words in values.get("words", {}).items()},
        patterns=tuple(Pattern(**pattern) for pattern in values.get("pattern", ())),
        weights=values.get("weights", {}),
    )
