"""Who plays in the demo: three businesses, each on two networks. All names are invented."""

from __future__ import annotations

from collections.abc import Mapping

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

_HANDLES = {"azahar": "cafeazahar", "ronda": "ciclosronda", "lino": "linoylana"}


def handle_of(brand: str, channel: str) -> str:
    """Return how the brand is called on that network."""
    name = _HANDLES[brand]
    if channel == "mail":
        return f"hola@{name}.example"
    return f"{name}.example" if channel == "bluesky" else name
