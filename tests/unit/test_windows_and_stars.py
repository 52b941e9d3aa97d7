"""What some networks tell with a message: until when it can be answered, and stars (issue 7, points 2 to 5; NEEDS A1, A2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.calendars.spec import PolicySpec
from socialdesk.connectors.contract import Author, Direction, Item
from socialdesk.domain.models import Seek, View
from socialdesk.domain.promises import PRESETS, Guess, Kept, Rule
from socialdesk.screens.panes import thread_notes
from socialdesk.screens.views import fits
from socialdesk.storage.database import Database
from socialdesk.sync.understand import _incoming
from socialdesk.widgets.queue_columns import UNICODE, cell, deadline, moments, timers

ANA = Author("ana", "ana", "Ana")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def order(shop: Shop) -> list[str]:
    """The customers in the queue, the most urgent first."""
    found = shop.desk.queue(View(""), Seek(), 50).rows
    return [row.handle for row in found]


# Windows


def test_a_window_that_ends_before_the_promise_decides_the_place_in_the_queue(shop: Shop) -> None:
    shop.write(who="luis", connector="facebook", account="fb")
    shop.write(who="ana", connector="facebook", account="fb", answer_until=NOW + 3 * HOUR)
    shop.write(who="eva", connector="facebook", account="fb", answer_until=NOW + 90 * HOUR)
    assert order(shop) == ["ana", "luis", "eva"]


def test_each_further_message_moves_the_end_of_the_window(shop: Shop) -> None:
    number = shop.write(ago=2 * HOUR, answer_until=NOW + HOUR)
    shop.write(answer_until=NOW + 24 * HOUR)
    assert shop.desk.row(number).answer_until == NOW + 24 * HOUR


def test_the_left_column_counts_down_to_whichever_ends_first(shop: Shop) -> None:
    row = shop.desk.row(shop.write(answer_until=NOW + 2 * HOUR))
    assert row.due_at == NOW + 5 * HOUR and deadline(row) == NOW + 2 * HOUR
    at = int(NOW.timestamp())
    assert timers(row, moments(row), at).left.strip() == "2h 00"
    closed = timers(row, moments(row), at + 3 * 3600)
    assert closed.late and closed.left.strip().startswith("-")
    assert deadline(row._replace(waiting_since=None, due_at=None)) is None, (
        "whoever was answered has no clock"
    )


def test_the_title_says_until_when_and_when_it_is_over(shop: Shop) -> None:
    row = shop.desk.row(shop.write(answer_until=NOW + 2 * HOUR))
    assert thread_notes(row, NOW)[0].startswith("can be answered until")
    assert thread_notes(row, NOW + 3 * HOUR)[0] == "the network takes no more answers"
    assert "answer" not in thread_notes(row._replace(answer_until=None), NOW)[0]


def test_a_closed_window_is_among_the_late(shop: Shop) -> None:
    row = shop.desk.row(shop.write(ago=HOUR, answer_until=NOW - HOUR / 2))
    late = View("late", late=True)
    assert fits(late, row, NOW) and [one.id for one in shop.desk.queue(late, Seek(), 9).rows] == [row.id]


# Stars


def test_few_stars_are_a_situation_with_a_promise_of_its_own(shop: Shop) -> None:
    """Google promises a day; one or two stars five hours."""
    bad = shop.write("Fatal", who="ana", connector="google", account="g", rating=2)
    fair = shop.write("Bien", who="luis", connector="google", account="g", rating=3)
    assert shop.desk.row(bad).situation == "bad_review" and shop.desk.row(fair).situation == ""
    assert shop.desk.row(bad).due_at == NOW + 5 * HOUR
    assert shop.desk.row(fair).due_at == NOW + 24 * HOUR
    assert order(shop) == ["ana", "luis"]


def test_the_desks_own_rules_go_before_the_stars_and_a_person_before_both(shop: Shop) -> None:
    own = (*PRESETS, Rule(Kept(HOUR), situation="allergy"))
    shop.desk.adopt_policy(PolicySpec(rules=own, guesses=(Guess("allergy", words=("alergia",)),)))
    told = shop.write("Me dio alergia", who="ana", connector="google", account="g", rating=1)
    plain = shop.write("Fatal", who="luis", connector="google", account="g", rating=1)
    assert [shop.desk.row(one).situation for one in (told, plain)] == ["allergy", "bad_review"]
    shop.desk.adopt_policy(PolicySpec())
    assert [shop.desk.row(one).situation for one in (told, plain)] == ["bad_review", "bad_review"]
    shop.desk.set_situation(plain, "can_wait")
    shop.write("Sigo esperando", who="luis", connector="google", account="g")
    assert shop.desk.row(plain).situation == "can_wait"


def test_other_stars_are_an_edit_and_change_the_situation(shop: Shop) -> None:
    number = shop.write("Regular", connector="google", account="g", named="r1", rating=1)
    shop.write("Regular", connector="google", account="g", named="r1", rating=5)
    row = shop.desk.row(number)
    assert (row.rating, row.situation) == (5, "")
    message = shop.desk.thread(number).messages[0]
    assert message.rating == 5 and message.edited_at is not None
    assert shop.write("Regular", connector="google", account="g", named="r1", rating=5) == 0, "nothing new"


def test_the_queue_shows_the_stars_before_the_words(shop: Shop) -> None:
    row = shop.desk.row(shop.write("Todo mal", connector="google", account="g", rating=1))
    none = timers(row, moments(row), int(NOW.timestamp()))
    assert cell("text", row, none, UNICODE) == "1★ Todo mal"


# What a connector may give


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"rating": 1}, 1),
        ({"rating": 0}, None),
        ({"rating": 6}, None),
        ({"rating": "5"}, None),
        ({"rating": True}, None),
        ({"rating": 4.0}, None),
    ],
)
def test_nonsense_for_stars_loses_no_message(given: dict[str, Any], kept: int | None) -> None:
    item = Item("1", "c", Direction.IN, NOW, ANA, ANA, "hola")
    assert _incoming(replace(item, **given)).rating == kept


@pytest.mark.parametrize(
    "given",
    [
        NOW.replace(tzinfo=None),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        "mañana",
        5,
    ],
)
def test_nonsense_for_a_window_loses_no_message(given: Any) -> None:
    item = replace(Item("1", "c", Direction.IN, NOW, ANA, ANA, "hola"), answer_until=given)
    assert _incoming(item).answer_until is None


def test_a_window_is_kept_as_given() -> None:
    item = Item("1", "c", Direction.IN, NOW, ANA, ANA, "hola", answer_until=NOW + timedelta(hours=24))
    assert _incoming(item).answer_until == NOW + timedelta(hours=24)
