"""Misspelt words, and right words in the wrong place: "haber si", "it's" for "its" (NEEDS C3, C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from socialdesk.checking.draft import Draft, Finding, written_in
from socialdesk.checking.patterns import findings
from socialdesk.checking.rules import Rules
from socialdesk.checking.spelling.nearness import only_marks
from socialdesk.checking.spelling.speller import Speller, speller
from socialdesk.checking.spelling.words import Word, quotations, words
from socialdesk.domain.language import LANGUAGES
from socialdesk.i18n import N_, _

_UNKNOWN = N_("Is this word spelt right?")
_UNMARKED = N_("An accent is missing or too many.")
_MESSAGES = {
    "confused": N_("Another word is meant here."),
    "accent": _UNMARKED,
    "accent_noun": _UNMARKED,
    "apart": N_("This is written together, or apart."),
    "doubled": N_("The same word twice."),
    "apostrophe": N_("The apostrophe is missing or too many."),
}
_JOINT = re.compile(r"[-']")
_CATALAN = frozenset(
    ("ho", "hi", "me", "te", "se", "nos", "vos", "us", "lo", "la", "los", "les", "li", "en", "ne", "ns", "ls")
)
_ENGLISH = frozenset(("s", "d", "ll", "re", "ve", "m"))
_SHORTEST = 3
_LONG = 7
_FOREIGN = 0.5
"""From this share of unknown words on, a quotation is in another language, or a title."""


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield misspelt words, then words confused with others."""
    language = written_in(draft)
    if language not in LANGUAGES:
        return
    told = list(_misspelt(draft, rules, language))
    yield from told
    for finding in findings("spelling", draft, rules, _MESSAGES):
        if not any(one.start < finding.end and finding.start < one.end for one in told):
            yield _mended(finding, draft, speller(language, rules.dictionaries))
            told.append(finding)


def _mended(finding: Finding, draft: Draft, words: Speller) -> Finding:
    """Give a missing accent its mend from the dictionary."""
    if finding.mend is not None or not finding.rule.startswith("accent"):
        return finding
    word = draft.text[finding.start : finding.end]
    marked = list(words.marked(word.lower()))
    if not marked:
        return finding
    # número and numeró, entrego and entregó: nouns have their accent early, the past of verbs at the end.
    mend = marked[-1] if finding.rule == "accent_noun" else marked[0]
    return finding._replace(rule="accent", mend=in_its_case(mend, word))


def _misspelt(draft: Draft, rules: Rules, language: str) -> Iterator[Finding]:
    judge = _Judge(draft, rules, language)
    if not judge.speller.usable:
        return
    unknown = [word for word in words(draft.text) if not judge.is_right(word)]
    foreign = [span for span in quotations(draft.text) if _is_foreign(draft.text, span, unknown)]
    for word in unknown:
        if not any(start <= word.start < end for start, end in foreign) and not judge.is_name(word):
            mend = judge.mend(word)
            if mend is None:  # nothing near it is a word: a name, a thing of the trade
                continue
            slip = only_marks(word.text.lower(), mend.lower())
            rule, message = ("accent", _UNMARKED) if slip else ("unknown", _UNKNOWN)
            yield Finding("spelling", rule, word.start, word.end, _(message), mend)


def _is_foreign(text: str, span: tuple[int, int], unknown: list[Word]) -> bool:
    inside = [word for word in unknown if span[0] <= word.start < span[1]]
    count = len(text[span[0] : span[1]].split())
    return text[span[0]].isupper() or len(inside) >= _FOREIGN * count


