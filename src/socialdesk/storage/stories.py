"""What the messages of conversations say to the clock and to the queue, many conversations at once."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from socialdesk.domain.models import Direction
from socialdesk.domain.waiting import Heard

_IN = Direction.IN.value
_DIRECTIONS = {direction.value: direction for direction in Direction}


@dataclass(slots=True)
class Story:
    """The messages of one conversation; ``shown`` is the one to preview, ``inbound`` says that it is the customer's.

    ``heard`` leaves out what we sent automatically: nobody answered with it. ``count`` does not. ``answer_until`` is the latest end of
    the time in which the network takes an answer, ``rating`` the newest stars.
    """

    heard: list[Heard[int]] = field(default_factory=list)
    count: int = 0
    shown: int = 0
    inbound: bool = False
    last_at: int = 0
    answer_until: int | None = None
    rating: int | None = None


def stories(connection: Connection, ids: Collection[int]) -> dict[int, Story]:
    """Return the story of each conversation that has messages."""
    rows = connection.exec_driver_sql(
        "SELECT conversation_id, id, direction, at, known_at, from_desk, automatic,"
        " answer_until, rating FROM message"
        " WHERE conversation_id IN (SELECT value FROM json_each(?)) AND context = 0 AND deleted_at IS NULL"
        " ORDER BY conversation_id, id",
        (json.dumps(list(ids)),),
    )
    return {number: _story(list(told)) for number, told in groupby(rows.all(), itemgetter(0))}


def _story(rows: list[Any]) -> Story:
    """Read the messages of one conversation, given by growing id, which is by time."""
    inbound = next((row[1] for row in reversed(rows) if row[2] == _IN), None)
    ends = [row[7] for row in rows if row[7] is not None and row[2] == _IN]
    return Story(
        [
            Heard(_DIRECTIONS[way], at, known_at, bool(ours))
            for _, _, way, at, known_at, ours, automatic, _, _ in rows
            if not automatic
        ],
        count=len(rows),
        shown=rows[-1][1] if inbound is None else inbound,
        inbound=inbound is not None,
        last_at=rows[-1][3],
        answer_until=max(ends, default=None),
        rating=next((row[8] for row in reversed(rows) if row[8] is not None and row[2] == _IN), None),
    )


def texts(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return the texts of messages."""
    rows = connection.exec_driver_sql(
        "SELECT id, text FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {row[0]: row[1] for row in rows.all()}


def beside(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Return what stands for messages without a text: the title, else the kind of the first attachment in brackets."""
    rows = connection.exec_driver_sql(
        "SELECT m.id, m.title, a.media FROM message m LEFT JOIN attachment a ON a.message_id = m.id AND a.position = 0"
        " WHERE m.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {number: title or (f"[{media}]" if media else "") for number, title, media in rows.all()}
