"""One call over HTTP, and what each kind of failure means (https://atproto.com/specs/xrpc).

Branches on status and error name, never on the message, which is for people and may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from socialdesk.connectors.bluesky.shape import mapping, text
from socialdesk.connectors.contract import Host, OutcomeUnknown, RateLimited, Rejected, Temporary
from socialdesk.connectors.patience import asked_until, clock_ahead

TIMEOUT = httpx.Timeout(20, connect=10)
_CODES = {
    "MessagesDisabled": "messages_disabled",
    "NotFollowedBySender": "not_followed",
    "BlockedActor": "blocked",
    "BlockedSubject": "blocked",
    "BlockedByActor": "blocked",
}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Refusal(Rejected):
    """A definite no, with the status and the error name for whoever knows better what it means."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message or name or f"HTTP {status}", code=_CODES.get(name, "rejected"))
        self.status = status
        self.name = name


class Wire:
    """Calls and answers; knows nothing of who is signed in."""

    def __init__(self, host: Host) -> None:
        self._http = host.http
        self._clock = host.clock
        self.skew = timedelta()
        """How far the server's clock is ahead of ours, by its last answer; exact to a second."""

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        posts: bool = False,
    ) -> dict[str, Any]:
        """Return the answer's object. ``posts`` marks a call that cannot be repeated without thought.

        Raises ``Temporary``, ``RateLimited``, ``Refusal`` and, for what posts, ``OutcomeUnknown``.
        """
        try:
            response = await self._http.request(
                method, url, params=params, json=body, headers=dict(headers), timeout=TIMEOUT
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Rejected(str(error), code="bad_address") from error
        except httpx.RequestError as error:
            raise trouble_of(error, posts) from error
        self._note_time(response)
        return self._read(response, posts)

    def _read(self, response: httpx.Response, posts: bool) -> dict[str, Any]:
        status, answer = response.status_code, _object(response)
        if status == 200 and answer is not None:
            return answer
        message = text(mapping(answer).get("message"))[:500]
        if status == 429:
            raise self.limited(response, message)
        if status >= 500 or status == 408:
            raise _doubt(posts, message or f"HTTP {status}")
        if status >= 400 and answer is not None:
            raise Refusal(status, text(answer.get("error")), message)
        what = response.headers.get("content-type", "").split(";")[0] or "nothing readable"
        told = "unreadable JSON" if what == "application/json" else f"{what} instead of JSON"
        if status < 300:
            raise _doubt(posts, told, "bad_answer")
        if status < 400:
            raise Temporary(f"HTTP {status}, sent to another address", code="bad_answer")
        raise Temporary(f"HTTP {status}, {told}", code="bad_answer")

    def limited(self, response: httpx.Response, message: str = "") -> RateLimited:
        """Return the refusal of a server that wants patience."""
        until = asked_until(response.headers, self._clock.now())
        return RateLimited(message or "HTTP 429", until=until)

    def _note_time(self, response: httpx.Response) -> None:
        if "date" in response.headers:
            self.skew = clock_ahead(response.headers, self._clock.now())


def trouble_of(error: httpx.RequestError, posts: bool = False) -> OutcomeUnknown | Temporary:
    """Return what a connection's trouble means."""
    told = str(error) or type(error).__name__
    return (
        Temporary(told, code="offline") if isinstance(error, _NOT_SENT) else _doubt(posts, told, _code(error))
    )


def _doubt(posts: bool, detail: str, code: str | None = None) -> OutcomeUnknown | Temporary:
    return OutcomeUnknown(detail) if posts else Temporary(detail, code=code)


def _object(response: httpx.Response) -> dict[str, Any] | None:
    """Return the answer's object; some procedures answer with an empty body."""
    if response.status_code == 200 and not response.content:
        return {}
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _code(error: httpx.RequestError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    return "offline" if isinstance(error, httpx.NetworkError) else "bad_answer"
