"""Parts a text that is too long into a numbered thread: at sentences, else at words; an address, a name or a letter
with its marks is never cut (NEEDS C2).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from socialdesk.domain.counting import Limit, limit_of
from socialdesk.domain.urls import addresses

_WORD = re.compile(r"\S+")
_NAME = re.compile(r"[@#][\w.-]*\w(?:@[\w.-]*\w)?")
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"'”’»)]*(?=\s)|[。！？]+|\n+)")
_WELL_FILLED = 0.5
"""A part ends with a sentence where that leaves it at least so full."""

_MOST = 200
"""Parts; nobody sends more."""


def split(text: str, channel: str, *, public: bool = True) -> list[str]:
    """Return the text in parts that fit, each with its mark (" 1/3"); one part, unmarked, where all of it fits."""
    limit = limit_of(channel, public=public)
    return [text.strip()] if limit is None else split_to(text, limit)


def split_to(text: str, limit: Limit) -> list[str]:
    """Return the text in parts that are no longer than that, as ``split`` does."""
    text = text.strip()
    if limit.fits(text):
        return [text]
    for digits in (1, 2, 3):
        parts = _parts(text, limit, f" {'9' * digits}/{'9' * digits}")
        if len(str(len(parts))) <= digits:
            break
    return [f"{part} {number}/{len(parts)}" for number, part in enumerate(parts, 1)]


def _parts(text: str, limit: Limit, mark: str) -> list[str]:
    parts: list[str] = []
    while text and len(parts) < _MOST:
        if limit.fits(text + mark):
            return [*parts, text]
        end = _end_of_part(text, limit, mark)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return parts


def _end_of_part(text: str, limit: Limit, mark: str) -> int:
    places = list(_places(text, limit, mark))
    count = bisect_right(places, 0, key=lambda place: 0 if limit.fits(text[:place].rstrip() + mark) else 1)
    furthest = places[max(count - 1, 0)]
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, furthest + 1) if match.end() <= furthest]
    return ends[-1] if ends and ends[-1] >= furthest * _WELL_FILLED else furthest


def _places(text: str, limit: Limit, mark: str) -> Iterator[int]:
    """Yield the places where the text may be parted: after words, and in words that fill a part by themselves."""
    for word in _WORD.finditer(text):
        if not limit.fits(word[0] + mark):
            yield from _inside(word[0], word.start())
        yield word.end()


def _inside(word: str, offset: int) -> Iterator[int]:
    import regex  # type: ignore[import-untyped]

    whole = [*addresses(word), *(match.span() for match in _NAME.finditer(word))]
    for match in regex.finditer(r"\X", word):
        place = match.end()
        if place < len(word) and not any(start < place < end for start, end in whole):
            yield offset + place
