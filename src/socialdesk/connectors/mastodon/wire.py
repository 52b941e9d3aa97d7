"""One call over HTTP, and what each kind of failure means (https://docs.joinmastodon.org/api/guidelines/).

Branches on the status only: the words of an error are translated by the server and change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from socialdesk.connectors.mastodon.shape import mapping, text
from socialdesk.connectors.patience import asked_until, clock_ahead

TIMEOUT = httpx.Timeout(20, connect=10)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_JSON = {"Accept": "application/json"}  # some servers have pages for people at the same addresses
_UNCERTAIN = (408, 409, 425)
"""Too slow, or the same request is being worked on (GoToSocial says so of a repeated Idempotency-Key)."""


class Refusal(Rejected):
    """A definite no, with its status for whoever knows better what it means."""

    def __init__(self, status: int, message: str, posts: bool) -> None:
        gone = posts and status in (404, 410)
        super().__init__(message, code="parent_gone" if gone else "rejected")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: JSON, and the ids of the pages before and after it, where the server names them."""

    body: Any
    links: Mapping[str, str]


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
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        posts: bool = False,
    ) -> Answer:
        """Return the answer. ``body`` goes out as JSON, ``form`` as OAuth wants it; ``posts`` marks a call that cannot be repeated without thought.

        Raises ``AuthRequired``, ``Temporary``, ``RateLimited``, ``Refusal`` and, for what posts, ``OutcomeUnknown``.
        """
        try:
            response = await self._http.request(
                method,
                url,
                params=params,
                json=body,
                data=form,
                headers={**_JSON, **(headers or {})},
                timeout=TIMEOUT,
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Rejected(str(error), code="bad_address") from error
        except UnicodeEncodeError as error:
            raise Rejected("half a character, as no text has it") from error
        except httpx.RequestError as error:
            raise trouble_of(error, posts) from error
        if "date" in response.headers:
            self.skew = clock_ahead(response.headers, self._clock.now())
        return self._read(response, posts)

    def _read(self, response: httpx.Response, posts: bool) -> Answer:
        status, (readable, body) = response.status_code, _json(response)
        if 200 <= status < 300 and readable:
            return Answer(body, _links(response))
        raise self.refusal(response, readable, body, posts)

    def refusal(self, response: httpx.Response, readable: bool, body: Any, posts: bool) -> ConnectorError:
        """Return what a bad answer means."""
        status = response.status_code
        told = text(mapping(body).get("error_description")) or text(mapping(body).get("error"))
        told = told[:500] or f"HTTP {status}"
        if status == 429:
            return RateLimited(told, until=asked_until(response.headers, self._clock.now()))
        if status >= 500 or status in _UNCERTAIN:
            return _doubt(posts, told)
        if status == 401:
            return AuthRequired(told)
        if status >= 400 and readable:
            return Refusal(status, told, posts)
        if status < 300:
            return _doubt(posts, f"{_kind(response)} instead of JSON", "bad_answer")
        where = ", sent to another address" if status < 400 else f", {_kind(response)} instead of JSON"
        return Temporary(f"HTTP {status}{where}", code="bad_answer")


def trouble_of(error: httpx.RequestError, posts: bool = False) -> OutcomeUnknown | Temporary:
    """Return what a connection's trouble means."""
    told = str(error) or type(error).__name__
    if isinstance(error, _NOT_SENT):
        return Temporary(told, code="offline")
    if isinstance(error, httpx.TimeoutException):
        return _doubt(posts, told, "timeout")
    return _doubt(posts, told, "offline" if isinstance(error, httpx.NetworkError) else "bad_answer")


def _doubt(posts: bool, detail: str, code: str | None = None) -> OutcomeUnknown | Temporary:
    return OutcomeUnknown(detail) if posts else Temporary(detail, code=code)


def _json(response: httpx.Response) -> tuple[bool, Any]:
    """Return whether the body is JSON, and what it holds; no body at all is an empty object."""
    if response.is_success and not response.content.strip():
        return True, {}
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return False, None
    return isinstance(found, dict | list), found


def _kind(response: httpx.Response) -> str:
    kind: str = response.headers.get("content-type", "").split(";")[0]
    return "unreadable JSON" if kind == "application/json" else "no JSON"


def _links(response: httpx.Response) -> dict[str, str]:
    """Return the ids in the Link header: ``next`` with its max_id, ``prev`` with its min_id."""
    found: dict[str, str] = {}
    try:
        for rel, name in (("next", "max_id"), ("prev", "min_id")):
            target = response.links.get(rel, {}).get("url", "")
            if value := httpx.URL(target).params.get(name, "") if target else "":
                found[rel] = value
    except (httpx.InvalidURL, ValueError):
        return {}
    return found
