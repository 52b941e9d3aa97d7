"""Adds, pauses and removes accounts; their conversations stay for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from socialdesk.domain.models import AccountState, Delivery
from socialdesk.domain.outbox import SETTLED
from socialdesk.domain.priority import to_ms
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import windows
from socialdesk.storage.incoming import Source


def add(
    connection: Connection,
    connector: str,
    name: str,
    brand: str,
    now: datetime,
    *,
    options: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    remote_id: str = "",
    handle: str = "",
    lacking: Sequence[str] = (),
    paused: bool = False,
) -> int:
    """Add an account and, where it is missing, its brand; returns the account's id.

    ``secrets`` says where each secret lives. The option ``channel`` names the network that the account plays.
    A removed account of that name and connector comes back with its history and reads its network from the start.
    Raises ``Refused`` where the name is taken, or where the desk has that presence on the network already.
    """
    former = _find(connection, name)
    if former is not None and (former.removed_at is None or former.connector != connector):
        raise Refused(name, code="name_taken")
    _refuse_twice(connection, connector, name, remote_id)
    columns: dict[str, Any] = {
        "brand_id": _brand(connection, brand, now),
        "remote_id": remote_id,
        "handle": handle,
        "channel": (options or {}).get("channel", connector),
        "options": json.dumps(dict(options or {})),
        "secrets": json.dumps(dict(secrets or {})),
        "lacking": json.dumps(list(lacking)),
        "paused": paused,
        "state": (AccountState.OK if remote_id else AccountState.NEW).value,
    }
    if former is None:
        return _insert(
            connection, {**columns, "connector": connector, "name": name, "created_at": to_ms(now)}
        )
    connection.exec_driver_sql(
        "UPDATE account SET brand_id = :brand_id, remote_id = :remote_id, handle = :handle, channel = :channel, options = :options,"
        " secrets = :secrets, lacking = :lacking, paused = :paused, state = :state, problem = '', detail = '',"
        " cursor = '', failures = 0, next_attempt_at = NULL, removed_at = NULL WHERE id = :id",
        {**columns, "id": former.id},
    )
    return int(former.id)


def source(connection: Connection, name: str) -> Source | None:
    """Return where messages of the account of that name go, also where it was removed."""
    found = connection.exec_driver_sql("SELECT id, brand_id, channel FROM account WHERE name = ?", (name,))
    row = found.first()
    return None if row is None else Source(*row)


def of_brand(connection: Connection, connector: str, brand: str) -> Source | None:
    """Return where messages of a brand's first account in use with that connector go. Raises ``Refused``: ``unknown_brand``."""
    if connection.exec_driver_sql("SELECT 1 FROM brand WHERE name = ?", (brand,)).first() is None:
        raise Refused(brand, code="unknown_brand")
    row = connection.exec_driver_sql(
        "SELECT a.id, a.brand_id, a.channel FROM account a JOIN brand b ON b.id = a.brand_id"
        " WHERE a.connector = ? AND b.name = ? AND a.removed_at IS NULL ORDER BY a.id",
        (connector, brand),
    ).first()
    return None if row is None else Source(*row)


def free_name(connection: Connection, stem: str) -> str:
    """Return an account name that nobody has had: ``stem``, or it with a number."""
    names = (stem, *(f"{stem} {number}" for number in range(2, 1000)))
    return next(name for name in names if _find(connection, name) is None)


def set_paused(connection: Connection, name: str, paused: bool) -> None:
    """Pause an account, or let the engine serve it again at once; raises ``NotFound``."""
    account = _in_use(connection, name)
    connection.exec_driver_sql(
        "UPDATE account SET paused = ?, next_attempt_at = NULL WHERE id = ?", (paused, account.id)
    )