class _Judge:
    """Says of words whether they are right, for one draft."""

    def __init__(self, draft: Draft, rules: Rules, language: str) -> None:
        self.language = language
        self.speller: Speller = speller(language, rules.dictionaries)
        # English is asked for loans; it is loaded along with the first language, not in the midst of the writing.
        self._english: Speller = speller("en", rules.dictionaries)
        self._right = _folded_words(rules.words("right", language))
        self._wrong = _mends(rules.words("mends", language))
        self._given = _given(draft)
        self._customers = frozenset(
            word.text for word in words(draft.reply_to) if word.text != word.text.lower()
        )

    def is_right(self, word: Word) -> bool:
        """Say whether a word may stand as it is."""
        text = word.text.replace("’", "'")
        lower = text.lower()
        if lower in self._wrong:
            return False
        if lower in self._right or lower in self._given or self._knows(text, lower):
            return True
        return self._is_made_right(lower)

    def is_name(self, word: Word) -> bool:
        """Say whether an unknown word is somebody's or something's name, or a word of another language in use."""
        text = word.text
        if text.lower() in self._wrong:
            return False
        if len(text) < _SHORTEST and text.isascii():
            return True
        if text.isupper():
            return not (len(text) > 5 and self._marks_alone(text))
        if text[0].isupper() and self.language != "de":
            return not word.opens or text in self._customers or not self._is_slip(text, word.vocative)
        if text[0].isupper():
            return text in self._customers or not self._is_slip(text)
        return self._is_loan(text)

    def mend(self, word: Word) -> str | None:
        """Return the word that was probably meant, with its capitals."""
        lower = word.text.lower().replace("’", "'")
        meant = self._wrong.get(lower) or self.speller.meant(lower)
        if meant is None:
            return None
        return in_its_case(meant, word.text)

    def _knows(self, text: str, lower: str) -> bool:
        if self.speller.knows(text) or (text != lower and self.speller.knows(lower)):
            return True
        # Names of people and places stand in the dictionaries with a capital, and so do they in capitals here.
        return text.isupper() and self.speller.knows(text.capitalize())

    def _is_made_right(self, lower: str) -> bool:
        """Say whether a word is made of right ones: joined by hyphens, elided, diminished, with a prefix."""
        parts = [part for part in _JOINT.split(lower) if part]
        if len(parts) > 1:
            if self.language == "ca" and parts[-1] in _CATALAN:
                return True  # digue'ns-ho: what stands before pronouns need not be a word by itself
            if self.language == "en" and "'" in lower and parts[-1] not in _ENGLISH:
                return False  # did'nt
            return all(self._is_part(part) for part in parts)
        return any(self.speller.knows(root) for root in roots(lower, self.language))

    def _is_part(self, part: str) -> bool:
        return len(part) < _SHORTEST or part in self._right or self.speller.knows(part)

    def _marks_alone(self, text: str) -> bool:
        meant = self.speller.meant(text.lower())
        return meant is not None and not only_marks(meant, text.lower())

    def _is_slip(self, text: str, called: bool = False) -> bool:
        """Say whether a capitalised word is a slip; ``called``: it stands where one calls somebody, "Itziar, ..."."""
        meant = self.speller.meant(text.lower())
        if meant is None:
            return False
        return only_marks(meant, text.lower()) or len(text) >= (_LONG if called else _SHORTEST + 2)

    def _is_loan(self, text: str) -> bool:
        """Say whether it is an English word in another language; an accent that is missing is no English."""
        if self.language == "en" or len(text) < 4:
            return False
        meant = self.speller.meant(text)
        if meant is not None and only_marks(meant, text):
            return False
        return self._english.knows(text)


def in_its_case(word: str, model: str) -> str:
    """Return the word with capitals where the other has them."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word


def roots(lower: str, language: str) -> Iterator[str]:
    """Yield what a word may be made from: diminutives and the like in Spanish, prefixes in all."""
    for prefix in ("super", "mini", "micro", "multi", "auto", "anti", "extra", "ultra", "re", "pre", "ex"):
        if lower.startswith(prefix) and len(lower) > len(prefix) + 3:
            yield lower.removeprefix(prefix)
    if language == "es":
        for ending in ("cit", "ecit", "it", "ill", "ísim", "az", "ot"):
            stem, found, rest = lower.rpartition(ending)
            if found and rest in ("o", "a", "os", "as") and len(stem) > 1:
                yield from (stem + last for last in (rest, "e", "a", "o", "") if last or ending != "it")


@lru_cache(maxsize=32)
@lru_cache(maxsize=16)
def _folded_words(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in listed)


@lru_cache(maxsize=16)
def _mends(listed: frozenset[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in listed)


def _given(draft: Draft) -> frozenset[str]:
    """Return the words that the desk itself gave: names, the brand, what it makes known."""
    texts = (*draft.names, draft.brand, *draft.facts)
    return frozenset(word.text.lower().replace("’", "'") for text in texts for word in words(text))
