"""Signing in by a conversation: an app password, Microsoft's code on another screen, or Google's token."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from socialdesk.connectors.contract import N_, AuthRequired, Dialog, Host, Temporary
from socialdesk.connectors.mail.access import GOOGLE, MICROSOFT, SCOPES, authority, posted
from socialdesk.connectors.mail.post import try_out
from socialdesk.connectors.mail.servers import provider

_PAGES = {
    "imap.gmail.com": (
        N_("Google makes app passwords, once two-step verification is on, at:"),
        "https://myaccount.google.com/apppasswords",
    ),
    "imap.mail.me.com": (
        N_("Apple makes app-specific passwords under Sign-in and security, at:"),
        "https://account.apple.com",
    ),
    "imap.mail.yahoo.com": (
        N_("Yahoo makes app passwords under Security, at:"),
        "https://login.yahoo.com/account/security",
    ),
    "imap.fastmail.com": (
        N_("Fastmail makes app passwords under Privacy and security, at:"),
        "https://app.fastmail.com/settings/security",
    ),
}
_FOREVER = 30 * 60


async def sign_in(host: Host, dialog: Dialog) -> Mapping[str, str]:
    """Return the secrets that the person gave, or that the provider gave for them."""
    known, client = provider(host.options), host.options.get("client", "").strip()
    if known.tokens == MICROSOFT:
        return await _by_code(host, dialog, client)
    if known.tokens == GOOGLE and client:
        token = await dialog.ask(
            N_("Refresh token"), N_("The one that Google gave for this client id."), secret=True
        )
        secret = await dialog.ask(N_("Client secret"), secret=True)
        return {"refresh_token": token, "client_secret": secret}
    page = _PAGES.get(known.imap.host) if known.imap else None
    if page:
        await dialog.tell(*page)
    password = await dialog.ask(N_("Password"), secret=True)
    await try_out(host, password)
    return {"password": password}


async def _by_code(host: Host, dialog: Dialog, client: str) -> Mapping[str, str]:
    """Microsoft takes no passwords: a code is typed on its page, in any browser (RFC 8628)."""
    if not client:
        raise AuthRequired(code="client_missing")
    form = {"client_id": client, "scope": SCOPES}
    started = await posted(host, f"{authority(host.options)}/devicecode", form)
    code, shown, page = (
        str(started.get(name) or "") for name in ("device_code", "user_code", "verification_uri")
    )
    if not (code and shown and page.startswith("https://")):
        raise Temporary("the answer has no code", code="bad_answer")
    await dialog.tell(N_("Open this page in any browser and type the code that stands below it:"), page)
    await dialog.tell(N_("The code:"), shown)
    pace = _number(started.get("interval"), 5)
    ends = min(_number(started.get("expires_in"), 900), _FOREVER)
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": client,
        "device_code": code,
    }
    waited = 0
    while waited < ends:
        await asyncio.sleep(pace)
        waited += pace
        try:
            answer = await posted(host, f"{authority(host.options)}/token", grant)
        except AuthRequired as refusal:
            if refusal.detail.startswith("slow_down"):
                pace += 5
            elif not refusal.detail.startswith("authorization_pending"):
                raise
            continue
        except Temporary:
            continue
        token = str(answer.get("refresh_token") or "")
        if not token:
            raise AuthRequired("no refresh token was given")
        return {"refresh_token": token}
    raise AuthRequired("expired_token")


def _number(value: object, otherwise: int) -> int:
    return max(int(value), 1) if isinstance(value, int | float) else otherwise
