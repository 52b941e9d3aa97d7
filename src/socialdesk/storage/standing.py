"""The accounts as the engine sees them: where each one's reading stands and how its last contact went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, update
from sqlmodel import col

from socialdesk.domain.models import Account, AccountState
from socialdesk.domain.priority import to_ms
from socialdesk.storage.accounts import accounts
from socialdesk.storage.database import Reader, Row
from socialdesk.storage.tables import AccountRow


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An account with what only the engine needs; ``secrets`` are references, ``failures`` those in a row."""

    account: Account
    remote_id: str
    secrets: Mapping[str, str]
    paused: bool
    cursor: str
    failures: int

    @property
    def settings(self) -> tuple[object, ...]:
        """What the engine has to start anew for when it changes."""
        account = self.account
        return (account.connector, account.name, dict(account.options), dict(self.secrets), self.paused)


def enrolled(reader: Reader) -> list[Enrolled]:
    """Return every account in use."""
    sql = "SELECT id, remote_id, secrets, paused, cursor, failures FROM account"
    more = {row[0]: row[1:] for row in reader.all(sql)}
    return [_enrolled(account, more[account.id]) for account in accounts(reader)]


def _enrolled(account: Account, more: Row) -> Enrolled:
    remote_id, secrets, paused, cursor, failures = more
    return Enrolled(account, remote_id, json.loads(secrets), bool(paused), cursor, failures)


def note_success(connection: Connection, account_id: int, now: datetime) -> None:
    """The account was reached just now; whatever troubled it is over."""
    _change(
        connection,
        account_id,
        state=AccountState.OK.value,
        problem="",
        detail="",
        failures=0,
        last_success_at=to_ms(now),
        next_attempt_at=None,
    )


def note_trouble(
    connection: Connection,
    account_id: int,
    state: AccountState,
    problem: str,
    detail: str,
    failures: int,
    next_attempt_at: datetime,
) -> None:
    """The account could not be reached or used; ``detail`` is harmless already."""
    _change(
        connection,
        account_id,
        state=state.value,
        problem=problem,
        detail=detail,
        failures=failures,
        next_attempt_at=to_ms(next_attempt_at),
    )


def note_identity(
    connection: Connection, account_id: int, remote_id: str, handle: str, lacking: Sequence[str]
) -> None:
    """The network said who the account is."""
    _change(connection, account_id, remote_id=remote_id, handle=handle, lacking=json.dumps(list(lacking)))


def note_learned(connection: Connection, account_id: int, learned: Mapping[str, str]) -> None:
    """The network said what it allows the account; kept among its options."""
    connection.exec_driver_sql(
        "UPDATE account SET options = json_patch(options, ?) WHERE id = ?",
        (json.dumps(dict(learned)), account_id),
    )


def lacking(reader: Reader, account_id: int) -> tuple[str, ...]:
    """Return what is known of what the account cannot do."""
    row = reader.one("SELECT lacking FROM account WHERE id = :account", {"account": account_id})
    return () if row is None else tuple(json.loads(row[0]))


def note_lacking(connection: Connection, account_id: int, codes: Sequence[str]) -> None:
    """The network showed what the account cannot do."""
    _change(connection, account_id, lacking=json.dumps(list(codes)))


def _change(connection: Connection, account_id: int, **columns: object) -> None:
    connection.execute(update(AccountRow).where(col(AccountRow.id) == account_id).values(**columns))
