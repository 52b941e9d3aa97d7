"""Which conversations a brand has kept for as long as it said it would (promise 14 of docs/reliability.md)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from socialdesk.domain.outbox import SETTLED
from socialdesk.domain.priority import to_ms
from socialdesk.storage.database import Reader
from socialdesk.storage.persons import ERASED

LEAP = timedelta(days=3)
"""A clock this far from what the desk last knew is not believed: an empty battery sets some years ahead."""
LOOKED = 4
"""The row of ``ledger_mark`` that says when the terms were last looked after, in milliseconds since 1970."""

_OLD = """
SELECT c.contact_id, c.id FROM conversation c JOIN brand b ON b.id = c.brand_id
WHERE b.name = :brand AND c.last_at < :before AND c.box <> :erased AND c.waiting_since IS NULL AND c.commit_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = c.id
        AND o.state NOT IN (SELECT value FROM json_each(:settled)))
    AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.conversation_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM act x WHERE x.conversation_id = c.id AND x.state IN ('queued', 'doing'))
ORDER BY c.contact_id, c.id
"""


def expired(reader: Reader, brand: str, before: datetime) -> dict[int, Collection[int]]:
    """Return the conversations of a brand that ended before a moment, by customer; none that anybody waits for."""
    settled = json.dumps([state.value for state in SETTLED])
    params = {"brand": brand, "before": to_ms(before), "erased": ERASED, "settled": settled}
    found: dict[int, list[int]] = {}
    for contact, conversation in reader.all(_OLD, params):
        found.setdefault(contact, []).append(conversation)
    return dict(found)


def soil(reader: Reader) -> int:
    """Return 0 where nothing is left of what was destroyed, else one more than the copies in which alone it may be left.

    Those are encrypted with a key that was not at hand.
    """
    row = reader.one("SELECT applied FROM ledger_mark WHERE id = 2")
    return 0 if row is None else int(row[0])


def blocked_due(reader: Reader, now: datetime) -> int:
    """Return how much has been blocked for its term."""
    row = reader.one("SELECT count(*) FROM blocked WHERE destroy_at <= :now", {"now": to_ms(now)})
    assert row is not None
    return int(row[0])


def leapt(reader: Reader, now: datetime) -> bool:
    """Say whether the clock is days ahead of the last look and of every account's last success.

    An account that was reached since tells that the clock is right: with a wrong one no network's certificate holds.
    """
    known = reader.all(
        "SELECT applied FROM ledger_mark WHERE id = :row UNION ALL"
        " SELECT last_success_at FROM account WHERE last_success_at IS NOT NULL",
        {"row": LOOKED},
    )
    past = [moment for (moment,) in known if moment <= to_ms(now)]
    return bool(past) and to_ms(now - LEAP) > max(past)
