"""Calls in the name of the signed-in account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from socialdesk.connectors.contract import AuthRequired, Host, Rejected
from socialdesk.connectors.matrix.session import Session, SignIn
from socialdesk.connectors.matrix.wire import TIMEOUT, Refusal, Wire, failed


def path(*parts: str) -> str:
    """Return a path of the API with ids in it, each made safe."""
    return "/".join(quote(part, safe="") for part in parts)


class Client:
    """Reads and writes with the account's session, renewing it when the server asks for that."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.wire = Wire(host)
        self._sign_in = SignIn(host, self.wire)

    async def session(self) -> Session:
        """Return the session in force. Raises ``AuthRequired``."""
        return await self._sign_in.session()

    async def call(
        self,
        method: str,
        where: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        posts: bool = False,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> dict[str, Any]:
        """Return the answer to a call below ``/_matrix/client/v3/``; see ``Wire.call``."""
        session = await self.session()
        for again in (False, True):
            url = f"{session.base}/_matrix/client/v3/{where}"
            try:
                return await self.wire.call(
                    method, url, token=session.access, params=params, body=body, posts=posts, timeout=timeout
                )
            except Refusal as refusal:
                if refusal.status != 401:
                    raise
                told = refusal.detail
            if again:
                break
            session = await self._sign_in.renewed(session, told)
        raise AuthRequired(told)

    async def content(self, where: str, most: int) -> bytes:
        """Return what lies at a path below ``/_matrix/``; raises ``Rejected`` beyond ``most`` bytes."""
        session = await self.session()
        for again in (False, True):
            try:
                return await self._content(session, where, most)
            except Refusal as refusal:
                if refusal.status != 401 or again:
                    raise
                session = await self._sign_in.renewed(session, refusal.detail)
        raise AssertionError

    async def _content(self, session: Session, where: str, most: int) -> bytes:
        url, headers = f"{session.base}/_matrix/{where}", {"Authorization": f"Bearer {session.access}"}
        try:
            async with self.host.http.stream("GET", url, headers=headers, timeout=TIMEOUT) as response:
                if response.status_code != 200:
                    await response.aread()
                    raise self.wire.refusal(response, _json(response))
                found = bytearray()
                async for part in response.aiter_bytes():
                    found += part
                    if len(found) > most:
                        raise Rejected(f"> {most}", code="too_large")
                return bytes(found)
        except httpx.RequestError as error:
            trouble = failed(error)
        raise trouble


def _json(response: httpx.Response) -> dict[str, Any] | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
