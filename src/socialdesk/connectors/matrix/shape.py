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


def whole(value: Any) -> int | None:
    """Return the whole number; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment(value: Any) -> datetime | None:
    """Return the moment of milliseconds since 1970, as Matrix counts; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def milliseconds(at: datetime) -> int:
    """Return a moment as Matrix counts."""
    return int(at.timestamp() * 1000)
