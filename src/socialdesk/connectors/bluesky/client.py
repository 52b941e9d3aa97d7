"""Calls in the name of the signed-in account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialdesk.connectors.bluesky.servers import host_of, hosts
from socialdesk.connectors.bluesky.session import Session, SignIn
from socialdesk.connectors.bluesky.xrpc import Refusal, Wire
from socialdesk.connectors.contract import AuthRequired, Host, Rejected, Temporary, may_reach

CHAT = "did:web:api.bsky.chat#bsky_chat"
"""The service of direct messages; calls for it go through the account's own server."""


class Elsewhere(Temporary):
    """Signed in, but the account is kept on a server that may be reached only once the host has learned of it."""

    def __init__(self, session: Session) -> None:
        super().__init__(f"the account is kept at {host_of(session.pds)}")
        self.session = session


class Client:
    """Reads and writes with the account's session, renewing it when the server asks for that."""

    def __init__(self, host: Host) -> None:
        self.wire = Wire(host)
        self._sign_in = SignIn(host, self.wire)
        self._hosts = hosts(host.options)

    async def session(self) -> Session:
        """Return the session in force. Raises ``AuthRequired`` and ``Elsewhere``."""
        return self._reachable(await self._sign_in.session())

    def _reachable(self, session: Session) -> Session:
        if not may_reach(host_of(session.pds), self._hosts):
            raise Elsewhere(session)
        return session

    async def query(self, nsid: str, params: Mapping[str, Any], *, chat: bool = False) -> dict[str, Any]:
        """Read something."""
        return await self._call("GET", nsid, params=params, chat=chat)

    async def act(self, nsid: str, body: Mapping[str, Any], *, chat: bool = False) -> dict[str, Any]:
        """Do something that others see; may raise ``OutcomeUnknown``."""
        return await self._call("POST", nsid, body=body, chat=chat)

    async def _call(self, method: str, nsid: str, *, chat: bool, **call: Any) -> dict[str, Any]:
        session = await self.session()
        try:
            return await self._once(session, method, nsid, chat, call)
        except Refusal as refusal:
            if not _stale(refusal):
                raise _chat_refused(refusal) if chat else refusal from None
        session = self._reachable(await self._sign_in.renewed(session))
        try:
            return await self._once(session, method, nsid, chat, call)
        except Refusal as refusal:
            if chat:
                raise _chat_refused(refusal) from None
            if _stale(refusal):
                raise AuthRequired(refusal.detail) from refusal
            raise

    async def _once(
        self, session: Session, method: str, nsid: str, chat: bool, call: Mapping[str, Any]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {session.access}"}
        if chat:
            headers["Atproto-Proxy"] = CHAT
        url = f"{session.pds}/xrpc/{nsid}"
        return await self.wire.call(method, url, headers=headers, posts=method == "POST", **call)


def _stale(refusal: Refusal) -> bool:
    """Whether the access token is the trouble. An expired one is HTTP 400, not 401."""
    if refusal.name == "InvalidToken":
        # "Bad token method", formerly "Bad token scope": a good token that may not do this.
        return not refusal.detail.startswith("Bad token")
    return refusal.status == 401 or refusal.name == "ExpiredToken"


def _chat_refused(refusal: Refusal) -> Rejected:
    if refusal.name == "InvalidToken":
        return Rejected(refusal.detail, code="dm_not_allowed")
    return refusal
