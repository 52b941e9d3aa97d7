"""Where a person puts a conversation: done, snoozed, open again; each move can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from socialdesk.domain.models import Box, Undo
from socialdesk.domain.priority import comes_back, from_ms, to_ms
from socialdesk.domain.text import one_line
from socialdesk.domain.windows import last_call
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import commitments, policies, waits, windows
from socialdesk.storage.database import Reader
from socialdesk.storage.situations import AGENT


def settle(connection: Connection, conversation_id: int, settled_as: str, now: datetime) -> Undo:
    """Put a conversation away as ``resolved`` or ``no_reply``: what is known by now waits no longer.

    What we promised ends when it is resolved; otherwise it keeps the conversation on the desk.
    """
    what = "resolve" if settled_as == "resolved" else settled_as
    if what == "resolve":
        commitments.settle(connection, conversation_id, now)
    return _put(connection, conversation_id, what, Box.DONE, None, to_ms(now), settled_as)


def snooze(connection: Connection, conversation_id: int, until: datetime, now: datetime) -> Undo:
    """Put a conversation out of sight until a moment to come, or until a promise of ours is due before then.

    The customer's wait keeps running, and an answer must still be possible when it comes back.
    """
    if until <= now:
        raise Refused(code="past")
    before = _before(connection, conversation_id, "snooze")
    promised = commitments.earliest(connection, {conversation_id}).get(conversation_id)
    until = comes_back(until, None if promised is None else from_ms(promised), now)
    until = comes_back(until, last_call(windows.awaited(connection, conversation_id)), now)
    settled = None if before.settled_at is None else to_ms(before.settled_at)
    return _put(connection, conversation_id, "snooze", Box.SNOOZED, to_ms(until), settled, before.settled_as)


def reopen(connection: Connection, conversation_id: int) -> Undo:
    """Put a conversation back on the desk, waiting as its messages say."""
    return _put(connection, conversation_id, "reopen", Box.OPEN, None, None, "")


def undo(connection: Connection, before: Undo) -> None:
    """Put a conversation back where it lay; one whose customer has written since stays open (NEEDS B4).

    Where only its situation was changed, only that is put back.
    """
    if before.what == "situation":
        _say(connection, before.conversation_id, before.situation, before.situation_by)
        return
    if before.what == "resolve":
        commitments.unsettle(connection, before.conversation_id)
    _put(
        connection,
        before.conversation_id,
        before.what,
        before.box,
        None if before.snoozed_until is None else to_ms(before.snoozed_until),
        None if before.settled_at is None else to_ms(before.settled_at),
        before.settled_as,
        (before.situation, before.situation_by),
    )


def set_situation(connection: Connection, conversation_id: int, situation: str, by: str = AGENT) -> Undo:
    """Say what kind of case a conversation is; "" leaves it to the rules. Raises ``Refused`` where there is no such."""
    if situation and situation not in policies.in_force(connection).kinds():
        raise Refused(situation, code="situation")
    before = _before(connection, conversation_id, "situation")
    _say(connection, conversation_id, situation, by if situation else "")
    return before


def _say(connection: Connection, conversation_id: int, situation: str, by: str) -> None:
    connection.exec_driver_sql(
        "UPDATE conversation SET situation = ?, situation_by = ? WHERE id = ?",
        (situation, by, conversation_id),
    )
    waits.refresh(connection, {conversation_id})


def set_tags(connection: Connection, conversation_id: int, tags: Iterable[str]) -> tuple[str, ...]:
    """Give the customer of a conversation these tags; the rules judge all that is open of theirs anew.

    Returns them as they are kept: in small letters, without commas, each once.
    """
    _before(connection, conversation_id, "tags")
    words = sorted({word for tag in tags if (word := one_line(tag).replace(",", " ").strip().lower())})
    connection.exec_driver_sql(
        "UPDATE contact SET tags = ? WHERE id = (SELECT contact_id FROM conversation WHERE id = ?)",
        (",".join(words), conversation_id),
    )
    same = connection.exec_driver_sql(
        "SELECT id FROM conversation WHERE box <> 'done'"
        " AND contact_id = (SELECT contact_id FROM conversation WHERE id = ?)",
        (conversation_id,),
    )
    waits.refresh(connection, {row[0] for row in same})
    return tuple(words)


def any_over(reader: Reader, now: datetime) -> bool:
    """Say whether a snooze is over: what the engine asks every second before it writes anything."""
    sql = "SELECT 1 FROM conversation WHERE box = 'snoozed' AND urgency <= :now LIMIT 1"
    return reader.one(sql, {"now": to_ms(now)}) is not None


def wake(connection: Connection, now: datetime) -> int:
    """Bring back the conversations whose snooze is over; returns how many."""
    over = connection.exec_driver_sql(
        "SELECT id FROM conversation WHERE box = 'snoozed' AND urgency <= ?", (to_ms(now),)
    )
    ids = {row[0] for row in over}
    waits.refresh(connection, ids, woken=ids)
    return len(ids)


def _put(
    connection: Connection,
    conversation_id: int,
    what: str,
    box: Box,
    snoozed_until: int | None,
    settled_at: int | None,
    settled_as: str,
    situation: tuple[str, str] | None = None,
) -> Undo:
    before = _before(connection, conversation_id, what)
    kind = (before.situation, before.situation_by) if situation is None else situation
    columns: tuple[Any, ...] = (box.value, snoozed_until, settled_at, settled_as, *kind, conversation_id)
    connection.exec_driver_sql(
        "UPDATE conversation SET box = ?, snoozed_until = ?, settled_at = ?, settled_as = ?, situation = ?,"
        " situation_by = ? WHERE id = ?",
        columns,
    )
    waits.refresh(connection, {conversation_id})
    return before


def _before(connection: Connection, conversation_id: int, what: str) -> Undo:
    row = connection.exec_driver_sql(
        "SELECT box, snoozed_until, settled_at, settled_as, situation, situation_by FROM conversation"
        " WHERE id = ? AND box <> 'erased'",
        (conversation_id,),
    ).first()
    if row is None:
        raise NotFound(str(conversation_id), code="conversation")
    box, snoozed, settled, settled_as, situation, by = row
    return Undo(
        conversation_id,
        what,
        Box(box),
        None if snoozed is None else from_ms(snoozed),
        None if settled is None else from_ms(settled),
        settled_as,
        situation,
        by,
    )
