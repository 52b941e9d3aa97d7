"""Careful looks into answers whose shape nobody guarantees: a wrong type is as good as nothing. For any connector."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

_YEARS = range(1970, 9999)
_FINER = re.compile(r"(\.\d{6})\d+")


def mapping(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the array, or an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects in an array; what else stands there counts for nothing."""
    return [one for one in items(value) if isinstance(one, dict)]


def text(value: Any) -> str:
    """Return the string, or an empty one."""
    return value if isinstance(value, str) else ""


def identity(value: Any) -> str:
    """Return an id as text, "" where it is none; some servers write theirs as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value) if text(value).isprintable() else ""


def whole(value: Any) -> int | None:
    """Return the whole number; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment(value: Any) -> datetime | None:
    """Return the moment written in ISO 8601, aware and in UTC; None where it is none.

    Without a zone it is UTC. Takes nanoseconds, no fraction at all, and offsets with or without a colon.
    """
    try:
        found = datetime.fromisoformat(_FINER.sub(r"\1", text(value).strip()))
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def since_1970(value: Any) -> datetime | None:
    """Return the moment of seconds or milliseconds since 1970, written as a number or in digits; None where it is none."""
    digits = str(value) if whole(value) is not None else text(value)
    if not digits.isdecimal() or not 1 <= len(digits) <= 15:
        return None
    number = int(digits)
    seconds = number / 1000 if number > 100_000_000_000 else number
    return datetime.fromtimestamp(seconds, UTC) if number else None


def stamp(at: datetime) -> str:
    """Return a moment as most networks read it: whole seconds, in UTC, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def web(value: Any) -> str:
    """Return the address of a page, or nothing."""
    address = text(value)
    return address if address.startswith(("https://", "http://")) else ""


def digest(one: Any) -> str:
    """Return a name for what has no id."""
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:32]
