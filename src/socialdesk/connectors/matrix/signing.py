"""Signing in by a conversation: the server's own page and a code where it offers that (RFC 8628), else the password."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

from socialdesk.connectors.contract import N_, AuthRequired, Dialog, Host, Temporary
from socialdesk.connectors.matrix.discovery import find_server, user_of
from socialdesk.connectors.matrix.session import NAME, Grant, flows, login, metadata
from socialdesk.connectors.matrix.shape import items, text, whole
from socialdesk.connectors.matrix.wire import Refusal, Wire

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_HOME = "https://socialdesk.invalid/"
"""Servers want the address of a page about the program; there is none, and this name can be nobody's (RFC 2606)."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_FOREVER = 30 * 60


async def sign_in(host: Host, wire: Wire, dialog: Dialog) -> Mapping[str, str]:
    """Return the secrets that the person gave, or that the server gave for them."""
    base = await find_server(wire, host.options)
    known = await metadata(wire, base)
    if DEVICE_GRANT in items(known.get("grant_types_supported")) and known.get(
        "device_authorization_endpoint"
    ):
        return {"token": (await _by_code(wire, known, dialog)).dump()}
    if known and "m.login.password" not in await flows(wire, base):
        raise AuthRequired(code="password_not_taken")
    password = await dialog.ask(N_("Password"), secret=True)
    await _try_out(wire, base, user_of(host.options), password)
    return {"password": password}


async def _try_out(wire: Wire, base: str, user: str, password: str) -> None:
    """Sign in and out again: the device that stays is made by whoever keeps it."""
    answer = await login(wire, base, user, password, _new_device())
    url = f"{base}/_matrix/client/v3/logout"
    await wire.call("POST", url, token=text(answer.get("access_token")), body={})


async def _by_code(wire: Wire, known: Mapping[str, Any], dialog: Dialog) -> Grant:
    places = [
        text(known.get(name))
        for name in ("registration_endpoint", "device_authorization_endpoint", "token_endpoint")
    ]
    if not all(place.startswith(("https://", "http://127.0.0.1")) for place in places):
        raise Temporary("the server names no place to sign in", code="bad_answer")
    registration, begin, tokens = places
    try:
        client = text((await wire.call("POST", registration, body=_registered())).get("client_id"))
        device = _new_device()
        scope = f"urn:matrix:client:api:* urn:matrix:client:device:{device}"
        begun = await wire.call("POST", begin, form={"client_id": client, "scope": scope})
    except Refusal as refusal:
        raise AuthRequired(refusal.detail) from None
    code, shown = text(begun.get("device_code")), text(begun.get("user_code"))
    page = text(begun.get("verification_uri"))
    if not (client and code and shown and page.startswith("https://")):
        raise Temporary("the answer has no code", code="bad_answer")
    await dialog.tell(N_("Open this page in any browser and type the code that stands below it:"), page)
    await dialog.tell(N_("The code:"), shown)
    grant = {"grant_type": DEVICE_GRANT, "device_code": code, "client_id": client}
    return Grant(client, device, await _waited(wire, tokens, grant, begun))


async def _waited(wire: Wire, url: str, grant: Mapping[str, str], begun: Mapping[str, Any]) -> str:
    """Ask until the person has agreed, as slowly as the server wants; returns what renews the sign-in."""
    pace = max(whole(begun.get("interval")) or 5, 1)
    ends, waited = min(whole(begun.get("expires_in")) or 900, _FOREVER), 0
    while waited < ends:
        await asyncio.sleep(pace)
        waited += pace
        try:
            answer = await wire.call("POST", url, form=grant)
        except Refusal as refusal:
            if refusal.errcode == "slow_down":
                pace += 5
            elif refusal.errcode != "authorization_pending":
                raise AuthRequired(refusal.detail) from None
            continue
        except Temporary:
            continue
        renewal = text(answer.get("refresh_token"))
        if not renewal:
            raise AuthRequired("no refresh token was given")
        return renewal
    raise AuthRequired("expired_token")


def _registered() -> dict[str, Any]:
    return {
        "client_name": NAME,
        "client_uri": _HOME,
        "application_type": "native",
        "grant_types": [DEVICE_GRANT, "refresh_token"],
        "token_endpoint_auth_method": "none",
    }


def _new_device() -> str:
    return "SOCIALDESK" + "".join(secrets.choice(_LETTERS) for _ in range(8))
