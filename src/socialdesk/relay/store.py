"""What the relay keeps: mailboxes, and what came for each, numbered. SQLite alone; every call may come from any thread.

Positions of a mailbox rise and are never given twice, whatever was deleted: each is at least the moment at which it is given, in
milliseconds, so that a mailbox made anew, or a server set back to an earlier state, goes on behind all that a desk may have seen. What is confirmed
stays for a day, what is not for fourteen; the same bytes within a day are kept once, because networks repeat themselves and anybody
may repeat them.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from socialdesk.errors import Refused
from socialdesk.relay.file import File
from socialdesk.relay.signatures import Kind

UNCONFIRMED = timedelta(days=14)
CONFIRMED = timedelta(days=1)
REPEATED = timedelta(days=1)
STEP = 2_000
"""Items that are deleted at a time: what is brought meanwhile waits for no more than that."""
VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox(
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, token TEXT NOT NULL, key TEXT NOT NULL UNIQUE, secret TEXT NOT NULL,
    newest INTEGER NOT NULL DEFAULT 0, confirmed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS item(
    mailbox TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL,
    digest BLOB NOT NULL, confirmed_at INTEGER, PRIMARY KEY(mailbox, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_item_digest ON item(mailbox, digest);
"""


class Mailbox(NamedTuple):
    """Where one network's webhooks go; ``secret`` says where that lives which the network signs with."""

    name: str
    kind: Kind
    token: str
    secret: str
    newest: int
    confirmed: int


class Item(NamedTuple):
    """Something that was brought, as it came."""

    position: int
    at: datetime
    type: str
    body: bytes


class Incoming(NamedTuple):
    """Something to keep."""

    mailbox: str
    at: datetime
    type: str
    body: bytes


class Fate(Enum):
    """What became of something to keep: kept, there already, or its mailbox is gone."""

    NEW = 1
    KNOWN = 2
    GONE = 3


