"""What the networks hand over, kept as it came before anybody looks at it (NEEDS A1: nothing is ever lost).

A page's raw items and its cursor are committed together; each item is then understood on its own. One that cannot
be understood goes to quarantine with the reason and blocks nothing; it is tried again by each other version of
socialdesk or of its connector.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from socialdesk.domain.models import Account
from socialdesk.domain.priority import to_ms
from socialdesk.storage.database import Reader
from socialdesk.storage.incoming import Incoming
from socialdesk.storage.ingest import ingest

log = logging.getLogger(__name__)

BATCH = 50
"""Items understood between two commits: small, so that a person's own action never waits long."""


class Given(NamedTuple):
    """One raw item: ``payload`` is JSON text, always the same for the same content."""

    id: str
    payload: str


class Stored(NamedTuple):
    """A raw item that waits to be understood."""

    row: int
    id: str
    payload: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What became of one raw item: its messages, or the reason why it could not be understood."""

    row: int
    messages: tuple[Incoming, ...] = ()
    error: str = ""


def as_json(payload: Any) -> str:
    """Return a payload as JSON text; raises ``TypeError`` or ``ValueError`` where it cannot be written as such."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"))


def store_page(
    connection: Connection, account_id: int, items: Sequence[Given], cursor: str, now: datetime
) -> int:
    """Store a page and its cursor; returns how many items are new or changed. A page given again changes nothing."""
    changed = 0
    for item in items:
        done = connection.exec_driver_sql(
            "INSERT INTO raw_item(account_id, remote_id, payload, state, error, parsed_by, received_at)"
            " VALUES (?, ?, ?, 'stored', '', '', ?) ON CONFLICT(account_id, remote_id) DO UPDATE SET"
            " payload = excluded.payload, state = 'stored', error = '', received_at = excluded.received_at"
            " WHERE payload <> excluded.payload",
            (account_id, item.id, item.payload, to_ms(now)),
        )
        changed += done.rowcount
    connection.exec_driver_sql(
        "UPDATE account SET cursor = ? WHERE id = ? AND cursor <> ?", (cursor, account_id, cursor)
    )
    return changed


def pending(reader: Reader, account_id: int, version: str) -> list[Stored]:
    """Return the next raw items to understand: fresh ones, and those in quarantine that ``version`` has not tried."""
    rows = reader.all(
        "SELECT id, remote_id, payload FROM raw_item WHERE account_id = :account"
        " AND (state = 'stored' OR (state = 'quarantined' AND parsed_by <> :version)) ORDER BY id LIMIT :limit",
        {"account": account_id, "version": version, "limit": BATCH},
    )
    return [Stored(*row) for row in rows]


def of_waiting(reader: Reader, account_id: int, before: int | None, limit: int) -> list[Stored]:
    """Return raw items that are messages of customers who wait, the newest first, only those below message ``before``.

    ``row`` is the message's number here. Only items that share their id with their message can be found.
    """
    rows = reader.all(
        "SELECT m.id, r.remote_id, r.payload FROM conversation c JOIN message m ON m.conversation_id = c.id"
        " JOIN raw_item r ON r.account_id = m.account_id AND r.remote_id = m.remote_id"
        " WHERE c.account_id = :account AND c.box = 'open' AND c.waiting_since IS NOT NULL AND m.direction = 'in'"
        " AND m.context = 0 AND (:before IS NULL OR m.id < :before) ORDER BY m.id DESC LIMIT :limit",
        {"account": account_id, "before": before, "limit": limit},
    )
    return [Stored(*row) for row in rows]


def take_in(
    connection: Connection,
    account: Account,
    batch: Sequence[Understood],
    version: str,
    now: datetime,
) -> set[int]:
    """Store what was understood and mark the raw items, in one transaction; returns the conversations touched.

    Where the batch as a whole cannot be stored, its items are stored one by one, and only the faulty one is
    quarantined.
    """
    try:
        with connection.begin_nested():
            messages = [message for item in batch for message in item.messages]
            touched = ingest(connection, account, messages, now)
            _mark(connection, batch, version)
    except Exception as error:
        if len(batch) > 1:
            return set().union(*(take_in(connection, account, [i], version, now) for i in batch))
        log.warning("account %s: an item cannot be stored: %s", account.name, type(error).__name__)
        _mark(connection, [Understood(batch[0].row, error=f"store: {type(error).__name__}")], version)
        return set()
    return touched


def _mark(connection: Connection, batch: Sequence[Understood], version: str) -> None:
    for item in batch:
        connection.exec_driver_sql(
            "UPDATE raw_item SET state = ?, error = ?, parsed_by = ? WHERE id = ?",
            ("quarantined" if item.error else "parsed", item.error, version, item.row),
        )
