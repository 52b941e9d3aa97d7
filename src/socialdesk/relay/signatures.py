"""How networks prove that a webhook is theirs, and ask whether an address is ours. Pure.

Meta: https://developers.facebook.com/docs/graph-api/webhooks/getting-started. X: https://docs.x.com/x-api/webhooks.

X asks with any text, and is answered with a signature over it by the key that signs deliveries; so anybody who knows the address could have a
delivery signed. Therefore what is answered has no brace in it, and what is taken begins with one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum


class Kind(StrEnum):
    """Whose webhooks a mailbox takes."""

    META = "meta"
    X = "x"


_ASKED = re.compile(r"[^\s{}]{1,500}")


def is_genuine(kind: Kind, secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Say whether the network signed these very bytes; ``headers`` find their names in any case."""
    if kind is Kind.X and not body.startswith(b"{"):
        return False
    name, signed = _SIGNED[kind]
    return hmac.compare_digest(signed(_hmac(secret, body)).encode(), headers.get(name, "").encode())


def challenge(kind: Kind, secret: str, token: str, query: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the media type and the text that prove to the network that the address is ours; None where it may not know."""
    if kind is Kind.X:
        asked = query.get("crc_token", "")
        if not _ASKED.fullmatch(asked):
            return None
        return "application/json", json.dumps({"response_token": _in_base64(_hmac(secret, asked.encode()))})
    known = hmac.compare_digest(query.get("hub.verify_token", "").encode(), token.encode())
    if query.get("hub.mode") != "subscribe" or not known:
        return None
    return "text/plain", query.get("hub.challenge", "")[:1_000]


def _hmac(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def _in_hex(digest: bytes) -> str:
    return f"sha256={digest.hex()}"


def _in_base64(digest: bytes) -> str:
    return f"sha256={base64.b64encode(digest).decode()}"


_SIGNED: Mapping[Kind, tuple[str, Callable[[bytes], str]]] = {
    Kind.META: ("x-hub-signature-256", _in_hex),
    Kind.X: ("x-twitter-webhooks-signature", _in_base64),
}
