"""Which page, and its own key, which is got with that of a person or of a system user."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from socialdesk.connectors.contract import AuthRequired, Host, RateLimited, Rejected, Temporary
from socialdesk.connectors.meta.graph import Graph, barred_scopes, ends_soon, scopes_of
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.shapes import identity, items, mapping, text

SERVER = "https://graph.facebook.com"
TASKS = {"MODERATE": "commenting_not_allowed", "MESSAGING": "dm_not_allowed"}
SCOPES = {
    "pages_read_engagement": "reading_not_allowed",
    "pages_read_user_content": "reading_not_allowed",
    "pages_manage_engagement": "commenting_not_allowed",
    "pages_messaging": "dm_not_allowed",
}


class Page(Graph):
    """The Graph API as one page."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, SERVER)
        self._finding = asyncio.Lock()
        self._us: Us | None = None
        self._key = ""
        self._tasks: list[str] | None = None

    def refused(self) -> None:
        """Get the page's own key anew the next time."""
        self._us = None

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
        us = await self.us()
        codes = [code for task, code in TASKS.items() if self._tasks is not None and task not in self._tasks]
        given = await super().key()
        try:
            answer = await self.get("debug_token", {"input_token": given}, token=given)
        except (Rejected, Temporary, AuthRequired, RateLimited):
            return tuple(codes)
        scopes, about = scopes_of(answer), mapping(answer.get("data"))
        barred = barred_scopes(answer, us.id)
        codes += [
            code for scope, code in SCOPES.items() if scopes and (scope not in scopes or scope in barred)
        ]
        codes += ["token_ends_soon"] if ends_soon(about, now) else []
        return tuple(dict.fromkeys(codes))

    async def _find(self) -> None:
        given, wanted = await super().key(), self.host.options.get("page", "").strip().casefold()
        pages = await self._managed(given)
        if pages is None:  # it is a page's own
            pages = [await self.get("me", {"fields": "id,name"}, token=given)]
        chosen = [
            one
            for one in pages
            if not wanted or wanted in (identity(one.get("id")), text(one.get("name")).casefold())
        ]
        if not chosen:
            raise AuthRequired(wanted or "the token manages no page", code="no_such_page")
        if len(chosen) > 1:
            names = ", ".join(f"{text(one.get('name'))} ({identity(one.get('id'))})" for one in chosen[:20])
            raise AuthRequired(names, code="which_page")
        one = chosen[0]
        if not identity(one.get("id")):
            raise Temporary("the page has no id", code="bad_answer")
        self._us = Us(identity(one.get("id")), text(one.get("name")), "messenger")
        self._key = text(one.get("access_token")) or given
        tasks = [task for task in items(one.get("tasks")) if isinstance(task, str)]
        self._tasks = tasks or None

    async def _managed(self, given: str) -> list[dict[str, Any]] | None:
        """Return the pages of whoever gave the key; None where it is a page's own, which has no such list."""
        params = {"fields": "id,name,access_token,tasks", "limit": "100"}
        found: list[dict[str, Any]] = []
        try:
            async for rows in self.every("me/accounts", params, token=given):
                found += [one for one in rows if text(one.get("access_token"))]
        except Rejected:
            return None
        return found
