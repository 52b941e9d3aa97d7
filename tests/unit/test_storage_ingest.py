"""Messages taken in: the wait clock, replays, edits, deletions, reopening (NEEDS A1, A4, B4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.domain.models import Account, AccountState, Direction
from socialdesk.storage.database import Database, Row
from socialdesk.storage.ids import message_id
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANA = Person("did:ana", "ana", "Ana")
SHOP = Person("did:shop", "shop", "La Tienda")


def account(number: int = 1, connector: str = "demo") -> Account:
    return Account(
        number,
        connector,
        connector,
        f"shop{number}",
        1,
        "Shop",
        "shop",
        {},
        AccountState.OK,
        "",
        "",
        (),
        None,
        None,
        0,
    )


def heard(number: int | str, minutes: float, text: str = "hola", **more: Any) -> Incoming:
    """What Ana wrote so many minutes before NOW."""
    return Incoming(
        str(number), "thread", Direction.IN, NOW - timedelta(minutes=minutes), ANA, ANA, text, **more
    )


def answered(number: int | str, minutes: float, text: str = "gracias", **more: Any) -> Incoming:
    """What the shop wrote so many minutes before NOW."""
    return replace(heard(number, minutes, text, **more), direction=Direction.OUT, author=SHOP)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    desk = Database(tmp_path / "desk.db")
    fill_accounts(desk)
    yield desk
    desk.close()


def fill_accounts(desk: Database) -> None:
    with desk.write() as connection:
        connection.exec_driver_sql("INSERT INTO brand(id, name, created_at) VALUES (1, 'Shop', 0)")
        connection.exec_driver_sql(
            "INSERT INTO account(id, connector, channel, name, brand_id, remote_id, handle, options, secrets, paused, state,"
            " problem, detail, lacking, cursor, failures, created_at)"
            " VALUES (?, 'demo', 'demo', ?, 1, '', 'shop', '{}', '{}', 0, 'ok', '', '', '[]', '', 0, 0)",
            [(1, "shop1"), (2, "shop2")],
        )


def take(desk: Database, *items: Incoming, now: datetime = NOW, number: int = 1) -> set[int]:
    with desk.write() as connection:
        return ingest(connection, account(number), items, now)


def wait(desk: Database) -> Row:
    row = desk.read().one("SELECT waiting_since, nudges, box, messages FROM conversation")
    assert row is not None
    return row


def ms(minutes: float) -> int:
    return round((NOW - timedelta(minutes=minutes)).timestamp() * 1000)


def found(desk: Database, words: str) -> int:
    row = desk.read().one(
        "SELECT count(*) FROM message_fts WHERE message_fts MATCH :words", {"words": f'"{words}"'}
    )
    assert row is not None
    return int(row[0])


def test_every_message_starts_a_clock_and_nudges_are_counted(database: Database) -> None:
    take(database, heard(1, 60), heard(2, 30), heard(3, 10))
    assert wait(database) == (ms(60), 2, "open", 3)
    take(database, answered(4, 5))
    assert wait(database) == (None, 0, "open", 4)


def test_the_same_page_again_changes_nothing(database: Database) -> None:
    page = [heard(1, 60), answered(2, 30), heard(3, 10)]
    assert take(database, *page) == {1}
    before = database.read().all("SELECT * FROM message"), database.read().all("SELECT * FROM conversation")
    assert take(database, *page, *page, now=NOW + timedelta(hours=1)) == set()
    assert before == (
        database.read().all("SELECT * FROM message"),
        database.read().all("SELECT * FROM conversation"),
    )


def test_the_same_remote_id_on_two_accounts_is_two_messages(database: Database) -> None:
    take(database, heard(1, 60))
    take(database, heard(1, 60), number=2)
    assert len(database.read().all("SELECT id FROM message")) == 2


def test_an_edit_keeps_what_was_said_before_and_search_finds_the_new_words_only(database: Database) -> None:
    take(database, heard(1, 60, "naranjas"))
    take(database, heard(1, 60, "limones"))
    assert database.read().all("SELECT text, edited_at IS NULL FROM message") == [("limones", 0)]
    assert database.read().all("SELECT text FROM message_version") == [("naranjas",)]
    assert (found(database, "naranjas"), found(database, "limones")) == (0, 1)
    assert wait(database) == (ms(60), 0, "open", 1)


def test_an_old_copy_of_an_edited_message_is_no_edit(database: Database) -> None:
    take(database, heard(1, 60, "naranjas"))
    take(database, heard(1, 60, "limones"), now=NOW - timedelta(minutes=50))
    assert take(database, heard(1, 60, "naranjas")) == set()
    edited = heard(1, 60, "peras", edited_at=NOW - timedelta(minutes=1))
    take(database, edited)
    assert take(database, replace(edited, text="kiwis", edited_at=NOW - timedelta(minutes=2))) == set()
    assert database.read().all("SELECT text FROM message") == [("peras",)]


def test_a_deletion_leaves_a_tombstone_that_does_not_wait(database: Database) -> None:
    take(database, heard(1, 60, "secreto"))
    take(database, heard(1, 60, "secreto", deleted=True))
    assert wait(database) == (None, 0, "open", 0)
    assert database.read().all("SELECT text, deleted_at IS NULL FROM message") == [("", 0)]
    assert database.read().all("SELECT text FROM message_version") == [("secreto",)]
    assert found(database, "secreto") == 0
    assert take(database, heard(1, 60, "secreto")) == set(), "a late copy does not bring it back"


def test_a_deletion_that_comes_before_its_message_wins(database: Database) -> None:
    take(database, heard(1, 60, deleted=True))
    take(database, heard(1, 60, "hola"))
    assert wait(database)[0] is None


def test_a_thread_given_for_understanding_starts_no_clock(database: Database) -> None:
    take(database, heard(1, 600, context=True))
    assert wait(database) == (None, 0, "done", 0)
    take(database, heard(1, 600))
    assert wait(database) == (ms(600), 0, "open", 1)


@pytest.mark.parametrize("box", ["done", "snoozed"])
def test_whatever_the_customer_writes_later_reopens_with_a_fresh_clock(database: Database, box: str) -> None:
    """NEEDS B4."""
    take(database, heard(1, 60))
    with database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE conversation SET box = ?, settled_at = ?, snoozed_until = ?",
            (box, ms(0), ms(-60) if box == "snoozed" else None),
        )
    take(database, heard(2, -5), now=NOW + timedelta(minutes=6))
    assert wait(database) == (ms(-5), 0, "open", 2)
    assert database.read().one("SELECT snoozed_until FROM conversation") == (None,)


def test_a_back_dated_message_reopens_what_was_settled_before_we_knew_it(database: Database) -> None:
    take(database, heard(1, 60))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET box = 'done', settled_at = ?", (ms(0),))
    take(database, heard(2, 90), now=NOW + timedelta(minutes=1))
    assert wait(database)[0] == ms(90)


def test_a_reply_from_here_read_back_from_the_network_stays_ours(database: Database) -> None:
    take(database, heard(1, 60), answered(2, 30))
    take(database, answered(2, 30, from_desk=True, agent="eva", known_at=NOW - timedelta(minutes=30)))
    take(database, answered(2, 30))
    assert database.read().all("SELECT from_desk, agent, known_at FROM message WHERE direction = 'out'") == [
        (1, "eva", ms(30))
    ]


def test_a_clock_that_runs_ahead_gives_no_time_to_come(database: Database) -> None:
    take(database, heard(1, -600))
    assert wait(database)[0] == ms(0)


def test_the_customer_is_named_as_soon_as_known(database: Database) -> None:
    take(database, replace(answered(1, 60), contact=None))
    take(database, heard(2, 30))
    take(database, replace(heard(3, 20), contact=Person("did:ana", "ana.new", "Ana")))
    rows = database.read().all("SELECT p.handle FROM conversation c JOIN contact p ON p.id = c.contact_id")
    assert rows == [("ana.new",)]


def test_a_conversation_stays_its_first_customer_s_whoever_else_is_named(database: Database) -> None:
    """A1: a known customer is neither exchanged nor doubled by a nameless one."""
    take(database, heard(1, 60))
    take(database, replace(heard(2, 50), contact=Person("did:eva", "eva", "Eva")))
    take(database, replace(answered(3, 40), contact=None))
    rows = database.read().all("SELECT p.handle FROM conversation c JOIN contact p ON p.id = c.contact_id")
    assert rows == [("ana",)]
    assert database.read().all("SELECT remote_id FROM contact WHERE remote_id LIKE 'conversation%'") == []


def test_two_messages_that_ask_for_one_id_are_both_kept_whatever_their_batch(database: Database) -> None:
    taken = message_id(ms(60), 1, "1")
    take(database, heard(1, 60))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE message SET id = ?", (message_id(ms(60), 1, "2"),))
    take(database, heard(2, 60), heard(3, 60))
    assert len(database.read().all("SELECT id FROM message")) == 3
    assert taken != message_id(ms(60), 1, "2")


def test_language_and_preview_follow_the_customers_newest_words(database: Database) -> None:
    take(database, heard(1, 60, "Hello, when do you open the shop today?"))
    take(database, heard(2, 30, "¿Cuándo abren la tienda, por favor?\nGracias"), answered(3, 10, "See you"))
    assert database.read().all("SELECT language, preview FROM conversation") == [
        ("es", "¿Cuándo abren la tienda, por favor? Gracias")
    ]
    take(database, heard(4, 5, "👍", language="gl"))
    assert database.read().all("SELECT language, preview FROM conversation") == [("gl", "👍")]


def index_is_whole(desk: Database) -> None:
    """Raises where the text index and the texts do not agree."""
    with desk.write() as connection:
        connection.exec_driver_sql("INSERT INTO message_fts(message_fts, rank) VALUES ('integrity-check', 1)")


def test_a_message_edited_and_deleted_within_one_page(database: Database) -> None:
    take(
        database,
        heard(1, 60, "naranjas"),
        heard(2, 50, "peras"),
        heard(1, 60, "limones"),
        heard(2, 50, deleted=True),
        heard(1, 60, "kiwis"),
    )
    assert database.read().all("SELECT text FROM message ORDER BY id") == [("kiwis",), ("",)]
    assert [found(database, word) for word in ("naranjas", "limones", "peras", "kiwis")] == [0, 0, 0, 1]
    index_is_whole(database)


MESSAGES = [
    heard(1, 300),
    answered(2, 240),
    heard(3, 200),
    heard(4, 150, deleted=True),
    heard(5, 100),
    heard(6, 90, context=True),
    answered(7, 150),
]


@given(order=st.permutations(MESSAGES), size=st.integers(1, 7))
@settings(max_examples=25, deadline=None)
def test_the_wait_is_the_same_in_whatever_order_messages_come(
    tmp_path_factory: pytest.TempPathFactory, order: list[Incoming], size: int
) -> None:
    desk = Database(tmp_path_factory.mktemp("order") / "desk.db")
    try:
        fill_accounts(desk)
        for start in range(0, len(order), size):
            take(desk, *order[start : start + size])
        assert wait(desk) == (ms(100), 0, "open", 5)
        index_is_whole(desk)
    finally:
        desk.close()
