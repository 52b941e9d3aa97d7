"""A damaged desk and a full disk, as the person at the screen meets them (promises 6 and 8 of docs/reliability.md)."""

from __future__ import annotations

import shutil
from typing import NamedTuple

import pytest

from socialdesk.desk import Desk
from socialdesk.errors import DeskFileError
from socialdesk.screens.showing import SAVE_AGAIN
from socialdesk.storage import damage

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio


class Usage(NamedTuple):
    """As ``shutil.disk_usage`` returns it."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_desk_found_damaged_is_told_at_once_and_stays_readable(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    """Promise 8: what happened, what was kept, what to do; what is written stays where it is."""
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        damage.note(desk.database.path, "Page 7 is never used")
        for _second in range(3):
            app.tick()
        await settle(pilot)
        assert "damaged: socialdesk restore" in screen_text(app).splitlines()[0]
        assert "socialdesk restore" in notice(app)
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Nothing is written to it any more" in notice(app)
        assert main_of(app).answer.text == "Hola"
    assert desk.desk.outbox(all_states=True) == []


async def test_on_a_full_disk_an_answer_is_refused_beforehand_and_leaves_when_there_is_room(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: the words stay on the screen, and nothing is queued that could not be sent."""
    customers(desk, 1)
    app = app_of(desk)
    usage = shutil.disk_usage
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 10**5))
        for _second in range(3):
            app.tick()
        await settle(pilot)
        assert "disk full: nothing leaves" in screen_text(app).splitlines()[0]
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The disk is full" in notice(app)
        assert main_of(app).answer.text == "Hola"
        assert desk.desk.outbox(all_states=True) == []
        monkeypatch.setattr(shutil, "disk_usage", usage)
        for _second in range(3):
            app.tick()
        await settle(pilot)
        assert "disk full" not in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert [item.text for item in desk.desk.outbox(all_states=True)] == ["Hola"]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_b1_a_draft_that_cannot_be_saved_stays_on_the_screen_until_it_can_be(
    desk: TestDesk, app_of: Maker, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promises 4 and 6: nothing that was typed is lost, and nobody says that it is kept where it is not."""
    first, _second = customers(desk, 2)
    save, room = type(desk.desk).save_draft, False

    def save_draft(self: Desk, conversation_id: int, text: str, over: str | None = None) -> None:
        if not room:
            raise DeskFileError("No space left on device", code="desk_full")
        save(self, conversation_id, text, over)

    monkeypatch.setattr(type(desk.desk), "save_draft", save_draft)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await write(pilot, "Lo siento mucho")
        await pilot.press("escape")
        await settle(pilot)
        assert "The draft is kept." not in screen_text(app)
        assert "stays on this screen" in notice(app)
        await pilot.press("j", "r")
        await settle(pilot)
        assert main_of(app).answer.text == ""
        await pilot.press("escape", "k", "r")
        await settle(pilot)
        assert main_of(app).answer.text == "Lo siento mucho", "it is there again when one comes back"
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert "is lost on leaving" in notice(app)
        room = True
        desk.clock.moment += SAVE_AGAIN
        app.tick()
        await settle(pilot)
        assert desk.desk.thread(first).draft == "Lo siento mucho"


async def test_b1_two_windows_that_write_to_one_customer_lose_nobody_s_words(
    desk: TestDesk, app_of: Maker
) -> None:
    """Promise 5: the second one is told, keeps the words on the screen, and saves them once the other is done."""
    (first,) = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Hola")
        main_of(app).answer.flush()
        await settle(pilot)
        desk.desk.save_draft(first, "Hola, soy Ana")  # in the other window
        main_of(app).answer.replace("Hola, soy Berta")
        main_of(app).answer.flush()
        await settle(pilot)
        assert "another window" in notice(app)
        assert desk.desk.thread(first).draft == "Hola, soy Ana"
        assert main_of(app).answer.text == "Hola, soy Berta"
        desk.desk.save_draft(first, "")
        desk.clock.moment += SAVE_AGAIN
        app.tick()
        await settle(pilot)
        assert desk.desk.thread(first).draft == "Hola, soy Berta"
