"""The words of a draft that a dictionary should know: no names, addresses, codes, laughter or quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from socialdesk.domain.urls import addresses

_LEFT_ALONE = re.compile(
    r"(?<!\w)[@#＃][\w.·-]*\w(?:@[\w.-]+)?"  # handles, hashtags
    r"|`[^`\n]*`|(?<![\w/])[/!][a-z][\w-]*"  # code, commands
    r"|(?<!\w)[\w.-]+ arroba \w+(?: (?:punto \w+|\w+ punto \w+))?"  # mail addresses read out
    r"|\{[^{}\n]*\}|\[[^\[\]\n]*\]|<[^<>\n]*>"  # blanks: another family's
)
_TOKEN = re.compile(r"\S+")
# Codes, sizes, mail addresses, paths, and/or, stars for letters, addresses of domains that nobody uses.
_CODE = re.compile(r"\d|\w[_/\\*@]\w|[a-z]{2}\.[a-z]{2}")
_LETTER = r"[A-Za-zÀ-ÖØ-öø-ɏ]"
_WORD = re.compile(rf"{_LETTER}+(?:['’·-]{_LETTER}+)*['’]?")
_QUOTED = re.compile(r"«([^«»\n]{2,200})»|“([^“”\n]{2,200})”|\"([^\"\n]{2,200})\"")
_LAUGHTER = re.compile(
    r"(?:[ja]{4,}|[je]{4,}|[ji]{4,}|[jo]{4,}|[ha]{4,}|[he]{4,}|[hi]{4,}|jsjs\w*|x+d+|lol|uf+|buf+|m{2,}|sh+|ah+|oh+|eh+|u+y+|a+y+|hm+|puf+|brr+|[kr]{3,}|(?:ja|je|ji|jo|ha|he|hi)+h?)$",
    re.I,
)
_LENGTHENED = re.compile(r"([^\W\d_])\1\1", re.I)
_TITLE = re.compile(
    r"(?:\b(?:sra?|srta|dra?|d|dña|mr|mrs|ms|prof|st|ste|avda|av|c|pza|plza|s|san|sant|h|fr|hr|dhr|mevr|m|mme|mlle|sig|dott|ing)\.\s*)$",
    re.I,
)
_OPENS = re.compile(
    r"(?:^|[.!?…:¡¿\n•»”\"]|(?:^|\s)[-–—*]|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F])[\s\"“«(¡¿*_]*$"
)


class Word(NamedTuple):
    """A word at its place; ``opens``: it begins a sentence; ``vocative``: it may be somebody who is called."""

    text: str
    start: int
    opens: bool
    vocative: bool

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def words(text: str) -> Iterator[Word]:
    """Yield the words that a dictionary can judge."""
    taken = _taken(text)
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0].rstrip("'’")
        if any(taken[start : match.end()]):
            continue
        if not _is_noise(word):
            before = text[max(0, start - 24) : start]
            opens = bool(_OPENS.search(before)) and not _TITLE.search(before)
            after = text[match.end() : match.end() + 2]
            yield Word(word, start, opens, after[:1] in (",", "!", ":"))


def _taken(text: str) -> bytearray:
    """Return for every character whether it belongs to what a dictionary cannot judge."""
    taken = bytearray(len(text))
    spans = [match.span() for match in _LEFT_ALONE.finditer(text)]
    spans += (match.span() for match in _TOKEN.finditer(text) if _CODE.search(match[0]))
    for start, end in (*addresses(text), *spans):
        taken[start:end] = b"\x01" * (end - start)
    return taken


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield where quoted words lie, without their quotation marks."""
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 0
        yield match.span(group)


def _is_noise(word: str) -> bool:
    if len(word) < 2 or _LENGTHENED.search(word) or _LAUGHTER.match(word):
        return True
    inner = word[1:]
    return inner != inner.lower() and not word.isupper()  # iPhone, WhatsApp, BlueBike
