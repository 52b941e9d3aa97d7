"""The time in which a network takes an answer: a clock of its own beside the wait (Messenger, WhatsApp, business chats).

A promise that is broken can still be kept late; an answer that the network takes no more reaches nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MATTERS = timedelta(hours=8)
"""So long before its end a window is shown: a working day's length."""

SPARE = timedelta(minutes=1)
"""An answer on hold leaves so long before the end at the latest: its way takes a moment."""


LAST_CALL = timedelta(hours=1)
"""A conversation that was snoozed comes back so long before the end."""


def last_call(until: datetime | None) -> datetime | None:
    """Return when a conversation must not be out of sight any more; None where there is no hurry."""
    return None if until is None else until - LAST_CALL


def is_closed(until: datetime | None, now: datetime) -> bool:
    """Say whether a network takes no answer any more."""
    return until is not None and until <= now


def is_shown(until: datetime | None, due_at: datetime | None, now: datetime) -> bool:
    """Say whether a window is worth a word: closed or near its end, or what an answer has to hurry for."""
    if until is None:
        return False
    return until - now < MATTERS or due_at is None or until < due_at


def in_time(leaves_at: datetime, until: datetime | None, now: datetime) -> datetime:
    """Return when an answer leaves whose hold would last longer than the network takes one: just before, or at once."""
    return leaves_at if until is None else max(now, min(leaves_at, until - SPARE))
