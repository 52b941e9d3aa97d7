"""Calls to the Bot API and what each kind of failure means (https://core.telegram.org/bots/api#making-requests).

The token is a part of every address, so no address and no library's message about one goes into an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Host,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.telegram.shape import mapping, number, text

DEFAULT_SERVER = "https://api.telegram.org"
TIMEOUT = httpx.Timeout(30, connect=10)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LONGEST_WAIT = 86_400


class Conflict(Temporary):
    """Somebody else reads this bot's updates: another program, or a webhook."""


class Moved(Rejected):
    """The group has become a supergroup with another id."""

    def __init__(self, chat: str) -> None:
        super().__init__("the group has another id now", code="rejected")
        self.chat = chat


def server_of(setting: str) -> str:
    """Return the server's address as typed, tidied up."""
    address = setting.strip().rstrip("/") or DEFAULT_SERVER
    return address if "://" in address else f"https://{address}"


class Client:
    """Calls in the name of one bot."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.server = server_of(host.options.get("server", ""))

    async def call(
        self, method: str, body: Mapping[str, Any], *, posts: bool = False, timeout: httpx.Timeout = TIMEOUT
    ) -> Any:
        """Return the result of a method. ``posts`` marks one that others see and that cannot be repeated without thought.

        Raises ``AuthRequired``, ``RateLimited``, ``Rejected``, ``Temporary`` and, for what posts, ``OutcomeUnknown``.
        """
        url = f"{self.server}/bot{await self._token()}/{method}"
        response = await self._sent(url, body, posts, timeout)
        answer = _answer(response)
        if answer.get("ok") is True:
            return answer.get("result")
        if answer.get("ok") is not False:
            raise _doubt(posts, "the answer is not the Bot API's", "bad_answer")
        raise self._refusal(answer, posts)

    async def file(self, path: str, most: int) -> bytes:
        """Return a file; raises ``Rejected`` beyond ``most`` bytes."""
        url = f"{self.server}/file/bot{await self._token()}/{path}"
        try:
            async with self._host.http.stream("GET", url, timeout=TIMEOUT) as response:
                if response.status_code != 200:
                    raise Temporary(f"HTTP {response.status_code}", code="temporary")
                content = bytearray()
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > most:
                        raise Rejected(f"> {most}", code="too_large")
                return bytes(content)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            trouble: ConnectorError = Rejected("the file's address cannot be used", code="bad_address")
        except httpx.RequestError as error:
            trouble = Temporary(type(error).__name__, code="offline")
        raise trouble  # as below

    async def _token(self) -> str:
        token = (await self._host.vault.secret("token")).strip()
        if not all(letter.isalnum() or letter in ":_-" for letter in token) or not token.isascii():
            raise AuthRequired("a token has letters, digits, a colon, lines and dashes only")
        return token

    async def _sent(
        self, url: str, body: Mapping[str, Any], posts: bool, timeout: httpx.Timeout
    ) -> httpx.Response:
        try:
            return await self._host.http.post(url, json=dict(body), timeout=timeout)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            trouble: ConnectorError = Rejected("the server's address cannot be used", code="bad_address")
        except _NOT_SENT as error:
            trouble = Temporary(type(error).__name__, code="offline")
        except httpx.TimeoutException as error:
            trouble = _doubt(posts, type(error).__name__, "timeout")
        except httpx.RequestError as error:
            trouble = _doubt(posts, type(error).__name__, "offline")
        raise trouble  # out here it does not drag the library's error along, which holds the address

    def _refusal(self, answer: dict[str, Any], posts: bool) -> ConnectorError:
        more, told = mapping(answer.get("parameters")), text(answer.get("description"))
        match answer.get("error_code"):
            case 401 | 404:
                return AuthRequired(told)
            case 403 if "USAGE_MISSING" not in told:
                return Rejected(told, code=_code_of_forbidden(told))
            case 409:
                return Conflict(told, code="webhook_set" if "webhook" in told.lower() else "second_reader")
            case 429:
                return RateLimited(told, until=self._until(more.get("retry_after")))
            case code if isinstance(code, int) and code >= 500:
                return _doubt(posts, told, "temporary")
        if moved := number(more.get("migrate_to_chat_id")):
            return Moved(moved)
        return Rejected(told, code=_code_of_bad_request(told))

    def _until(self, seconds: Any) -> Any:
        known = isinstance(seconds, int) and 0 < seconds <= _LONGEST_WAIT
        return self._host.clock.now() + timedelta(seconds=seconds) if known else None


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = mapping(response.json())
    except ValueError:
        answer = {}
    if answer.get("ok") is False:
        return {"error_code": response.status_code, **answer}
    if response.status_code >= 400 and "ok" not in answer:
        return {
            "ok": False,
            "error_code": max(response.status_code, 500),
            "description": f"HTTP {response.status_code}",
        }
    return answer


def _doubt(posts: bool, told: str, code: str) -> ConnectorError:
    return OutcomeUnknown(told) if posts else Temporary(told, code=code)


def _code_of_bad_request(told: str) -> str:
    if "USAGE_MISSING" in told:
        return "window_closed"
    if "BUSINESS_CONNECTION_INVALID" in told:
        return "business_ended"
    return "parent_gone" if "not found" in told.lower() else "rejected"


def _code_of_forbidden(told: str) -> str:
    words = told.lower()
    if "initiate" in words:
        return "messages_disabled"
    return "blocked" if "blocked" in words or "deactivated" in words or "kicked" in words else "rejected"
