"""Rows of a queue for tests: every value has a plausible default."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.domain.models import QueueRow, State

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def make_row(number: int = 1, **changes: Any) -> QueueRow:
    """Return conversation ``number``, which has waited that many minutes of its five hours."""
    values: dict[str, Any] = {
        "id": number,
        "urgency": number * 10,
        "brand": "Zapatos Luna",
        "account": "luna",
        "channel": "bluesky",
        "handle": f"c{number}.example",
        "name": f"Cliente {number}",
        "state": State.WAITING,
        "private": False,
        "waiting_since": NOW - timedelta(minutes=number),
        "due_at": NOW + timedelta(hours=5, minutes=-number),
        "snoozed_until": None,
        "nudges": 0,
        "messages": 1,
        "language": "es",
        "preview": f"mensaje {number}",
        "last_at": NOW,
        "delivery": None,
        "draft": False,
    }
    return QueueRow(**{**values, **changes})
