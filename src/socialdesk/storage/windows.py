"""Until when a network takes an answer to a conversation, and answers that would come too late for it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.priority import from_ms
from socialdesk.domain.windows import is_closed
from socialdesk.errors import Refused
from socialdesk.storage.source import Source, one

if TYPE_CHECKING:
    from sqlalchemy import Connection

_UNTIL = "SELECT answer_until FROM conversation WHERE id = :id"


def until(source: Source, conversation_id: int) -> datetime | None:
    """Return until when the network takes an answer; None where it names no end."""
    found = one(source, _UNTIL, {"id": conversation_id})
    return None if found is None or found[0] is None else from_ms(found[0])


def awaited(source: Source, conversation_id: int) -> datetime | None:
    """Return until when whoever waits in a conversation can be answered; None where nobody waits or nothing ends."""
    found = one(source, _UNTIL + " AND waiting_since IS NOT NULL", {"id": conversation_id})
    return None if found is None or found[0] is None else from_ms(found[0])


def why_not(source: Source, conversation_id: int, leaves_at: datetime, now: datetime) -> Refused | None:
    """Return why an answer would reach nobody: the network takes none any more, or not by the time that it leaves."""
    end = until(source, conversation_id)
    if is_closed(end, now):
        return Refused(code="window_closed")
    return Refused(code="window_ends") if is_closed(end, leaves_at) else None


def forget(connection: Connection, account_id: int) -> None:
    """Believe no end that was told under other settings: a template, or leave to answer for longer, may have changed it.

    Until customers write again the network itself has the last word.
    """
    from socialdesk.storage import waits

    found = connection.exec_driver_sql(
        "SELECT id FROM conversation WHERE account_id = ? AND answer_until IS NOT NULL", (account_id,)
    )
    numbers = [number for (number,) in found]
    connection.exec_driver_sql(
        "UPDATE message SET answer_until = NULL"
        " WHERE conversation_id IN (SELECT value FROM json_each(?)) AND answer_until IS NOT NULL",
        (json.dumps(numbers),),
    )
    waits.refresh(connection, numbers)
