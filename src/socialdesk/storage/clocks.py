"""What the wait clock needs from the desk, per brand and channel, and what it has said (NEEDS A6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.domain.calendars import Calendar, Timeline, timeline
from socialdesk.domain.priority import AFTER_ALL_DEADLINES, from_ms, to_ms
from socialdesk.domain.promises import Policy
from socialdesk.domain.waitclock import (
    KEPT,
    STALE,
    Answer,
    Honesty,
    Promised,
    Reading,
    Seen,
    estimate,
    hands_lately,
    honesty,
)
from socialdesk.storage.ids import first_id
from socialdesk.storage.source import Source, one, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOOKS_BACK = timedelta(days=14)
"""How long ago an answer may be to tell something of today's pace."""

EVERY = STALE / 2
"""A figure that stays the same is kept again after this time, to show that it still stood."""

_KEEPS = timedelta(days=180)
_JUDGED = 2_000
"""Answers that honesty looks at, at most, the newest: a large desk gives more in a day than it takes to tell."""

_ANSWERED = """
SELECT since, at, agent FROM (
    SELECT m.at, m.agent, (
        SELECT min(i.at) FROM message i
        WHERE i.conversation_id = m.conversation_id AND i.id < m.id AND i.direction = 'in' AND i.context = 0
        AND i.deleted_at IS NULL AND (c.settled_at IS NULL OR c.settled_at > m.at OR i.known_at > c.settled_at)
        AND i.id > coalesce((
            SELECT max(o.id) FROM message o
            WHERE o.conversation_id = m.conversation_id AND o.id < m.id
            AND o.direction = 'out' AND o.context = 0 AND o.automatic = 0), 0)) AS since
    FROM message m CROSS JOIN conversation c ON c.id = m.conversation_id
    WHERE m.id >= :first AND m.direction = 'out' AND m.context = 0 AND m.automatic = 0
    AND +m.account_id IN (
        SELECT a.id FROM account a JOIN brand b ON b.id = a.brand_id
        WHERE (:brand IS NULL OR b.name = :brand) AND (:channel IS NULL OR a.channel = :channel))
    ORDER BY m.id DESC)
WHERE since IS NOT NULL LIMIT :most
"""
"""The wait of an answered customer: since the first message after our last one, or after the case was last settled.

Read from the newest message backwards until there are enough: the plus keeps SQLite from gathering whole accounts.
"""

_WAITING = """
SELECT c.waiting_since FROM brand b CROSS JOIN conversation c INDEXED BY ix_conversation_brand ON c.brand_id = b.id
WHERE (:brand IS NULL OR b.name = :brand) AND c.box = 'open' AND c.urgency < :waiting
AND (:channel IS NULL OR c.channel = :channel) AND c.waiting_since IS NOT NULL
"""


def places(source: Source) -> list[tuple[str, str]]:
    """Return the brands and the channels of the accounts in use, each pair once, by name."""
    found = rows(
        source,
        "SELECT DISTINCT b.name, a.channel FROM account a JOIN brand b ON b.id = a.brand_id"
        " WHERE a.removed_at IS NULL ORDER BY b.name, a.channel",
    )
    return [(brand, channel) for brand, channel in found]


def reading(source: Source, policy: Policy, brand: str | None, channel: str | None, now: datetime) -> Reading:
    """Return the clock of a brand and channel; None means all of them."""
    calendar = _calendar(source, policy, brand)
    hours = timeline(calendar or Calendar())
    expected = estimate(seen(source, hours, brand, channel, now))
    return Reading(brand, channel, now, hours.zone if calendar else None, expected)


def seen(source: Source, hours: Timeline, brand: str | None, channel: str | None, now: datetime) -> Seen:
    """Return who waits, who was answered lately, and by how many hands."""
    answers = answered(source, brand, channel, now - LOOKS_BACK)
    waits = waiting(source, brand, channel)
    return Seen(now, waits, answers, hands_lately(answers, now, hours), hours)


def waiting(source: Source, brand: str | None, channel: str | None) -> list[datetime]:
    """Return since when each of the open conversations waits; one put away waits for us to take it up."""
    found = rows(source, _WAITING, {"brand": brand, "channel": channel, "waiting": AFTER_ALL_DEADLINES // 2})
    return [from_ms(since) for (since,) in found]


def answered(
    source: Source, brand: str | None, channel: str | None, first: datetime, most: int = KEPT
) -> list[Answer]:
    """Return the newest answers since a moment, newest first; an automatic message answers nobody."""
    found = rows(
        source,
        _ANSWERED,
        {"brand": brand, "channel": channel, "first": first_id(to_ms(first)), "most": most},
    )
    return [Answer(from_ms(since), from_ms(max(at, since)), agent) for since, at, agent in found]


def keep(connection: Connection, said: Reading) -> bool:
    """Keep what the clock says, where it says something new; returns whether it did."""
    expected = said.expected
    if expected.low is None or expected.expected is None or expected.high is None:
        return False
    place = {"brand": said.brand or "", "channel": said.channel or ""}
    figures = (expected.low, expected.expected, expected.high)
    last = one(
        connection,
        "SELECT at, low, expected, high FROM clock_promise WHERE brand = :brand AND channel = :channel"
        " ORDER BY at DESC LIMIT 1",
        place,
    )
    now = to_ms(said.at)
    if last is not None and tuple(last[1:]) == figures and now - last[0] < EVERY / timedelta(milliseconds=1):
        return False
    connection.exec_driver_sql(
        "INSERT INTO clock_promise(brand, channel, at, low, expected, high) VALUES (?, ?, ?, ?, ?, ?)",
        (place["brand"], place["channel"], now, *figures),
    )
    connection.exec_driver_sql(
        "DELETE FROM clock_promise WHERE brand = ? AND channel = ? AND at < ?",
        (place["brand"], place["channel"], to_ms(said.at - _KEEPS)),
    )
    return True


def history(source: Source, brand: str | None, channel: str | None, first: datetime) -> list[Promised]:
    """Return what the clock has said since a moment, oldest first."""
    found = rows(
        source,
        "SELECT at, low, expected, high FROM clock_promise WHERE brand = :brand AND channel = :channel"
        " AND at >= :first ORDER BY at",
        {"brand": brand or "", "channel": channel or "", "first": to_ms(first)},
    )
    return [Promised(from_ms(at), *figures) for at, *figures in found]


def honest(source: Source, brand: str | None, channel: str | None, first: datetime, now: datetime) -> Honesty:
    """Return how many customers have waited no longer than the clock said, since a moment."""
    said = history(source, brand, channel, first)
    if not said:
        return Honesty()
    answers = answered(source, brand, channel, first, _JUDGED)
    start = min(answer.since for answer in answers) if len(answers) == _JUDGED else first
    waits = [since for since in waiting(source, brand, channel) if since >= start]
    return honesty(said, answers, waits, now)


def _calendar(source: Source, policy: Policy, brand: str | None) -> Calendar | None:
    """Return the calendar of a brand; that of all brands where they share one, else None: always open."""
    if brand is not None:
        return policy.calendars.get(brand)
    every = [policy.calendars.get(name) for name in {name for name, _ in places(source)}]
    return every[0] if every and all(calendar == every[0] for calendar in every) else None
