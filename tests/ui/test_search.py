"""D1: search as one types; what is opened is what was typed."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from socialdesk.domain.models import SearchHit

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle, thread_text

pytestmark = pytest.mark.anyio


async def look_for(pilot: Pilot[str], words: str) -> None:
    """Open the search, type and wait for what is found."""
    await pilot.press("slash")
    await pilot.pause()
    await pilot.press(*words)
    await settle(pilot)


async def test_enter_right_after_typing_opens_what_was_typed(desk: TestDesk, app_of: Maker) -> None:
    """The results of the former words are still there; none of them is opened."""
    desk.hear("ana", "Where is my umbrella?", minutes_ago=2, name="Ana")
    two = desk.hear("bea", "Where is my parcel?", minutes_ago=3, name="Bea")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await look_for(pilot, "umbre")
        assert "umbrella" in screen_text(app)
        app.screen.query_one(Input).value = ""
        await pilot.press(*"parcel", "enter")
        await settle(pilot)
        main = main_of(app)
        assert app.screen is main
        assert main.queue.selected is not None and main.queue.selected.id == two


async def test_enter_waits_for_a_search_that_takes_long(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = desk.hear("ana", "Where is my umbrella?", name="Ana")
    go_on = threading.Event()
    search = desk.desk.search

    def slow(words: str, before: int | None = None, limit: int = 50) -> list[SearchHit]:
        go_on.wait(5)
        return search(words, before, limit)

    monkeypatch.setattr(desk.desk, "search", slow)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"umbrella", "enter", "enter")
        await pilot.pause()
        assert app.screen is not main_of(app)
        go_on.set()
        await settle(pilot)
        main = main_of(app)
        assert app.screen is main
        assert main.queue.selected is not None and main.queue.selected.id == one


async def test_enter_on_words_that_nobody_wrote_stays(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("ana", "Where is my umbrella?", name="Ana")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await look_for(pilot, "umbrella")
        await pilot.press(*"xyz", "enter")
        await settle(pilot)
        assert "No message and no customer has these words" in screen_text(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_customer_comes_first_and_opens_at_the_end(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    customers(desk, 3)
    desk.hear("bea", "Nuria told me to write to you", minutes_ago=1, name="Bea")
    one = desk.hear("nuria_v", "First words", minutes_ago=50, name="Núria Vidal")
    desk.hear("nuria_v", "Last words", minutes_ago=40, name="Núria Vidal")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await look_for(pilot, "nuria")
        text = screen_text(app)
        assert text.index("Núria Vidal  @nuria_v") < text.index("Bea")
        assert text.count("● waiting") == 2
        await pilot.press("enter")
        await settle(pilot)
        main = main_of(app)
        assert main.queue.selected is not None and main.queue.selected.id == one
        assert "Last words" in thread_text(main)


async def test_a_hit_says_where_it_lies_and_shows_the_words_found(desk: TestDesk, app_of: Maker) -> None:
    one = desk.hear("ana", "Hello! " + "and so on " * 20 + "my umbrella is lost", name="Ana")
    desk.desk.resolve(one)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await look_for(pilot, "UMBR")
        text = screen_text(app)
        assert "✓ settled" in text
        assert "my umbrella is lost" in text
        strips = app.screen._compositor.render_strips()
        [word] = [piece for strip in strips for piece in strip if piece.text == "umbrella"]
        assert word.style is not None and word.style.bold
