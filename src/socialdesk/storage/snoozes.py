"""Conversations that a person has put off until a moment, and their coming back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from socialdesk.domain.priority import to_ms
from socialdesk.storage import waits
from socialdesk.storage.database import Reader

# A snoozed conversation's place in its box is the moment of its return, which the queue's index serves.
_OVER = "SELECT id FROM conversation WHERE box = 'snoozed' AND urgency <= "


def any_over(reader: Reader, now: datetime) -> bool:
    """Say whether a snooze is over."""
    return reader.one(f"{_OVER}:now LIMIT 1", {"now": to_ms(now)}) is not None


def wake(connection: Connection, now: datetime, promises: Mapping[str, timedelta]) -> int:
    """Bring back the conversations whose snooze is over; returns how many."""
    ids = [row[0] for row in connection.exec_driver_sql(f"{_OVER}?", (to_ms(now),))]
    waits.refresh(connection, ids, promises, woken=ids)
    return len(ids)
