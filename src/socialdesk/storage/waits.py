"""The wait columns of conversations, recomputed from their messages each time something changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from socialdesk.domain import language, text
from socialdesk.domain.models import Box
from socialdesk.domain.waiting import case_of, wait_of
from socialdesk.storage import commitments, policies, situations
from socialdesk.storage.dues import Dues, Lying
from socialdesk.storage.stories import Story, beside, stories, texts

_TELLING = 40
"""Characters from which on a text has told its language; a guess from less is made again with the next text."""


def refresh(
    connection: Connection,
    ids: Collection[int],
    *,
    woken: Collection[int] = (),
    languages: Mapping[int, str] | None = None,
) -> None:
    """Recompute conversations under the policy in force: wait, deadlines, place in the queue, preview, language.

    ``woken`` are those in which a customer has just been heard: snoozed or done, they come back (NEEDS B4).
    ``languages`` are those that the network told of the newest messages.
    """
    if not ids:
        return
    dues = policies.dues(connection)
    rows = _conversations(connection, ids)
    told = stories(connection, ids)
    said = _said(connection, rows, told, languages or {})
    guessed = situations.guessed(
        connection, dues.policy, {number: word for number, (word, _) in said.items()}
    )
    guessed = situations.with_stars(guessed, {number: story.rating for number, story in told.items()})
    warned, committed = _warned(connection, ids), commitments.earliest(connection, ids)
    changes = []
    for row in rows:
        story = told.get(row.id) or Story(last_at=row.last_at)
        due = committed.get(row.id)
        columns = _columns(row, story, dues, guessed, warned, due, row.id in woken)
        beside = (story.answer_until, story.rating)
        changes.append((*columns, due, story.count, *said[row.id], story.last_at, *beside, row.id))
    connection.exec_driver_sql(
        "UPDATE conversation SET urgency = ?, due_at = ?, promise = ?, resolve_by = ?, warn_at = ?, box = ?,"
        " snoozed_until = ?, waiting_since = ?, nudges = ?, began_at = ?, situation = ?, situation_by = ?,"
        " commit_at = ?, messages = ?, language = ?, preview = ?, last_at = ?, answer_until = ?,"
        " rating = ? WHERE id = ?",
        changes,
    )


def _columns(
    row: Row[Any],
    story: Story,
    dues: Dues,
    guessed: Mapping[int, str],
    warned: Mapping[tuple[int, int | None], float],
    commit_at: int | None,
    woken: bool,
) -> tuple[Any, ...]:
    """Return deadlines, box, wait and situation of one conversation, in the order of the statement above."""
    wait, case = wait_of(story.heard, row.settled_at), case_of(story.heard, row.settled_at)
    situation, by = situations.of(row, wait.since is not None, guessed)
    box, snoozed = row.box, row.snoozed_until
    if snoozed is not None and commit_at is not None and commit_at != row.commit_at:
        snoozed = min(snoozed, commit_at)  # promised since it was put away
    # What we still owe keeps a conversation on the desk, as a customer who waits does.
    if woken or (box == Box.DONE and (wait.since is not None or commit_at is not None)):
        box, snoozed = Box.OPEN.value, None
    lying = Lying(
        row.brand,
        row.channel,
        situation,
        box,
        snoozed,
        wait.since,
        case.replied,
        case.began,
        story.last_at,
        warned.get((row.id, wait.since), 0.0),
        commit_at,
        story.answer_until,
    )
    return (*dues.columns(lying), box, snoozed, wait.since, wait.nudges, case.began, situation, by)


def _conversations(connection: Connection, ids: Collection[int]) -> Sequence[Row[Any]]:
    return connection.exec_driver_sql(
        "SELECT c.id, c.channel, c.box, c.snoozed_until, c.commit_at, c.settled_at, c.last_at, c.language, c.preview, c.situation,"
        " c.situation_by, b.name AS brand FROM conversation c CROSS JOIN brand b ON b.id = c.brand_id"
        " WHERE c.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    ).all()


def _said(
    connection: Connection, rows: Sequence[Row[Any]], told: Mapping[int, Story], languages: Mapping[int, str]
) -> dict[int, tuple[str, str]]:
    """Return language and preview of each conversation."""
    words = texts(connection, [story.shown for story in told.values()])
    wordless = [number for number, spoken in words.items() if not spoken.strip()]
    instead = beside(connection, wordless) if wordless else {}
    said = {}
    for row in rows:
        story = told.get(row.id) or Story()
        shown = words.get(story.shown, "")
        preview = text.preview(shown) or text.preview(instead.get(story.shown, ""))
        spoken = languages.get(row.id) or _spoken(row, shown if story.inbound else "", preview)
        said[row.id] = (spoken, preview)
    return said


def _spoken(row: Row[Any], words: str, preview: str) -> str:
    """Return the language of a conversation, guessed where what was said before was too little to tell."""
    former: str = row.language
    if not words or preview == row.preview or len(row.preview) >= _TELLING:
        return former
    return language.guess(words) or former


def _warned(connection: Connection, ids: Collection[int]) -> dict[tuple[int, int | None], float]:
    """Return the largest share that was warned of, by conversation and beginning of its wait."""
    rows = connection.exec_driver_sql(
        "SELECT conversation_id, since, max(share) FROM warning"
        " WHERE conversation_id IN (SELECT value FROM json_each(?)) GROUP BY conversation_id, since",
        (json.dumps(list(ids)),),
    )
    return {(number, since): share for number, since, share in rows.all()}
