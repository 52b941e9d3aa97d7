"""The same words that were sent before: a machine's voice (NEEDS C1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import N_, _

_SAME = N_("The same was sent before.")
_ALIKE = N_("Nearly the same was sent before.")
_ENOUGH_ALIKE = 0.9
_SHORT = 4
"""Words; so short a courtesy may come back, only not twice running."""

_LONG = 1_500
"""Letters beyond which words are compared."""

_SKIPPED = re.compile(r"[^\w\s]|_")
_CALLED = re.compile(r"(?<=[,;] )[^\W\d_a-z][^\W\d_]+(?=\s*[!.?,:;]|$)")


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield one finding over the whole draft."""
    words = _folded(draft.text, draft.names)
    if not words:
        return
    short = len(words) <= _SHORT
    for before in reversed(draft.previous[-1:] if short else draft.previous):
        rule = _likeness(words, _folded(before, draft.names), short=short)
        if rule:
            message = _(_SAME) if rule == "same" else _(_ALIKE)
            start = len(draft.text) - len(draft.text.lstrip())
            yield Finding("repeated", rule, start, len(draft.text.rstrip()), message)
            return


def _likeness(words: list[str], before: list[str], *, short: bool) -> str:
    if words == before:
        return "same"
    if short or not before:
        return ""
    one, other = " ".join(words), " ".join(before)
    if min(len(one), len(other)) < _ENOUGH_ALIKE * max(len(one), len(other)) - 1:
        return ""
    if (
        len(one) > _LONG
    ):  # letter by letter would take seconds; so many words are the same only in the same text
        alike = SequenceMatcher(None, words, before, autojunk=False).quick_ratio() >= _ENOUGH_ALIKE
        return "alike" if alike else ""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # Upper bounds of the likeness, quicker to reckon than itself.
    if matcher.real_quick_ratio() < _ENOUGH_ALIKE or matcher.quick_ratio() < _ENOUGH_ALIKE:
        return ""
    return "alike" if matcher.ratio() >= _ENOUGH_ALIKE else ""


@lru_cache(maxsize=256)
def _folded(text: str, names: tuple[str, ...]) -> list[str]:
    """Return the words without case, accents, signs, emoji and names."""
    text = _CALLED.sub(" ", text)
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )
    known = {part for name in names for part in _plain_name(name).split()}
    return [word for word in _SKIPPED.sub(" ", plain).casefold().split() if word not in known]


def _plain_name(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
