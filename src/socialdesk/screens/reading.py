"""Reads that need more than one call of the desk; run off the screen's thread."""

from __future__ import annotations

from datetime import datetime

from socialdesk.desk import Desk
from socialdesk.domain.models import OutboxItem, QueueRow, QueueWindow, Seek, State, Thread, View
from socialdesk.errors import NotFound
from socialdesk.screens.views import fits
from socialdesk.wording import clock_time, day, number

LONG_PAGE = 500


def warm(now: datetime) -> None:
    """Load the person's formats of numbers and times here rather than on the screen's thread: that takes a while."""
    number(0)
    clock_time(now)
    day(now)


def window_around(desk: Desk, view: View, row: QueueRow | None, now: datetime) -> QueueWindow:
    """Return the rows around one, wherever it has gone in the view; else those where it was."""
    if row is None:
        return desk.queue(view)
    window = desk.queue(view, Seek("around", row.key))
    if any(found.id == row.id for found in window.rows):
        return window
    try:
        fresh = desk.row(row.id)
    except NotFound:
        return window
    return desk.queue(view, Seek("around", fresh.key)) if fits(view, fresh, now) else window


def next_waiting(desk: Desk, view: View, row: QueueRow) -> QueueRow | None:
    """Return the most urgent row below this one that still waits for an answer; else the first that does, or None."""
    for seek in (Seek("after", row.key), Seek("top")):
        for found in desk.queue(view, seek).rows:
            if found.state is State.WAITING and found.delivery is None and found.id != row.id:
                return found
    return None


def outbox_with_rows(desk: Desk) -> list[tuple[OutboxItem, QueueRow]]:
    """Return the answers that have not settled, each with its conversation."""
    return [(reply, desk.row(reply.conversation_id)) for reply in desk.outbox()]


def thread_with(desk: Desk, conversation_id: int, message_id: int | None, now: datetime) -> Thread:
    """Return the newest page of a conversation, and as many older ones as it takes to reach a message."""
    warm(now)
    thread = desk.thread(conversation_id)
    while message_id is not None and thread.older and thread.messages[0].id > message_id:
        page = desk.thread(conversation_id, before=thread.messages[0].id, limit=LONG_PAGE)
        older = tuple(m for m in page.messages if m.outbox_id is None)
        if not older:
            break
        thread = thread._replace(messages=(*older, *thread.messages), older=page.older)
    return thread
