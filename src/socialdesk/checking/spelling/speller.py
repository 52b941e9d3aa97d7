"""Knows the words of a language, and what a wrong one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from socialdesk.checking.spelling.dictionaries import find
from socialdesk.checking.spelling.nearness import by_one_mark, candidates


class _Dictionary(Protocol):
    def knows(self, word: str) -> bool: ...


class Speller:
    """The words of one language; without a dictionary it knows none, and ``usable`` is False."""

    def __init__(self, language: str, dictionaries: Sequence[_Dictionary]) -> None:
        self.language = language
        self.usable = bool(dictionaries)
        self._dictionaries = dictionaries
        self._known: dict[str, bool] = {}
        self._meant: dict[str, str | None] = {}

    def knows(self, word: str) -> bool:
        """Say whether a word is spelt right, as it is or, where it is not all small, in small letters."""
        if word not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[word] = self._is_word(word) if self.language != "de" else self._is_listed(word)
        return self._known[word]

    def meant(self, word: str) -> str | None:
        """Return the known word that is nearest, accents first; None where none is near."""
        if word not in self._meant:
            if len(self._meant) > 5_000:
                self._meant.clear()
            self._meant[word] = next(filter(self._is_word, candidates(word, self.language)), None)
        return self._meant[word]

    def marked(self, word: str) -> Iterator[str]:
        """Yield the known words that have one accent more, the last accent first."""
        return filter(self._is_word, by_one_mark(word, self.language))

    def _is_word(self, word: str) -> bool:
        # Asked without remembering: of hundreds of candidates none may ever be seen again.
        if self._is_listed(word):
            return True
        if self.language == "de":
            return word.islower() and self._is_listed(word.capitalize())
        return self.language == "es" and any(map(self._is_listed, verbs(word)))

    def _is_listed(self, word: str) -> bool:
        return any(dictionary.knows(word) for dictionary in self._dictionaries)


_CLITICS = tuple(
    sorted(
        {"me", "te", "se", "nos", "os", "lo", "la", "los", "las", "le", "les"}
        | {first + last for first in ("me", "te", "se", "nos", "os") for last in ("lo", "la", "los", "las")},
        key=len,
    )
)
_ACCENTS = str.maketrans("áéíóú", "aeiou")


def verbs(word: str) -> Iterator[str]:
    """Yield the Spanish verb in a form with pronouns behind it ("rellénelo"), which the dictionary may lack.

    Pronouns bring an accent that the verb is without, but for one of them behind an infinitive ("hablarlo").
    """
    if not word.endswith(_CLITICS):
        return
    accents = sum(letter in "áéíóú" for letter in word)
    for clitic in _CLITICS:
        plain = word.removesuffix(clitic)
        if plain == word or len(plain) < 3 or (plain[-1] == "n" and clitic == "te"):
            continue  # "-nte" ends adjectives, no verb
        infinitive, single = plain[-1] == "r", len(clitic) < 4
        bare = plain.translate(_ACCENTS)
        if accents == 0 and infinitive and single:
            yield plain
        elif accents == 1 and bare != plain and not (infinitive and single) and _bears(plain):
            yield bare


def _bears(plain: str) -> bool:
    """Say whether the accent stands where pronouns bring it: never on the end of a longer verb but an infinitive."""
    vowels = [letter for letter in plain if letter in "aeiouáéíóú"]
    return plain[-1] in "rd" or len(vowels) == 1 or vowels[-1] in "aeiou"


@lru_cache(maxsize=12)
def speller(language: str, own: tuple[Path, ...] = ()) -> Speller:
    """Return the speller of a language, its dictionaries loaded; a damaged one counts as absent."""
    return Speller(language, list(_loaded(find(language, own))))


def _loaded(paths: Sequence[Path]) -> Iterator[_Dictionary]:
    for path in paths:
        try:
            yield _load(path)
        except Exception:  # a dictionary of a person's own may hold anything
            continue


@lru_cache(maxsize=16)
def _load(path: Path) -> _Dictionary:
    # Kept by file: what is asked with and without a person's own dictionaries shares the large shipped one.
    try:
        from hunspell import Hunspell  # type: ignore[import-untyped]
    except ImportError:  # no build of it for this machine
        return _Slow(path)
    return _Quick(Hunspell(path.name, hunspell_data_dir=str(path.parent)))


class _Quick:
    """Hunspell itself."""

    def __init__(self, hunspell: Any) -> None:
        self._hunspell = hunspell

    def knows(self, word: str) -> bool:
        try:
            return bool(self._hunspell.spell(word))
        except UnicodeEncodeError:  # a letter that the dictionary's encoding lacks
            return False


class _Slow:
    """The same rules in Python, where Hunspell cannot be had."""

    def __init__(self, path: Path) -> None:
        from spylls.hunspell import Dictionary  # type: ignore[import-untyped]

        self._dictionary = Dictionary.from_files(str(path))

    def knows(self, word: str) -> bool:
        return bool(self._dictionary.lookup(word))
