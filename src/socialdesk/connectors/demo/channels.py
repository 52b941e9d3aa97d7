"""How customers write on each network that the demo can play."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from socialdesk.connectors.contract import Count, Kind, Limit


@dataclass(frozen=True, slots=True)
class Channel:
    """The customs of a network.

    ``public`` is None where everything is private; ``direct`` says whether private messages exist beside it.
    ``limit`` is how long a public answer may be and ``private_limit`` a private one, as on the real network.
    ``insists`` are the occasions (in ``data/voices.toml``) of someone who is left waiting, one after the other.
    """

    public: Kind | None
    direct: bool
    limit: Limit
    private_limit: Limit
    addressed: bool = False  # a public message begins with the brand's handle
    stars: bool = False
    insists: tuple[str, ...] = ("nudge", "anger", "leave")
    handle: str = "{}"  # the form of a customer's handle
    followers: bool = False  # the network tells how many follow a customer
    once: bool = False  # one private message answers a public one
    window: timedelta | None = None  # for so long after it
    answers: timedelta | None = None  # for so long after a private message it can be answered

    def is_private(self, wanted: bool) -> bool:
        """Tell whether a message is private here, for someone who wants it to be or not."""
        return self.public is None or (wanted and self.direct)

    def kind(self, private: bool, opens: bool) -> Kind:
        """Return what a message is here; ``opens`` is the first of its thread."""
        if private or self.public is None:
            return Kind.DIRECT
        return self.public if opens or self.public is Kind.COMMENT else Kind.REPLY

    def dressed(self, text: str, brand: str) -> str:
        """Return a public opening with what belongs to it here: the brand's handle."""
        return f"@{brand} {text}" if self.addressed else text

    def address(self, handle: str) -> str:
        """Return how a customer is called here."""
        # Domain names know no underscore.
        plain = handle.replace("_", "-").strip("-") if self.handle.endswith(".social.example") else handle
        return self.handle.format(plain)


_LETTER = Limit(50_000)
_DAY, _WEEK = timedelta(hours=24), timedelta(days=7)
"""Private messages on Facebook and Instagram: answered within 24 hours; one to a comment, within seven days
(developers.facebook.com/docs/messenger-platform)."""

CHANNELS = {
    "x": Channel(
        Kind.MENTION, True, Limit(280, Count.WEIGHTED), Limit(10_000), addressed=True, followers=True
    ),
    "bluesky": Channel(
        Kind.MENTION,
        True,
        Limit(300, max_bytes=3_000),
        Limit(1_000, max_bytes=10_000),
        addressed=True,
        handle="{}.social.example",
    ),
    "facebook": Channel(
        Kind.COMMENT, True, Limit(8_000), Limit(2_000), once=True, window=_WEEK, answers=_DAY
    ),
    "instagram": Channel(
        Kind.COMMENT, True, Limit(2_200), Limit(1_000), once=True, window=_WEEK, answers=_DAY
    ),
    "google": Channel(
        Kind.REVIEW,
        False,
        Limit(4_096, Count.BYTES),
        Limit(4_096, Count.BYTES),
        stars=True,
        insists=("unheard",),
    ),
    "mail": Channel(None, True, _LETTER, _LETTER, handle="{}@mail.example"),
}
