"""Every open deadline under another policy: foretold before it is adopted, recomputed when it is (NEEDS A5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from socialdesk.domain.consequences import Example, Preview
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.promises import Policy
from socialdesk.storage import situations
from socialdesk.storage.dues import Columns, Dues, Lying
from socialdesk.storage.source import Source, rows

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.storage.database import Row

EXAMPLES = 5
_NEVER = 1 << 60

_OPEN = """
SELECT c.id, b.name, c.channel, c.situation, c.box, c.snoozed_until, c.waiting_since, c.promise = 'next', c.began_at,
    c.last_at, coalesce((SELECT max(w.share) FROM warning w WHERE w.conversation_id = c.id
        AND w.since = c.waiting_since), 0.0),
    c.urgency, c.due_at, c.promise, c.resolve_by, c.warn_at, c.situation_by, c.language
FROM conversation c CROSS JOIN brand b ON b.id = c.brand_id WHERE c.box IN ('open', 'snoozed')
"""


class _Found(NamedTuple):
    """One open conversation: how it lies under the new policy, and its columns under the old one."""

    id: int
    lying: Lying
    before: Columns
    situation: str
    situation_by: str


def recompute(connection: Connection, dues: Dues, before: Policy) -> int:
    """Recompute every open conversation under a policy; returns how many changed.

    ``before`` is the policy they were computed under: only where its rules of guessing differ are texts read again.
    """
    changes = [
        (*after, found.lying.situation, by, found.id)
        for found, by in _all(connection, dues, before)
        if (after := dues.columns(found.lying)) != found.before or found.lying.situation != found.situation
    ]
    if changes:
        connection.exec_driver_sql(
            "UPDATE conversation SET urgency = ?, due_at = ?, promise = ?, resolve_by = ?, warn_at = ?, situation = ?,"
            " situation_by = ? WHERE id = ?",
            changes,
        )
    return len(changes)


def forecast(source: Source, dues: Dues, before: Policy, now: datetime) -> Preview:
    """Return what a policy would change for those who wait."""
    waiting = earlier = later = newly = no_longer = 0
    moment, moved = to_ms(now), []
    for found, _ in _all(source, dues, before):
        if found.lying.since is None:
            continue
        waiting += 1
        old = _NEVER if found.before.due_at is None else found.before.due_at
        due = dues.columns(found.lying).due_at
        new = _NEVER if due is None else due
        if old == new:
            continue
        earlier += new < old
        later += new > old
        newly += new < moment <= old
        no_longer += old < moment <= new
        moved.append((abs(new - old), found.id, old, new))
    furthest = sorted(moved, reverse=True)[:EXAMPLES]
    return Preview(waiting, earlier, later, newly, no_longer, tuple(_examples(source, furthest)))


def _all(source: Source, dues: Dues, before: Policy) -> Iterator[tuple[_Found, str]]:
    """Yield the open conversations, each with who says what kind of case it is."""
    found = rows(source, _OPEN)
    said: Mapping[int, str] | None = None
    if dues.policy.guesses != before.guesses:
        said = situations.guessed(source, dues.policy, {row[0]: row[17] for row in found})
    for row in found:
        yield _understood(row, said)


def _understood(row: Row, said: Mapping[int, str] | None) -> tuple[_Found, str]:
    situation, by = row[3], row[16]
    if said is not None and by != situations.AGENT:
        situation = said.get(row[0], "")
        by = situations.RULE if situation else ""
    lying = Lying(
        row[1], row[2], situation, row[4], row[5], row[6], bool(row[7]), row[8], row[9], warned=row[10]
    )
    return _Found(row[0], lying, Columns(*row[11:16]), row[3], row[16]), by


def _examples(source: Source, moved: list[tuple[int, int, int, int]]) -> Iterator[Example]:
    for _, number, old, new in moved:
        found: list[Any] = rows(
            source,
            "SELECT p.handle, p.name, b.name, c.channel FROM conversation c CROSS JOIN contact p ON p.id = c.contact_id"
            " CROSS JOIN brand b ON b.id = c.brand_id WHERE c.id = :id",
            {"id": number},
        )
        handle, name, brand, channel = found[0]
        yield Example(number, name or handle, brand, channel, _moment(old), _moment(new))


def _moment(value: int) -> datetime | None:
    return None if value == _NEVER else from_ms(value)
