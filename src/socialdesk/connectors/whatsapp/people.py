"""Who is who: a customer has a telephone number, or a number that only this business knows, or both (since 2026).

Whoever was known by the one is found by the other as soon as a message bears both.
"""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.shapes import identity, mapping, text

_MOST = 5000


class People:
    """The other names of customers, kept in the cursor: each leads to the one that is their id here."""

    def __init__(self, kept: object) -> None:
        self._ids = {key: one for key, one in mapping(kept).items() if isinstance(one, str)}

    def dump(self) -> dict[str, str]:
        """Return them for the cursor, the newest if there are very many."""
        return dict(list(self._ids.items())[-_MOST:])

    def meet(self, telephone: str, scoped: str) -> str:
        """Return the id of whoever has these, either of them perhaps empty; "" where both are."""
        known = self._ids.get(scoped) or self._ids.get(telephone) or telephone or scoped
        if telephone and scoped:
            for name in (telephone, scoped):
                if name != known:
                    self._ids[name] = known
        return known

    def rename(self, old: str, new: str) -> None:
        """A customer has another number from now on."""
        if old and new and old != new:
            self._ids[new] = self._ids.get(old, old)


def names_of(value: dict[str, Any]) -> dict[str, str]:
    """Return what those in a delivery are called, by each of their numbers."""
    found: dict[str, str] = {}
    contacts = value.get("contacts")
    for one in map(mapping, contacts if isinstance(contacts, list) else []):
        profile = mapping(one.get("profile"))
        name = text(profile.get("name")) or text(profile.get("username"))
        for number in (identity(one.get("wa_id")), identity(one.get("user_id"))):
            if number and name:
                found[number] = name
    return found
