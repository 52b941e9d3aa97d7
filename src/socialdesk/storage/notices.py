"""What the public wait clock says on each account, and whether the network took it (NEEDS A6).

A row a notice: written before the network is asked, so that after a crash it is known that it may be there. An attempt
that failed is repeated on its own row. The last row of an account is what may be seen there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.priority import to_ms
from socialdesk.storage.database import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.domain.waitclock import Expected

_KEEPS = timedelta(days=180)


class Shown(NamedTuple):
    """What an account shows: ``words`` ("" is nothing), or, where not ``sure``, perhaps that and perhaps what was before."""

    words: str
    sure: bool


def may_be_seen(what: Shown | None) -> bool:
    """Say whether an account may be showing a notice."""
    return what is not None and (bool(what.words) or not what.sure)


def shown(reader: Reader) -> dict[int, Shown]:
    """Return what each account shows that ever had a notice."""
    found = reader.all(
        "SELECT account_id, words, published FROM clock_notice n"
        " WHERE id = (SELECT max(id) FROM clock_notice WHERE account_id = n.account_id)"
    )
    return {account: Shown(words, bool(published)) for account, words, published in found}


def begin(connection: Connection, account_id: int, words: str, expected: Expected, now: datetime) -> None:
    """Keep that these words are about to be shown; "" takes the notice away."""
    figures = (expected.low or 0, expected.expected or 0, expected.high or 0, expected.waiting)
    last = connection.exec_driver_sql(
        "SELECT id, published FROM clock_notice WHERE account_id = ? ORDER BY id DESC LIMIT 1", (account_id,)
    ).first()
    if last is not None and not last[1]:
        connection.exec_driver_sql(
            "UPDATE clock_notice SET at = ?, words = ?, low = ?, expected = ?, high = ?, waiting = ? WHERE id = ?",
            (to_ms(now), words, *figures, last[0]),
        )
        return
    connection.exec_driver_sql(
        "INSERT INTO clock_notice(account_id, at, words, low, expected, high, waiting) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account_id, to_ms(now), words, *figures),
    )


def done(connection: Connection, account_id: int, words: str, now: datetime) -> None:
    """The network took the notice that was begun last, in these words."""
    _settle(connection, account_id, True, "")
    connection.exec_driver_sql(
        "UPDATE clock_notice SET words = ? WHERE id = (SELECT max(id) FROM clock_notice WHERE account_id = ?)",
        (words, account_id),
    )
    connection.exec_driver_sql(
        "DELETE FROM clock_notice WHERE account_id = ? AND at < ?"
        " AND id < (SELECT max(id) FROM clock_notice WHERE account_id = ?)",
        (account_id, to_ms(now - _KEEPS), account_id),
    )


def failed(connection: Connection, account_id: int, code: str) -> None:
    """The notice that was begun last could not be shown, or nobody knows; ``code`` is a problem code."""
    _settle(connection, account_id, False, code)


def _settle(connection: Connection, account_id: int, published: bool, error: str) -> None:
    connection.exec_driver_sql(
        "UPDATE clock_notice SET published = ?, error = ?"
        " WHERE id = (SELECT max(id) FROM clock_notice WHERE account_id = ?)",
        (published, error, account_id),
    )
