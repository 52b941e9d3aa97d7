"""Sign-in to Google and calls as whoever signed in; for Google's reviews and YouTube's comments.

https://developers.google.com/identity/protocols/oauth2/native-app. Neither of the two rights can be had by Google's sign-in for
devices, and the one by a code to copy ended in 2022: the browser ends on an address of one's own machine, which is pasted.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from socialdesk.connectors import oauth
from socialdesk.connectors.contract import (
    N_,
    AuthRequired,
    ConnectorError,
    Dialog,
    Host,
    Setting,
    Temporary,
)
from socialdesk.connectors.rest import Refusal, Rest
from socialdesk.connectors.shapes import mapping, mappings, text, whole

PAGE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKENS = "https://oauth2.googleapis.com/token"
CALLBACK = "http://127.0.0.1:8080/"

CLIENT = Setting(
    "client",
    N_("Client ID"),
    N_(
        'Of an OAuth client of the kind "Desktop app" in a project of yours on console.cloud.google.com, under APIs and Services, '
        'Credentials. Publish the consent screen: in "Testing" every sign-in ends after seven days.'
    ),
)
TOKEN = Setting(
    "token", N_("Sign-in"), N_("Leave it empty to sign in by the browser."), secret=True, required=False
)


class Wire(Rest):
    """Google's refusals: ``{"error": {"code", "status", "message", "errors": [{"reason"}]}}``."""

    def words(self, body: dict[str, Any]) -> str:
        """Return what Google says to people."""
        return (text(mapping(body.get("error")).get("message")) or super().words(body))[:500]

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a refusal means."""
        status, told, reason = response.status_code, self.words(body), reason_of(body)
        if status == 401:
            return AuthRequired(told)
        if _narrow(body):
            return AuthRequired(told, code="scope_missing")
        if unapproved(body):
            return AuthRequired(told, code="api_not_approved")
        if status == 429 or reason in ("rateLimitExceeded", "userRateLimitExceeded"):
            return self.limited(response, told)
        return Refusal(status, told, body, "parent_gone" if status == 404 else "rejected")


def reason_of(body: Mapping[str, Any]) -> str:
    """Return the first reason that Google names, "" where there is none."""
    for one in mappings(mapping(body.get("error")).get("errors")):
        if text(one.get("reason")):
            return text(one.get("reason"))
    return ""


def _narrow(body: Mapping[str, Any]) -> bool:
    """Say whether the sign-in gave less leave than was asked for: a box was not ticked."""
    details = mappings(mapping(body.get("error")).get("details"))
    told = {text(one.get("reason")) for one in details} | {reason_of(body)}
    return bool(told & {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})


def unapproved(body: Mapping[str, Any]) -> bool:
    """Say whether the project may not call at all yet: the API is switched off, or its quota is nought until Google agrees."""
    for one in mappings(mapping(body.get("error")).get("details")):
        about = mapping(one.get("metadata"))
        if (
            text(one.get("reason")) in ("SERVICE_DISABLED", "API_DISABLED")
            or about.get("quota_limit_value") == "0"
        ):
            return True
    return reason_of(body) == "accessNotConfigured"


class Google:
    """One person's leave, as one OAuth client."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.wire = Wire(host)
        self._lock = asyncio.Lock()
        self._access = ""

    async def get(self, url: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Read."""
        return await self.ask("GET", url, params=params)

    async def ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        posts: bool = False,
    ) -> dict[str, Any]:
        """Call; what the key in use no longer opens is tried once with a new one."""
        for last in (False, True):
            access = await self._signed_in()
            try:
                return await self.wire.call(
                    method,
                    url,
                    params=params,
                    body=body,
                    posts=posts,
                    headers={"Authorization": f"Bearer {access}"},
                )
            except AuthRequired as refusal:
                if last or refusal.code != AuthRequired.code:
                    raise
                self._forget(access)
        raise AssertionError

    def _forget(self, access: str) -> None:
        if self._access == access:
            self._access = ""

    async def _signed_in(self) -> str:
        async with self._lock:
            if not self._access:
                self._access = await self._renewed()
            return self._access

    async def _renewed(self) -> str:
        grant = _grant(await self.host.vault.secret("token"))
        form = {
            "grant_type": "refresh_token",
            "refresh_token": grant["refresh"],
            "client_id": self.host.options.get("client", ""),
            "client_secret": grant["client_secret"],
        }
        try:
            answer = await self.wire.call("POST", TOKENS, form=form)
        except Refusal as refusal:
            ended = text(refusal.body.get("error")) == "invalid_grant"
            raise AuthRequired(refusal.detail, code="google_grant_ended" if ended else None) from None
        access = text(answer.get("access_token"))
        if not access:
            raise Temporary("the renewal brought nothing", code="bad_answer")
        return access


async def sign_in(host: Host, dialog: Dialog, scope: str) -> Mapping[str, str]:
    """Return what the sign-in in the person's browser gave, as one secret."""
    client, state, proof = host.options.get("client", "").strip(), secrets.token_urlsafe(16), oauth.verifier()
    asked = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": CALLBACK,
        "scope": scope,
        "state": state,
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": oauth.challenge(proof),
        "code_challenge_method": "S256",
    }
    known = await dialog.ask(
        N_("Client secret"), N_("It stands beside the client ID in the console."), secret=True
    )
    await dialog.tell(
        N_(
            "Open this page in any browser, sign in as somebody who manages the profile, and allow it. The browser then ends on a "
            "page that cannot be shown: copy its address from the browser's bar and paste it here."
        ),
        f"{PAGE}?{urlencode(asked)}",
    )
    pasted = await dialog.ask(
        N_("Address"), N_("The one in the browser's bar, with code= in it."), secret=True
    )
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(pasted, state),
        "redirect_uri": CALLBACK,
        "client_id": client,
        "client_secret": known.strip(),
        "code_verifier": proof,
    }
    try:
        answer = await Wire(host).call("POST", TOKENS, form=form)
    except Refusal as refusal:
        raise AuthRequired(refusal.detail) from None
    renewal = text(answer.get("refresh_token"))
    if not renewal:
        raise AuthRequired("no lasting leave was given")
    return {"token": json.dumps({"refresh": renewal, "client_secret": known.strip()})}


def _grant(secret: str) -> dict[str, str]:
    try:
        kept = mapping(json.loads(secret))
    except ValueError:
        kept = {}
    grant = {name: text(kept.get(name)) for name in ("refresh", "client_secret")}
    if not grant["refresh"]:
        raise AuthRequired("what was kept of the sign-in is incomplete")
    return grant


def size(value: Any) -> int:
    """Return a count, nought where there is none; Google writes some of its numbers as text."""
    number = int(value) if text(value).isdecimal() and len(value) < 16 else whole(value)
    return number if number is not None and number > 0 else 0
