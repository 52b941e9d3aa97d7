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
    Temporary,
)
from socialdesk.connectors.rest import Refusal, Rest, doubt
from socialdesk.connectors.shapes import identity, items, mapping, mappings, since_1970, text, whole

VERSION = "v26.0"
_PATIENCE = frozenset({4, 17, 32, 341, 613, *range(80000, 80015), 130429, 131048, 131056, 131064})
_WAIT = timedelta(minutes=5)
_BLOCKED = timedelta(hours=1)
_PAGES = 50
_SOON = timedelta(days=14)
_BUSY = 80
_SAID = 1000
_HUGE = 10**15
WINDOW = frozenset({2018278, 2018065, 2534022, 2018108})
"""Subcodes of a message that comes too late; code 10 otherwise is a permission."""
_REFUSALS = {
    506: "said_already",
    551: "person_unavailable",
    1705: "reply_refused",
    10900: "private_once",
    131026: "person_unavailable",
    131047: "window_closed",
}
_SUBCODES = {
    1545041: "person_unavailable",
    2018001: "person_unavailable",
    2534014: "person_unavailable",
    2534037: "private_once",
}
_LEAVE = range(200, 300)
_PLACES = ("after", "until", "since", "offset", "__paging_token")
"""What the address of a following page may say of its place; a key that stands there too goes nowhere."""


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
        """Errors come with a good status now and then, and so does an act that was not done."""
        return bool(mapping(body.get("error"))) or body.get("success") is False

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a refusal means."""
        error = mapping(body.get("error"))
        code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
        told = self.words(body)
        if code in _PATIENCE or response.status_code == 429:  # limits are called transient, too
            return RateLimited(told, until=self._patience(response))
        if code in (368, 131031):
            return RateLimited(told, until=self.host.clock.now() + _BLOCKED, code="behaviour_limit")
        if code in (102, 190) or response.status_code == 401:
            return AuthRequired(told, code="token_ended" if subcode in (458, 460, 463, 467) else None)
        if code in (1, 2) or error.get("is_transient") is True:
            return doubt(posts, told)
        return Refusal(response.status_code, told, body, _meaning(code, subcode))

    def _patience(self, response: httpx.Response) -> datetime:
        """Return when Meta will listen again: it tells minutes, in the longest of several counts."""
        minutes = [_number(one.get("estimated_time_to_regain_access")) for one in _usages(response)]
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
    return max(_number(usage.get(name)) for name in ("call_count", "total_cputime", "total_time"))


def _number(value: Any) -> int:
    """Return the number, 0 where it is none; Meta writes some of them in digits, and percents with a point."""
    if isinstance(value, float) and abs(value) < _HUGE:
        return int(value)
    digits = text(value)
    if digits.isascii() and digits.isdecimal() and len(digits) < 16:
        return int(digits)
    found = whole(value) or 0
    return found if abs(found) < _HUGE else 0


def _following(paging: Mapping[str, Any]) -> dict[str, str]:
    """Return what asks for the page after this one; nothing where none is named. Some lists have no cursors, only an address."""
    address = text(paging.get("next"))
    if not address:
        return {}
    if after := text(mapping(paging.get("cursors")).get("after")):
        return {"after": after}
    try:
        told = httpx.URL(address).params
    except (httpx.InvalidURL, ValueError):
        return {}
    return {name: told[name] for name in _PLACES if name in told}


class Graph:
    """Calls with one account's own key, which ``identify`` finds."""

    def __init__(self, host: Host, server: str) -> None:
        self.host = host
        self.wire = Wire(host)
        version = host.options.get("version", "").strip() or VERSION
        self.base = f"{(host.options.get('server', '').strip() or server).rstrip('/')}/{version}"
        self._lock = asyncio.Lock()
        self._said: dict[str, str] = {}

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
        try:
            return await self.wire.call(
                method,
                f"{self.base}/{path.lstrip('/')}",
                params={**(params or {}), **proof} or None,
                form=form,
                body=body,
                posts=posts,
                headers={"Authorization": f"Bearer {key}"},
            )
        except AuthRequired:
            if not token:
                self.refused()
            raise

    def is_of_another(self, name: str, key: str) -> bool:
        """Say whether something of ours is known to be another answer than that of a key: the same words may be said twice."""
        return self._said.get(name, key) != key

    def note(self, name: str, key: str) -> None:
        """Remember which answer became what."""
        self._said[name] = key
        if len(self._said) > _SAID:
            del self._said[next(iter(self._said))]

    def refused(self) -> None:
        """Learn that the key in use is not taken any more. To be overridden where it can be got anew."""

    async def key(self) -> str:
        """Return the key in use. To be overridden where the account's own is got with another."""
        return (await self.host.vault.secret("token")).strip()

    async def every(
        self, path: str, params: Mapping[str, str], *, token: str = "", most: int = _PAGES
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Go through the pages of a list: a page may be empty with more behind it, and the list ends where none is named."""
        following: dict[str, str] = {}
        for _ in range(most):
            rows, following = await self.page(path, params, following, token=token)
            yield rows
            if not following:
                return

    async def page(
        self, path: str, params: Mapping[str, str], place: Mapping[str, str], *, token: str = ""
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Return one page of a list, and the place of the one after it; nothing where this is the last."""
        answer = await self.get(path, {**params, **place}, token=token)
        rows, following = self.listed(answer)
        return rows, {} if following == dict(place) else following

    @staticmethod
    def listed(answer: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Return the rows of a list, and the place of the page after it; one without any is no empty list."""
        if "data" not in answer:
            raise Temporary("a list without its rows", code="bad_answer")
        return mappings(answer["data"]), _following(mapping(answer.get("paging")))

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


def scopes_of(answer: Mapping[str, Any]) -> list[str]:
    """Return the permissions in what Meta says of a key."""
    return [one for one in items(mapping(answer.get("data")).get("scopes")) if isinstance(one, str)]


def barred_scopes(answer: Mapping[str, Any], *accounts: str) -> set[str]:
    """Return the permissions that were granted for other accounts only."""
    barred = set()
    for one in mappings(mapping(answer.get("data")).get("granular_scopes")):
        targets = [identity(target) for target in items(one.get("target_ids"))]
        if targets and not set(targets) & set(accounts):
            barred.add(text(one.get("scope")))
    return barred


def ends_soon(about: Mapping[str, Any], now: datetime) -> bool:
    """Say whether a key, or its leave to read, ends within two weeks."""
    ends = [since_1970(about.get(name)) for name in ("expires_at", "data_access_expires_at")]
    return any(end is not None and end - now < _SOON for end in ends)
