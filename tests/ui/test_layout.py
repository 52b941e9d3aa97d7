"""The desk at every size: together, one thing at a time, or a plain notice; nothing is lost between them."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from socialdesk.screens.panes import Place

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle, thread_text, write


def seen(widget: Widget) -> bool:
    """Say whether a widget is on the screen."""
    return widget.is_on_screen


pytestmark = pytest.mark.anyio


async def test_at_full_size_everything_is_seen_together(desk: TestDesk, app_of: Maker) -> None:
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        text = screen_text(app)
        for part in ("Wait", "User 02", "Question number 0", "Public answer", "3 wait"):
            assert part in text
        main = main_of(app)
        assert all(seen(pane) for pane in (main.queue, main.thread, main.answer.answer))


async def test_at_80x24_one_thing_at_a_time(desk: TestDesk, app_of: Maker) -> None:
    """G2: the queue; enter the conversation; r the answer under it; escape back, twice."""
    customers(desk, 30)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        main = main_of(app)
        assert main.queue.size.height >= 20
        assert not seen(main.thread)
        await pilot.press("j", "enter")
        await settle(pilot)
        assert main.thread.has_focus and not seen(main.queue)
        assert "Question number 1" in thread_text(main) and "User 01" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert main.answer.answer.has_focus and seen(main.thread)
        await pilot.press("escape")
        await pilot.pause()
        assert main.thread.has_focus and not seen(main.answer)
        await pilot.press("escape")
        await pilot.pause()
        assert main.queue.has_focus


async def test_sending_in_a_small_window_shows_the_hold(desk: TestDesk, app_of: Maker) -> None:
    """C2: after ctrl+s one is told of the hold, and stands on the next conversation."""
    ids = customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        main = main_of(app)
        assert "On hold · u undoes" in screen_text(app) and "? Help" in screen_text(app)
        assert main.queue.has_focus and main.queue.selected is not None and main.queue.selected.id == ids[1]
        assert desk.texts() == [("queued", "Hola")]
        await pilot.press("u")
        await settle(pilot)
        assert main.answer.answer.has_focus and main.answer.text == "Hola"
        assert "Question number 0" in thread_text(main)
        assert desk.texts() == [("cancelled", "Hola")]


async def test_sending_in_a_small_window_hides_no_row(desk: TestDesk, app_of: Maker) -> None:
    """A1: the queue, hidden while one writes, is seen from its first row again."""
    customers(desk, 40)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "User 00" in screen_text(app) and "User 20" in screen_text(app)
        assert main_of(app).queue.scroll_offset.y == 0


async def test_the_last_message_stays_in_sight_while_answering(desk: TestDesk, app_of: Maker) -> None:
    """G2: in a small window the answer's pane takes room from the conversation's top, not from its end."""
    for n in range(12):
        desk.hear("ana", f"line {n}", minutes_ago=30 - n)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "line 11" in thread_text(main_of(app))


async def test_a_grown_window_is_filled(desk: TestDesk, app_of: Maker) -> None:
    """G2: no row stays hidden above while there is room for it."""
    customers(desk, 30)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("G")
        await settle(pilot)
        await pilot.resize_terminal(99, 50)
        await settle(pilot)
        assert "Question number 0 " in screen_text(app) + " "
        assert main_of(app).queue.scroll_offset.y == 0


async def test_a_smaller_window_still_shows_what_is_being_answered(desk: TestDesk, app_of: Maker) -> None:
    """G2: the newest message stays in sight in a conversation that no longer fits; one scrolled away from it stays too."""
    desk.hear("customer", "\n".join(f"line {n}" for n in range(14)), minutes_ago=30)
    desk.hear("customer", "the newest", minutes_ago=3)
    app = app_of(desk)
    async with app.run_test(size=(120, 50)) as pilot:
        await write(pilot, "half")
        assert "line 0" in thread_text(main_of(app)) and "the newest" in thread_text(main_of(app))
        for size in (SMALL, (120, 50), (40, 10), SMALL):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert size[0] < 60 or "the newest" in thread_text(main_of(app)), size
        main_of(app).thread.top()
        await pilot.resize_terminal(90, 24)
        await settle(pilot)
        assert "the newest" not in thread_text(main_of(app))


async def test_the_keys_that_lead_out_are_always_shown(desk: TestDesk, app_of: Maker) -> None:
    """G2: at 80 columns esc, where it leads somewhere, and ? are in the key bar; what does nothing is not."""
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        bar = screen_text(app).splitlines()[-1]
        assert "? Help" in bar and "esc" not in bar and "enter Open" in bar
        await pilot.press("enter")
        await settle(pilot)
        bar = screen_text(app).splitlines()[-1]
        assert "esc Back" in bar and "? Help" in bar and "Open" not in bar
        await pilot.press("escape", "x")
        await settle(pilot)
        bar = screen_text(app).splitlines()[-1]
        assert "esc Back" in bar and "Send again" not in bar and "Quit" not in bar


async def test_resizing_keeps_selection_draft_and_focus(desk: TestDesk, app_of: Maker) -> None:
    ids = customers(desk, 30)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*"jjjjj")
        await write(pilot, "half")
        main = main_of(app)
        for size in (SMALL, (40, 10), (200, 60), (61, 17), WIDE):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert main.place is Place.COMPOSE and main.answer.answer.has_focus, size
            assert main.answer.text == "half"
            assert main.queue.selected is not None and main.queue.selected.id == ids[5]
        await pilot.press("s")
        assert main.answer.text == "halfs"


async def test_a_widened_window_shows_the_conversation_that_was_chosen_in_the_small_one(
    desk: TestDesk, app_of: Maker
) -> None:
    """B1: what is read beside the queue is what r answers, also where the cursor moved while it was out of sight."""
    ids = customers(desk, 4)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j")
        await settle(pilot)
        await pilot.resize_terminal(*SMALL)
        await pilot.press("j")
        await settle(pilot)
        await pilot.resize_terminal(*WIDE)
        await settle(pilot)
        main = main_of(app)
        assert main.queue.selected is not None and main.queue.selected.id == ids[2]
        assert "Question number 2" in thread_text(main) and "Question number 1" not in thread_text(main)


@pytest.mark.parametrize("size", [(40, 10), (59, 40), (120, 15), (10, 3), (1, 1)])
async def test_too_small_is_a_plain_notice(desk: TestDesk, app_of: Maker, size: tuple[int, int]) -> None:
    customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        if size[0] >= 40:
            assert "too small" in screen_text(app) and "60 x 16" in screen_text(app)
            assert not set("▁▂▃▄▅▆▇█") & set(screen_text(app)), "no scrollbar"
        assert not app.screen.scrollbars_enabled[0]
        assert "Question" not in screen_text(app)
        await pilot.resize_terminal(*WIDE)
        await settle(pilot)
        assert "Question number 1" in screen_text(app)


async def test_tab_walks_the_panes(desk: TestDesk, app_of: Maker) -> None:
    customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main = main_of(app)
        walked = []
        for _step in range(3):
            await pilot.press("tab")
            await settle(pilot)
            walked.append(main.place)
        await pilot.press("shift+tab")
        walked.append(main.place)
        assert walked == [Place.THREAD, Place.COMPOSE, Place.QUEUE, Place.COMPOSE]


async def test_the_mouse_works_too(desk: TestDesk, app_of: Maker) -> None:
    """A click chooses, a second one opens; a click on a key does what the key does."""
    ids = customers(desk, 5)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main = main_of(app)
        await pilot.click("#queue", offset=(20, 3))
        await settle(pilot)
        assert main.queue.selected is not None and main.queue.selected.id == ids[3]
        await pilot.click("#queue", offset=(20, 3))
        await settle(pilot)
        assert main.thread.has_focus and "Question number 3" in thread_text(main)
        bar = app.screen.query_one("KeyBar").region
        column = screen_text(app).splitlines()[bar.y].index("r Reply")
        await pilot.click("KeyBar", offset=(column + 2, 0))
        await settle(pilot)
        assert main.place is Place.COMPOSE
