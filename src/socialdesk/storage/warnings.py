"""Warnings before a promise is broken: each share of each promise once for the whole desk (NEEDS A1).

``conversation.warn_at`` is when the next one is to be given, so that asking costs one look at an index.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.domain.calendars import DAY, Shift
from socialdesk.domain.consequences import Warned
from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.storage import policies
from socialdesk.storage.database import Reader
from socialdesk.storage.dues import Dues

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_ALL_DUE = """
SELECT c.id, c.waiting_since, c.due_at, c.promise, c.situation, c.channel, b.name AS brand, p.handle, p.name,
    coalesce((SELECT max(w.share) FROM warning w WHERE w.conversation_id = c.id
        AND w.since = c.waiting_since), 0.0) AS warned
FROM conversation c CROSS JOIN brand b ON b.id = c.brand_id CROSS JOIN contact p ON p.id = c.contact_id
WHERE c.warn_at <= ? AND c.due_at > ? AND c.box <> 'done' ORDER BY c.due_at
"""

_COMMITTED = """
SELECT k.id AS commitment, c.id, k.due_at, c.channel, b.name AS brand, p.handle, p.name
FROM commitment k CROSS JOIN conversation c ON c.id = k.conversation_id CROSS JOIN brand b ON b.id = c.brand_id
CROSS JOIN contact p ON p.id = c.contact_id
WHERE k.warn_at <= ? AND k.due_at > ? AND k.kept_at IS NULL ORDER BY k.due_at
"""
_ANY = "SELECT EXISTS (SELECT 1 FROM conversation WHERE warn_at <= :now) OR EXISTS (SELECT 1 FROM commitment WHERE warn_at <= :now)"


def any_due(reader: Reader, now: datetime) -> bool:
    """Say whether there is anything to warn of."""
    return reader.one(_ANY, {"now": to_ms(now)}) == (1,)


def take(connection: Connection, now: datetime) -> list[Warned]:
    """Return what is to be warned of now, the next deadline first, and remember that it was.

    Where several shares have passed since anybody asked, the largest one is named. What is late already needs no
    warning any more.
    """
    dues, moment = policies.dues(connection), to_ms(now)
    quiet = is_quiet(dues.policy.quiet, now)
    given, kept, following = [], [], []
    for row in connection.exec_driver_sql(_ALL_DUE, (moment, moment)).all():
        share, warn_at = _passed(dues, row, moment)
        if share > row.warned:
            kept.append((row.id, row.waiting_since, share, moment))
            given.append(_warned(row, share, quiet))
        following.append((warn_at, row.id))
    connection.exec_driver_sql(
        "UPDATE conversation SET warn_at = NULL WHERE warn_at <= ? AND due_at <= ?", (moment, moment)
    )
    if following:
        connection.exec_driver_sql("UPDATE conversation SET warn_at = ? WHERE id = ?", following)
    if kept:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO warning(conversation_id, since, share, at) VALUES (?, ?, ?, ?)", kept
        )
    return given + _committed(connection, dues.shares, quiet, moment)


def _committed(connection: Connection, shares: tuple[float, ...], quiet: bool, moment: int) -> list[Warned]:
    """Return which commitments come due; each one is warned of once, at the largest share."""
    found = connection.exec_driver_sql(_COMMITTED, (moment, moment)).all()
    connection.exec_driver_sql("UPDATE commitment SET warn_at = NULL WHERE warn_at <= ?", (moment,))
    return [_warned(row, shares[-1] if shares else 1.0, quiet) for row in found]


def is_quiet(quiet: tuple[Shift, ...], now: datetime) -> bool:
    """Say whether it is quiet hours on this desk, by the wall clock of its own zone."""
    local = now.astimezone()
    minute = local.hour * 60 + local.minute
    return any(shift.start <= at < shift.end for shift in quiet for at in (minute, minute + DAY))


def _passed(dues: Dues, row: Row[tuple[object, ...]], moment: int) -> tuple[float, int | None]:
    """Return the largest share that has passed, and when the next one will have."""
    terms, passed = dues.terms(row.brand, row.channel, row.situation), 0.0
    for share in dues.shares:
        at = terms.due(row.waiting_since, row.promise, share)
        if at is None or at > moment:
            return passed, at
        passed = share
    return passed, None


def _warned(row: Row[tuple[object, ...]], share: float, quiet: bool) -> Warned:
    return Warned(row.id, row.name or row.handle, row.brand, row.channel, share, from_ms(row.due_at), quiet)
