"""How long a text is for its network, how long it may be, and where to part one that is too long.

X counts by weight: https://github.com/twitter/twitter-text/blob/master/config/src/v3.json and the rules beside it.
Mastodon counts every address as 23 characters and of a name elsewhere only what stands before the second @.
Where a network says nothing certain, the limit is the one that its own app keeps to.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from socialdesk.domain.text import Count, measure
from socialdesk.domain.urls import addresses

URL_LENGTH = 23
"""What X and Mastodon count for any address."""

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts as 1; every other counts as 2, an emoji 2 altogether."""

_MENTION = r"(?<![=/\w])@(?P<name>\w+(?:[\w.-]*\w)?)@[\w.-]*\w"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a text may be. ``count`` names the unit of ``size``; ``max_bytes`` is a second bound in UTF-8."""

    size: int
    count: Count = Count.GRAPHEMES
    max_bytes: int | None = None

    def room(self, text: str) -> int:
        """Return how much more fits, in the unit that is scarcest; negative: it is too long by so much."""
        room = self.size - measure(text, self.count)
        if self.max_bytes is None:
            return room
        return min(room, self.max_bytes - measure(text, Count.BYTES), key=lambda left: (left >= 0, left))

    def fits(self, text: str) -> bool:
        """Say whether the network takes a text of this length."""
        return self.room(text) >= 0


_LIMITS = {
    "x": (Limit(280, Count.WEIGHTED), Limit(10_000)),
    "bluesky": (Limit(300, max_bytes=3_000), Limit(1_000, max_bytes=10_000)),
    "mastodon": (Limit(500, Count.MASTODON), Limit(500, Count.MASTODON)),
    "facebook": (Limit(8_000), Limit(2_000)),
    "instagram": (Limit(2_200), Limit(1_000, Count.BYTES)),
    "google": (Limit(4_096, Count.BYTES), Limit(4_096, Count.BYTES)),
    "telegram": (Limit(4_096, Count.CODE_POINTS), Limit(4_096, Count.CODE_POINTS)),
    "whatsapp": (Limit(4_096, Count.CODE_POINTS), Limit(4_096, Count.CODE_POINTS)),
    "youtube": (Limit(10_000), Limit(10_000)),
    "reddit": (Limit(10_000), Limit(10_000)),
    "discord": (Limit(2_000, Count.CODE_POINTS), Limit(2_000, Count.CODE_POINTS)),
    "tiktok": (Limit(150), Limit(150)),
    "linkedin": (Limit(1_250), Limit(1_250)),
    "matrix": (Limit(60_000, Count.BYTES), Limit(60_000, Count.BYTES)),
}
_OTHER_NAMES = {"twitter": "x", "google_reviews": "google", "gbp": "google"}


def limit_of(channel: str, *, public: bool = True) -> Limit | None:
    """Return how long an answer may be there; None: as long as one likes, or a channel that we do not know."""
    name = channel.strip().lower()
    limits = _LIMITS.get(_OTHER_NAMES.get(name, name))
    return None if limits is None else limits[0 if public else 1]


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
    return measure(_expressions().mention.sub(r"@\g<name>", "".join(pieces)), Count.GRAPHEMES)


def excess_at(text: str, limit: Limit) -> int:
    """Return the place of the first character that no longer fits; the end where all of it does."""
    if limit.fits(text):
        return len(text)
    ends: list[int] = [0, *(match.end() for match in _expressions().grapheme.finditer(text))]
    low, high = 0, len(ends) - 1
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if limit.fits(text[: ends[middle]]) else (low, middle)
    return ends[low]


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    rest, emoji = _expressions().emoji.subn("", text)
    return int(2 * emoji) + sum(_weight_of(ord(character)) for character in rest)


def _weight_of(point: int) -> int:
    return 1 if any(first <= point <= last for first, last in _LIGHT) else 2


class _Expressions(NamedTuple):
    emoji: Any
    grapheme: Any
    mention: Any


@lru_cache
def _expressions() -> _Expressions:
    """Compile what needs Unicode's tables, the first time that it is needed."""
    import regex  # type: ignore[import-untyped]

    # UTS 51: a flag of two letters, a keycap, or a picture with its tone, tags and what is joined to it. A picture
    # followed by U+FE0E is shown as text, and so are the signs of ownership without U+FE0F.
    one = r"(?:(?![©®])\p{Extended_Pictographic}\uFE0F?|[©®]\uFE0F)(?!\uFE0E)\p{EMod}?"
    emoji = rf"\p{{RI}}{{2}}|[0-9#*]\uFE0F?\u20E3|{one}[\U000E0020-\U000E007F]*(?:\u200D{one})*"
    return _Expressions(regex.compile(emoji), regex.compile(r"\X"), regex.compile(_MENTION))
