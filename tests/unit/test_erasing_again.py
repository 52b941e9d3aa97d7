"""An erasure leaves a whole desk, touches nobody else's words, and can be done again (promises 8 and 14)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.shop import HOUR, Shop
from socialdesk.storage import backup, keeping
from socialdesk.storage.database import Database


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk in a folder of its own."""
    database = Database(tmp_path / "data" / "desk.db")
    yield Shop(database)
    database.close()


@pytest.mark.parametrize("at_once", [True, False])
def test_the_index_agrees_with_the_desk_after_an_erasure(shop: Shop, at_once: bool) -> None:
    """Promise 8: the row that keeps the numbers is in the index too, or each examination finds the desk at fault."""
    shop.write("hola", who="zoraida")
    shop.write("buenas", who="berta")
    assert backup.doubts(shop.database.path) == []
    shop.desk.erase(shop.desk.people("@zoraida"), at_once=at_once)
    assert backup.doubts(shop.database.path) == []


def test_a_desk_whose_index_lacks_that_row_is_mended(shop: Shop) -> None:
    """Promise 8: desks that were left so agree with themselves from the next look on."""
    shop.write("hola", who="zoraida")
    shop.desk.erase(shop.desk.people("@zoraida"), at_once=True)
    with shop.database.write() as c:
        c.exec_driver_sql(
            "INSERT INTO contact_fts(contact_fts, rowid, handle, name)"
            " SELECT 'delete', id, handle, name FROM contact WHERE remote_id = ' erased'"
        )
    assert backup.doubts(shop.database.path) != []
    shop.desk.keep_terms()
    assert backup.doubts(shop.database.path) == []


def test_doing_it_again_leaves_whoever_came_back_and_notes_nothing(shop: Shop) -> None:
    """Promise 14: what was written after the erasure is none of its business, nor is there anything to keep blocked."""
    shop.write("hola", who="zoraida")
    shop.desk.erase(shop.desk.people("@zoraida"))
    shop.clock.moment += HOUR
    shop.write("vuelvo", who="zoraida")
    with shop.database.write() as c:
        c.exec_driver_sql("UPDATE ledger_mark SET applied = 0 WHERE id = 1")
    assert keeping.replay(shop.database.path, shop.clock.now()) == 0
    count = (
        "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM blocked), (SELECT count(*) FROM audit)"
    )
    assert shop.database.read().all(count) == [(1, 1, 1)]
