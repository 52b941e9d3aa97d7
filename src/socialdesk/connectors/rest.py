"""One call over HTTP to a network that answers in JSON, and what each kind of failure means.

For connectors whose network has refusals of its own shape: they subclass ``Rest`` and say what a refusal means. Reads
nothing but JSON objects, looks at status and codes, and keeps the network's words for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from socialdesk.connectors.contract import (
    ConnectorError,
    Host,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.patience import asked_until
from socialdesk.connectors.shapes import mapping, text

TIMEOUT = httpx.Timeout(20, connect=10)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Refusal(Rejected):
    """A definite no, with the status and the body for whoever knows better what it means."""

    def __init__(self, status: int, message: str, body: Mapping[str, Any], code: str = "rejected") -> None:
        super().__init__(message or f"HTTP {status}", code=code)
        self.status = status
        self.body = body


class Rest:
    """Calls and answers; knows nothing of who is signed in."""

    def __init__(self, host: Host) -> None:
        self.host = host

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        posts: bool = False,
    ) -> dict[str, Any]:
        """Return the answer's object. ``body`` goes out as JSON; ``posts`` marks a call that cannot be repeated without thought.

        Raises ``Temporary``, ``RateLimited``, ``Refusal``, ``AuthRequired`` and, for what posts, ``OutcomeUnknown``.
        """
        try:
            response = await self.host.http.request(
                method, url, params=params, json=body, data=form, headers=dict(headers or {}), timeout=TIMEOUT
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Rejected(str(error), code="bad_address") from error
        except httpx.RequestError as error:
            raise trouble_of(error, posts) from error
        found = _object(response)
        if response.is_success and found is not None and not self.failed(found):
            self.heard(response)
            return found
        raise self._trouble(response, found, posts)

    def heard(self, response: httpx.Response) -> None:
        """Look at what a good answer says beside its body. To be overridden where that matters."""

    def failed(self, body: dict[str, Any]) -> bool:
        """Say whether an answer with a good status is a refusal all the same."""
        return False

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a readable answer with a status of 400 to 499 means. To be overridden by every network."""
        if response.status_code == 429:
            return self.limited(response, self.words(body))
        return Refusal(response.status_code, self.words(body), body)

    def words(self, body: dict[str, Any]) -> str:
        """Return what the network says to people."""
        told = body.get("error_description") or body.get("detail") or body.get("message") or body.get("error")
        return text(told)[:500]

    def limited(self, response: httpx.Response, words: str = "") -> RateLimited:
        """Return the refusal of a network that wants patience."""
        until = asked_until(response.headers, self.host.clock.now())
        return RateLimited(words or f"HTTP {response.status_code}", until=until)

    def _trouble(self, response: httpx.Response, found: dict[str, Any] | None, posts: bool) -> ConnectorError:
        status, body = response.status_code, mapping(found)
        if status < 500 and status != 408 and found is not None and (status >= 400 or self.failed(body)):
            return self.refusal(response, body, posts)
        if status == 429:
            return self.limited(response)
        if status >= 500 or status == 408:
            return doubt(posts, self.words(body) or f"HTTP {status}")
        if status < 300:
            return doubt(posts, "no JSON", "bad_answer")
        where = "sent to another address" if status < 400 else "no JSON"
        return Temporary(f"HTTP {status}, {where}", code="bad_answer")

    async def file(self, url: str, most: int, headers: Mapping[str, str] | None = None) -> bytes:
        """Return what lies at an address; raises ``Rejected`` ("too_large") beyond ``most`` bytes."""
        try:
            async with self.host.http.stream(
                "GET", url, headers=dict(headers or {}), timeout=TIMEOUT
            ) as answer:
                if answer.status_code == 429:
                    raise self.limited(answer)
                return await _body(answer, most)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Rejected(str(error), code="bad_address") from error
        except httpx.RequestError as error:
            raise trouble_of(error) from error


def trouble_of(error: httpx.RequestError, posts: bool = False) -> OutcomeUnknown | Temporary:
    """Return what a connection's trouble means."""
    told = str(error) or type(error).__name__
    if isinstance(error, _NOT_SENT):
        return Temporary(told, code="offline")
    if isinstance(error, httpx.TimeoutException):
        return doubt(posts, told, "timeout")
    return doubt(posts, told, "offline" if isinstance(error, httpx.NetworkError) else "bad_answer")


def doubt(posts: bool, detail: str, code: str | None = None) -> OutcomeUnknown | Temporary:
    """Return the trouble of a request of which nobody knows whether it was carried out: grave only for what posts."""
    return OutcomeUnknown(detail) if posts else Temporary(detail, code=code)


async def _body(response: httpx.Response, most: int) -> bytes:
    if 400 <= response.status_code < 500:
        raise Rejected("the file is not there any more", code="parent_gone")
    if response.status_code != 200:
        raise Temporary(f"HTTP {response.status_code}")
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > most:
            raise Rejected(f"> {most}", code="too_large")
    return bytes(content)


def _object(response: httpx.Response) -> dict[str, Any] | None:
    """Return the answer's object; no body at all is an empty one where that is a good answer."""
    if response.is_success and not response.content.strip():
        return {}
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
