"""A call is written down in two keys, and waits like any other message (NEEDS A1, B1)."""

from __future__ import annotations

import pytest

from socialdesk.domain.models import State

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_two_keys_lead_to_the_words(desk: TestDesk, app_of: Maker, size: tuple[int, int]) -> None:
    """``+`` and ``enter``, then what they want; the new conversation is the chosen one, and done settles it."""
    customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("plus", "enter")
        await pilot.pause()
        await pilot.press(*"hola", "enter", *"Eva", "ctrl+s")
        await settle(pilot)
        main = main_of(app)
        row = main.queue.selected
        assert row is not None and (row.channel, row.name, row.preview) == ("phone", "Eva", "hola")
        assert row.state is State.WAITING and "hola" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        assert desk.desk.row(row.id).state is State.DONE


async def test_nothing_said_is_nothing_kept(desk: TestDesk, app_of: Maker) -> None:
    """The form says what is missing, and leaving it keeps nothing."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        before = len(desk.desk.accounts())
        await pilot.press("plus", "enter")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "few words" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert len(desk.desk.accounts()) == before
        assert "Written down" not in notice(app)
