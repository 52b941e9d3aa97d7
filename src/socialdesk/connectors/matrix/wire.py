"""One call over HTTP, and what each kind of failure means (client-server API, "Standard error response").

Branches on status and ``errcode``, never on the message, which is for people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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
from socialdesk.connectors.matrix.shape import mapping, text

TIMEOUT = httpx.Timeout(20, connect=10)
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LOCKED = frozenset({"M_USER_LOCKED", "M_USER_DEACTIVATED"})
_CODES = {"M_TOO_LARGE": "too_long"}
_LONGEST_WAIT = timedelta(days=1)


class Refusal(Rejected):
    """A definite no, with the status and the error code for whoever knows better what it means."""

    def __init__(self, status: int, errcode: str, message: str) -> None:
        super().__init__(message or errcode or f"HTTP {status}", code=_CODES.get(errcode, "rejected"))
        self.status = status
        self.errcode = errcode


class Wire:
    """Calls and answers; knows nothing of who is signed in."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def call(
        self,
        method: str,
        url: str,
        *,
        token: str = "",
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        posts: bool = False,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> dict[str, Any]:
        """Return the answer's object. ``posts`` marks a call that cannot be repeated without thought.

        Raises ``Temporary``, ``RateLimited``, ``AuthRequired``, ``Refusal`` and, for what posts, ``OutcomeUnknown``.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            response = await self._host.http.request(
                method, url, params=params, json=body, data=form, headers=headers, timeout=timeout
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            trouble: ConnectorError = Rejected("the server's address cannot be used", code="bad_address")
        except httpx.RequestError as error:
            trouble = failed(error, posts)
        else:
            return self._read(response, posts)
        raise trouble  # out here it does not drag the library's error along, which holds the token

    def _read(self, response: httpx.Response, posts: bool) -> dict[str, Any]:
        status, answer = response.status_code, _object(response)
        if status == 200 and answer is not None:
            return answer
        raise self.refusal(response, answer, posts)

    def refusal(
        self, response: httpx.Response, answer: dict[str, Any] | None, posts: bool = False
    ) -> ConnectorError:
        """Return what an answer means that is not a good one."""
        status, known = response.status_code, mapping(answer)
        errcode = text(known.get("errcode")) or text(known.get("error"))[:100]
        message = (text(known.get("error_description")) or text(known.get("error")))[:500]
        if status == 429 or errcode == "M_LIMIT_EXCEEDED":
            return RateLimited(message or "HTTP 429", until=self._until(response, known))
        if status >= 500 or status == 408:
            return _doubt(posts, message or f"HTTP {status}")
        if errcode in _LOCKED:
            return AuthRequired(message)
        if status >= 400 and errcode:
            return Refusal(status, errcode, message)
        told = f"HTTP {status} is no answer of a Matrix server"
        return _doubt(posts and status < 300, told, "bad_answer")

    def _until(self, response: httpx.Response, answer: Mapping[str, Any]) -> datetime | None:
        """Return when we may ask again: by the header (RFC 9110), else by the field of before API v1.10."""
        now, header = self._host.clock.now(), response.headers.get("retry-after", "")
        wait = _seconds(header)
        if wait is None and (date := _http_date(header)) is not None:
            return min(date, now + _LONGEST_WAIT)
        if wait is None:
            asked = answer.get("retry_after_ms")
            if isinstance(asked, int | float) and not isinstance(asked, bool):
                wait = _seconds(str(asked / 1000))
        return None if wait is None else now + min(timedelta(seconds=wait), _LONGEST_WAIT)


def failed(error: httpx.RequestError, posts: bool = False) -> ConnectorError:
    """Return what it means that no answer came."""
    told = type(error).__name__
    if isinstance(error, NOT_SENT):
        return Temporary(told, code="offline")
    if isinstance(error, httpx.TimeoutException):
        return _doubt(posts, told, "timeout")
    return _doubt(posts, told, "offline" if isinstance(error, httpx.NetworkError) else "bad_answer")


def _doubt(posts: bool, told: str, code: str = "temporary") -> ConnectorError:
    return OutcomeUnknown(told) if posts else Temporary(told, code=code)


def _object(response: httpx.Response) -> dict[str, Any] | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return min(seconds, _LONGEST_WAIT.total_seconds()) if math.isfinite(seconds) and seconds >= 0 else None


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
