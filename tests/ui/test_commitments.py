"""What we have promised is seen in the queue, and kept or given up in its list (NEEDS A1, C7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle

pytestmark = pytest.mark.anyio


def promised(desk: TestDesk, hours: float = 2) -> int:
    """Let an answered customer be owed a call."""
    number = desk.hear("marta", "¿Y mi bici?", minutes_ago=30, name="Marta Gil")
    desk.hear("marta", "Te llamamos.", minutes_ago=20, name="Marta Gil", out=True)
    desk.desk.add_commitment(number, "Te llamamos con el precio", desk.clock.now() + timedelta(hours=hours))
    return number


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c7_a_promise_of_ours_stands_in_the_queue_in_place_of_the_wait(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    promised(desk)
    due = (desk.clock.now() + timedelta(hours=2)).astimezone()
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert f"promised {due:%H:%M}" in screen_text(app)
        assert "Te llamamos" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "promised for" in screen_text(app)


async def test_a1_a_promise_that_was_not_kept_in_time_is_late(desk: TestDesk, app_of: Maker) -> None:
    promised(desk)
    desk.clock.moment += timedelta(hours=3)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "▶ ! " in screen_text(app) and "1 late" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert "promised" in screen_text(app)


async def test_c7_a_promise_is_kept_and_that_can_be_taken_back(desk: TestDesk, app_of: Maker) -> None:
    number = promised(desk)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert "Te llamamos con el precio" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert desk.desk.row(number).commit_at is None and "✓ kept" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert desk.desk.row(number).commit_at is not None
        await pilot.press("d")
        await settle(pilot)
        assert [each.outcome for each in desk.desk.commitments(number)] == ["cancelled"]
        await pilot.press("escape")
        await settle(pilot)
        assert "promised" not in screen_text(app)


async def test_c7_what_was_promised_by_phone_is_noted_by_hand(desk: TestDesk, app_of: Maker) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        await pilot.press("a")
        await pilot.pause(0.3)
        await pilot.press(*"Recambio", "enter", *"ayer", "enter")
        await pilot.pause(0.3)
        assert not desk.desk.commitments(number)
        await pilot.press(*["backspace"] * 4, *"2h", "enter")
        await settle(pilot)
        (noted,) = desk.desk.commitments(number)
        assert (noted.text, noted.due_at) == ("Recambio", desk.clock.now() + timedelta(hours=2))
        assert "Noted" in notice(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c2_an_answer_leaves_at_a_chosen_moment_and_can_be_taken_back(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*"Gracias", "ctrl+d")
        await pilot.pause(0.3)
        await pilot.press(*"another", "enter")
        await pilot.pause(0.3)
        await pilot.press(*"3h", "enter")
        await settle(pilot)
        (item,) = desk.desk.outbox()
        assert item.scheduled and item.next_attempt_at == desk.clock.now() + timedelta(hours=3)
        assert "Leaves" in notice(app)
        await pilot.press("x")
        await settle(pilot)
        assert "leaves" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert not desk.desk.outbox()
        await pilot.press("escape", "r")
        await settle(pilot)
        assert main_of(app).answer.text == "Gracias"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c2_the_countdown_says_why_an_answer_is_held_longer(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    desk.hear("marta", "Estoy indignada, es una vergüenza", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*"Lo sentimos", "ctrl+s")
        await settle(pilot)
        assert "the customer is upset" in notice(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "leaves in 30 s" in screen_text(app) and "upset" in screen_text(app)
