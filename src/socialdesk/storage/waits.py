"""The wait columns of conversations, recomputed from their messages each time something changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row

from socialdesk.domain import language, text
from socialdesk.domain.models import Box, Direction
from socialdesk.domain.priority import AFTER_ALL_DEADLINES
from socialdesk.domain.waiting import Heard, promise_for, wait_of

_TELLING = 40
"""Characters from which on a text has told its language; a guess from less is made again with the next text."""

_MS = timedelta(milliseconds=1)
_IN = Direction.IN.value
_DIRECTIONS = {direction.value: direction for direction in Direction}


@dataclass(slots=True)
class _Story:
    """What the messages of one conversation say; ``shown`` is the one to preview, ``inbound`` the customer's."""

    heard: list[Heard[int]] = field(default_factory=list)
    shown: int = 0
    inbound: bool = False
    last_at: int = 0


def refresh(
    connection: Connection,
    ids: Collection[int],
    promises: Mapping[str, timedelta],
    *,
    woken: Collection[int] = (),
    languages: Mapping[int, str] | None = None,
) -> None:
    """Recompute conversations: wait, deadline, place in the queue, preview, language.

    ``woken`` are those in which a customer has just been heard: snoozed or done, they come back (NEEDS B4).
    ``languages`` are those that the network told of the newest messages.
    """
    if not ids:
        return
    stories = _stories(connection, ids)
    texts = _texts(connection, [story.shown for story in stories.values()])
    told = languages or {}
    promised = dict(promises)
    changes = []
    for row in _conversations(connection, ids):
        story = stories.get(row.id) or _Story(last_at=row.last_at)
        words = texts.get(story.shown, "")
        preview = text.preview(words)
        spoken = told.get(row.id) or _spoken(row, words if story.inbound else "", preview)
        place_and_wait = _place_and_wait(row, story, row.id in woken, promised)
        changes.append((*place_and_wait, len(story.heard), spoken, preview, story.last_at, row.id))
    connection.exec_driver_sql(
        "UPDATE conversation SET box = ?, urgency = ?, waiting_since = ?, due_at = ?, snoozed_until = ?, nudges = ?,"
        " messages = ?, language = ?, preview = ?, last_at = ? WHERE id = ?",
        changes,
    )


def _conversations(connection: Connection, ids: Collection[int]) -> Sequence[Row[Any]]:
    return connection.exec_driver_sql(
        "SELECT id, channel, box, snoozed_until, settled_at, last_at, language, preview FROM conversation"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).all()


def _place_and_wait(
    row: Row[Any], story: _Story, woken: bool, promises: dict[str, timedelta]
) -> tuple[str, int, int | None, int | None, int | None, int]:
    box, snoozed = row.box, row.snoozed_until
    wait = wait_of(story.heard, row.settled_at)
    if woken or (box == Box.DONE and wait.since is not None):
        box, snoozed = Box.OPEN.value, None
    due = None if wait.since is None else wait.since + promise_for(row.channel, promises) // _MS
    return box, place(box, due, story.last_at, snoozed), wait.since, due, snoozed, wait.nudges


def _spoken(row: Row[Any], words: str, preview: str) -> str:
    """Return the language of a conversation, guessed where what was said before was too little to tell."""
    former: str = row.language
    if not words or preview == row.preview or len(row.preview) >= _TELLING:
        return former
    return language.guess(words) or former


def place(box: str, due: int | None, last_at: int, snoozed_until: int | None) -> int:
    """Return the sort key within a box (``domain.priority.urgency`` in milliseconds): the smallest comes first.

    Open: by deadline, then the answered ones, most recent first. Snoozed: the next to come back first. Done: the
    most recent first.
    """
    if box == Box.SNOOZED and snoozed_until is not None:
        return snoozed_until
    if box == Box.OPEN and due is not None:
        return due
    return AFTER_ALL_DEADLINES - last_at


def _stories(connection: Connection, ids: Collection[int]) -> dict[int, _Story]:
    rows = connection.exec_driver_sql(
        "SELECT conversation_id, id, direction, at, known_at, from_desk FROM message"
        " WHERE conversation_id IN (SELECT value FROM json_each(?)) AND context = 0 AND deleted_at IS NULL"
        " ORDER BY conversation_id, id",
        (json.dumps(list(ids)),),
    )
    return {number: _story(list(told)) for number, told in groupby(rows.all(), itemgetter(0))}


def _story(rows: list[Any]) -> _Story:
    """Read the messages of one conversation, given by growing id, which is by time."""
    inbound = next((row[1] for row in reversed(rows) if row[2] == _IN), None)
    return _Story(
        [Heard(_DIRECTIONS[way], at, known_at, bool(ours)) for _, _, way, at, known_at, ours in rows],
        shown=rows[-1][1] if inbound is None else inbound,
        inbound=inbound is not None,
        last_at=rows[-1][3],
    )


def _texts(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    rows = connection.exec_driver_sql(
        "SELECT id, text FROM message WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {row[0]: row[1] for row in rows.all()}
