"""Spanish verb forms that tell tú from usted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from socialdesk.checking.phrases import book

_ENDINGS = re.compile(
    r"[a-zñ]{2,}(?:(?:aste|iste)(?:lo|la|los|las|nos|me)?|(?:ar|er|ir|dr|br)as|(?:ar|ir|dr|br)ias|ieras|ieses)"
)
_PRONOUNS = r"(?:me|nos|te|se|lo|la|los|las|le|les)"
_ENCLITIC = (re.compile(rf"([a-zñ]{{2,}}?)({_PRONOUNS}{{1,2}})"), re.compile(rf"([a-zñ]{{2,}})({_PRONOUNS})"))
_TO_YOU = re.compile(r"[a-zñ]{2,}(?:ar|er|ir|ando|iendo|yendo)te(?:l[aoe]s?)?")
_FUTURE = re.compile(r"[a-zñ]+(?:ar|er|ir|dr|br|rr)ás")
_PLURAL = re.compile(r"(?!dieci|veinti)[a-zñáéíóú]{2,}[áé]is")
"""What is said to several friends: "tenéis"."""


class Forms(NamedTuple):
    """What is said to a friend (``tu``), what one tells a friend (``told``) or a stranger (``polite``) to do."""

    tu: frozenset[str]
    told: frozenset[str]
    polite: frozenset[str]
    alone: frozenset[str]
    """Those of ``polite`` that are nothing else where they open a sentence."""
    doubtful: frozenset[str]
    """Nouns as often as verbs."""
    neither: frozenset[str]
    """What only ends like a verb."""


@cache
def forms() -> Forms:
    """Return the forms of the verbs in the rule file, without accents."""
    values = book("address", "es").values["verbs"]
    tu, told, polite = set(_listed(values["tu"])), set[str](), set[str]()
    for entry in _entries():
        told.add(entry[0])
        polite.add(entry[1])
        tu.update(entry[2:])
    tu.update(_plural(values))
    alone = polite.difference(_listed(values["not_polite"]))
    return Forms(
        frozenset(tu),
        frozenset(told),
        frozenset(polite),
        frozenset(alone),
        frozenset(_listed(values["nouns"])),
        frozenset(_listed(values["neither"])),
    )


def _plural(values: Mapping[str, str]) -> Iterator[str]:
    """Yield what one tells several friends to do: "pasad", "venid"."""
    for stems, endings in (("ar", ("ad",)), ("er", ("ed", "id"))):
        bare = {entry.partition("/")[0] for entry in _listed(values[stems])}
        yield from (stem + ending for stem in bare if len(stem) > 2 for ending in endings)


class Pairs(NamedTuple):
    """What one tells somebody to do, from one form of address to the other."""

    polite: dict[str, str]
    told: dict[str, str]


@cache
def pairs() -> Pairs:
    """Return the other form of each."""
    entries = _entries()
    return Pairs(
        {told: polite for told, polite, *_ in entries},
        {polite: told for told, polite, *_ in reversed(entries)},
    )


@cache
def _entries() -> list[tuple[str, str, str, str]]:
    values = book("address", "es").values["verbs"]
    regular = [*_regular(values["ar"], "a", "e"), *_regular(values["er"], "e", "a")]
    return regular + _irregular(values["own"])


def _listed(words: str) -> list[str]:
    return [word for word in words.split() if not word.endswith("_")]


def _regular(stems: str, own: str, other: str) -> list[tuple[str, str, str, str]]:
    found = []
    for entry in _listed(stems):
        stem, _, changed = entry.partition("/")
        changed = changed or stem
        found.append((stem + own, changed + other, f"{stem}{own}s", f"{changed}{other}s"))
    return found


def _irregular(stems: str) -> list[tuple[str, str, str, str]]:
    found = []
    for entry in stems.split():
        present, changed, told = entry.split("|")
        ending = "s" if present.endswith("a") else "es"
        found.append((told, f"{changed}a", present + ending, f"{changed}as"))
    return found


def kind(word: str, exact: str) -> str:
    """Return whom a verb form addresses, "tu" or "usted"; "maybe" where a noun looks the same; "" where none or both."""
    known = forms()
    if word in known.neither:
        return ""
    if word in known.doubtful:
        return "maybe" if word in known.tu else ""
    if (
        word in known.tu
        or _PLURAL.fullmatch(exact)
        or _TO_YOU.fullmatch(word)
        or (_ENDINGS.fullmatch(word) and _is_verb(word, exact))
    ):
        return "tu"
    return _with_pronouns(word, known)


def _is_verb(word: str, exact: str) -> bool:
    """Say whether a form in -ras or -ias has the accent of a future or a conditional, or is a past subjunctive.

    "Cámaras" and "necesarias" are neither.
    """
    if word.endswith("ias"):
        return exact.endswith("ías")
    return not word.endswith("ras") or word.endswith("ieras") or _FUTURE.fullmatch(exact) is not None


def enclitic(word: str) -> tuple[str, str] | None:
    """Return what one tells somebody to do and the pronouns behind it, "diga" and "nos"; None: the word is none such."""
    known = forms()
    for pattern in _ENCLITIC:
        found = pattern.fullmatch(word)
        if found and (found[1] in known.told or found[1] in known.polite):
            return found[1], found[2]
    return None


def _with_pronouns(word: str, known: Forms) -> str:
    base, tail = enclitic(word) or ("", "")
    if base in known.told and "se" not in tail:
        return "tu"
    return "usted" if base in known.polite and not tail.startswith("te") else ""