class Store:
    """One open file. Raises ``sqlite3.Error`` or ``OSError`` where the disk fails."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where there is none. Raises ``Refused``."""
        self._file = File(path, _SCHEMA, VERSION)
        self.close, self.setting = self._file.close, self._file.setting

    # Mailboxes -----------------------------------------------------------------

    def create(self, name: str, kind: Kind, secret: str) -> tuple[str, str]:
        """Make a mailbox; returns the token that the network asks for and the desk's key, which is not kept."""
        token, key = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        with self._file.writing() as cursor:
            if cursor.execute("SELECT 1 FROM mailbox WHERE name = ?", (name,)).fetchone():
                raise Refused(name, code="relay_taken")
            row = (name, kind.value, token, _hash(key), secret)
            cursor.execute("INSERT INTO mailbox(name, kind, token, key, secret) VALUES (?, ?, ?, ?, ?)", row)
        return token, key

    def renew(self, name: str) -> str:
        """Give a mailbox another key; the former one opens nothing any more. Raises ``Refused``."""
        key = secrets.token_urlsafe(32)
        with self._file.writing() as cursor:
            if not cursor.execute("UPDATE mailbox SET key = ? WHERE name = ?", (_hash(key), name)).rowcount:
                raise Refused(name, code="relay_unknown")
        return key

    def remove(self, name: str) -> None:
        """Forget a mailbox and all that is in it. Raises ``Refused``."""
        with self._file.writing() as cursor:
            if not cursor.execute("DELETE FROM mailbox WHERE name = ?", (name,)).rowcount:
                raise Refused(name, code="relay_unknown")
            cursor.execute("DELETE FROM item WHERE mailbox = ?", (name,))
        self._file.scour()

    def mailboxes(self) -> list[Mailbox]:
        """Return them all, by name."""
        rows = self._file.read(
            "SELECT name, kind, token, secret, newest, confirmed FROM mailbox ORDER BY name"
        )
        return [Mailbox(name, Kind(kind), *rest) for name, kind, *rest in rows]

    def waiting(self, name: str) -> tuple[int, datetime | None]:
        """Return how much a desk has still to fetch, and when the newest came that is kept."""
        rows = self._file.read(
            "SELECT (SELECT count(*) FROM item WHERE mailbox = m.name AND position > m.confirmed),"
            " (SELECT at FROM item WHERE mailbox = m.name ORDER BY position DESC LIMIT 1) FROM mailbox m WHERE name = ?",
            (name,),
        )
        number, at = rows[0] if rows else (0, None)
        return number, None if at is None else _moment(at)

    def opened_by(self, key: str) -> str:
        """Return the name of the mailbox that a desk's key opens, "" where it opens none."""
        rows = self._file.read("SELECT name FROM mailbox WHERE key = ?", (_hash(key),))
        return str(rows[0][0]) if rows else ""

    # What comes and goes --------------------------------------------------------

    def keep(self, arrived: Sequence[Incoming]) -> list[Fate]:
        """Keep what came, in its order, in one transaction; returns what became of each."""
        with self._file.writing() as cursor:
            return [_put(cursor, one) for one in arrived]

    def after(self, mailbox: str, position: int, limit: int, most: int) -> tuple[list[Item], int, int]:
        """Return what came after a position, up to so many and so many bytes, and the positions of the newest and the oldest."""
        found: list[Item] = []
        held = 0
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT position, at, type, body FROM item WHERE mailbox = ? AND position > ? ORDER BY position LIMIT ?",
                (mailbox, position, limit),
            )
            for number, at, kind, body in rows:
                held += len(body)
                if found and held > most:
                    break
                found.append(Item(number, _moment(at), kind, body))
            rows.close()
            # In the same look: who is given nothing goes on from the newest, and would miss what came in between.
            ends = connection.execute(
                "SELECT newest, (SELECT min(position) FROM item WHERE mailbox = m.name) FROM mailbox m WHERE name = ?",
                (mailbox,),
            ).fetchone()
        newest, oldest = ends or (0, None)
        return found, newest, oldest or 0

    def confirm(self, mailbox: str, through: int, now: datetime) -> None:
        """Note that the desk has stored everything up to a position; of what has not come yet that says nothing."""
        with self._file.writing() as cursor:
            row = cursor.execute(
                "SELECT confirmed, newest FROM mailbox WHERE name = ?", (mailbox,)
            ).fetchone()
            before, newest = row or (0, 0)
            until = min(through, newest)
            if until > before:
                cursor.execute("UPDATE mailbox SET confirmed = ? WHERE name = ?", (until, mailbox))
                cursor.execute(
                    "UPDATE item SET confirmed_at = ? WHERE mailbox = ? AND position > ? AND position <= ?",
                    (_ms(now), mailbox, before, until),
                )

    def clean(self, now: datetime) -> int:
        """Delete what has been kept long enough; returns how many."""
        deleted = sum(self._clean(one.name, now) for one in self.mailboxes())
        if deleted:
            self._file.scour()
        return deleted

    def _clean(self, mailbox: str, now: datetime) -> int:
        """What is old stands in front, so that its first items tell whether there is more."""
        row = (mailbox, mailbox, STEP, _ms(now - CONFIRMED), _ms(now - UNCONFIRMED))
        deleted, step = 0, 1
        while step:
            with self._file.writing() as cursor:
                step = cursor.execute(
                    "DELETE FROM item WHERE mailbox = ? AND position IN"
                    " (SELECT position FROM item WHERE mailbox = ? ORDER BY position LIMIT ?)"
                    " AND (confirmed_at < ? OR at < ?)",
                    row,
                ).rowcount
            deleted += step
        return deleted


def _put(cursor: sqlite3.Cursor, one: Incoming) -> Fate:
    digest = hashlib.sha256(one.body).digest()
    known = cursor.execute(  # SQLite, left alone, reads the whole mailbox instead
        "SELECT 1 FROM item INDEXED BY ix_item_digest WHERE mailbox = ? AND digest = ? AND at > ?",
        (one.mailbox, digest, _ms(one.at - REPEATED)),
    )
    if known.fetchone():
        return Fate.KNOWN
    numbered = cursor.execute(
        "UPDATE mailbox SET newest = max(newest + 1, ?) WHERE name = ? RETURNING newest",
        (_ms(one.at), one.mailbox),
    ).fetchone()
    if numbered is None:
        return Fate.GONE
    cursor.execute(
        "INSERT INTO item(mailbox, position, at, type, body, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (one.mailbox, numbered[0], _ms(one.at), one.type, one.body, digest),
    )
    return Fate.NEW


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)
