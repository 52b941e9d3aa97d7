"""The same word in the other form of address: "puede" for "puedes", "dinos" for "díganos"."""

from __future__ import annotations

import re
from functools import cache

from socialdesk.checking.folding import folded
from socialdesk.checking.phrases import book
from socialdesk.checking.spanish import enclitic, pairs

_VOWELS = re.compile(r"[aeiouáéíóú]", re.IGNORECASE)
_STRESSED = re.compile(r"[áéíóú]", re.IGNORECASE)
_ACCENTS = str.maketrans("aeiou", "áéíóú")


def to_usted(word: str) -> str | None:
    """Return a word said to a friend as one says it to a stranger; None where nothing is sure."""
    plain = folded(word)
    if (fixed := _fixed("to_usted", word)) is not None:
        return fixed
    if plain in pairs().polite:
        return _cased(_stressed_like(pairs().polite[plain], word), word)
    if (other := _with_pronouns(word, pairs().polite, "te", "se")) is not None:
        return other
    if plain.endswith("aste"):
        return f"{word[:-4]}ó"
    return word[:-1] if plain.endswith(("as", "es")) and len(plain) > len("ves") else None


def to_tu(word: str) -> str | None:
    """Return a word said to a stranger as one says it to a friend; None where nothing is sure."""
    if (fixed := _fixed("to_tu", word)) is not None:
        return fixed
    other = pairs().told.get(folded(word))
    if other is not None:
        return _cased(_stressed_like(other, word), word)
    return _with_pronouns(word, pairs().told, "se", "te")


def _with_pronouns(word: str, others: dict[str, str], own: str, their: str) -> str | None:
    parts = enclitic(folded(word))
    if parts is None or parts[0] not in others:
        return None
    base, tail = parts
    tail = their + tail[len(own) :] if tail.startswith(own) else tail
    verb = others[base]
    alone = len(_VOWELS.findall(verb)) == 1 and len(_VOWELS.findall(tail)) == 1
    return _cased((verb if alone else _stressed(verb, word[: len(base)])) + tail, word)


def _stressed(verb: str, like: str) -> str:
    """Return a verb with the accent that its pronouns ask for: where the other form has it, else on the last but one."""
    marked = _stressed_like(verb, like)
    if marked != verb:
        return marked
    vowels = list(_VOWELS.finditer(verb))
    return _marked(verb, vowels[max(len(vowels) - 2, 0)].start())


def _stressed_like(verb: str, like: str) -> str:
    """Return a verb with an accent on the same vowel, counted from the front, as another has it."""
    accent = _STRESSED.search(like)
    vowels = list(_VOWELS.finditer(verb))
    place = len(_VOWELS.findall(like[: accent.start()])) if accent else len(vowels)
    return _marked(verb, vowels[place].start()) if place < len(vowels) else verb


def _marked(verb: str, place: int) -> str:
    return verb[:place] + verb[place].translate(_ACCENTS) + verb[place + 1 :]


def _fixed(name: str, word: str) -> str | None:
    known = _words(name)
    other = known.get(word.lower(), known.get(folded(word)))
    return None if other is None else _cased(other, word)


def _cased(other: str, word: str) -> str:
    return other[0].upper() + other[1:] if word[0].isupper() else other


@cache
def _words(name: str) -> dict[str, str]:
    return dict(book("address", "es").values["respelt"][name])
