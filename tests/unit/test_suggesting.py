"""What the blanks of canned replies are filled with in a conversation (needs C1, C7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.shop import HOUR, Shop
from socialdesk.clockphrases import LANGUAGES
from socialdesk.config import Config
from socialdesk.replies.shelf import Shelf
from socialdesk.storage.database import Database
from socialdesk.suggesting import Suggestions


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def promised(shop: Shop, folder: Path, conversation: int, language: str = "es") -> str:
    """Return what ``{promise}`` becomes."""
    row, now = shop.desk.row(conversation), shop.clock.now()
    return Suggestions(shop.desk, Shelf(folder), Config(), row, now).values(language).promise


def test_c7_a_promise_is_said_with_its_moment_and_once_that_has_passed_with_honest_words(
    shop: Shop, tmp_path: Path
) -> None:
    conversation = shop.write(ago=HOUR)
    assert promised(shop, tmp_path, conversation) == "hoy antes de las 17:00"
    shop.later(5)
    assert promised(shop, tmp_path, conversation) == "lo antes posible"
    assert promised(shop, tmp_path, conversation, "en") == "as soon as we can"
    assert len({promised(shop, tmp_path, conversation, language) for language in LANGUAGES}) == len(LANGUAGES)


def test_c7_where_nothing_is_due_the_moment_stays_a_blank(shop: Shop, tmp_path: Path) -> None:
    conversation = shop.write(ago=HOUR)
    shop.desk.resolve(conversation)
    assert promised(shop, tmp_path, conversation) == ""
