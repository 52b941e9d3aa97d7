"""The wait clock of a conversation, derived from its messages (NEEDS A1, A4, B4).

It is computed from the messages each time one of them changes, never stepped: a late, edited, deleted or
back-dated message therefore gives the same result in whatever order the network hands them over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from socialdesk.domain.models import Direction

Moment = TypeVar("Moment", datetime, int)
"""Aware datetimes, or milliseconds where there are many: the rule only compares them."""


class Heard(NamedTuple, Generic[Moment]):
    """What the clock needs to know of a message.

    ``at`` is when it was written, ``known_at`` when this desk could first have shown it. ``from_desk`` marks a
    reply that left from here: it cannot have answered what was not yet known when it left.
    """

    direction: Direction
    at: Moment
    known_at: Moment
    from_desk: bool = False


class Wait(NamedTuple, Generic[Moment]):
    """The customer's wait: since the first unanswered message; ``nudges`` counts those after it."""

    since: Moment | None
    nudges: int = 0


def wait_of(messages: Iterable[Heard[Moment]], settled_at: Moment | None = None) -> Wait[Moment]:
    """Return the wait of a conversation.

    ``settled_at`` is when a person last said that nothing more is owed (resolved, or no reply needed): what was
    known by then does not wait, whatever arrives later does, even back-dated.
    """
    heard = list(messages)
    replies = [m for m in heard if m.direction is Direction.OUT]
    answered_at = max((m.at for m in replies), default=None)
    from_desk = max((m.known_at for m in replies if m.from_desk), default=None)

    def owed(message: Heard[Moment]) -> bool:
        if settled_at is not None and message.known_at <= settled_at:
            return False
        if answered_at is None or message.at > answered_at:
            return True
        return from_desk is not None and message.known_at > from_desk

    waiting = [m.at for m in heard if m.direction is Direction.IN and owed(m)]
    if not waiting:
        return Wait(None)
    return Wait(min(waiting), len(waiting) - 1)


class Case(NamedTuple, Generic[Moment]):
    """What a conversation is about now: since its first message, or the first after it was last settled.

    ``began`` is the customer's first message of it; ``replied`` says whether an answer has left since.
    """

    began: Moment | None = None
    replied: bool = False


def case_of(messages: Iterable[Heard[Moment]], settled_at: Moment | None = None) -> Case[Moment]:
    """Return the case that a conversation is about; ``settled_at`` as in ``wait_of``.

    A reply belongs to it by when it left, the customer's messages by when they were known here.
    """
    began, replied = None, False
    for message in messages:
        if message.direction is Direction.IN:
            if (settled_at is None or message.known_at > settled_at) and (
                began is None or message.at < began
            ):
                began = message.at
        elif not replied:
            left = message.known_at if message.from_desk else message.at
            replied = settled_at is None or left > settled_at
    return Case(began, replied)
