"""Careful looks into answers whose shape nobody guarantees: a wrong type is as good as nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the array, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return the string, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> str:
    """Return an id as text; "" where it is none. Ids of groups are negative, all may exceed 32 bits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def moment(value: Any) -> datetime | None:
    """Return the moment of seconds since 1970; None where it is none. 0 marks a message that nobody can see."""
    try:
        return datetime.fromtimestamp(value, UTC) if value and number(value) else None
    except (ValueError, OverflowError, OSError):
        return None
