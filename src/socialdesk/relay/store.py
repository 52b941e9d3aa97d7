"""The relay's file: mailboxes, and what came for each, numbered. SQLite alone; every call may come from any thread.

Positions of a mailbox rise and are never given twice, whatever was deleted. What is confirmed stays for a day, what is not for
fourteen; the same bytes within a day are kept once, because networks repeat themselves and anybody may repeat them.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from socialdesk.errors import Refused
from socialdesk.relay.signatures import Kind

UNCONFIRMED = timedelta(days=14)
CONFIRMED = timedelta(days=1)
REPEATED = timedelta(days=1)
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


class Store:
    """One open file. Raises ``sqlite3.Error`` where the disk fails."""

    def __init__(self, path: Path) -> None:
        """Open the file, made where there is none; only its owner can read it. Raises ``Refused``."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            # Two connections: nobody who reads waits for the disk.
            self._writer, self._writes = _open(path), threading.Lock()
            self._begin()
            self._reader, self._reads = _open(path), threading.Lock()
        except (OSError, sqlite3.Error) as error:
            raise Refused(str(error), code="relay_file") from error

    def _begin(self) -> None:
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            self._writer.close()
            raise Refused(str(version), code="relay_newer")
        self._writer.executescript(_SCHEMA + f"PRAGMA user_version = {VERSION};")

    def close(self) -> None:
        """Close the file."""
        with self._writes, self._reads:
            self._reader.close()
            self._writer.close()

    # Mailboxes -----------------------------------------------------------------

    def create(self, name: str, kind: Kind, secret: str) -> tuple[str, str]:
        """Make a mailbox; returns the token that the network asks for and the desk's key, which is not kept."""
        token, key = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        with self._writing() as cursor:
            if cursor.execute("SELECT 1 FROM mailbox WHERE name = ?", (name,)).fetchone():
                raise Refused(name, code="relay_taken")
            row = (name, kind.value, token, _hash(key), secret)
            cursor.execute("INSERT INTO mailbox(name, kind, token, key, secret) VALUES (?, ?, ?, ?, ?)", row)
        return token, key

    def renew(self, name: str) -> str:
        """Give a mailbox another key; the former one opens nothing any more. Raises ``Refused``."""
        key = secrets.token_urlsafe(32)
        with self._writing() as cursor:
            if not cursor.execute("UPDATE mailbox SET key = ? WHERE name = ?", (_hash(key), name)).rowcount:
                raise Refused(name, code="relay_unknown")
        return key

    def remove(self, name: str) -> None:
        """Forget a mailbox and all that is in it. Raises ``Refused``."""
        with self._writing() as cursor:
            if not cursor.execute("DELETE FROM mailbox WHERE name = ?", (name,)).rowcount:
                raise Refused(name, code="relay_unknown")
            cursor.execute("DELETE FROM item WHERE mailbox = ?", (name,))

    def mailboxes(self) -> list[Mailbox]:
        """Return them all, by name."""
        rows = self._read("SELECT name, kind, token, secret, newest, confirmed FROM mailbox ORDER BY name")
        return [Mailbox(name, Kind(kind), *rest) for name, kind, *rest in rows]

    def opened_by(self, key: str) -> str:
        """Return the name of the mailbox that a desk's key opens, "" where it opens none."""
        rows = self._read("SELECT name FROM mailbox WHERE key = ?", (_hash(key),))
        return str(rows[0][0]) if rows else ""

    # What comes and goes --------------------------------------------------------

    def keep(self, arrived: Sequence[Incoming]) -> set[str]:
        """Keep what came, in its order, in one transaction; returns the mailboxes that have something new."""
        news = set()
        with self._writing() as cursor:
            for one in arrived:
                if _put(cursor, one):
                    news.add(one.mailbox)
        return news

    def after(self, mailbox: str, position: int, limit: int, most: int) -> tuple[list[Item], int, int]:
        """Return what came after a position, up to so many and so many bytes, and the positions of the newest and the oldest."""
        rows = self._read(
            "SELECT position, at, type, body FROM item WHERE mailbox = ? AND position > ? ORDER BY position LIMIT ?",
            (mailbox, position, limit),
        )
        found: list[Item] = []
        held = 0
        for number, at, kind, body in rows:
            held += len(body)
            if found and held > most:
                break
            found.append(Item(number, _moment(at), kind, body))
        ends = self._read(
            "SELECT newest, (SELECT min(position) FROM item WHERE mailbox = m.name) FROM mailbox m WHERE name = ?",
            (mailbox,),
        )
        newest, oldest = ends[0] if ends else (0, None)
        return found, newest, oldest or 0

    def confirm(self, mailbox: str, through: int, now: datetime) -> None:
        """Note that the desk has stored everything up to a position; of what has not come yet that says nothing."""
        with self._writing() as cursor:
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
        with self._writing() as cursor:
            return cursor.execute(
                "DELETE FROM item WHERE confirmed_at < ? OR at < ?",
                (_ms(now - CONFIRMED), _ms(now - UNCONFIRMED)),
            ).rowcount

    def _read(self, sql: str, row: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._reads:
            return self._reader.execute(sql, row).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        with self._writes:
            cursor = self._writer.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield cursor
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    cursor.execute("ROLLBACK")
                raise


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;"
    )
    return connection


def _put(cursor: sqlite3.Cursor, one: Incoming) -> bool:
    digest = hashlib.sha256(one.body).digest()
    since = _ms(one.at - REPEATED)
    known = cursor.execute(  # SQLite, left alone, reads the whole mailbox instead
        "SELECT 1 FROM item INDEXED BY ix_item_digest WHERE mailbox = ? AND digest = ? AND at > ?",
        (one.mailbox, digest, since),
    )
    if known.fetchone():
        return False
    numbered = cursor.execute(
        "UPDATE mailbox SET newest = newest + 1 WHERE name = ? RETURNING newest", (one.mailbox,)
    ).fetchone()
    if numbered is None:  # removed meanwhile
        return False
    cursor.execute(
        "INSERT INTO item(mailbox, position, at, type, body, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (one.mailbox, numbered[0], _ms(one.at), one.type, one.body, digest),
    )
    return True


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)
