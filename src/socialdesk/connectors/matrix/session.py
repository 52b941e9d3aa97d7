"""Signing in, and staying signed in (client-server API, "Client authentication").

A key belongs to the device that used it, so an account keeps its device: a new sign-in by password names the former one.
Renewals happen one at a time and are stored at once, because a renewal may replace both tokens.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from socialdesk.connectors.contract import AuthRequired, Host, Temporary
from socialdesk.connectors.matrix.discovery import find_server, server_of, user_of
from socialdesk.connectors.matrix.shape import items, mapping, text
from socialdesk.connectors.matrix.wire import Refusal, Wire

NAME = "socialdesk"
"""How the sign-in is called in the account's list of devices."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, where, as which device; ``client`` is our name at an OAuth server, "" for the older sign-in."""

    user: str
    device: str
    base: str
    client: str = ""
    access: str = field(default="", repr=False)
    renewal: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in in the browser gave, kept as one secret: ``client`` may renew with ``renewal``, as ``device``."""

    client: str
    device: str
    renewal: str = field(repr=False)

    def dump(self) -> str:
        """Return it as text."""
        return json.dumps({"client": self.client, "device": self.device, "renewal": self.renewal})


def grant_from(secret: str) -> Grant | None:
    """Return what ``dump`` wrote; None where that is an access token as servers give them."""
    if not secret.startswith("{"):
        return None
    try:
        kept = mapping(json.loads(secret))
    except ValueError:
        return None
    return Grant(text(kept.get("client")), text(kept.get("device")), text(kept.get("renewal")))


class SignIn:
    """Keeps one account signed in."""

    def __init__(self, host: Host, wire: Wire) -> None:
        self._host = host
        self._wire = wire
        self._lock = asyncio.Lock()
        self._session: Session | None = None

    async def session(self) -> Session:
        """Return the session in force: the one in memory, the stored one, or a new one. Raises ``AuthRequired``."""
        async with self._lock:
            if self._session is None:
                kept = await self._host.vault.load_session()
                self._session = _restored(kept) if kept.get("made_for") == self._made_for() else None
            if self._session is None:
                await self._begin()
            assert self._session is not None
            return self._session

    async def renewed(self, stale: Session, reason: str) -> Session:
        """Return a session newer than the one that was refused; raises ``AuthRequired`` with the reason."""
        async with self._lock:
            if self._session is None or self._session.access == stale.access:
                await self._renew(stale, reason)
            assert self._session is not None
            return self._session

    async def _renew(self, stale: Session, reason: str) -> None:
        if stale.renewal:
            try:
                answer = await renew(self._wire, stale)
            except Refusal:
                pass  # the renewal itself has ended: only a new sign-in helps
            else:
                await self._keep(stale, answer)
                return
        self._session = None
        if not await self._optional("password") or await self._optional("token"):
            raise AuthRequired(reason)
        await self._begin(stale)

    async def _begin(self, former: Session | None = None) -> None:
        base = former.base if former else await find_server(self._wire, self._host.options)
        token = await self._optional("token")
        grant = grant_from(token)
        if grant is not None:
            await self._granted(base, grant)
        elif token:
            await self._pasted(base, token)
        else:
            await self._by_password(base, former)

    async def _pasted(self, base: str, token: str) -> None:
        if not (token.isascii() and token.isprintable() and " " not in token):
            raise AuthRequired("an access token has no spaces and plain letters only")
        try:
            answer = await self._wire.call("GET", f"{base}/_matrix/client/v3/account/whoami", token=token)
        except Refusal as refusal:
            raise AuthRequired(refusal.detail) from None
        await self._keep(Session("", "", base), {**answer, "access_token": token})

    async def _granted(self, base: str, grant: Grant) -> None:
        if not (grant.client and grant.renewal):
            raise AuthRequired("what was kept of the sign-in is incomplete")
        begun = Session("", grant.device, base, grant.client, "", grant.renewal)
        try:
            answer = await renew(self._wire, begun)
            url = f"{base}/_matrix/client/v3/account/whoami"
            who = await self._wire.call("GET", url, token=text(answer.get("access_token")))
        except Refusal as refusal:
            raise AuthRequired(refusal.detail) from None
        await self._keep(begun, {**who, **answer})

    async def _by_password(self, base: str, former: Session | None) -> None:
        password = (await self._host.vault.secret("password")).strip()
        kept = await self._host.vault.load_session()
        device = former.device if former else kept.get("device", "")
        answer = await login(self._wire, base, user_of(self._host.options), password, device or _new_device())
        await self._keep(Session("", "", base), answer)

    async def _keep(self, former: Session, answer: Mapping[str, Any]) -> None:
        session = Session(
            user=text(answer.get("user_id")) or former.user,
            device=text(answer.get("device_id")) or former.device,
            base=former.base,
            client=former.client,
            access=text(answer.get("access_token")),
            renewal=text(answer.get("refresh_token")) or former.renewal,
        )
        if not (session.user.startswith("@") and session.access):
            raise Temporary("the sign-in answer is incomplete", code="bad_answer")
        self._session = session
        kept = {name: getattr(session, name) for name in _KEPT}
        await self._host.vault.save_session({"made_for": self._made_for(), **kept})

    async def _optional(self, name: str) -> str:
        try:
            return (await self._host.vault.secret(name)).strip()
        except AuthRequired as error:
            if error.code not in (AuthRequired.code, "secret"):
                raise  # it is there, and cannot be read now
            return ""

    def _made_for(self) -> str:
        return f"{user_of(self._host.options)} {server_of(self._host.options)}"


_KEPT = ("user", "device", "base", "client", "access", "renewal")


def _restored(kept: Mapping[str, str]) -> Session | None:
    whole = all(kept.get(name) for name in ("user", "base", "access"))
    return Session(**{name: kept.get(name, "") for name in _KEPT}) if whole else None


def _new_device() -> str:
    return "SOCIALDESK" + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))


async def login(wire: Wire, base: str, user: str, password: str, device: str) -> dict[str, Any]:
    """Sign in by password as that device; raises ``AuthRequired``, with a code of its own where none are taken."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "device_id": device,
        "initial_device_display_name": NAME,
        "refresh_token": True,
    }
    try:
        return await wire.call("POST", f"{base}/_matrix/client/v3/login", body=body)
    except Refusal as refusal:
        refused = refusal
    if refused.errcode in ("M_UNKNOWN", "M_UNRECOGNIZED") or refused.status == 404:
        known = await flows(wire, base)
        if "m.login.password" not in known:
            raise AuthRequired(refused.detail, code="password_not_taken")
    raise AuthRequired(refused.detail)


async def flows(wire: Wire, base: str) -> list[str]:
    """Return the ways to sign in that the server offers by itself."""
    try:
        answer = await wire.call("GET", f"{base}/_matrix/client/v3/login")
    except Refusal:
        return []
    return [text(mapping(one).get("type")) for one in items(answer.get("flows"))]


async def metadata(wire: Wire, base: str) -> dict[str, Any]:
    """Return what the server says of its OAuth sign-in; empty where it has none."""
    try:
        return await wire.call("GET", f"{base}/_matrix/client/v1/auth_metadata")
    except Refusal:
        return {}


async def renew(wire: Wire, stale: Session) -> dict[str, Any]:
    """Return new tokens; raises ``Refusal``."""
    if not stale.client:
        url = f"{stale.base}/_matrix/client/v3/refresh"
        return await wire.call("POST", url, body={"refresh_token": stale.renewal})
    url = text((await metadata(wire, stale.base)).get("token_endpoint"))
    if not url.startswith(("https://", stale.base + "/")):
        raise Temporary("the server names no place to renew", code="bad_answer")
    form = {"grant_type": "refresh_token", "refresh_token": stale.renewal, "client_id": stale.client}
    return await wire.call("POST", url, form=form)
