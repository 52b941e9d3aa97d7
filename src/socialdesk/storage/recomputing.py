"""Every open deadline under another policy: foretold before it is adopted, recomputed when it is (NEEDS A5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.consequences import Example, Preview
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.promises import Policy
from socialdesk.storage import situations
from socialdesk.storage.dues import Columns, Dues, Lying
from socialdesk.storage.quiet import undisturbed
from socialdesk.storage.source import Source, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.database import Row

EXAMPLES = 5
_NEVER = 1 << 60

# The fields of Lying, those of Columns, then who says the situation, the language and the stars.
_OPEN = """
SELECT c.id, b.name, c.channel, c.situation, c.box, c.snoozed_until, c.waiting_since, c.promise = 'next', c.began_at,
    c.last_at, 0.0, c.commit_at, c.answer_until, c.urgency, c.due_at, c.promise, c.resolve_by, c.warn_at, c.situation_by,
    c.language, c.rating
FROM conversation c CROSS JOIN brand b ON b.id = c.brand_id WHERE c.box IN ('open', 'snoozed')
"""
_LYING, _COLUMNS, _BY, _LANGUAGE, _STARS = slice(1, 13), slice(13, 18), 18, 19, 20
_WARNED = "SELECT conversation_id, since, max(share) FROM warning GROUP BY conversation_id, since"


def recompute(connection: Connection, dues: Dues, before: Policy) -> int:
    """Recompute every open conversation under a policy; returns how many changed.

    ``before`` is the policy they were computed under: only where its rules of guessing differ are texts read again.
    """
    with undisturbed():
        changes = [
            (*after, lying.situation, by, row[0])
            for row, lying, by in _open(connection, dues, before)
            if (after := dues.columns(lying)) != row[_COLUMNS] or lying.situation != row[3]
        ]
        if changes:
            connection.exec_driver_sql(
                "UPDATE conversation SET urgency = ?, due_at = ?, promise = ?, resolve_by = ?, warn_at = ?,"
                " situation = ?, situation_by = ? WHERE id = ?",
                changes,
            )
    return len(changes)


def forecast(source: Source, dues: Dues, before: Policy, now: datetime) -> Preview:
    """Return what a policy would change for those who wait."""
    waiting = earlier = later = newly = no_longer = 0
    moment, moved = to_ms(now), []
    with undisturbed():
        for row, lying, _ in _open(source, dues, before):
            if lying.since is None:
                continue
            waiting += 1
            old, new = _when(Columns._make(row[_COLUMNS])), _when(dues.columns(lying))
            if old == new:
                continue
            earlier += new < old
            later += new > old
            newly += new < moment <= old
            no_longer += old < moment <= new
            moved.append((abs(new - old), row[0], old, new))
        furthest = sorted(moved, reverse=True)[:EXAMPLES]
    return Preview(waiting, earlier, later, newly, no_longer, tuple(_examples(source, furthest)))


def _open(source: Source, dues: Dues, before: Policy) -> Iterator[tuple[Row, Lying, str]]:
    """Yield the open conversations, how they lie under the new policy, and who says what kind of case each is."""
    found = rows(source, _OPEN)
    warned = {(number, since): share for number, since, share in rows(source, _WARNED)}
    said: Mapping[int, str] | None = None
    if dues.policy.guesses != before.guesses:
        rules = situations.guessed(source, dues.policy, {row[0]: row[_LANGUAGE] for row in found})
        said = situations.with_stars(rules, {row[0]: row[_STARS] for row in found})
    for row in found:
        lying, by = Lying._make(row[_LYING]), row[_BY]
        if warned:
            lying = lying._replace(warned=warned.get((row[0], lying.since), 0.0))
        if said is not None and by != situations.AGENT:
            lying = lying._replace(situation=said.get(row[0], ""))
            by = situations.RULE if lying.situation else ""
        yield row, lying, by


def _when(columns: Columns) -> int:
    return _NEVER if columns.due_at is None else columns.due_at


def _examples(source: Source, moved: list[tuple[int, int, int, int]]) -> Iterator[Example]:
    for _, number, old, new in moved:
        found = rows(
            source,
            "SELECT p.handle, p.name, b.name, c.channel FROM conversation c CROSS JOIN contact p ON p.id = c.contact_id"
            " CROSS JOIN brand b ON b.id = c.brand_id WHERE c.id = :id",
            {"id": number},
        )
        handle, name, brand, channel = found[0]
        yield Example(number, name or handle, brand, channel, _moment(old), _moment(new))


def _moment(value: int) -> datetime | None:
    return None if value == _NEVER else from_ms(value)
