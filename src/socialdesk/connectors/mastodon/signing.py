"""Getting leave to use an account, on a machine without a browser: an address to open anywhere, and a code to type.

https://docs.joinmastodon.org/client/authorized/, with PKCE (RFC 7636) where the server offers it (RFC 8414).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from socialdesk.connectors.contract import N_, AuthRequired, Dialog, Host, Rejected, Temporary
from socialdesk.connectors.mastodon.instance import server_of
from socialdesk.connectors.mastodon.scopes import ALL, COARSE, offered
from socialdesk.connectors.mastodon.shape import identity, items, mapping, text
from socialdesk.connectors.mastodon.wire import Refusal, Wire

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


async def sign_in(host: Host, dialog: Dialog) -> Mapping[str, str]:
    """Return the token that the server gives for the code that the person reads there."""
    wire, server = Wire(host), server_of(host.options.get("server", ""))
    metadata = await _aside(wire, f"{server}/.well-known/oauth-authorization-server")
    app = await _registered(wire, server, await _scopes(wire, server, metadata))
    scopes = app["scopes"]
    verifier = (
        secrets.token_urlsafe(48) if "S256" in items(metadata.get("code_challenge_methods_supported")) else ""
    )
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": OUT_OF_BAND,
        "scope": scopes,
        **({"code_challenge": _challenge(verifier), "code_challenge_method": "S256"} if verifier else {}),
    }
    await dialog.tell(
        N_("Open this page in any browser, sign in there with the account and allow socialdesk to use it:"),
        f"{server}/oauth/authorize?{urlencode(asked)}",
    )
    code = code_of(await dialog.ask(N_("Code"), N_("In the end the page shows a code; copy it whole.")))
    grant = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": OUT_OF_BAND,
        "scope": scopes,
        **({"code_verifier": verifier} if verifier else {}),
    }
    return {"token": await _token(wire, server, grant)}


def code_of(typed: str) -> str:
    """Return the code from what people paste: the code, or the whole address that holds it."""
    typed = typed.strip()
    if "code=" in typed:
        found = parse_qs(urlsplit(typed).query or typed).get("code", [""])
        return found[0].strip()
    return typed


async def _registered(wire: Wire, server: str, scopes: str) -> dict[str, str]:
    """Make ourselves known to the server; whoever is known may ask for leave, no more."""
    form = {"client_name": "socialdesk", "redirect_uris": OUT_OF_BAND, "scopes": scopes}
    try:
        app = mapping((await wire.call("POST", f"{server}/api/v1/apps", form=form)).body)
    except Refusal as refusal:
        if scopes != COARSE and refusal.status in (400, 422):
            return await _registered(wire, server, COARSE)
        if refusal.status in (404, 405):
            raise Rejected(server, code="not_mastodon") from refusal
        raise AuthRequired(refusal.detail) from refusal
    except Temporary as trouble:
        if trouble.code == "bad_answer":  # a page for people
            raise Rejected(server, code="not_mastodon") from trouble
        raise
    known = {name: identity(app.get(name)) for name in ("client_id", "client_secret")}
    if not known["client_id"]:
        raise Temporary("the server gives no client_id", code="bad_answer")
    return {**known, "scopes": scopes}


async def _token(wire: Wire, server: str, grant: Mapping[str, str]) -> str:
    try:
        answer = mapping((await wire.call("POST", f"{server}/oauth/token", form=grant)).body)
    except Refusal as refusal:
        raise AuthRequired(refusal.detail, code="code_refused") from None
    token = text(answer.get("access_token"))
    if not token:
        raise AuthRequired("no token was given")
    return token


async def _scopes(wire: Wire, server: str, metadata: Mapping[str, Any]) -> str:
    """Return what to ask leave for: no more than is needed where the server knows parts, else reading and writing."""
    known = [text(one) for one in items(metadata.get("scopes_supported"))]
    if known:
        return offered(known)
    document = await _aside(wire, f"{server}/api/v1/instance")
    other = "compatible" in text(document.get("version")).lower()
    return COARSE if other else " ".join(ALL)


async def _aside(wire: Wire, url: str) -> dict[str, Any]:
    """Return an answer that may be missing."""
    try:
        return mapping((await wire.call("GET", url)).body)
    except (Refusal, AuthRequired):
        return {}
    except Temporary as trouble:
        if trouble.code in ("offline", "timeout"):
            raise
        return {}


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
