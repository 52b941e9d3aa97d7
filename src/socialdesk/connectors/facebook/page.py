"""Which page, and its own key, which is got with that of a person or of a system user."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import AuthRequired, Host, Rejected, Temporary
from socialdesk.connectors.meta.graph import Graph, scopes_of
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.shapes import identity, items, mapping, mappings, since_1970, text

SERVER = "https://graph.facebook.com"
TASKS = {"MODERATE": "commenting_not_allowed", "MESSAGING": "dm_not_allowed"}
SCOPES = {
    "pages_read_engagement": "reading_not_allowed",
    "pages_read_user_content": "reading_not_allowed",
    "pages_manage_engagement": "commenting_not_allowed",
    "pages_messaging": "dm_not_allowed",
}
_SOON = timedelta(days=14)


class Page(Graph):
    """The Graph API as one page."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, SERVER)
        self._finding = asyncio.Lock()
        self._us: Us | None = None
        self._key = ""
        self._tasks: list[str] | None = None

    async def us(self) -> Us:
        """Return the page, looked for once."""
        async with self._finding:
            if self._us is None:
                await self._find()
            assert self._us is not None
            return self._us

    async def key(self) -> str:
        """Return the page's own key: with a person's, lists come back empty and without an error."""
        await self.us()
        return self._key

    async def lacking(self, now: datetime) -> tuple[str, ...]:
        """Return the problem codes of what the key may not do, and whether it ends soon."""
        await self.us()
        codes = [code for task, code in TASKS.items() if self._tasks is not None and task not in self._tasks]
        given = await super().key()
        try:
            answer = await self.get("debug_token", {"input_token": given}, token=given)
        except (Rejected, Temporary, AuthRequired):
            return tuple(codes)
        scopes, about = scopes_of(answer), mapping(answer.get("data"))
        codes += [code for scope, code in SCOPES.items() if scopes and scope not in scopes]
        ends = [since_1970(about.get(name)) for name in ("expires_at", "data_access_expires_at")]
        if any(end is not None and end - now < _SOON for end in ends):
            codes.append("token_ends_soon")
        return tuple(dict.fromkeys(codes))

    async def _find(self) -> None:
        given, wanted = await super().key(), self.host.options.get("page", "").strip()
        pages = await self._managed(given)
        chosen = [
            one for one in pages if not wanted or wanted in (identity(one.get("id")), text(one.get("name")))
        ]
        if pages and not chosen:
            raise AuthRequired(wanted, code="no_such_page")
        if len(chosen) > 1:
            names = ", ".join(f"{text(one.get('name'))} ({identity(one.get('id'))})" for one in chosen[:20])
            raise AuthRequired(names, code="which_page")
        one = chosen[0] if chosen else await self.get("me", {"fields": "id,name"}, token=given)
        if not identity(one.get("id")):
            raise Temporary("the page has no id", code="bad_answer")
        self._us = Us(identity(one.get("id")), text(one.get("name")), "messenger")
        self._key = text(one.get("access_token")) or given
        tasks = [task for task in items(one.get("tasks")) if isinstance(task, str)]
        self._tasks = tasks or None

    async def _managed(self, given: str) -> list[dict[str, Any]]:
        """Return the pages of whoever gave the key; none where it is a page's own."""
        try:
            answer = await self.get(
                "me/accounts", {"fields": "id,name,access_token,tasks", "limit": "100"}, token=given
            )
        except Rejected:
            return []
        return [one for one in mappings(answer.get("data")) if text(one.get("access_token"))]
