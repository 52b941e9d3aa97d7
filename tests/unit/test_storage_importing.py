"""A history from another tool, taken in (NEEDS A1, A4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState, State, View
from socialdesk.storage.database import Database
from socialdesk.storage.importing import BadLine, parse

NOW = datetime(2012, 10, 22, 11, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "desk.db")
    yield database
    database.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, ManualClock(NOW), Config())


def line(number: int = 1, at: str = "2012-10-18T20:00:00+02:00", **more: Any) -> str:
    data = {
        "account": "aero",
        "channel": "facebook",
        "conversation": "c1",
        "id": str(number),
        "direction": "in",
        "at": at,
        "text": "¿Cuándo sale mi vuelo?",
        "author": {"handle": "ana", "name": "Ana"},
        **more,
    }
    return json.dumps({key: value for key, value in data.items() if value is not ...})


STORY = [
    line(1),
    line(2, "2012-10-19T14:00:00+02:00", text="¿Hola?"),
    line(
        3,
        "2012-10-22T13:30:00+02:00",
        direction="out",
        agent="eva",
        author={"handle": "aero", "name": "Aero"},
    ),
]


def test_threads_waits_and_deadlines_are_computed(desk: Desk) -> None:
    report = desk.import_history(STORY[:2])
    assert (report.read, report.added, report.skipped) == (2, 2, ())
    [row] = desk.queue(View("late", late=True)).rows
    assert (row.brand, row.account, row.channel, row.handle) == ("aero", "aero", "facebook", "ana")
    assert (row.waiting_since, row.due_at, row.nudges, row.language) == (
        datetime(2012, 10, 18, 18, tzinfo=UTC),
        datetime(2012, 10, 19, 18, tzinfo=UTC),
        1,
        "es",
    )
    desk.import_history(STORY[2:])
    assert desk.row(row.id).state is State.ANSWERED
    assert [m.text for m in desk.thread(row.id).messages][1] == "¿Hola?"
    assert desk.search("vuelo")


def test_the_accounts_it_makes_are_paused_and_named_as_asked(desk: Desk) -> None:
    desk.import_history([line(brand="Vuela")])
    [account] = desk.accounts()
    assert (account.state, account.brand, account.connector) == (AccountState.PAUSED, "Vuela", "facebook")


def test_importing_twice_changes_nothing(desk: Desk, database: Database) -> None:
    edited = line(2, "2012-10-19T14:00:00+02:00", text="¿Hola? ¿Hay alguien?")
    desk.import_history([*STORY, edited])
    tables = ("message", "conversation", "contact", "account", "brand", "message_version")
    before = [database.read().all(f"SELECT * FROM {table}") for table in tables]
    assert desk.import_history([*STORY, edited]).added == 0
    assert before == [database.read().all(f"SELECT * FROM {table}") for table in tables]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "JSON"),
        ("[1]", "object"),
        ("[" * 100_000, "JSON"),
        (line(at="2012-10-18T20:00:00"), "offset"),
        (line(at="ayer"), "ISO 8601"),
        (line(at="0001-01-01T00:00:00+14:00"), "ISO 8601"),
        (line(at=5), "at"),  # type: ignore[arg-type]
        (line(direction="inbound"), "direction"),
        (line(text=...), "text"),
        (line(text=None), "text"),
        (line(author="ana"), "author"),
        (line(author={"name": "Ana"}), "handle"),
        (line(account=" "), "account"),
        (line(id=""), "id"),
        (line(id=7), "id"),
        (line(id="a\0b"), "id"),
        (line(id="\ud800"), "id"),
        (line(brand=5), "brand"),
        (line(channel="x"), "facebook"),
        (line(text="caf?").replace("?", "\udce9"), "UTF-8"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_blocks_no_other(desk: Desk, bad: str, reason: str) -> None:
    report = desk.import_history([line(1), "\n", bad, line(9)])
    assert (report.read, report.added) == (4, 2)
    [(number, why)] = report.skipped
    assert number == 3
    assert reason in why


def test_unknown_keys_and_missing_extras_are_ignored(desk: Desk) -> None:
    report = desk.import_history(
        [line(mood="cross", reply_to=None, agent=None, brand=None), line(2, brand="")]
    )
    assert (report.added, report.skipped) == (2, ())


def test_nothing_that_commands_a_terminal_gets_in(desk: Desk) -> None:
    desk.import_history(
        [line(text="a\x1b]0;pwned\x07b", author={"handle": "\x1b[2Jana", "name": "A\u202ena"})]
    )
    [row] = desk.queue(View("all")).rows
    assert (row.preview, row.handle, row.name) == ("ab", "ana", "Ana")


def test_an_outbound_message_that_comes_first_gets_its_customer_later(desk: Desk) -> None:
    desk.import_history([STORY[2]])
    desk.import_history(STORY[:1])
    assert [row.handle for row in desk.queue(View("all")).rows] == ["ana"]


def test_a_byte_order_mark_is_no_fault(desk: Desk) -> None:
    assert desk.import_history(["\ufeff" + line()]).added == 1


def test_progress_is_told_and_counts_lines(desk: Desk) -> None:
    told: list[int] = []
    desk.import_history(STORY, told.append)
    assert told == [3]


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_line_is_a_message_or_a_reason(text: str) -> None:
    with pytest.raises(BadLine):
        parse(text)


def test_whoever_was_erased_does_not_come_back_by_an_import(desk: Desk) -> None:
    """Promise 14: the old tool's file still knows them; what they write later, and others, is taken in."""
    desk.import_history([line(1), line(2, author={"handle": "berta", "name": "Berta"}, conversation="c2")])
    desk.erase(desk.people("@ana"), at_once=True)
    again = desk.import_history(
        [
            line(1),
            line(3, author={"handle": "berta", "name": "Berta"}, conversation="c2"),
            line(4, "2012-10-30T10:00:00+01:00"),
        ]
    )
    assert again.skipped == ((1, "this person was erased from the desk"),)
    assert again.added == 2
