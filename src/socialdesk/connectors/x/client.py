"""Calls to X as one account: who signed in, and what each refusal means (https://docs.x.com/x-api)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx

from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Host,
    RateLimited,
    Temporary,
    charged,
)
from socialdesk.connectors.rest import Refusal, Rest
from socialdesk.connectors.said import Said
from socialdesk.connectors.shapes import identity, mapping, mappings, text
from socialdesk.connectors.x import naming, prices
from socialdesk.connectors.x.shape import is_number

SERVER = "https://api.x.com"
_HANDLE = re.compile(r"\w+", re.ASCII)


class Me(NamedTuple):
    """The account: its number, its name after the @, and the name that is shown."""

    id: str
    name: str
    shown: str = ""


class Wire(Rest):
    """X's refusals: problem documents (RFC 9457), and the older list of errors."""

    def words(self, body: dict[str, Any]) -> str:
        """Return what X says to people."""
        first = next(iter(mappings(body.get("errors"))), {})
        return (text(body.get("detail")) or text(first.get("message")) or super().words(body))[:500]

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a refusal means; two that look like a pace are an account without money."""
        status, told = response.status_code, self.words(body)
        if status == 402 or text(body.get("title")) == "CreditsDepleted":
            return AuthRequired(told, code="credits_spent")
        if status == 429 and (text(body.get("title")) == "UsageCapExceeded" or _kind(body) == "usage-capped"):
            return RateLimited(told, until=_next_month(self.host.clock.now()), code="usage_cap")
        if status == 429:
            return self.limited(response, told)
        if status == 401:
            return AuthRequired(told)
        return Refusal(status, told, body, "parent_gone" if status == 404 else "rejected")


class Client:
    """One account on X."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.wire = Wire(host)
        self.server = server_of(host.options)
        self._lock = asyncio.Lock()
        self._access = ""
        self._me: Me | None = None
        self._bill = prices.Bill()
        self.said = Said()
        self._newer = False

    async def me(self, *, answering: bool = False) -> Me:
        """Return who we are, asked for once; ``answering`` may use what is kept for answers."""
        if self._me is None:
            found = mapping((await self.get("/2/users/me", answering=answering)).get("data"))
            me = Me(identity(found.get("id")), text(found.get("username")), text(found.get("name")))
            if not (is_number(me.id) and _HANDLE.fullmatch(me.name)):
                raise Temporary("the account has no id or no name", code="bad_answer")
            self._me = me
        return self._me

    async def lacking(self) -> tuple[str, ...]:
        """Return the problem codes of what the sign-in gives no leave for, as far as X said so."""
        scopes = (await self.host.vault.load_session()).get("scope", "").split()
        needed = {"answering_not_allowed": "tweet.write", "dm_not_allowed": "dm.read"}
        missing = tuple(code for code, scope in needed.items() if scopes and scope not in scopes)
        return (*missing, "encrypted_unseen")

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, *, answering: bool = False
    ) -> dict[str, Any]:
        """Read, as far as the budget goes; ``answering`` may use what is kept for answers."""
        async with charged(self.host.purse, _at_most(params), answer=answering) as charge:
            answer = naming.familiar(await self._read(path, params))
            charge.cost = self._bill.read(path, answer, self.host.clock.now())
            return answer

    async def _read(self, path: str, params: Mapping[str, str] | None) -> dict[str, Any]:
        """Ask in the documented names, and in the newer ones once X refuses those."""
        if self._newer or not params:
            return await self.ask("GET", path, params=naming.newer(params or {}))
        try:
            return await self.ask("GET", path, params=params)
        except Refusal as refusal:
            if refusal.status != 400 or not naming.refused(json.dumps(refusal.body), params):
                raise
        answer = await self.ask("GET", path, params=naming.newer(params))
        self._newer = True
        return answer

    async def write(self, method: str, path: str, body: Any = None, *, posts: bool = False) -> dict[str, Any]:
        """Write, as far as the budget goes."""
        cost = self._bill.writes(method, path, body)
        async with charged(self.host.purse, cost, answer=True) as charge:
            charge.cost = cost
            return await self.ask(method, path, body=body, posts=posts)

    async def page(self, wanted: int, least: int = 5) -> str:
        """Return how many posts to ask for: fewer where the budget would not pay for all."""
        return str(max(least, min(wanted, await self.affordable())))

    async def affordable(self) -> int:
        """Return how many posts the budget would pay for."""
        return await self.host.purse.left() // prices.EACH

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        posts: bool = False,
    ) -> dict[str, Any]:
        """Call as this account; what the key in use no longer opens is tried once with a new one."""
        access = await self._signed_in()
        for last in (False, True):
            try:
                return await self.wire.call(
                    method,
                    self.server + path,
                    params=params,
                    body=body,
                    posts=posts,
                    headers={"Authorization": f"Bearer {access}"},
                )
            except AuthRequired as refusal:
                if last or refusal.code != AuthRequired.code:
                    raise
                access = await self._renewed(access, refusal.detail)
        raise AssertionError

    async def _signed_in(self) -> str:
        async with self._lock:
            if not self._access:
                kept = await self.host.vault.load_session()
                grant = _grant(await self.host.vault.secret("token"))
                if kept.get("of") != grant["refresh"]:  # another sign-in than the one that was kept
                    kept = {**grant, "of": grant["refresh"]}
                    await self.host.vault.save_session(kept)
                self._access = kept["access"]
            return self._access

    async def _renewed(self, stale: str, reason: str) -> str:
        """Return a newer key; X takes each renewal once, so the next one is stored before it is used."""
        async with self._lock:
            if self._access != stale:
                return self._access
            kept = await self.host.vault.load_session()
            if not kept.get("refresh"):
                raise AuthRequired(reason)
            form = {
                "grant_type": "refresh_token",
                "refresh_token": kept["refresh"],
                "client_id": self.host.options.get("client", ""),
            }
            try:
                answer = await self.wire.call("POST", f"{self.server}/2/oauth2/token", form=form)
            except Refusal as refusal:
                raise AuthRequired(refusal.detail) from None
            access = text(answer.get("access_token"))
            if not access:
                raise Temporary("the renewal brought nothing", code="bad_answer")
            newer = text(answer.get("refresh_token")) or kept["refresh"]
            await self.host.vault.save_session({**kept, "access": access, "refresh": newer})
            self._access = access
            return access


def _at_most(params: Mapping[str, str] | None) -> int:
    """Return what an answer may cost at most."""
    asked = params or {}
    many = len(asked["ids"].split(",")) if "ids" in asked else int(asked.get("max_results", "1"))
    return many * prices.EACH


def server_of(options: Mapping[str, str]) -> str:
    """Return where the API is."""
    return (options.get("server", "").strip() or SERVER).rstrip("/")


def _grant(secret: str) -> dict[str, str]:
    """Return the two keys in what the sign-in left, or one alone."""
    try:
        kept = mapping(json.loads(secret))
    except ValueError:
        kept = {"access": secret.strip()}
    access, refresh = text(kept.get("access")), text(kept.get("refresh"))
    if not (access.isascii() and access.isprintable() and access) or " " in access:
        raise AuthRequired("a token has letters, digits and signs only")
    return {"access": access, "refresh": refresh, "scope": text(kept.get("scope"))}


def _kind(body: Mapping[str, Any]) -> str:
    return text(body.get("type")).rstrip("/").rsplit("/", 1)[-1]


def _next_month(now: datetime) -> datetime:
    """Return when X counts anew."""
    year, month = divmod(now.year * 12 + now.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
