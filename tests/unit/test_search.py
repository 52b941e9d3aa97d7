"""Search finds customers by name and handle, messages by their words, and shows why (D1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.excerpt import excerpt, marked
from socialdesk.domain.models import Direction, State
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Town:
    """A desk on two networks, and the people who write to it."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.desk = Desk(self.database, ManualClock(NOW), Config())
        self.accounts = {
            "x": self.desk.add_account("x", "lola", "Lola", {}, {}, None),
            "google": self.desk.add_account("google", "rosa", "Rosa", {}, {}, None),
        }
        self.written = 0

    def write(self, who: Person, text: str = "hola", channel: str = "x", thread: str = "") -> int:
        """Receive a message a minute after the former; returns its conversation's id."""
        self.written += 1
        at = NOW - timedelta(hours=9) + timedelta(minutes=self.written)
        key = thread or who.id
        item = Incoming(f"m{self.written}", key, Direction.IN, at, who, who, text)
        with self.database.write() as connection:
            return ingest(connection, self.accounts[channel], [item], NOW).pop()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path / "desk.db")
    yield town
    town.database.close()


NURIA = Person("1", "nuria.social.example", "Núria Vidal")
JAVI = Person("2", "javi_peral", "Javi")


@pytest.mark.parametrize("words", ["Nuria", "nuri", "@nuria.social", "vidal núria", "NÚRIA Vi"])
def test_a_name_or_handle_finds_the_customer(town: Town, words: str) -> None:
    first = town.write(NURIA, thread="one")
    town.write(JAVI)
    second = town.write(NURIA, thread="two")
    assert [row.id for row in town.desk.customers(words)] == [second, first]


@pytest.mark.parametrize(
    ("words", "found"), [("javi_peral", True), ("@javi_pe", True), ("peral_javi", False), ("j", False)]
)
def test_a_handle_is_taken_as_it_is(town: Town, words: str, found: bool) -> None:
    town.write(JAVI)
    assert bool(town.desk.customers(words)) is found


@pytest.mark.parametrize("words", ["", '"', "javi OR nuria", "name: javi", "javi* \0", "-", "(javi"])
def test_nothing_that_is_typed_is_an_operator(town: Town, words: str) -> None:
    town.write(JAVI)
    town.write(NURIA)
    assert len(town.desk.customers(words)) <= 1


def test_a_customer_with_a_new_name_is_found_under_that_one_only(town: Town) -> None:
    one = town.write(JAVI)
    town.write(Person(JAVI.id, "javier", "Javier Peral"))
    assert [row.id for row in town.desk.customers("javier")] == [one]
    assert town.desk.customers("javi_peral") == []


def test_customers_are_narrowed_like_messages(town: Town) -> None:
    town.write(NURIA)
    two = town.write(NURIA, channel="google")
    assert [row.id for row in town.desk.customers("nuria", brand="Rosa")] == [two]
    assert [row.id for row in town.desk.customers("nuria", channel="google")] == [two]
    assert len(town.desk.customers("nuria", limit=1)) == 1


def test_a_hit_tells_how_its_conversation_stands(town: Town) -> None:
    one, two, three = (town.write(Person(str(n), f"p{n}"), "mi pedido") for n in range(3))
    town.desk.snooze(two, NOW + timedelta(hours=1))
    town.desk.resolve(three)
    states = {hit.conversation_id: hit.state for hit in town.desk.search("pedido")}
    assert states == {one: State.WAITING, two: State.SNOOZED, three: State.DONE}


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("¿Dónde está mi Pedido?", "donde pedi", ["Dónde", "Pedido"]),
        ("el pedido, los pedidos", "pedidos pe", ["pedido", "pedidos"]),
        ("con javi_peral y @Javi", "javi_peral", ["javi", "peral", "Javi"]),
        ("cafe\u0301 y té", "café t", ["cafe\u0301", "té"]),
        ("nada de eso", "pedido", []),
        ("nada de eso", "?!", []),
        ("", "a", []),
    ],
)
def test_the_words_found_are_marked(text: str, typed: str, found: list[str]) -> None:
    pieces = marked(text, typed)
    assert [piece for piece, is_found in pieces if is_found] == found
    assert "".join(piece for piece, _ in pieces) == text


def test_the_excerpt_begins_a_little_before_the_first_word_found() -> None:
    text = "Hola,\n\nbuenos  días: " + "bla " * 40 + "quiero cambiar mi pedido por otro"
    line = "".join(piece for piece, _ in excerpt(text, "pedido"))
    assert line.startswith("…")
    assert line.endswith("quiero cambiar mi pedido por otro")
    assert line.index("pedido") <= 32
    assert excerpt("mi  pedido\nno llega", "pedido") == [
        ("mi ", False),
        ("pedido", True),
        (" no llega", False),
    ]
    assert excerpt("bla " * 60, "pedido") == [(("bla " * 60).strip(), False)]
    assert "".join(p for p, _ in excerpt("x" * 100 + " pedido", "pedido")) == "…pedido"
