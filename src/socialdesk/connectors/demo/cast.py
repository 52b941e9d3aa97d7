"""Who plays in the demo: three businesses, each on two networks. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from socialdesk.connectors.contract import Kind

BRANDS = {"azahar": "Café Azahar", "ronda": "Ciclos Ronda", "lino": "Lino & Lana"}

ACCOUNTS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("azahar-x", "Café Azahar", {"brand": "azahar", "channel": "x"}),
    ("azahar-google", "Café Azahar", {"brand": "azahar", "channel": "google"}),
    ("ronda-facebook", "Ciclos Ronda", {"brand": "ronda", "channel": "facebook"}),
    ("ronda-mail", "Ciclos Ronda", {"brand": "ronda", "channel": "mail"}),
    ("lino-instagram", "Lino & Lana", {"brand": "lino", "channel": "instagram"}),
    ("lino-bluesky", "Lino & Lana", {"brand": "lino", "channel": "bluesky"}),
)
"""The accounts of the demo desk: name, brand and options of each (add ``seed``, ``speed`` and ``world``)."""


@dataclass(frozen=True, slots=True)
class Channel:
    """How customers write on the network that an account plays.

    ``public`` is None where everything is private; ``direct`` says whether private messages exist beside it.
    ``insists`` are the occasions (in ``data/voices.toml``) of someone who is left waiting, one after the other.
    """

    public: Kind | None
    direct: bool
    addressed: bool = False  # a public message begins with the brand's handle
    stars: bool = False
    insists: tuple[str, ...] = ("nudge", "anger", "leave")


CHANNELS = {
    "x": Channel(Kind.MENTION, direct=True, addressed=True),
    "bluesky": Channel(Kind.MENTION, direct=True, addressed=True),
    "facebook": Channel(Kind.COMMENT, direct=True),
    "instagram": Channel(Kind.COMMENT, direct=True),
    "google": Channel(Kind.REVIEW, direct=False, stars=True, insists=("unheard",)),
    "mail": Channel(None, direct=True),
}

_HANDLES = {"azahar": "cafeazahar", "ronda": "ciclosronda", "lino": "linoylana"}


def handle_of(brand: str, channel: str) -> str:
    """Return how the brand is called on that network."""
    name = _HANDLES[brand]
    if channel == "mail":
        return f"hola@{name}.example"
    return f"{name}.example" if channel == "bluesky" else name
