"""The sections [answering] and [approval] of config.toml: how answers leave, and whose second look they need (NEEDS C2, C4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialdesk.config import Answering, ApprovalSettings
from socialdesk.configreading import Check, Reading, held, listed, named, one_of, switch

LANGUAGES = ("ca", "de", "en", "es", "eu", "fr", "gl", "it", "nl", "pt")


ANSWERING: Mapping[str, Check] = {
    "undo": held,
    "undo_upset": held,
    "address": one_of("tu", "usted", "none"),
    "language": one_of(*LANGUAGES),
    "words": listed(named),
    "approval": switch,
}
APPROVAL: Mapping[str, Check] = {"people": listed(named), "situations": listed(named), "cool_down": held}


def answering(reading: Reading, section: Any) -> Mapping[str, Answering]:
    """Return the settings by brand, "" for all others. Raises ``ConfigError``."""
    table = reading.table(("answering",), section)
    brands = {name: value for name, value in table.items() if isinstance(value, dict)}
    own = {key: value for key, value in table.items() if key not in brands}
    found = {"": Answering(**reading.checked(("answering",), own, ANSWERING))}
    for brand, value in brands.items():
        found[brand] = Answering(**reading.checked(("answering", brand), value, ANSWERING))
    return found


def approval(reading: Reading, section: Any) -> ApprovalSettings:
    """Return whose replies need a second look. Raises ``ConfigError``."""
    return ApprovalSettings(**reading.checked(("approval",), reading.table(("approval",), section), APPROVAL))
