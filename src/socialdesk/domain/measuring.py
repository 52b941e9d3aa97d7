"""How long a text is, in the units in which networks count.

X counts by weight: https://github.com/twitter/twitter-text/blob/master/config/src/v3.json and the rules beside it.
Mastodon counts every address as 23 characters and of a name elsewhere only what stands before the second @.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from socialdesk.domain.urls import addresses

URL_LENGTH = 23
"""What X and Mastodon count for any address."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts as 1; every other counts as 2, an emoji 2 altogether."""

_MENTION = r"(?<![=/\w])@(?P<name>\w+(?:[\w.-]*\w)?)@[\w.-]*\w"


class Count(StrEnum):
    """The unit in which a network counts a text."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"
    WEIGHTED = "weighted"
    """As X counts: ``weighted``."""
    MASTODON = "mastodon"
    """Graphemes, with every address as 23 of them: ``mastodon``."""


def measure(text: str, count: Count) -> int:
    """Return the length of the text in a network's unit."""
    match count:
        case Count.GRAPHEMES:
            return _graphemes(text)
        case Count.CODE_POINTS:
            return len(text)
        case Count.UTF16:
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case Count.BYTES:
            return len(text.encode("utf-8", "surrogatepass"))
        case Count.WEIGHTED:
            return weighted(text)
        case Count.MASTODON:
            return mastodon(text)


def weighted(text: str) -> int:
    """Return the length that X counts."""
    text = unicodedata.normalize("NFC", text)
    total, rest = 0, 0
    for start, end in addresses(text):
        total += _weight(text[rest:start]) + URL_LENGTH
        rest = end
    return total + _weight(text[rest:])


def mastodon(text: str) -> int:
    """Return the length that Mastodon counts."""
    pieces, rest = [], 0
    for start, end in addresses(text, bare=False):
        pieces += [text[rest:start], "x" * URL_LENGTH]
        rest = end
    pieces.append(text[rest:])
    return measure(expressions().mention.sub(r"@\g<name>", "".join(pieces)), Count.GRAPHEMES)


def _graphemes(text: str) -> int:
    """Count what a reader calls characters (UAX 29, extended grapheme clusters)."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    import regex  # type: ignore[import-untyped]

    return len(regex.findall(r"\X", text))


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    rest, emoji = expressions().emoji.subn("", text)
    return int(2 * emoji) + sum(_weight_of(ord(character)) for character in rest)


def _weight_of(point: int) -> int:
    return 1 if any(first <= point <= last for first, last in _LIGHT) else 2


class _Expressions(NamedTuple):
    emoji: Any
    grapheme: Any
    mention: Any


@lru_cache
def expressions() -> _Expressions:
    """Compile what needs Unicode's tables, the first time that it is needed."""
    import regex

    # UTS 51: a flag of two letters, a keycap, or a picture with its tone, tags and what is joined to it. A picture
    # followed by U+FE0E is shown as text, and so are the signs of ownership without U+FE0F.
    one = r"(?:(?![©®])\p{Extended_Pictographic}\uFE0F?|[©®]\uFE0F)(?!\uFE0E)\p{EMod}?"
    emoji = rf"\p{{RI}}{{2}}|[0-9#*]\uFE0F?\u20E3|{one}[\U000E0020-\U000E007F]*(?:\u200D{one})*"
    return _Expressions(regex.compile(emoji), regex.compile(r"\X"), regex.compile(_MENTION))
