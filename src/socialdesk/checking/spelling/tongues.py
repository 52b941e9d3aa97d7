"""Which of two languages a text is in, judged by their dictionaries: what small words alone cannot tell."""

from __future__ import annotations

from functools import lru_cache

from socialdesk.checking.spelling.speller import speller
from socialdesk.checking.spelling.words import words

_AHEAD = 0.15
"""Share of the words that one language must know more than the other."""

_A_FEW, _NEARLY_ALL = 4, 0.8


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


def _small(text: str) -> list[str]:
    # Capitalised words are names, but for the first of a sentence and in German.
    return [word.text.lower().replace("’", "'") for word in words(text) if word.opens or word.text.islower()]
