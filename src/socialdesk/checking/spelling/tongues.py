"""Which of two languages a text is in, judged by their dictionaries: what small words alone cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from socialdesk.checking.spelling.speller import Speller, speller
from socialdesk.checking.spelling.words import words

_AHEAD = 0.15
"""Share of the words that one language must know more than the other."""

_A_FEW, _HARDLY_ANY, _NEARLY_ALL = 4, 0.25, 0.8
_LATIN_ENDS = "\u0250"
"""The first letter after those that the ten languages are written with."""


@lru_cache(maxsize=64)
def is_rather(text: str, language: str, other: str, ahead: float = _AHEAD) -> bool:
    """Say whether a text is in the language rather than in the other; without both dictionaries, yes.

    ``ahead`` is the share of its words by which the language must know more than the other.
    """
    one, another = speller(language), speller(other)
    if not one.usable or not another.usable:
        return True
    small = _small(text)
    if not small:
        return True
    known = sum(map(one.knows, small)) - sum(map(another.knows, small))
    return known >= ahead * len(small)


def is_known(text: str, language: str) -> bool:
    """Say whether a language knows nearly all words of a text, and these are more than a few."""
    one, small = speller(language), _small(text)
    return one.usable and len(small) >= _A_FEW and sum(map(one.knows, small)) >= _NEARLY_ALL * len(small)


def is_foreign(text: str, languages: Sequence[str]) -> bool:
    """Say whether a text is in none of these languages: in other letters, or they know hardly any of its words."""
    letters = [letter for letter in text if letter.isalpha()]
    if 2 * sum(letter < _LATIN_ENDS for letter in letters) < len(letters):
        return True
    small = _small(text)
    return len(small) >= _A_FEW and all(_knows_hardly_any(speller(one), small) for one in languages)


def _knows_hardly_any(one: Speller, small: Sequence[str]) -> bool:
    return one.usable and sum(map(one.knows, small)) <= _HARDLY_ANY * len(small)


def _small(text: str) -> list[str]:
    # Capitalised words are names, but for the first of a sentence and in German.
    return [word.text.lower().replace("’", "'") for word in words(text) if word.opens or word.text.islower()]
