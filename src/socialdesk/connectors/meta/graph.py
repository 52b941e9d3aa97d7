"""The Graph API: one call, and what each refusal means (https://developers.facebook.com/docs/graph-api/guides/error-handling).

Branches on the code, then on the subcode: the words change, and so do the subcodes now and then.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Host,
    RateLimited,
    Rejected,
)
from socialdesk.connectors.rest import Refusal, Rest, doubt
from socialdesk.connectors.shapes import items, mapping, mappings, text, whole

VERSION = "v26.0"
_PATIENCE = frozenset(
    {4, 17, 32, 341, 613, 80001, 80002, 80005, 80006, 80007, 130429, 131048, 131056, 131064}
)
_WAIT = timedelta(minutes=5)
_BLOCKED = timedelta(hours=1)
_PAGES = 50
_BUSY = 80
WINDOW = frozenset({2018278, 2018065, 2534022, 2018108})
"""Subcodes of a message that comes too late; code 10 otherwise is a permission."""
_REFUSALS = {
    506: "said_already",
    551: "person_unavailable",
    1705: "reply_refused",
    131026: "person_unavailable",
    131047: "window_closed",
}
_SUBCODES = {2534014: "person_unavailable", 1545041: "person_unavailable", 2534037: "private_once"}
_LEAVE = range(200, 300)


class Wire(Rest):
    """Graph's refusals: ``{"error": {"code", "error_subcode", "message", "is_transient"}}``, with any status from 400."""

    busy = 0
    """How much of what is allowed was used, in percent, by the last answer that told."""

    def words(self, body: dict[str, Any]) -> str:
        """Return what Meta says to people; the words for users, where there are any."""
        error = mapping(body.get("error"))
        return (text(error.get("error_user_msg")) or text(error.get("message")) or super().words(body))[:500]

    def heard(self, response: httpx.Response) -> None:
        """Note how much is used up."""
        self.busy = max((_percent(one) for one in _usages(response)), default=self.busy)

    def failed(self, body: dict[str, Any]) -> bool:
        """Errors come with a good status now and then."""
        return bool(mapping(body.get("error")))

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a refusal means."""
        error = mapping(body.get("error"))
        code, subcode = whole(error.get("code")) or 0, whole(error.get("error_subcode")) or 0
        told = self.words(body)
        if code in (1, 2) or error.get("is_transient") is True:
            return doubt(posts, told)
        if code in (102, 190) or response.status_code == 401:
            return AuthRequired(told, code="token_ended" if subcode in (458, 460, 463, 467) else None)
        if code in _PATIENCE or response.status_code == 429:
            return RateLimited(told, until=self._patience(response))
        if code in (368, 131031):
            return RateLimited(told, until=self.host.clock.now() + _BLOCKED, code="behaviour_limit")
        return Refusal(response.status_code, told, body, _meaning(code, subcode))

    def _patience(self, response: httpx.Response) -> datetime:
        """Return when Meta will listen again: it tells minutes, in the longest of several counts."""
        minutes = [whole(one.get("estimated_time_to_regain_access")) or 0 for one in _usages(response)]
        wait = timedelta(minutes=min(max(minutes, default=0), 60 * 24))
        return self.host.clock.now() + (wait or _WAIT)


def _meaning(code: int, subcode: int) -> str:
    if subcode in WINDOW:
        return "window_closed"
    if subcode in _SUBCODES:
        return _SUBCODES[subcode]
    if code == 100 and subcode == 33:
        return "parent_gone"  # or forbidden: Meta tells them apart for nobody
    if code == 10 or code in _LEAVE or code == 3:
        return "permission_missing"
    return _REFUSALS.get(code, "rejected")


def _usages(response: httpx.Response) -> list[dict[str, Any]]:
    """Return what the headers say of use, by account and kind."""
    found: list[dict[str, Any]] = []
    for name in ("x-business-use-case-usage", "x-app-usage", "x-page-usage"):
        try:
            told = mapping(json.loads(response.headers.get(name, "{}")))
        except ValueError:
            continue
        nested = [one for value in told.values() for one in mappings(value)]
        found += nested or ([told] if told else [])
    return found


def _percent(usage: Mapping[str, Any]) -> int:
    return max(whole(usage.get(name)) or 0 for name in ("call_count", "total_cputime", "total_time"))


class Graph:
    """Calls with one account's own key, which ``identify`` finds."""

    def __init__(self, host: Host, server: str) -> None:
        self.host = host
        self.wire = Wire(host)
        version = host.options.get("version", "").strip() or VERSION
        self.base = f"{(host.options.get('server', '').strip() or server).rstrip('/')}/{version}"
        self._lock = asyncio.Lock()
        self._secret = ""

    @property
    def is_busy(self) -> bool:
        """Whether so much of what is allowed was used that what can wait should wait."""
        return self.wire.busy >= _BUSY

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, *, token: str = ""
    ) -> dict[str, Any]:
        """Read, as the account or as whoever has that token."""
        return await self.ask("GET", path, params=params, token=token)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: Any = None,
        posts: bool = False,
        token: str = "",
    ) -> dict[str, Any]:
        """Call; the key goes in a header, where no log has it."""
        key = token or await self.key()
        proof = await self._proof(key)
        return await self.wire.call(
            method,
            f"{self.base}/{path.lstrip('/')}",
            params={**(params or {}), **proof} or None,
            form=form,
            body=body,
            posts=posts,
            headers={"Authorization": f"Bearer {key}"},
        )

    async def key(self) -> str:
        """Return the key in use. To be overridden where the account's own is got with another."""
        return (await self.host.vault.secret("token")).strip()

    async def every(self, path: str, params: Mapping[str, str]) -> AsyncIterator[list[dict[str, Any]]]:
        """Go through the pages of a list: a page may be empty with more behind it, and ends where none is named."""
        after = ""
        for _ in range(_PAGES):
            answer = await self.get(path, {**params, **({"after": after} if after else {})})
            yield mappings(answer.get("data"))
            paging = mapping(answer.get("paging"))
            former, after = after, text(mapping(paging.get("cursors")).get("after"))
            if not paging.get("next") or not after or after == former:
                return

    async def _proof(self, key: str) -> dict[str, str]:
        """Return the proof that we know the app's secret, where the person gave it."""
        try:
            secret = await self.host.vault.secret("app_secret")
        except AuthRequired as missing:
            if missing.code not in (AuthRequired.code, "secret"):
                raise
            return {}
        if not secret.strip():
            return {}
        digest = hmac.new(secret.strip().encode(), key.encode(), hashlib.sha256).hexdigest()
        return {"appsecret_proof": digest}


def refused_for_leave(error: ConnectorError) -> bool:
    """Say whether a call failed because a permission is missing."""
    return isinstance(error, Rejected) and error.code == "permission_missing"


def scopes_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the permissions in what Meta says of a key."""
    return [one for one in items(mapping(answer.get("data")).get("scopes")) if isinstance(one, str)]
