"""The memory of a simulated network: what was posted, what was answered, what will happen next.

It plays the other side of the line, so it outlives the desk's own processes: a file in SQLite, one per account and
seed, in which each step is one committed transaction. All moments are integer milliseconds since 1970, UTC.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS post (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS post_by_id ON post (id);
CREATE TABLE IF NOT EXISTS thread (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL, thread TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS step_by_time ON step (at, id);
CREATE TABLE IF NOT EXISTS sent (key TEXT PRIMARY KEY, post TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (key TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that will happen in a thread."""

    at: int
    what: str
    thread: str


class World:
    """One account's network. Not for use by several threads."""

    def __init__(self, path: Path | None) -> None:
        """Open the world in that file, created where it is missing; None keeps it in memory."""
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        self._file = sqlite3.connect(
            path or ":memory:", isolation_level=None, timeout=5, check_same_thread=False
        )
        # A killed process loses nothing this way, and a simulation need not wait for the disk.
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Make what is done inside one transaction."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def fact(self, name: str) -> int | None:
        """Return a remembered number."""
        row = self._file.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def remember(self, name: str, value: int) -> None:
        """Remember a number."""
        self._file.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def page(self, name: str) -> str:
        """Return what a page of the account says, "" where nobody has written it."""
        row = self._file.execute("SELECT text FROM page WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def write_page(self, name: str, text: str) -> None:
        """Write a page of the account."""
        self._file.execute("INSERT OR REPLACE INTO page VALUES (?, ?)", (name, text))

    def add_post(self, post: dict[str, Any]) -> None:
        """Publish a message, or a new version of it under the same id."""
        self._file.execute("INSERT INTO post (id, payload) VALUES (?, ?)", (post["id"], json.dumps(post)))

    def posts_after(self, seq: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Return publications in their order, each with its number; only the newest version of a message."""
        rows = self._file.execute(
            "SELECT seq, payload FROM post WHERE seq > ? AND NOT EXISTS"
            " (SELECT 1 FROM post AS newer WHERE newer.id = post.id AND newer.seq > post.seq)"
            " ORDER BY seq LIMIT ?",
            (seq, limit),
        ).fetchall()
        return [(int(number), json.loads(payload)) for number, payload in rows]

    def newest(self) -> int:
        """Return the number of the last publication, 0 where there is none."""
        return int(self._file.execute("SELECT coalesce(max(seq), 0) FROM post").fetchone()[0])

    def post(self, post_id: str) -> dict[str, Any]:
        """Return the newest version of a message; raises ``KeyError``."""
        row = self._file.execute(
            "SELECT payload FROM post WHERE id = ? ORDER BY seq DESC LIMIT 1", (post_id,)
        ).fetchone()
        if row is None:
            raise KeyError(post_id)
        found: dict[str, Any] = json.loads(row[0])
        return found

    def thread(self, thread_id: str) -> dict[str, Any]:
        """Return the state of a thread; raises ``KeyError``."""
        row = self._file.execute("SELECT state FROM thread WHERE id = ?", (thread_id,)).fetchone()
        if row is None:
            raise KeyError(thread_id)
        found: dict[str, Any] = json.loads(row[0])
        return found

    def keep_thread(self, state: dict[str, Any]) -> None:
        """Store the state of a thread."""
        self._file.execute("INSERT OR REPLACE INTO thread VALUES (?, ?)", (state["id"], json.dumps(state)))

    def plan(self, step: Step) -> None:
        """Let something happen later."""
        self._file.execute(
            "INSERT INTO step (at, what, thread) VALUES (?, ?, ?)", (step.at, step.what, step.thread)
        )

    def next_at(self) -> int | None:
        """Return when the next step is due."""
        found = self._file.execute("SELECT min(at) FROM step").fetchone()[0]
        return None if found is None else int(found)

    def take_due(self, now: int) -> Step | None:
        """Take the earliest step that is due."""
        row = self._file.execute(
            "DELETE FROM step WHERE id = (SELECT id FROM step WHERE at <= ? ORDER BY at, id LIMIT 1)"
            " RETURNING at, what, thread",
            (now,),
        ).fetchone()
        return None if row is None else Step(*row)

    def forget_steps(self, thread_id: str, what: str) -> None:
        """Let no such step happen in that thread any more."""
        self._file.execute("DELETE FROM step WHERE thread = ? AND what = ?", (thread_id, what))

    def has_step(self, thread_id: str, what: str) -> bool:
        """Tell whether such a step lies ahead in that thread."""
        query = "SELECT 1 FROM step WHERE thread = ? AND what = ?"
        return self._file.execute(query, (thread_id, what)).fetchone() is not None

    def delay_all(self, by: int) -> None:
        """Move everything that lies ahead."""
        self._file.execute("UPDATE step SET at = at + ?", (by,))

    def sent(self, key: str) -> dict[str, Any] | None:
        """Return the reply that was taken under this key."""
        row = self._file.execute("SELECT post FROM sent WHERE key = ?", (key,)).fetchone()
        return None if row is None else self.post(row[0])

    def keep_sent(self, key: str, post_id: str) -> None:
        """Remember which reply was taken under this key."""
        self._file.execute("INSERT INTO sent VALUES (?, ?)", (key, post_id))

    def count_attempt(self, key: str) -> int:
        """Count one more attempt under this key and return how many there were."""
        row = self._file.execute(
            "INSERT INTO attempt VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET number = number + 1 RETURNING number",
            (key,),
        ).fetchone()
        return int(row[0])
