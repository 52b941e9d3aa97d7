"""Looking again at comments and visitors' posts: Meta's lists tell of no edit and no deletion."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.facebook.inbox import OF_COMMENTS
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta.lasting import lasting
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import mapping, text

_FIELDS = {"comment": OF_COMMENTS, "post": "id,message,created_time,from{id,name},permalink_url"}


class Revisitor:
    """Finds what was edited, and what is gone: what two looks in a row do not find, for Meta says the same of what is forbidden for a while."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._missed: frozenset[str] = frozenset()

    async def changed(self, known: Sequence[Raw]) -> list[Raw]:
        """Return those that are other than they were."""
        missing, changed = set[str](), list[Raw]()
        for raw in known:
            payload = mapping(raw.payload)
            fields = _FIELDS.get(text(payload.get("kind")))
            if not fields or payload.get("deleted"):
                continue
            try:
                new = await self._page.get(raw.id, {"fields": fields})
            except Refusal as refusal:
                if refusal.code == "parent_gone":
                    missing.add(raw.id)
                    if raw.id in self._missed:
                        changed.append(Raw(raw.id, {**payload, "deleted": True}))
                continue
            it = mapping(payload.get("it"))
            if "id" in new and text(new.get("message")) != text(it.get("message")):
                changed.append(Raw(raw.id, {**payload, "it": lasting(new)}))
        self._missed = frozenset(missing)
        return changed
