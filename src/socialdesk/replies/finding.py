"""Finds canned replies and facts by a few letters, also where they are not quite the right ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")

_BEGINS, _WITHIN, _NEARLY = 4.0, 2.0, 1.0
_IN_TITLE = 2.0
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class Finder(Generic[T]):
    """Ranks things by how well what is typed fits them; ``told`` gives a thing's title and its other words."""

    def __init__(self, things: Iterable[T], told: Callable[[T], tuple[str, str]]) -> None:
        self._things = [(thing, *_heard(told(thing))) for thing in things]

    def find(self, typed: str, limit: int = 50) -> list[T]:
        """Return what has every typed word, the best first; of those that fit as well, the order given."""
        words = _WORD.findall(folded(typed))
        if not words:
            return [thing for thing, _title, _more in self._things[:limit]]
        scored = ((_score(words, title, more), thing) for thing, title, more in self._things)
        fitting = [(score, thing) for score, thing in scored if score]
        return [thing for _s, thing in sorted(fitting, key=lambda pair: -pair[0])[:limit]]


def _heard(told: tuple[str, str]) -> tuple[str, str]:
    title, more = told
    return f" {folded(title)}", f" {folded(more)}"


def _score(words: Sequence[str], title: str, more: str) -> float:
    total = 0.0
    for word in words:
        points = _IN_TITLE * _points(word, title) or _points(word, more)
        if not points:
            return 0.0
        total += points
    return total


def _points(word: str, text: str) -> float:
    if f" {word}" in text:
        return _BEGINS
    if word in text:
        return _WITHIN
    return _NEARLY if len(word) > 2 and _loosely(word).search(text) else 0.0


@lru_cache(maxsize=256)
def _loosely(word: str) -> re.Pattern[str]:
    """Match a word that begins alike and has the letters in this order: "retr" and "rtraso" find "retraso"."""
    return re.compile(r"\b" + r"\w*?".join(map(re.escape, word)))
