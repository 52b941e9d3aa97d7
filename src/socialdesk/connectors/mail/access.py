"""How an account signs in: an app password, or a token that is renewed (XOAUTH2)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from socialdesk.connectors.contract import AuthRequired, Host, RateLimited, Temporary
from socialdesk.connectors.mail.servers import GOOGLE, MICROSOFT, provider

if TYPE_CHECKING:
    import httpx

SCOPES = (
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
)
_EARLY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Pass:
    """What opens the door: a user's name with a password or with a token."""

    user: str
    secret: str = field(repr=False)
    token: bool


class Access:
    """The sign-in of one account."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._lock = asyncio.Lock()

    async def get(self) -> Pass:
        """Return what opens the door now. Raises ``AuthRequired``, ``Temporary``."""
        user = self.user
        if await self._optional("refresh_token"):
            async with self._lock:
                return Pass(user, await self._token(), True)
        password = await self._host.vault.secret("password")
        return Pass(user, password.strip(), False)

    @property
    def user(self) -> str:
        """The name to sign in with: as typed, else the address; Apple wants what stands before the @."""
        options = self._host.options
        typed, address = options.get("user", "").strip(), options.get("address", "").strip()
        known = provider(options).imap
        if not typed and known is not None and known.host == "imap.mail.me.com":
            return address.partition("@")[0]
        return typed or address

    async def refused(self) -> None:
        """Forget the token at hand: a server does not take it."""
        await self._host.vault.save_session(
            {name: value for name, value in (await self._kept()).items() if name != "token"}
        )

    async def _optional(self, name: str) -> str:
        try:
            return (await self._host.vault.secret(name)).strip()
        except AuthRequired as error:
            if error.code not in (AuthRequired.code, "secret"):
                raise  # it is there, and cannot be read now
            return ""

    async def _kept(self) -> dict[str, str]:
        return dict(await self._host.vault.load_session())

    async def _token(self) -> str:
        kept, now = await self._kept(), self._host.clock.now()
        given = await self._optional("refresh_token")
        renewal = kept.get("renewal", given) if kept.get("given") == given else given
        ends = _moment(kept.get("ends", ""))
        if kept.get("given") == given and kept.get("token") and ends is not None and ends - _EARLY > now:
            return kept["token"]
        answer = await self._renewed(renewal)
        token = str(answer.get("access_token") or "")
        if not token:
            raise Temporary("the answer has no token", code="bad_answer")
        lasts = answer.get("expires_in")
        seconds = (
            float(lasts)
            if isinstance(lasts, int | float | str) and str(lasts).replace(".", "", 1).isdigit()
            else 3000.0
        )
        await self._host.vault.save_session(
            {
                "given": given,
                "renewal": str(answer.get("refresh_token") or renewal),
                "token": token,
                "ends": (now + timedelta(seconds=seconds)).isoformat(),
            }
        )
        return token

    async def _renewed(self, renewal: str) -> Mapping[str, Any]:
        client, secret = self._host.options.get("client", "").strip(), await self._optional("client_secret")
        form = {"grant_type": "refresh_token", "refresh_token": renewal, "client_id": client}
        if secret:
            form["client_secret"] = secret
        return await posted(self._host, token_address(self._host.options), form)


def token_address(options: Mapping[str, str]) -> str:
    """Return where tokens are had."""
    if provider(options).tokens == GOOGLE:
        return "https://oauth2.googleapis.com/token"
    return f"{authority(options)}/token"


def authority(options: Mapping[str, str]) -> str:
    """Return Microsoft's address for an organisation's accounts, or for all."""
    tenant = options.get("tenant", "").strip() or "common"
    return f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"


async def posted(host: Host, address: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the answer to a form; an OAuth refusal raises ``AuthRequired`` with its reason."""
    import httpx

    try:
        response = await host.http.post(address, data=dict(form))
    except httpx.TimeoutException as error:
        raise Temporary(type(error).__name__, code="timeout") from error
    except httpx.HTTPError as error:
        raise Temporary(type(error).__name__, code="offline") from error
    answer = _json(response)
    if response.status_code == 429:
        raise RateLimited()
    if response.status_code >= 500 or not answer:
        raise Temporary(f"HTTP {response.status_code}", code="bad_answer")
    if response.status_code >= 400:
        code = str(answer.get("error") or response.status_code)
        words = str(answer.get("error_description") or "").split("\n")[0][:300]
        raise AuthRequired(f"{code}: {words}" if words else code)
    return answer


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return None


__all__ = ["GOOGLE", "MICROSOFT", "SCOPES", "Access", "Pass", "authority", "posted", "token_address"]
