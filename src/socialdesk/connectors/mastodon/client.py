"""Calls in the name of the signed-in account."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from socialdesk.connectors.contract import (
    AuthRequired,
    Host,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.mastodon import instance
from socialdesk.connectors.mastodon.scopes import ALL, lacking
from socialdesk.connectors.mastodon.shape import identity, items, mapping, text
from socialdesk.connectors.mastodon.wire import Answer, Refusal, Wire


@dataclass(frozen=True, slots=True)
class Me:
    """The account: its id on its server, its name there, and the domain by which others call it."""

    id: str
    name: str
    domain: str
    shown: str

    @property
    def handle(self) -> str:
        """The name by which everybody can find it."""
        return f"{self.name}@{self.domain}"


class Client:
    """Reads and writes with the account's token."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.wire = Wire(host)
        self.server = instance.server_of(host.options.get("server", ""))
        self._lock = asyncio.Lock()
        self._me: Me | None = None
        self.account: dict[str, Any] = {}
        """The account as its server described it last."""

    async def bearer(self) -> dict[str, str]:
        """Return the header that signs a call. Raises ``AuthRequired``."""
        token = (await self._host.vault.secret("token")).strip()
        if not token or not token.isascii() or any(c.isspace() or not c.isprintable() for c in token):
            raise AuthRequired("a token has letters, digits and signs only")
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read something."""
        return await self.wire.call("GET", f"{self.server}{path}", params=params, headers=await self.bearer())

    async def object(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Read something that is one object."""
        return _object((await self.get(path, params)).body)

    async def listed(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Read a list."""
        answer = await self.get(path, params)
        if not isinstance(answer.body, list):
            raise Temporary("the answer is no list", code="bad_answer")
        return answer

    async def act(self, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        """Do something that others see; may raise ``OutcomeUnknown``. ``key`` is the Idempotency-Key."""
        headers = await self.bearer() | ({"Idempotency-Key": key} if key else {})
        url = f"{self.server}{path}"
        return _taken(await self.wire.call("POST", url, body=dict(body or {}), headers=headers, posts=True))

    async def describe(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Change what the account says of itself; as a form, which every server takes; may raise ``OutcomeUnknown``."""
        url = f"{self.server}/api/v1/accounts/update_credentials"
        return _taken(await self.wire.call("PATCH", url, form=form, headers=await self.bearer(), posts=True))

    async def me(self) -> Me:
        """Return who we are, asked once."""
        async with self._lock:
            return self._me or await self._who()

    async def check(self) -> Me:
        """Ask anew who we are."""
        async with self._lock:
            return await self._who()

    async def _who(self) -> Me:
        try:
            account = await self.object("/api/v1/accounts/verify_credentials")
        except Refusal as refusal:
            if refusal.status == 404:
                raise Temporary(self.server, code="not_mastodon") from refusal
            raise AuthRequired(refusal.detail) from refusal
        number, name = identity(account.get("id")), text(account.get("username")) or text(account.get("acct"))
        if not number or not name:
            raise Temporary("the account has no id or no name", code="bad_answer")
        domain = instance.host_of(account.get("url")) or instance.host_of(self.server)
        self.account = account
        self._me = Me(number, name.partition("@")[0], domain, text(account.get("display_name")))
        return self._me

    async def scopes(self) -> list[str]:
        """Return what the token may do; nothing where the server does not say."""
        try:
            app = await self.object("/api/v1/apps/verify_credentials")
        except (Rejected, Temporary, AuthRequired, RateLimited):
            return []
        return [one for one in items(app.get("scopes")) if isinstance(one, str)]

    async def reason(self, refusal: Refusal, code: str) -> Rejected:
        """Return a refusal as the permission that the token lacks, by its code; else as it came."""
        if refusal.status == 403 and code in lacking(await self.scopes() or list(ALL)):
            return Rejected(refusal.detail, code=code)
        return refusal

    async def document(self) -> dict[str, str]:
        """Return what the server says of itself, as ``instance.learned`` puts it; nothing where it says nothing."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                found = mapping((await self.wire.call("GET", f"{self.server}{path}")).body)
            except (Rejected, AuthRequired):
                continue
            except RateLimited:
                return {}
            except Temporary as trouble:
                if trouble.code == "bad_answer":
                    continue  # a page for people, where older servers have nothing for programs
                return {}
            if found:
                return instance.learned(found, self.account)
        return {}


def _taken(answer: Answer) -> dict[str, Any]:
    if not isinstance(answer.body, dict):
        raise OutcomeUnknown("the answer is no object")
    return answer.body


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Temporary("the answer is no object", code="bad_answer")
    return body
