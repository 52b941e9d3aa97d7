"""The phrases that the families look for: one file a language and family, read once, compiled when first used.

    [let]
    acts = "leido|mirado|avisado"        # a part that several phrases share, written %acts%

    [[phrase]]
    rule = "should_have"
    match = [                            # any of these, as whole words
      "deberias haber (?:%acts%)",
    ]
    unless = '''\\brecibido\\b'''         # harmless where this matches anywhere in the same sentence
    before = '''\\bsi $'''                # harmless where this matches what stands before it in the sentence
    after = '''^ ya\\b'''                 # harmless where this matches what follows it in the sentence
    mend = "..."                         # optional; \\1 is the first group

Phrases are written without accents, in small letters: that is how ``folding`` shows them the text, so that an answer
typed in haste is read alike. A space stands for any white space. ``exact = true`` keeps the accents, ``cased = true``
the capitals too, for words that only they tell apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from socialdesk.checking.folding import Piece, around, folded

_RULES = Path(__file__).parent / "rules" / "phrases"
_PART = re.compile(r"%(\w+)%")
_RUN = re.compile(r"(?<=\s{16})\s")
"""What of a long run of white space is no gap between two words: it would be tried from everywhere."""
_GAP = re.compile(r"(\(\?<[!=][^)]*\)|\[[^\]]*\])| ")


_SPAN = 500
"""Characters on either side of a phrase that count as its sentence, where nothing ends it."""


class Hit(NamedTuple):
    """A phrase that was found: its place, its rule, the sentence around it and what to write instead."""

    start: int
    end: int
    rule: str
    sentence: Piece
    mend: str | None


class Phrase:
    """One phrase of a file."""

    def __init__(self, values: Mapping[str, Any], parts: Mapping[str, str]) -> None:
        self.rule: str = values["rule"]
        self.view: int = 2 if values.get("cased") else 1 if values.get("exact") else 0
        self.mend: str | None = values.get("mend")
        self._values = values
        self._parts = parts

    @cached_property
    def match(self) -> re.Pattern[str]:
        """What to look for."""
        return expression(self._values["match"], self._parts)

    @cached_property
    def harmless(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None, re.Pattern[str] | None]:
        """What makes it harmless: in the sentence, before the place, after it."""
        unless, before, after = (self._values.get(key) for key in ("unless", "before", "after"))
        return (
            expression(unless, self._parts) if unless else None,
            expression(before, self._parts) if before else None,
            expression(after, self._parts) if after else None,
        )


class Book(NamedTuple):
    """What one file says: its phrases, its words and all else, by name."""

    phrases: tuple[Phrase, ...] = ()
    words: Mapping[str, frozenset[str]] = {}
    values: Mapping[str, Any] = {}
    parts: Mapping[str, str] = {}

    def pattern(self, name: str) -> re.Pattern[str] | None:
        """Return the single expression that the file calls ``name``; None: it has none."""
        return (
            _single(self.values["patterns"][name], tuple(self.parts.items()))
            if name in self.values.get("patterns", {})
            else None
        )


@cache
def book(family: str, language: str) -> Book:
    """Return what is shipped of a family in a language; empty where there is nothing."""
    path = _RULES / language / f"{family}.toml"
    if not language.isalpha() or not path.is_file():
        return Book()
    values = tomllib.loads(path.read_text("utf-8"))
    parts = _parts(values.get("let", {}))
    return Book(
        tuple(Phrase(phrase, parts) for phrase in values.get("phrase", ())),
        {name: frozenset(_each(words)) for name, words in values.get("words", {}).items()},
        values,
        parts,
    )


def _parts(let: Mapping[str, str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for name, part in let.items():
        parts[name] = _filled(part, parts)
    return parts


def _filled(source: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], source.strip())


def _each(words: str | list[str]) -> list[str]:
    return words.split() if isinstance(words, str) else words


def expression(source: str | list[str], parts: Mapping[str, str] = {}) -> re.Pattern[str]:
    """Compile an expression of a rule file: its shared parts filled in, a space for any white space."""
    if not isinstance(source, str):
        source = rf"\b(?:{'|'.join(source)})(?!\w)"
    return re.compile(_GAP.sub(_gap, re.sub(r"\s*\n\s*", "", _filled(source, parts))))


def _gap(found: re.Match[str]) -> str:
    return found[1].replace(" ", r"\s") if found[1] else r"(?:\s+)"


@cache
def _single(source: str, parts: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return expression(source, dict(parts))


def hits(text: str, pages: Book) -> Iterator[Hit]:
    """Yield every phrase of a book that stands in a text and is not made harmless by what stands around it."""
    text = _RUN.sub("\0", text)
    small = text.lower()
    views = (folded(text), small if len(small) == len(text) else folded(text), text)
    for phrase in pages.phrases:
        seen = views[phrase.view]
        for found in phrase.match.finditer(seen):
            piece = around(text, found.start())
            if not _harmless(phrase, seen, found, _near(piece, found)):
                mend = found.expand(phrase.mend) if phrase.mend is not None else None
                yield Hit(found.start(), found.end(), phrase.rule, piece, mend)


def _near(piece: Piece, found: re.Match[str]) -> Piece:
    """Return as much of the sentence as a person would still read as one."""
    return Piece(max(piece.start, found.start() - _SPAN), min(piece.end, found.end() + _SPAN))


def _harmless(phrase: Phrase, seen: str, found: re.Match[str], piece: Piece) -> bool:
    unless, before, after = phrase.harmless
    return bool(
        (unless and unless.search(seen[piece.start : piece.end]))
        or (before and before.search(seen[piece.start : found.start()]))
        or (after and after.search(seen[found.end() : piece.end]))
    )
