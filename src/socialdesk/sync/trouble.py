"""What an exception means for an account and for the reply that was being sent."""

from __future__ import annotations

import errno
import socket
import sqlite3
import ssl
from dataclasses import dataclass
from datetime import datetime

import httpx
from sqlalchemy.exc import DBAPIError

from socialdesk.domain.models import AccountState, Delivery
from socialdesk.errors import (
    AuthRequired,
    ConnectorError,
    DeskBusy,
    DeskFileError,
    PluginError,
    RateLimited,
    Rejected,
    SecretError,
    Temporary,
)
from socialdesk.logs import safe_detail
from socialdesk.sync.http import UNSENT

_OFFLINE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.NetworkError)
_UNREACHED = (ConnectionError, socket.gaierror, ssl.SSLError)
_UNREACHABLE = (errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH)
"""What a connector that speaks to the network by itself meets; any other ``OSError`` is the disk's."""
_BAD_ANSWER = (httpx.RemoteProtocolError, httpx.DecodingError, httpx.TooManyRedirects, ValueError)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An account's trouble: its state, the stored problem code, a harmless detail, and when to try again at the earliest."""

    state: AccountState
    code: str
    detail: str
    until: datetime | None = None


def of_account(error: Exception) -> Trouble:
    """Return what an exception from ``check`` or ``fetch`` means for the account."""
    state, code = _account_state(error)
    until = error.until if isinstance(error, RateLimited) else None
    return Trouble(state, code, describe(error), until)


def describe(error: Exception) -> str:
    """Return a short harmless text for people; for a plugin's own exception its type leads."""
    if isinstance(error, ConnectorError | SecretError | DeskBusy | DeskFileError):
        return safe_detail(error.detail)
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return safe_detail(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


def _account_state(error: Exception) -> tuple[AccountState, str]:
    match error:
        case AuthRequired() | SecretError():
            return AccountState.AUTH, error.code
        case RateLimited():
            return AccountState.LIMITED, error.code
        case PluginError():
            return AccountState.BROKEN, error.code
        case Rejected(code="rejected"):
            return AccountState.TROUBLE, "request_refused"
        case ConnectorError():
            return AccountState.OFFLINE if error.code == "offline" else AccountState.TROUBLE, error.code
        case DeskBusy() | DeskFileError():
            return AccountState.TROUBLE, error.code
        case OSError() if isinstance(error, _UNREACHED) or error.errno in _UNREACHABLE:
            return AccountState.OFFLINE, "offline"
        case DBAPIError() | sqlite3.Error() | OSError() if not isinstance(error, TimeoutError):
            return AccountState.TROUBLE, "desk_file"
        case httpx.HTTPStatusError():
            return _status_state(error.response.status_code)
        case httpx.HTTPError() | TimeoutError():
            return _transport_state(error)
        case httpx.InvalidURL():
            return AccountState.TROUBLE, "bad_address"
    if isinstance(error, ValueError) and type(error).__name__ == "JSONDecodeError":
        return AccountState.TROUBLE, "bad_answer"
    return AccountState.BROKEN, "plugin"


def _transport_state(error: Exception) -> tuple[AccountState, str]:
    if isinstance(error, _OFFLINE):
        return AccountState.OFFLINE, "offline"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return AccountState.TROUBLE, "timeout"
    if isinstance(error, _BAD_ANSWER):
        return AccountState.TROUBLE, "bad_answer"
    return AccountState.OFFLINE, "offline"


def _status_state(status: int) -> tuple[AccountState, str]:
    if status in (401, 403):
        return AccountState.AUTH, "auth_required"
    if status == 429:
        return AccountState.LIMITED, "rate_limited"
    return AccountState.TROUBLE, "temporary" if status >= 500 else "request_refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an attempt that raised: the reply's next state, with the reason to store."""

    target: Delivery
    code: str
    detail: str
    until: datetime | None = None


def of_attempt(error: Exception, *, left: bool) -> Verdict:
    """Return what an exception from ``send`` means for the reply.

    Only what the connector says outright, or a connection that never came about, counts as not delivered. ``left``
    tells that a request which can change something was sent before: then even that is uncertain.
    """
    until = error.until if isinstance(error, RateLimited) else None
    detail = describe(error)
    if isinstance(error, Rejected):
        return Verdict(Delivery.FAILED, error.code, detail)
    if isinstance(error, RateLimited | AuthRequired | Temporary | SecretError):
        return Verdict(Delivery.RETRY_WAIT, error.code, detail, until)
    if isinstance(error, UNSENT) and not left:
        return Verdict(Delivery.RETRY_WAIT, "offline", detail)
    code = error.code if isinstance(error, PluginError) else "outcome_unknown"
    return Verdict(Delivery.UNKNOWN, code, detail)