def set_options(connection: Connection, name: str, changed: Mapping[str, str]) -> None:
    """Give an account other settings, and let the engine try it at once; raises ``NotFound``."""
    account = _in_use(connection, name)
    connection.exec_driver_sql(
        "UPDATE account SET options = json_patch(options, ?), state = ?, problem = '', detail = '', failures = 0,"
        " next_attempt_at = NULL WHERE id = ?",
        (json.dumps(dict(changed)), AccountState.NEW.value, account.id),
    )
    windows.forget(connection, account.id)


def sign_in(
    connection: Connection,
    name: str,
    secrets: Mapping[str, str],
    remote_id: str,
    handle: str,
    lacking: Sequence[str],
    learned: Mapping[str, str],
) -> None:
    """Give an account other secrets (where they live), let the engine try it at once; raises ``NotFound``.

    ``learned`` is what its server said of itself; it goes to the account's options.
    """
    account = _in_use(connection, name)
    connection.exec_driver_sql(
        "UPDATE account SET secrets = ?, remote_id = ?, handle = ?, lacking = ?, options = json_patch(options, ?), state = ?,"
        " problem = '', detail = '', failures = 0, next_attempt_at = NULL WHERE id = ?",
        (
            json.dumps(dict(secrets)),
            remote_id,
            handle,
            json.dumps(list(lacking)),
            json.dumps(dict(learned)),
            AccountState.OK.value,
            account.id,
        ),
    )


def remove(connection: Connection, name: str, now: datetime) -> None:
    """Stop serving an account and forget its secrets' places; raises ``Refused`` while replies are unsettled."""
    account = _in_use(connection, name)
    states = json.dumps([state.value for state in frozenset(Delivery) - SETTLED])
    unsettled = connection.exec_driver_sql(
        "SELECT count(*) FROM outbox WHERE account_id = ? AND state IN (SELECT value FROM json_each(?))",
        (account.id, states),
    ).scalar_one()
    if unsettled:
        raise Refused(str(unsettled), code="unsettled")
    connection.exec_driver_sql(
        "UPDATE act SET state = 'cancelled', due_at = NULL WHERE state = 'queued' AND account_id ="
        " (SELECT id FROM account WHERE name = ?)",
        (name,),
    )
    connection.exec_driver_sql(
        "UPDATE account SET removed_at = ?, paused = 1, secrets = '{}' WHERE id = ?", (to_ms(now), account.id)
    )


def _in_use(connection: Connection, name: str) -> Row[Any]:
    account = _find(connection, name)
    if account is None or account.removed_at is not None:
        raise NotFound(name, code="account")
    return account


def _find(connection: Connection, name: str) -> Row[Any] | None:
    return connection.exec_driver_sql(
        "SELECT id, connector, removed_at FROM account WHERE name = ?", (name,)
    ).first()


def _refuse_twice(connection: Connection, connector: str, name: str, remote_id: str) -> None:
    """Raise ``Refused`` for a presence that is there under another name: each message would wait, and be answered, twice."""
    found = connection.exec_driver_sql(
        "SELECT name FROM account WHERE connector = ? AND remote_id = ? AND remote_id != '' AND name != ?"
        " AND removed_at IS NULL",
        (connector, remote_id, name),
    ).first()
    if found is not None:
        raise Refused(found.name, code="account_twice")


def _insert(connection: Connection, columns: dict[str, Any]) -> int:
    added = connection.exec_driver_sql(
        "INSERT INTO account(connector, channel, name, brand_id, remote_id, handle, options, secrets, paused, state, problem,"
        " detail, lacking, cursor, failures, created_at) VALUES (:connector, :channel, :name, :brand_id, :remote_id, :handle,"
        " :options, :secrets, :paused, :state, '', '', :lacking, '', 0, :created_at) RETURNING id",
        columns,
    )
    return int(added.scalar_one())


def _brand(connection: Connection, name: str, now: datetime) -> int:
    connection.exec_driver_sql(
        "INSERT INTO brand(name, created_at) VALUES (?, ?) ON CONFLICT(name) DO NOTHING", (name, to_ms(now))
    )
    found = connection.exec_driver_sql("SELECT id FROM brand WHERE name = ?", (name,))
    return int(found.scalar_one())
