"""What waits in the outbox, or among the acts, for a moment that only a clock which was ahead can have written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.domain.priority import to_ms
from socialdesk.storage.database import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST_HOLD = timedelta(hours=3)
"""No setting holds a reply for longer, not even one that could do harm."""

_HELD = "account_id = :account AND state = 'queued' AND scheduled = 0 AND next_attempt_at > :held"
_TRIED = "account_id = :account AND state IN ('retry_wait', 'unknown') AND next_attempt_at > :tried"
_ACTS = "account_id = :account AND state = 'queued' AND due_at > :tried"
_ANY = (
    f"SELECT 1 FROM outbox WHERE {_HELD} UNION ALL SELECT 1 FROM outbox WHERE {_TRIED}"  # noqa: S608
    f" UNION ALL SELECT 1 FROM act WHERE {_ACTS} LIMIT 1"
)
_CHANGES = (
    f"UPDATE outbox SET next_attempt_at = :due WHERE {_HELD}",  # noqa: S608
    f"UPDATE outbox SET next_attempt_at = :due WHERE {_TRIED}",  # noqa: S608
    f"UPDATE act SET due_at = :due WHERE {_ACTS}",  # noqa: S608
)


def waits(reader: Reader, account_id: int, now: datetime, longest: timedelta) -> bool:
    """Say whether anything of an account waits so; no try is put off for longer than ``longest``."""
    return reader.one(_ANY, _moments(account_id, now, longest)) is not None


def draw_near(
    connection: Connection, account_id: int, now: datetime, longest: timedelta, due: datetime
) -> None:
    """Let it leave at ``due``; what somebody has scheduled stays where they put it."""
    from sqlalchemy import text

    for change in _CHANGES:
        connection.execute(text(change), _moments(account_id, now, longest) | {"due": to_ms(due)})


def _moments(account_id: int, now: datetime, longest: timedelta) -> dict[str, int]:
    return {"account": account_id, "held": to_ms(now + LONGEST_HOLD), "tried": to_ms(now + longest)}
