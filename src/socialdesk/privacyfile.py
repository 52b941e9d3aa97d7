"""The section [privacy] of config.toml: how long each brand keeps what it knows of persons (promise 14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from socialdesk.configreading import Check, Reading, WrongError, string
from socialdesk.domain.privacy import Term
from socialdesk.i18n import _

_UNITS = {
    "day": (0, 1),
    "días": (0, 1),
    "día": (0, 1),
    "dias": (0, 1),
    "dia": (0, 1),
    "week": (0, 7),
    "semana": (0, 7),
    "month": (1, 0),
    "mes": (1, 0),
    "meses": (1, 0),
    "year": (12, 0),
    "año": (12, 0),
}
_FOR_EVER = ("", "forever", "siempre")


def term(value: Any) -> Term:
    """Take a length of time as laws count it: "2 years", "18 meses", "90 days"."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*([a-zñáéíóú]+)\s*", string(value).casefold())
    unit = None if found is None else _UNITS.get(found[2]) or _UNITS.get(found[2].removesuffix("s"))
    if found is None or unit is None:
        raise WrongError(_('a length of time is expected, such as "2 years", "18 months" or "90 days"'))
    return Term(unit[0] * int(found[1]), unit[1] * int(found[1]))


def _retention(value: Any) -> Term | None:
    if string(value).strip().casefold() in _FOR_EVER:
        return None
    kept = term(value)
    if kept == Term():
        raise WrongError(_("it must be longer than nothing"))
    return kept


PRIVACY: Mapping[str, Check] = {"retention": _retention, "block": term}


def privacy(reading: Reading, section: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return what is said by brand, "" for all others. Raises ``ConfigError``."""
    table = reading.table(("privacy",), section)
    brands = {name: value for name, value in table.items() if isinstance(value, dict)}
    own = {key: value for key, value in table.items() if key not in brands}
    found = {"": reading.checked(("privacy",), own, PRIVACY)}
    for brand, value in brands.items():
        found[brand] = reading.checked(("privacy", brand), value, PRIVACY)
    return found
