"""The check when an answer comes back, or the customer writes while one writes (NEEDS C2)."""

from __future__ import annotations

import pytest

from .checkers import Slow, Words
from .desks import TestDesk
from .helpers import WIDE, Maker, main_of, screen_text, settle, write
from .test_check_ui import COARSE, SPELLING, rest

pytestmark = pytest.mark.anyio


async def test_c2_a_reason_holds_for_the_same_answer_after_it_was_taken_back(
    desk: TestDesk, app_of: Maker
) -> None:
    number = desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "mierda")
        await pilot.press("ctrl+s")
        await rest(pilot)
        await pilot.press("o")
        await pilot.pause(0.3)
        await pilot.press(*"quote", "enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await rest(pilot)
        await pilot.press("u")
        await rest(pilot)
        assert main_of(app).answer.text == "mierda"
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert [state for state, _text in desk.texts()] == ["cancelled", "queued"]
    assert [one.reason for one in desk.desk.overrules(number)] == ["quote", "quote"]


async def test_c2_the_answer_is_checked_anew_when_the_customer_writes_meanwhile(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Words(spelling=SPELLING)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "hola")
        await rest(pilot)
        desk.hear("marta", "¡Es una vergüenza!", name="Marta Gil")
        app.tick()
        await pilot.pause(0.6)
        asked = [draft["reply_to"] for draft in checker.asked]
        assert list(dict.fromkeys(asked)) == ["¿Y mi bici?", "¿Y mi bici?\n¡Es una vergüenza!"]
        app.tick()
        await pilot.pause(0.6)
        assert len(checker.asked) == len(asked)
        assert "✓ checked" in screen_text(app)


async def test_c2_what_comes_back_from_a_check_of_less_than_was_written_is_not_taken(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    checker = Slow(spelling=SPELLING)
    app = app_of(desk, checker=checker)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        checker.go.set()
        await write(pilot, "")
        await rest(pilot)
        checker.go.clear()
        await pilot.press(*"hola")
        await pilot.pause(0.5)
        desk.hear("marta", "¡Es una vergüenza!", name="Marta Gil")
        app.tick()
        await pilot.pause(0.3)
        checker.go.set()
        await pilot.pause(0.6)
        assert checker.asked[-1]["reply_to"].endswith("¡Es una vergüenza!")


async def test_no_answer_that_is_empty_is_called_checked(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, checker=Words(coarse=COARSE))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "hola")
        await rest(pilot)
        await pilot.press("ctrl+s")
        await rest(pilot)
        assert "✓ checked" not in screen_text(app)
