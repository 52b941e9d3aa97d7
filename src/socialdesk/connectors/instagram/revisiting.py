"""Looking again at comments: Instagram's lists tell of no deletion, and it knows no edits of comments."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import mapping


class Revisitor:
    """Finds what is gone: what two looks in a row do not find, for Meta says the same of what is forbidden for a while."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._missed: frozenset[str] = frozenset()

    async def changed(self, known: Sequence[Raw]) -> list[Raw]:
        """Return those that can no longer be seen."""
        missing, changed = set[str](), list[Raw]()
        for raw in known:
            payload = mapping(raw.payload)
            if payload.get("kind") != "comment" or payload.get("deleted"):
                continue
            try:
                await self._account.get(raw.id, {"fields": "id"})
            except Refusal as refusal:
                if refusal.code == "parent_gone":
                    missing.add(raw.id)
                    if raw.id in self._missed:
                        changed.append(Raw(raw.id, {**payload, "deleted": True}))
        self._missed = frozenset(missing)
        return changed
