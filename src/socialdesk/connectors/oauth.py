"""Sign-in by the browser of any machine: an address to open, and what the person brings back (RFC 6749, RFC 7636).

For networks that send the browser to an address on one's own machine: on a remote shell nothing listens there, and the
browser's error page has the code in its address, which the person pastes.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, unquote, urlsplit

from socialdesk.connectors.contract import AuthRequired


def verifier() -> str:
    """Return a new secret that proves at the end of the sign-in who began it."""
    return secrets.token_urlsafe(48)


def challenge(proof: str) -> str:
    """Return what is told of that secret at the beginning (S256)."""
    digest = hashlib.sha256(proof.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def code_of(pasted: str, state: str) -> str:
    """Return the code in what people paste: the browser's last address, its query, or the code alone.

    Raises ``AuthRequired`` where the address belongs to another sign-in or says that leave was refused.
    """
    pasted = "".join(pasted.split())  # a terminal may have broken it into lines
    if "=" not in pasted:
        return unquote(pasted)
    found = parse_qs(urlsplit(pasted).query or pasted)
    if "error" in found:
        raise AuthRequired(found["error"][0][:200], code="sign_in_refused")
    if found.get("state", [state]) != [state] or "code" not in found:
        raise AuthRequired("that address does not belong to this sign-in", code="sign_in_other")
    return found["code"][0].strip()
