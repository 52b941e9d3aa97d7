"""A screen that shows somebody who is being erased (promise 14 of docs/reliability.md)."""

from __future__ import annotations

import pytest

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize("place", ["queue", "thread", "answer"])
async def test_whoever_is_erased_leaves_the_screen_and_takes_what_was_being_written(
    desk: TestDesk, app_of: Maker, size: tuple[int, int], place: str
) -> None:
    """Promise 14: nothing of the person stays or is stored again, and nobody else gets the words."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        if place == "answer":
            await write(pilot, "xilofono")
        elif place == "thread":
            await pilot.press("enter")
        await settle(pilot)
        desk.desk.erase(desk.desk.people(f"#{ids[0]}"), at_once=True)
        app.tick()
        await settle(pilot)
        if place == "answer":
            await pilot.press("a", "b")
            await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert main_of(app).queue.selected is not None
        assert "User 00" not in screen_text(app).replace(notice(app), "")  # it says who has just gone
    drafts = desk.database.read().all("SELECT text FROM draft")
    assert drafts == []
    assert b"xilofono" not in desk.database.path.read_bytes()
