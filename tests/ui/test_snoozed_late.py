"""A1: who is put away and late all the same is counted, and found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialdesk.domain.models import Box, View

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle

pytestmark = pytest.mark.anyio


@pytest.fixture
def four(desk: TestDesk) -> list[int]:
    """Two late, one of them put away; two put away that are not late, one of them answered."""
    late = customers(desk, 2)
    early = desk.hear("early", "Soon?", minutes_ago=5, name="Early")
    thanked = desk.hear("calm", "Thanks!", minutes_ago=500, name="Calm")
    desk.hear("calm", "You are welcome", minutes_ago=3, out=True)
    for number in (late[0], early, thanked):
        desk.desk.snooze(number, desk.clock.now() + timedelta(hours=3))
    return late


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_header_and_the_views_agree_on_who_is_late(
    desk: TestDesk, app_of: Maker, four: list[int], size: tuple[int, int]
) -> None:
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "! 1 late · ! 1 snoozed late" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert [row.id for row in main_of(app).queue.window.rows] == [four[1]]
        await pilot.press("v")
        await settle(pilot)
        assert "1 late · 3   5" in screen_text(app)
        await pilot.press("escape", "5")
        await settle(pilot)
        await pilot.press("f", "enter")
        await settle(pilot)
        assert [row.id for row in main_of(app).queue.window.rows] == [four[0]]
        assert "1 of 3" in screen_text(app)


def test_who_waits_among_the_snoozed_can_be_asked_for(desk: TestDesk, four: list[int]) -> None:
    window = desk.desk.queue(View("", Box.SNOOZED, waiting_only=True))
    assert {row.name for row in window.rows} == {"User 00", "Early"}
