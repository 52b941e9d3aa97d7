"""What the rules of the check are called, so that one named wrongly in a person's file can be told (NEEDS C2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from socialdesk.checking.phrases import book
from socialdesk.checking.rulefiles import FAMILIES, RuleFile
from socialdesk.configreading import place
from socialdesk.domain.language import LANGUAGES
from socialdesk.domain.text import one_line
from socialdesk.i18n import N_, _

if TYPE_CHECKING:
    from socialdesk.checking.rules import Rules

_NO_FAMILY = N_("{name}: there is no such family of the check; {hint}")
_NO_RULE = N_("{name}: the family has no such rule; {hint}")

_IN_CODE = {
    "length": ("too_long",),
    "spelling": ("unknown", "accent"),
    "coarse": ("word", "sign"),
    "shouting": ("capitals", "signs"),
    "cold": ("no_understanding", "no_thanks", "robotic"),
    "repeated": ("same", "alike"),
    "language": ("other_language",),
    "address": ("mixed", "not_tu", "not_usted"),
    "commitment": ("dated", "undated"),
}
"""Rules that the families name themselves."""

_OF_PHRASES = ("coarse", "blame", "channel-switch", "discrimination")
"""Families whose phrases and clues are rules by themselves; elsewhere they only lead to one."""


def strange(files: Iterable[RuleFile], rules: Rules) -> Iterator[str]:
    """Yield where a person's files speak of a family or rule that does not exist; the rest of such a file counts.

    Where there are plugins only families are looked at: what their rules are called shows when they find something.
    """
    for file in files:
        for name, where in file.places.items():
            family, _dot, rule = name.partition(".")
            if family not in FAMILIES:
                yield place(*where, _unknown(name, _NO_FAMILY, family, FAMILIES))
            elif rule and not rules.plugins and rule not in (known := _rules(family, rules)):
                yield place(*where, _unknown(name, _NO_RULE, rule, sorted(known)))


def _rules(family: str, rules: Rules) -> set[str]:
    """Return what the rules of a family are called, those of the person's own files as well."""
    from socialdesk.checking.identifiers import shapes

    found = {*_IN_CODE.get(family, ())}
    if family == "personal-data":
        found |= {rule for rule, _shape in shapes()}
    for language in LANGUAGES:
        found |= {pattern.rule for pattern in rules.patterns(family, language) if pattern.rule}
        if family in _OF_PHRASES:
            found |= {phrase.rule for phrase in book(family, language).phrases}
            found |= {*_of_clues(family, language)}
    return found


def _of_clues(family: str, language: str) -> Iterator[str]:
    """Yield the rules that a finding of clues may bear: not of those that only add to others, or speak against it."""
    for clue in book(f"{family}-clues", language).values.get("clue", ()):
        if clue["weight"] > 0 and not clue.get("only"):
            yield clue["rule"]


def _unknown(name: str, message: str, part: str, known: Iterable[str]) -> str:
    known = list(known)
    near = get_close_matches(part, known, 1)
    hint = _("did you mean {name}?").format(name=near[0]) if near else ", ".join(known)
    return _(message).format(name=one_line(name), hint=hint)
