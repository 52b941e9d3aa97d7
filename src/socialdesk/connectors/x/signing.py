"""Leave to use an account: OAuth 2.0 with PKCE, for an app of the kind "Native App", which has no secret.

https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code. The code that the browser brings back is good
for 30 seconds.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from socialdesk.connectors import oauth
from socialdesk.connectors.contract import N_, AuthRequired, Dialog, Host
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import text
from socialdesk.connectors.x.client import Wire, server_of

CALLBACK = "http://127.0.0.1:8080/callback"
READING = ("tweet.read", "users.read")
SCOPES = (*READING, "tweet.write", "tweet.moderate.write", "dm.read", "dm.write", "offline.access")
PAGE = "https://x.com/i/oauth2/authorize"


async def sign_in(host: Host, dialog: Dialog) -> Mapping[str, str]:
    """Return the keys that X gives for the code that the person's browser brings back."""
    client, callback = host.options.get("client", "").strip(), host.options.get("callback", "").strip()
    state, proof = secrets.token_urlsafe(16), oauth.verifier()
    asked = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": callback or CALLBACK,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": oauth.challenge(proof),
        "code_challenge_method": "S256",
    }
    await dialog.tell(
        N_(
            "Open this page in any browser where the brand's account is signed in, and authorize the app. The browser then "
            "ends on a page that cannot be shown: copy its address from the browser's bar and paste it here within 30 seconds."
        ),
        f"{PAGE}?{urlencode(asked)}",
    )
    pasted = await dialog.ask(
        N_("Address"), N_("The one in the browser's bar, with code= in it."), secret=True
    )
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(pasted, state),
        "redirect_uri": callback or CALLBACK,
        "client_id": client,
        "code_verifier": proof,
    }
    try:
        answer = await Wire(host).call("POST", f"{server_of(host.options)}/2/oauth2/token", form=form)
    except Refusal as refusal:
        raise AuthRequired(refusal.detail) from None
    access = text(answer.get("access_token"))
    if not access:
        raise AuthRequired("no token was given")
    grant = {
        "access": access,
        "refresh": text(answer.get("refresh_token")),
        "scope": text(answer.get("scope")),
    }
    return {"token": json.dumps(grant)}
