"""Calls and visits are conversations like any other, and nothing of them is lost (NEEDS A1, A4, B1, B4, F5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpers.shop import NOW, Shop
from socialdesk.calendars.spec import PolicySpec
from socialdesk.domain.models import Delivery, Direction, Kind, State
from socialdesk.errors import Refused
from socialdesk.heard import heard_at
from socialdesk.storage.database import Database
from socialdesk.widgets.thread_lines import at_name


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk with one business."""
    database = Database(tmp_path / "desk.db")
    shop = Shop(database, PolicySpec())
    shop.account("lola")
    yield shop
    database.close()


def test_a_call_waits_from_when_it_rang(shop: Shop) -> None:
    """A1: it has a clock and a promise, and is seen with its channel."""
    number = shop.desk.write_down(
        Kind.CALL, "Lola", "¿Arregláis bicis?", who="Nuria", number="600 123 456", at=NOW - timedelta(hours=1)
    )
    row = shop.desk.row(number)
    assert (row.state, row.channel, row.brand, row.private) == (State.WAITING, "phone", "Lola", True)
    assert row.waiting_since == NOW - timedelta(hours=1)
    assert row.due_at is not None and row.preview == "¿Arregláis bicis?"
    assert (row.name, at_name(row.handle)) == ("Nuria", "tel. 600 123 456")


def test_done_answers_it(shop: Shop) -> None:
    """B1: whoever was answered on the spot waits no longer, and undoing brings them back."""
    number = shop.desk.write_down(Kind.VISIT, "Lola", "Devuelve un casco")
    undo = shop.desk.resolve(number)
    assert shop.desk.row(number).state is State.DONE
    shop.desk.undo(undo)
    assert shop.desk.row(number).state is State.WAITING


def test_who_calls_again_insists(shop: Shop) -> None:
    """A4, B4: the number tells who it is; a settled conversation opens again, with a fresh clock."""
    first = shop.desk.write_down(Kind.CALL, "Lola", "¿Está mi bici?", number="600 123 456")
    shop.clock.moment += timedelta(hours=2)
    again = shop.desk.write_down(Kind.CALL, "Lola", "¿Y mi bici?", number="+34 600123456")
    assert again == first and shop.desk.row(first).nudges == 1
    assert shop.desk.row(first).waiting_since == NOW
    shop.desk.resolve(first)
    shop.clock.moment += timedelta(hours=2)
    shop.desk.write_down(Kind.CALL, "Lola", "Una cosa más", number="600123456")
    assert shop.desk.row(first).state is State.WAITING
    assert shop.desk.row(first).waiting_since == shop.clock.now()


def test_the_same_name_is_not_the_same_person(shop: Shop) -> None:
    """Two of the same name stay two."""
    one = shop.desk.write_down(Kind.VISIT, "Lola", "Quiere un timbre", who="María")
    other = shop.desk.write_down(Kind.VISIT, "Lola", "Devuelve un timbre", who="María")
    assert one != other


def test_channels_have_an_account_a_business(shop: Shop) -> None:
    """Each business has its own, made when it is needed and only once."""
    shop.account("nube", brand="Nube")
    for brand in ("Lola", "Nube", "Lola"):
        shop.desk.write_down(Kind.CALL, brand, "Hola")
    shop.desk.write_down(Kind.VISIT, "Lola", "Hola")
    made = [(a.name, a.connector, a.brand) for a in shop.desk.accounts() if a.connector != "demo"]
    assert sorted(made) == [
        ("Lola counter", "counter", "Lola"),
        ("Lola phone", "phone", "Lola"),
        ("Nube phone", "phone", "Nube"),
    ]


def test_a_reply_is_a_note_of_what_they_were_told(shop: Shop) -> None:
    """B1: the answer goes where the question came, into the conversation."""
    number = shop.desk.write_down(Kind.CALL, "Lola", "¿Abrís el sábado?")
    reply = shop.desk.reply(number, "Le he dicho que sí, de 10 a 14.", now=True)
    assert reply.state is Delivery.QUEUED
    assert [m.direction for m in shop.desk.thread(number).messages] == [Direction.IN, Direction.OUT]


@pytest.mark.parametrize(
    ("brand", "words", "phone", "code"),
    [
        ("Lola", "  \x1b[2J", "", "nothing_said"),
        ("Nadie", "hola", "", "unknown_brand"),
        ("Lola", "hola", "12", "whose_number"),
    ],
)
def test_what_cannot_be_kept_is_refused(shop: Shop, brand: str, words: str, phone: str, code: str) -> None:
    """Nothing is half written."""
    with pytest.raises(Refused) as refused:
        shop.desk.write_down(Kind.CALL, brand, words, number=phone)
    assert refused.value.code == code
    assert [account.name for account in shop.desk.accounts()] == ["lola"]


def test_no_moment_lies_ahead(shop: Shop) -> None:
    """Whoever mistypes the hour makes no customer wait from tomorrow."""
    number = shop.desk.write_down(Kind.CALL, "Lola", "hola", at=NOW + timedelta(days=1))
    assert shop.desk.row(number).waiting_since == NOW


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", NOW),
        ("12:40", datetime(2026, 3, 1, 11, 40, tzinfo=UTC)),
        ("9.05", datetime(2026, 3, 2, 8, 5, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_last_time_the_clocks_showed_it(
    text: str, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12:40, written down at 12:30, was yesterday."""
    now = datetime(2026, 3, 2, 11, 30, tzinfo=UTC) if text == "12:40" else NOW
    assert heard_at(text, now) == moment


@pytest.mark.parametrize("text", ["mañana", "25:00", "12:61", "12"])
def test_what_is_no_hour_is_told(text: str) -> None:
    """In words."""
    with pytest.raises(ValueError, match=r"12:40"):
        heard_at(text, NOW)
