"""Clues: small signs that say little alone and much together, each with a weight; one file a family and language.

    enough = 4                           # what the clues of one sentence have to weigh together
    needs = ["of_group"]                 # optional: clues without one of which the others say nothing
    spares = ["wrongly"]                 # the family's phrases of these rules do not count where clues speak against it

    [[clue]]
    rule = "left_undone"                 # the rule of the finding, where this is the heaviest clue
    weight = 3
    match = ["no (?:te )?(?:%acts%)aste"]
    unless, before, after, exact         # as in a file of phrases

    [[clue]]
    rule = "thanks"                      # below nothing: it speaks against a finding
    weight = -3
    match = ["gracias"]
    anywhere = true                      # counts for every sentence of the draft, not for its own alone

A rule counts once a sentence, however often it stands there. ``only = true``: this clue adds to others' weight, but a
finding needs another one that is not so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from socialdesk.checking.folding import Piece, sentences
from socialdesk.checking.phrases import Book, Hit, Phrase, book, hits

_LONGEST = 10_000
"""Characters of a text in which clues are still weighed: no answer is longer, and every clue is tried everywhere."""


class _Kind(NamedTuple):
    weight: int
    anywhere: bool
    only: bool


class _Clues(NamedTuple):
    pages: Book
    kinds: Mapping[str, _Kind]
    enough: int
    needs: frozenset[str]
    spares: frozenset[str]


@cache
def _clues(family: str, language: str) -> _Clues | None:
    pages = book(f"{family}-clues", language)
    tables: list[dict[str, Any]] = pages.values.get("clue", [])
    if not tables:
        return None
    kinds = {
        table["rule"]: _Kind(table["weight"], table.get("anywhere", False), table.get("only", False))
        for table in tables
    }
    phrases = tuple(Phrase(table, pages.parts) for table in tables)
    return _Clues(
        pages._replace(phrases=phrases),
        kinds,
        pages.values["enough"],
        frozenset(pages.values.get("needs", ())),
        frozenset(pages.values.get("spares", ())),
    )


def weighed(family: str, language: str, text: str) -> Iterator[Hit]:
    """Yield one place for every sentence whose clues weigh enough: that of its heaviest."""
    clues = _clues(family, language)
    if clues is None or len(text) > _LONGEST:
        return
    seen = _seen(family, language, text)
    if not any(clues.kinds[hit.rule].weight > 0 and not clues.kinds[hit.rule].only for hit in seen):
        return
    for piece in sentences(text):
        if hit := _heavy(piece, seen, clues):
            yield hit


def spared(family: str, language: str, text: str, hit: Hit) -> bool:
    """Say whether the clues around a phrase of the family weigh less than nothing: it is not meant that way."""
    clues = _clues(family, language)
    if clues is None or hit.rule not in clues.spares or len(text) > _LONGEST:
        return False
    return (
        sum(clues.kinds[rule].weight for rule in _near(hit.sentence, _seen(family, language, text), clues))
        < 0
    )


@lru_cache(maxsize=16)
def _seen(family: str, language: str, text: str) -> tuple[Hit, ...]:
    """Return the clues of a text: they are asked for again with every phrase that they may spare."""
    clues = _clues(family, language)
    return tuple(hits(text, clues.pages)) if clues else ()


def _near(piece: Piece, seen: tuple[Hit, ...], clues: _Clues) -> dict[str, Hit]:
    """Return the first place of every clue that counts for a sentence."""
    return {hit.rule: hit for hit in reversed(seen) if _counts(hit, piece, clues.kinds[hit.rule])}


def _heavy(piece: Piece, seen: tuple[Hit, ...], clues: _Clues) -> Hit | None:
    kinds = clues.kinds
    near = _near(piece, seen, clues)
    inside = [
        hit
        for hit in near.values()
        if piece.start <= hit.start < piece.end and kinds[hit.rule].weight > 0 and not kinds[hit.rule].only
    ]
    if clues.needs and clues.needs.isdisjoint(near):
        return None
    if not inside or sum(kinds[rule].weight for rule in near) < clues.enough:
        return None
    return max(inside, key=lambda hit: (kinds[hit.rule].weight, -hit.start))


def _counts(hit: Hit, piece: Piece, kind: _Kind) -> bool:
    return kind.anywhere or piece.start <= hit.start < piece.end
