"""Family coarse: swearing, insults and vulgar words, whoever they are meant for (NEEDS C3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from socialdesk.checking import patterns, phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.folding import folded
from socialdesk.checking.phrases import book
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_WORD = re.compile(r"[\w@$*]+")
_LETTER = re.compile(r"\w")
_DISGUISES = (str.maketrans("013457@$", "oleastas"), str.maketrans("013457@$", "oieastas"))
_NAMED = re.compile(r"(?:(?<![.!?¡¿\n] )\b[^\W\d_a-z][^\W\d_A-Z]+|\b[EeIi]n|\bdon|\bdoña)\s$")
_EXCLAIMED = re.compile(r"[,.!…]")
_NEAR = 40
_LONG = re.compile(r"(\w)\1{2,}")


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield every coarse word or phrase, quoted or not, but for names."""
    spans = sorted({*_words(draft, rules), *_phrases(draft)})
    end = -1
    for start, stop, rule in spans:
        if start >= end:
            end = stop
            yield Finding("coarse", rule, start, stop, _message(rule), _mend(draft, start, stop))
    yield from patterns.findings("coarse", draft, rules, {})


def _message(rule: str) -> str:
    if rule == "insult":
        return _("This is an insult. Whatever was said before, an answer stays polite.")
    return _("This is a coarse word. It stays in writing: say it without it.")


def _mend(draft: Draft, start: int, end: int) -> str | None:
    """Return a word for it that anybody may read; None: it is better left out."""
    word = draft.text[start:end]
    tables = ("mend", "exclaimed") if _EXCLAIMED.match(draft.text, end) else ("mend",)
    for language in phrasing.languages(draft):
        values = book("coarse", language).values
        for other in (values.get(table, {}).get(folded(word)) for table in tables):
            if other is not None:
                return str(other).capitalize() if word[0].isupper() else str(other)
    return None


def _words(draft: Draft, rules: Rules) -> Iterator[tuple[int, int, str]]:
    languages = phrasing.languages(draft)
    more = frozenset(folded(word) for language in languages for word in rules.words("coarse", language))
    names = {folded(part) for name in (*draft.names, draft.brand) for part in name.split()}
    for found in _WORD.finditer(folded(draft.text)):
        word = found.group()
        if word in names or not _LETTER.search(word) or _is_name(draft.text, found):
            continue
        if word in more or any(_listed(word, language) for language in languages):
            yield found.start(), found.end(), "word"
    for found in re.finditer("🖕", draft.text):
        yield found.start(), found.end(), "sign"


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Say whether a word is written as a surname or a place is: "don Ángel Cabrón", "en Ostia"."""
    before = _NAMED.search(text, max(0, found.start() - _NEAR), found.start())
    return before is not None and text[found.start() : found.end()].istitle()


def _listed(word: str, language: str) -> bool:
    strong = _strong(language)
    if word in strong:
        return True
    if "*" in word:
        return _masked(word, language)
    if word.isalpha() and not _LONG.search(word):
        return False
    short = _LONG.sub(r"\1", word)
    return not word.isdigit() and any(short.translate(disguise) in strong for disguise in _DISGUISES)


def _masked(word: str, language: str) -> bool:
    """Say whether a word with stars in it can be read as a coarse one: m*erda, f**k."""
    if len(word.strip("*_").replace("*", "")) < 2:
        return False
    veiled = re.compile(re.sub(r"(?:\\\*)+", ".{1,4}", re.escape(word)))
    return any(veiled.fullmatch(strong) for strong in _strong(language))


@cache
def _strong(language: str) -> frozenset[str]:
    words = [folded(word) for of in ("any", language) for word in _list(of) if not word.endswith("_")]
    return frozenset(words)


def _list(language: str) -> list[str]:
    return str(book("coarse", language).values.get("lists", {}).get("strong", "")).split()


def _phrases(draft: Draft) -> Iterator[tuple[int, int, str]]:
    for hit in phrasing.found("coarse", draft):
        yield hit.start, hit.end, hit.rule
