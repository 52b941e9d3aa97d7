"""Until when a network takes an answer to a conversation, and answers that would come too late for it."""

from __future__ import annotations

from datetime import datetime

from socialdesk.domain.priority import from_ms
from socialdesk.domain.windows import is_closed
from socialdesk.errors import Refused
from socialdesk.storage.source import Source, one

_UNTIL = "SELECT answer_until FROM conversation WHERE id = :id"


def until(source: Source, conversation_id: int) -> datetime | None:
    """Return until when the network takes an answer; None where it names no end."""
    found = one(source, _UNTIL, {"id": conversation_id})
    return None if found is None or found[0] is None else from_ms(found[0])


def why_not(source: Source, conversation_id: int, leaves_at: datetime, now: datetime) -> Refused | None:
    """Return why an answer would reach nobody: the network takes none any more, or not by the time that it leaves."""
    end = until(source, conversation_id)
    if is_closed(end, now):
        return Refused(code="window_closed")
    return Refused(code="window_ends") if is_closed(end, leaves_at) else None
