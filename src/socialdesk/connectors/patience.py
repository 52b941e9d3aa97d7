"""How long a network asks to wait, by the headers that are in use. For connectors that speak HTTP.

    except ...: raise RateLimited(words, until=asked_until(response.headers, host.clock.now()))

``RateLimit-Reset``, ``X-RateLimit-Reset`` and ``X-Rate-Limit-Reset`` name the end of the network's window: seconds since 1970
(Bluesky, X), a moment in ISO 8601 (Mastodon), or the seconds that are left (the IETF's draft, Reddit). ``Retry-After`` holds seconds or a date (RFC 9110,
10.2.3). Moments are meant by the server's own clock, which ``Date`` tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
_LEFT = 100_000_000
"""Fewer seconds than these are seconds left, more are since 1970: that would be 1973, or three years of waiting."""
_LONGEST = timedelta(days=366)


def asked_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the network may be asked again, by our clock; None where it names no moment that can be believed.

    ``headers`` find their names in any case, as an HTTP client's do; ``now`` is the host's clock's.
    """
    ahead = clock_ahead(headers, now)
    readers = [(_reset, name) for name in _RESETS] + [(_retry_after, "retry-after")]
    for reader, name in readers:
        try:
            until = reader(headers.get(name, "").strip(), now, ahead)
            if until is not None and abs(until - now) < _LONGEST:
                return until
        except (ValueError, TypeError, OverflowError, OSError, IndexError):
            continue
    return None


def clock_ahead(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how far the server's clock is ahead of ours by its ``Date``, exact to a second; nothing where it tells none that can be believed."""
    try:
        ahead = http_date(headers.get("date", "")) - now
        return ahead if abs(ahead) < _LONGEST else timedelta()
    except (ValueError, TypeError, OverflowError, IndexError):
        return timedelta()


def http_date(value: str) -> datetime:
    """Return the moment in an HTTP date (RFC 9110, 5.6.7); raises ``ValueError``, ``TypeError`` or the like for anything else."""
    date = parsedate_to_datetime(value)
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def _reset(value: str, now: datetime, ahead: timedelta) -> datetime | None:
    if "-" in value[1:]:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) - ahead
    if not value:
        return None
    number = float(value)
    return now + timedelta(seconds=number) if number < _LEFT else datetime.fromtimestamp(number, UTC) - ahead


def _retry_after(value: str, now: datetime, ahead: timedelta) -> datetime | None:
    if not value:
        return None
    try:
        return now + timedelta(seconds=float(value))
    except ValueError:
        return http_date(value) - ahead
