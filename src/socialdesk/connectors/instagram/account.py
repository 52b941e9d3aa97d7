"""Which account, by which of Meta's two ways: the page that it belongs to, or Instagram's own sign-in.

https://developers.facebook.com/docs/instagram-platform/overview. A token of Instagram's own begins with "IG" and lives 60 days;
it is renewed every week.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import AuthRequired, Host, RateLimited, Rejected, Temporary
from socialdesk.connectors.meta.graph import Graph, barred_scopes, ends_soon, scopes_of
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text, whole

BY_PAGE, BY_ITSELF = "https://graph.facebook.com", "https://graph.instagram.com"
SCOPES = {
    "instagram_basic": "reading_not_allowed",
    "instagram_manage_comments": "commenting_not_allowed",
    "instagram_manage_messages": "dm_not_allowed",
}
_RENEWED_AFTER = timedelta(days=7)
_NEW = timedelta(days=1)
"""A token that was given may be near its end: it is renewed as soon as Meta does that, a day after it was made."""
_FAILED = timedelta(days=1)
_SOON = timedelta(days=14)
_LONGEST = 366 * 24 * 3600
_log = logging.getLogger("socialdesk.connectors.instagram")


class Account(Graph):
    """The Graph API as one account."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, BY_PAGE)
        self._finding = asyncio.Lock()
        self._us: Us | None = None
        self._key = ""
        self._renew_at: datetime | None = None
        self._ends: datetime | None = None

    async def us(self) -> Us:
        """Return the account, looked for once."""
        async with self._finding:
            if self._us is None:
                given = await super().key()
                await (self._find_itself(given) if _is_own(given) else self._find_by_page(given))
            assert self._us is not None
            return self._us

    async def key(self) -> str:
        """Return the key in use, renewed now and then where it is Instagram's own."""
        await self.us()
        if self._renew_at is not None and self.host.clock.now() >= self._renew_at:
            await self._renew()
        return self._key

    async def lacking(self, now: datetime) -> tuple[str, ...]:
        """Return the problem codes of what the key may not do, as far as Meta says so, and whether it ends soon."""
        us = await self.us()
        given = await super().key()
        if _is_own(given):
            return ("token_ends_soon",) if self._ends is not None and self._ends - now < _SOON else ()
        try:
            answer = await self.get("debug_token", {"input_token": given}, token=given)
        except (Rejected, Temporary, AuthRequired, RateLimited):
            return ()
        scopes, barred = scopes_of(answer), barred_scopes(answer, us.id, us.place)
        codes = [
            code for scope, code in SCOPES.items() if scopes and (scope not in scopes or scope in barred)
        ]
        codes += ["token_ends_soon"] if ends_soon(mapping(answer.get("data")), now) else []
        return tuple(dict.fromkeys(codes))

    def refused(self) -> None:
        """Get the key anew the next time."""
        self._us = None

    async def _find_itself(self, given: str) -> None:
        server = self.host.options.get("server", "").strip() or BY_ITSELF
        self.base = f"{server.rstrip('/')}/{self.base.rsplit('/', 1)[-1]}"
        now, kept = self.host.clock.now(), await self.host.vault.load_session()
        if digest(given) != kept.get("of") or not kept.get("token"):
            kept = {"of": digest(given), "token": given, "renew": stamp(now + _NEW), "ends": ""}
            await self.host.vault.save_session(kept)
        self._key = kept["token"]
        self._renew_at, self._ends = moment(kept.get("renew")) or now, moment(kept.get("ends"))
        me = await self.get("me", {"fields": "user_id,username,name"}, token=self._key)
        me = next(iter(mappings(me.get("data"))), me)
        number = identity(me.get("user_id")) or identity(me.get("id"))
        self._us = self._named(number, me, "")

    async def _find_by_page(self, given: str) -> None:
        wanted = self.host.options.get("account", "").strip().lstrip("@").lower()
        fields = "id,name,access_token,instagram_business_account{id,username}"
        pages = await self._pages(given, fields)
        found = [(page, mapping(page.get("instagram_business_account"))) for page in pages]
        found = [(page, one) for page, one in found if identity(one.get("id"))]
        chosen = [both for both in found if not wanted or text(both[1].get("username")).lower() == wanted]
        if not chosen:
            raise AuthRequired(wanted or "no page with an Instagram account", code="no_instagram")
        if len(chosen) > 1:
            raise AuthRequired(
                ", ".join(text(one.get("username")) for _, one in chosen[:20]), code="which_page"
            )
        page, one = chosen[0]
        self._key = text(page.get("access_token")) or given
        self._us = self._named(identity(one.get("id")), one, identity(page.get("id")))

    async def _pages(self, given: str, fields: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        try:
            async for rows in self.every("me/accounts", {"fields": fields, "limit": "100"}, token=given):
                found += rows
            return found
        except Rejected:
            pass  # a page's own key has no such list
        fields = "id,name,instagram_business_account{id,username}"
        return [await self.get("me", {"fields": fields}, token=given)]

    def _named(self, number: str, one: dict[str, Any], place: str) -> Us:
        name = text(one.get("username"))
        if not (number and name):
            raise Temporary("the account has no id or no name", code="bad_answer")
        return Us(number, name, "instagram", place)

    async def _renew(self) -> None:
        """Lengthen the key's life; what goes wrong is tried again tomorrow, for it lives on for weeks."""
        now = self.host.clock.now()
        self._renew_at = now + _FAILED
        url = f"{self.base.rsplit('/', 1)[0]}/refresh_access_token"
        params = {"grant_type": "ig_refresh_token"}
        headers = {"Authorization": f"Bearer {self._key}"}
        try:
            answer = await self.wire.call("GET", url, params=params, headers=headers)
        except (AuthRequired, RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: the token is not renewed: %s (%s)", self.host.account, error.code, error)
            return
        if token := text(answer.get("access_token")):
            life = timedelta(seconds=min(whole(answer.get("expires_in")) or 0, _LONGEST))
            self._ends = now + life if life else None
            kept = await self.host.vault.load_session()
            times = {"renew": stamp(now + _RENEWED_AFTER), "ends": stamp(self._ends) if self._ends else ""}
            await self.host.vault.save_session({**kept, "token": token, **times})
            self._key, self._renew_at = token, now + _RENEWED_AFTER


def _is_own(token: str) -> bool:
    return token.startswith("IG")
