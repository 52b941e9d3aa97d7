"""What a desk is told is of one moment (issue 7, point 6; A1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from socialdesk.clock import ManualClock
from socialdesk.relay.file import File
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Incoming, Store


class Watched:
    """A connection whose first question is followed by a delivery."""

    def __init__(self, connection: sqlite3.Connection, arrive: Any) -> None:
        self._connection = connection
        self._arrive = arrive

    def execute(self, sql: str, row: Any = ()) -> Any:
        """Ask, then let something arrive."""
        answer = self._connection.execute(sql, row)
        if sql.startswith("SELECT"):
            found = answer.fetchall()
            self._arrive()
            return _Rows(found)
        return answer


class _Rows(list[Any]):
    def fetchall(self) -> list[Any]:
        return self

    def fetchone(self) -> Any:
        return self[0] if self else None

    def close(self) -> None:
        """Nothing is open."""


def test_what_comes_during_a_look_is_in_the_next(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that is given nothing goes on from the newest, and would never be given what came between the two questions."""
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    coming = [b"late"]

    def arrive() -> None:
        while coming:
            store.keep([Incoming("shop", clock.now(), "", coming.pop())])

    real = File.reading

    @contextmanager
    def reading(file: File) -> Iterator[Any]:
        with real(file) as connection:
            yield Watched(connection, arrive)

    with monkeypatch.context() as watched:
        watched.setattr(File, "reading", reading)
        found, newest, _ = store.after("shop", 0, 10, 1 << 20)
    position = found[-1].position if found else newest
    seen = found + store.after("shop", position, 10, 1 << 20)[0]
    assert [one.body for one in seen] == [b"late"] and not coming
    store.close()
