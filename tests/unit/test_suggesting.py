"""What the blanks of canned replies are filled with in a conversation (needs C1, C7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.shop import HOUR, Shop
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clockphrases import LANGUAGES
from socialdesk.config import Config
from socialdesk.domain.calendars import Shift
from socialdesk.replies.shelf import Shelf
from socialdesk.storage.database import Database
from socialdesk.suggesting import Suggestions


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def length(shop: Shop, folder: Path, conversation: int, most: int | None) -> int:
    """Return how long the answer to a late order is where an answer may be that long."""
    row, now = shop.desk.row(conversation), shop.clock.now()
    said = Suggestions(shop.desk, Shelf(folder), Config(), row, now, most)
    entry = next(one for one in said.entries("es") if one.id == "delay")
    return len(said.compose(entry).text)


@pytest.mark.parametrize(
    ("channel", "private", "most", "short"),
    [
        ("nosuchnet", False, 300, True),
        ("x", False, None, True),
        ("tiktok", False, None, True),
        ("x", True, None, False),
        ("mastodon", False, 5_000, False),  # a server of one's own
        ("nosuchnet", False, None, False),
    ],
)
def test_c1_the_short_wordings_are_said_where_the_account_has_little_room(
    shop: Shop, tmp_path: Path, channel: str, private: bool, most: int | None, short: bool
) -> None:
    conversation = shop.write(private=private)
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET channel = ?", (channel,))
    assert (length(shop, tmp_path, conversation, most) < 280) == short


def promised(shop: Shop, folder: Path, conversation: int, language: str = "es") -> str:
    """Return what ``{promise}`` becomes."""
    row, now = shop.desk.row(conversation), shop.clock.now()
    return Suggestions(shop.desk, Shelf(folder), Config(), row, now).values(language).promise


def test_c7_a_promise_is_when_they_hear_again_and_not_the_deadline_of_this_answer(
    shop: Shop, tmp_path: Path
) -> None:
    conversation = shop.write(ago=4 * HOUR + HOUR / 2)  # due at 13:30, in half an hour
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 18:00"
    shop.clock.moment += HOUR / 6
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 18:30", "a moment that people say"
    shop.clock.moment += HOUR  # this answer is late: the next one is promised all the same
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 19:30"
    assert len({promised(shop, tmp_path, conversation, language) for language in LANGUAGES}) == len(LANGUAGES)


def test_c7_nothing_is_promised_for_the_night_by_who_has_told_no_opening_hours(
    shop: Shop, tmp_path: Path
) -> None:
    conversation = shop.write(ago=HOUR)
    shop.later(5)  # 18:00, and a further reply is promised within five hours
    assert promised(shop, tmp_path, conversation) == ""


def test_c7_a_promise_is_counted_in_opening_hours_and_not_said_past_closing(
    shop: Shop, tmp_path: Path
) -> None:
    conversation = shop.write(ago=HOUR)
    day = (Shift(9 * 60, 14 * 60), Shift(17 * 60, 19 * 60 + 40))
    shop.desk.adopt_policy(PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", (day,) * 7)}))
    assert promised(shop, tmp_path, conversation) == "mañana antes de las 10:30"  # 1 h, 2 h 40, 1 h 20
    shop.clock.moment -= 3 * HOUR + HOUR / 4  # 9:45: the fifth hour ends at 17:45
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 18:00"
    shop.clock.moment += 2 * HOUR  # 11:45: it ends at 19:45, after closing
    assert promised(shop, tmp_path, conversation) == "mañana antes de las 9:30"
    shop.clock.moment -= HOUR / 6  # 11:35: it ends at 19:35, and nobody is there at 20:00
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 19:40"
    shop.desk.adopt_policy(PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", ((),) * 7)}))
    assert promised(shop, tmp_path, conversation) == "", "a brand that never opens promises nothing"


def test_c7_who_is_stranded_hears_again_at_any_hour(shop: Shop, tmp_path: Path) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.set_situation(conversation, "stranded")
    shop.clock.moment += 14 * HOUR  # 3:00
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 3:30"
