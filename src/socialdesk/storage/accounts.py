"""Accounts and brands, for reading."""

from __future__ import annotations

import json

from socialdesk.domain.models import Account, AccountState, Brand, Quarantined
from socialdesk.domain.priority import from_ms
from socialdesk.errors import NotFound
from socialdesk.storage.database import Reader, Row

_ACCOUNTS = """
SELECT a.id, a.connector, a.channel, a.name, a.brand_id, b.name, a.handle, a.options, a.state, a.problem, a.detail, a.lacking,
    a.last_success_at, a.next_attempt_at, a.paused,
    (SELECT count(*) FROM raw_item r WHERE r.account_id = a.id AND r.state = 'quarantined'),
    (SELECT n.error FROM clock_notice n WHERE n.account_id = a.id ORDER BY n.id DESC LIMIT 1)
FROM account a JOIN brand b ON b.id = a.brand_id
WHERE a.removed_at IS NULL
"""


def accounts(reader: Reader) -> list[Account]:
    """Return the accounts in use, by name."""
    return [_account(row) for row in reader.all(_ACCOUNTS + " ORDER BY a.name")]


def account(reader: Reader, name: str) -> Account:
    """Return one account by its name; raises ``NotFound``."""
    row = reader.one(_ACCOUNTS + " AND a.name = :name", {"name": name})
    if row is None:
        raise NotFound(name, code="account")
    return _account(row)


def brands(reader: Reader) -> list[Brand]:
    """Return the brands, by name."""
    return [Brand(*row) for row in reader.all("SELECT id, name FROM brand ORDER BY name")]


def quarantine(reader: Reader, name: str | None) -> list[Quarantined]:
    """Return what could not be understood, of one account or of all, newest first."""
    rows = reader.all(
        "SELECT a.name, r.remote_id, r.error, r.received_at, r.payload FROM raw_item r"
        " JOIN account a ON a.id = r.account_id"
        " WHERE r.state = 'quarantined' AND (:name IS NULL OR a.name = :name) ORDER BY r.id DESC",
        {"name": name},
    )
    return [
        Quarantined(account, remote_id, error, from_ms(received_at), payload)
        for account, remote_id, error, received_at, payload in rows
    ]


def _account(row: Row) -> Account:
    number, connector, channel, name, brand_id, brand, handle, options, state, problem, detail, lacking = row[
        :12
    ]
    success, attempt, paused, quarantined, notice = row[12:]
    return Account(
        number,
        connector,
        channel,
        name,
        brand_id,
        brand,
        handle,
        json.loads(options),
        AccountState.PAUSED if paused else AccountState(state),
        problem,
        detail,
        (*json.loads(lacking), *([notice] if notice else [])),
        None if success is None else from_ms(success),
        None if attempt is None else from_ms(attempt),
        quarantined,
    )
