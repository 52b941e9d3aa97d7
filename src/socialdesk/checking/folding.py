"""Text as the phrase rules see it: small letters without accents, every character where it was."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

_SAME = str.maketrans("’‘´`“”«»–—\u00a0\u202f\u2009", "''''\"\"\"\"--   ")
_KEPT = frozenset("ñÑ")  # another letter, not an accent: año is not ano
_END = re.compile(
    r"[.!?…]+[\"')»”]*(?=\s|$)|;(?=\s)|\n+|(?<=\s)[\U0001F1E6-\U0001F1FF\U0001F300-\U0001FAFF\u2600-\u27BF\u200d\ufe0f]+"
)
_SHORT = re.compile(
    r"(?:^|[\s(])(?:sra?s?|dra?s?|d|dñ?a|mr|mrs|ms|st|nr|n|num|no|tel|tfno|avda|av|pza|pl|c|ctra|ref|ud|uds|vd|art|pag|p|aprox|etc|p\.? ?ej|e\.g|i\.e|\d{1,2})$",
    re.I,
)


class Piece(NamedTuple):
    """One sentence: where it starts and ends, in code points."""

    start: int
    end: int


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Return the text in small letters without accents, exactly as long as it was; ñ stays, quotes become plain."""
    if text.isascii():
        return text.lower()
    return "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    if character in _KEPT:
        return "ñ"
    plain = character.translate(_SAME)
    base = unicodedata.normalize("NFD", plain)[0].lower()
    return base if len(base) == 1 else plain


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Piece, ...]:
    """Return where the sentences of a text lie; "Sr. Gil" and "3.º B" end none."""
    pieces, start = [], 0
    for stop in _END.finditer(text):
        if stop.group() == "." and _SHORT.search(text, start, stop.start()):
            continue
        if text[start : stop.end()].strip():
            pieces.append(Piece(start, stop.end()))
            start = stop.end()
    if text[start:].strip():
        pieces.append(Piece(start, len(text)))
    return tuple(pieces)


def around(text: str, place: int) -> Piece:
    """Return the sentence in which a place of the text lies."""
    pieces = sentences(text)
    before = bisect_right(pieces, (place, len(text) + 1)) - 1
    if before >= 0 and place < pieces[before].end:
        return pieces[before]
    return Piece(0, len(text))
