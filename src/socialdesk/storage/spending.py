"""What accounts have spent at networks that charge, a row a day, and what they may (``domain.spending``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from socialdesk.domain.spending import Allowance, Budget, Spent, budget, first_day, last_day
from socialdesk.storage.database import Reader

_ADD = """
INSERT INTO spending(account_id, day, reading, answering) VALUES (:account, :day, max(0, :reading), max(0, :answering))
ON CONFLICT(account_id, day) DO UPDATE SET
    reading = max(0, reading + :reading), answering = max(0, answering + :answering)
"""
_ALLOW = """
INSERT INTO allowance(account_id, amount, monthly, zone, euros, look, pause) VALUES (:account, :amount, :monthly, :zone, :euros, :look, 0)
ON CONFLICT(account_id) DO UPDATE SET amount = :amount, monthly = :monthly, zone = :zone, euros = :euros
"""


def between(reader: Reader, account_id: int, first: date, last: date) -> list[Spent]:
    """Return what an account spent from one day to another, both counted: a day to come is a wrong clock's."""
    rows = reader.all(
        "SELECT day, reading, answering FROM spending WHERE account_id = :account AND day BETWEEN :first AND :last ORDER BY day",
        {"account": account_id, "first": first.isoformat(), "last": last.isoformat()},
    )
    return [Spent(date.fromisoformat(day), reading, answering) for day, reading, answering in rows]


def add(connection: Connection, account_id: int, day: date, reading: int, answering: int) -> None:
    """Add to what a day cost; what is below nothing is given back."""
    row = {"account": account_id, "day": day.isoformat(), "reading": reading, "answering": answering}
    connection.exec_driver_sql(_ADD, row)


def allow(connection: Connection, account_id: int, allowance: Allowance) -> None:
    """Keep what an account may spend, for whoever shows it."""
    row = {
        "account": account_id,
        "amount": allowance.limit,
        "monthly": allowance.monthly,
        "zone": allowance.zone,
        "euros": allowance.euros,
        "look": allowance.look,
    }
    connection.exec_driver_sql(_ALLOW, row)


def note_pace(connection: Connection, account_id: int, look: int, pause: int) -> None:
    """Keep what a look costs that brings nothing, and the seconds between two in opening hours; 0 where the budget slows none."""
    row = {"account": account_id, "look": look, "pause": pause}
    connection.exec_driver_sql(
        "UPDATE allowance SET look = :look, pause = :pause WHERE account_id = :account", row
    )


def budgets(reader: Reader, now: datetime) -> Mapping[int, Budget]:
    """Return how each account stands whose network charges, by the accounts' numbers."""
    rows = reader.all("SELECT account_id, amount, monthly, zone, euros, look, pause FROM allowance")
    found = {}
    for number, amount, monthly, zone, euros, look, pause in rows:
        allowance = Allowance(amount, bool(monthly), zone, euros, look)
        days = between(reader, number, first_day(allowance, now), last_day(allowance, now))
        found[number] = budget(allowance, days, timedelta(seconds=pause), now)
    return found
