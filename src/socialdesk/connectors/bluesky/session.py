"""Signing in, and staying signed in (https://docs.bsky.app/docs/api/com-atproto-server-create-session).

A session is kept in the vault and renewed when the server says that it has expired: signing in anew is limited to
300 a day. Renewals happen one at a time and are stored at once, because a renewal replaces both tokens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from socialdesk.connectors.bluesky.shape import items, mapping, text
from socialdesk.connectors.bluesky.xrpc import Refusal, Wire
from socialdesk.connectors.contract import AuthRequired, Host, Temporary

DEFAULT_SERVICE = "https://bsky.social"
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, where, and with what; ``made_for`` tells whether the settings have changed since."""

    did: str
    handle: str
    pds: str
    made_for: str
    access: str = field(repr=False)
    renewal: str = field(repr=False)


class SignIn:
    """Keeps one account signed in."""

    def __init__(self, host: Host, wire: Wire) -> None:
        self._host = host
        self._wire = wire
        self._lock = asyncio.Lock()
        self._session: Session | None = None
        self._service = service_of(host.options.get("service", ""))
        self._identifier = identifier_of(host.options.get("handle", ""), self._service)

    async def session(self) -> Session:
        """Return the session in force: the one in memory, the stored one, or a new one. Raises ``AuthRequired``."""
        async with self._lock:
            if self._session is None:
                self._session = self._restored(await self._host.vault.load_session())
            if self._session is None:
                await self._sign_in()
            assert self._session is not None
            return self._session

    async def renewed(self, stale: Session) -> Session:
        """Return a session newer than the one that was refused, signing in anew where it cannot be renewed."""
        async with self._lock:
            if self._session is None or self._session.access == stale.access:
                await self._renew(stale)
            assert self._session is not None
            return self._session

    async def _renew(self, stale: Session) -> None:
        try:
            answer = await self._wire.call(
                "POST",
                f"{stale.pds}/xrpc/com.atproto.server.refreshSession",
                headers={"Authorization": f"Bearer {stale.renewal}"},
            )
        except Refusal:
            await self._sign_in()
            return
        await self._keep(answer, stale.pds)

    async def _sign_in(self) -> None:
        self._session = None
        password = (await self._host.vault.secret("password")).strip()
        url = f"{self._service}/xrpc/com.atproto.server.createSession"
        body = {"identifier": self._identifier, "password": password}
        try:
            answer = await self._wire.call("POST", url, headers={}, body=body)
        except Refusal as refusal:
            if refusal.status == 404:
                raise Temporary(f"no Bluesky server at {self._service}", code="bad_answer") from refusal
            raise AuthRequired(refusal.detail) from refusal
        await self._keep(answer, self._service)

    async def _keep(self, answer: Mapping[str, Any], otherwise: str) -> None:
        session = Session(
            did=text(answer.get("did")),
            handle=text(answer.get("handle")),
            pds=pds_of(answer.get("didDoc"), otherwise),
            made_for=self._made_for(),
            access=text(answer.get("accessJwt")),
            renewal=text(answer.get("refreshJwt")),
        )
        if not (session.did and session.access and session.renewal):
            raise Temporary("the sign-in answer is incomplete", code="bad_answer")
        if answer.get("active") is False:
            raise AuthRequired(f"the account is {text(answer.get('status')) or 'not active'}")
        self._session = session
        await self._host.vault.save_session(_stored(session))

    def _restored(self, kept: Mapping[str, str]) -> Session | None:
        if kept.get("made_for") != self._made_for() or not kept.get("accessJwt"):
            return None
        return Session(
            kept.get("did", ""),
            kept.get("handle", ""),
            kept.get("pds", self._service),
            kept["made_for"],
            kept["accessJwt"],
            kept.get("refreshJwt", ""),
        )

    def _made_for(self) -> str:
        return f"{self._identifier} {self._service}"


def service_of(setting: str) -> str:
    """Return the server's address as typed, tidied up: https unless http was asked for, no slash at the end."""
    address = setting.translate(_INVISIBLE).strip().rstrip("/") or DEFAULT_SERVICE
    return address if "://" in address else f"https://{address}"


def identifier_of(setting: str, service: str = DEFAULT_SERVICE) -> str:
    """Return what people type as their name (``@shop``, `` shop.bsky.social``) as the server expects it."""
    name = setting.translate(_INVISIBLE).strip().lstrip("@").strip()
    if not name or "." in name or name.startswith("did:") or service != DEFAULT_SERVICE:
        return name if name.startswith("did:") else name.lower()
    return f"{name.lower()}.bsky.social"


def _stored(session: Session) -> dict[str, str]:
    return {
        "did": session.did,
        "handle": session.handle,
        "pds": session.pds,
        "made_for": session.made_for,
        "accessJwt": session.access,
        "refreshJwt": session.renewal,
    }


def pds_of(document: Any, otherwise: str) -> str:
    """Return the account's own server, named in its DID document; never from https down to http."""
    for service in map(mapping, items(mapping(document).get("service"))):
        address = text(service.get("serviceEndpoint")).rstrip("/")
        if text(service.get("id")).endswith("#atproto_pds") and address.startswith(("https://", "http://")):
            return otherwise if otherwise.startswith("https:") and address.startswith("http:") else address
    return otherwise
