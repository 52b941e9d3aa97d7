"""Looking again at comments: Instagram's lists and webhooks tell of no deletion and of no edit."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import mapping, text


class Revisitor:
    """Finds what was edited, and what is gone: what two looks in a row do not find, for Meta says the same of what is forbidden for a while."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._missed: frozenset[str] = frozenset()

    async def changed(self, known: Sequence[Raw]) -> list[Raw]:
        """Return those that are other than they were."""
        missing, changed = set[str](), list[Raw]()
        for raw in known:
            payload = mapping(raw.payload)
            if payload.get("kind") != "comment" or payload.get("deleted"):
                continue
            try:
                new = await self._account.get(raw.id, {"fields": "id,text"})
            except Refusal as refusal:
                if refusal.code == "parent_gone":
                    missing.add(raw.id)
                    if raw.id in self._missed:
                        changed.append(Raw(raw.id, {**payload, "deleted": True}))
                continue
            it = mapping(payload.get("it"))
            if text(new.get("text")) not in ("", text(it.get("text"))):
                changed.append(Raw(raw.id, {**payload, "it": {**it, "text": text(new["text"])}}))
        self._missed = frozenset(missing)
        return changed
