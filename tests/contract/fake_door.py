"""How the stand-in for Mastodon lets programs in (https://docs.joinmastodon.org/client/authorized/)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from contract.fake_toots import SERVER, good, refuse

GRANULAR = [
    "read",
    "read:accounts",
    "read:statuses",
    "read:notifications",
    "write",
    "write:statuses",
    "write:media",
    "write:favourites",
    "write:accounts",
    "write:mutes",
    "write:blocks",
    "write:reports",
]
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_SCOPES = (  # (method, path, scope)
    ("GET", r"/api/v1/notifications", "read:notifications"),
    ("GET", r"/api/v1/streaming/.*", "read:notifications"),
    ("GET", r"/api/v1/accounts/verify_credentials", "read:accounts"),
    ("PATCH", r"/api/v1/accounts/update_credentials", "write:accounts"),
    ("GET", r"/api/v1/accounts/\w+/statuses", "read:statuses"),
    ("GET", r"/api/v1/statuses.*", "read:statuses"),
    ("POST", r"/api/v1/statuses", "write:statuses"),
    ("POST", r"/api/v1/statuses/\w+/(un)?favourite", "write:favourites"),
    ("POST", r"/api/v1/accounts/\w+/(un)?mute", "write:mutes"),
    ("POST", r"/api/v1/accounts/\w+/(un)?block", "write:blocks"),
    ("POST", r"/api/v1/reports", "write:reports"),
)


def may(scopes: list[str], method: str, path: str) -> bool:
    """Say whether a token with these scopes may do that."""
    scope = next((s for m, p, s in _SCOPES if m == method and re.fullmatch(p, path)), "")
    return not scope or scope in scopes or scope.partition(":")[0] in scopes


class FakeDoor:
    """The programs that are known, and the codes that people were shown."""

    def __init__(self) -> None:
        self.apps: dict[str, dict[str, str]] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def register(self, body: dict[str, Any]) -> httpx.Response:
        """A program makes itself known."""
        assert set(body) == {"client_name", "redirect_uris", "scopes"}
        if not set(body["scopes"].split()) <= set(GRANULAR):
            return refuse(422, "Validation failed: Scopes doesn't match configured on the server.")
        number = f"app{len(self.apps)}"
        self.apps[number] = {**body, "client_secret": f"secret of {number}"}
        return good({"id": "1", "client_id": number, "client_secret": f"secret of {number}"})

    def authorize(self, address: str) -> str:
        """Somebody allows what a page asks for; returns the code that it shows."""
        asked = dict(parse_qsl(urlsplit(address).query))
        app = self.apps[asked["client_id"]]
        assert address.startswith(f"{SERVER}/oauth/authorize?") and asked["response_type"] == "code"
        assert asked["redirect_uri"] == app["redirect_uris"] == OUT_OF_BAND
        assert set(asked["scope"].split()) <= set(app["scopes"].split())
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code

    def let_in(self, body: dict[str, Any], token: str) -> httpx.Response:
        """A code is changed for a token."""
        asked = self.codes.pop(body.get("code", ""), None)
        app = self.apps.get(body.get("client_id", ""), {})
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not app or body.get("client_secret") != app["client_secret"]:
            return _no(401, "invalid_client", "Unknown client")
        if (
            asked is None
            or body["grant_type"] != "authorization_code"
            or asked["client_id"] != body["client_id"]
            or body["redirect_uri"] != asked["redirect_uri"]
            or asked["code_challenge"] != challenge
        ):
            told = "The provided authorization grant is invalid, expired, or revoked"
            return _no(400, "invalid_grant", told)
        granted = {"access_token": token, "token_type": "Bearer", "scope": asked["scope"], "created_at": 1}
        return good(granted)


def _no(status: int, error: str, told: str) -> httpx.Response:
    return httpx.Response(status, json={"error": error, "error_description": told})
