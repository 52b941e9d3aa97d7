"""How long a text may be for its network, and where one that is too long begins to be.

Where a network says nothing certain, the limit is the one that its own app keeps to.
"""

from __future__ import annotations

from dataclasses import dataclass

from socialdesk.domain.measuring import Count, expressions, measure


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


def excess_at(text: str, limit: Limit) -> int:
    """Return the place of the first character that no longer fits; the end where all of it does."""
    if limit.fits(text):
        return len(text)
    ends: list[int] = [0, *(match.end() for match in expressions().grapheme.finditer(text))]
    low, high = 0, len(ends) - 1
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if limit.fits(text[: ends[middle]]) else (low, middle)
    return ends[low]
