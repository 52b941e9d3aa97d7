"""A1: that nobody waits is said only once it is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.containers import Vertical
from textual.widget import Widget

from socialdesk.app import STARTING, DeskApp
from socialdesk.storage import standing
from socialdesk.widgets.compose import Compose

from .desks import ALLOWED, TestDesk, customers
from .helpers import SMALL, WIDE, main_of, screen_text, settle, thread_text, write

pytestmark = pytest.mark.anyio


class SlowEngine:
    """An engine that is there when the test says so."""

    running = False

    def start(self) -> None:
        """Begin."""

    def wake(self) -> None:
        """Nothing to do."""

    def is_running(self) -> bool:
        """Say what the test wants."""
        return self.running

    def stop(self) -> None:
        """End."""


def opened(desk: TestDesk, engine: SlowEngine) -> DeskApp:
    return DeskApp(desk.desk, desk.config, desk.clock, engine=engine, limits=lambda _channel: ALLOWED)


def heard(desk: TestDesk, ago: timedelta = timedelta()) -> None:
    with desk.database.write() as connection:
        standing.note_success(connection, desk.account.id, desk.clock.now() - ago)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_first_start_claims_nothing_until_the_account_was_heard(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    """A1: no engine yet, then an engine that has not reported, then one that has."""
    engine = SlowEngine()
    app = opened(desk, engine)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "starting…" in text and "Loading what your customers" in text
        assert "Nobody waits" not in text and "0 waiting" not in text
        engine.running = True
        app.tick()
        await settle(pilot)
        text = screen_text(app)
        assert "loading…" in text and "Loading what your customers" in text
        assert "Nobody waits" not in text and "0 waiting" not in text and "1 account" not in text
        heard(desk)
        app.tick()
        await settle(pilot)
        text = screen_text(app)
        assert "Nobody waits" in text and "0 waiting" in text and "✓ 1 account" in text


async def test_a_later_start_waits_for_the_news_as_well(desk: TestDesk) -> None:
    """A1: what was known yesterday is shown, but that nobody else waits is not claimed."""
    heard(desk, timedelta(hours=20))
    engine = SlowEngine()
    engine.running = True
    app = opened(desk, engine)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "Nobody waits" not in screen_text(app)
        await pilot.press("6")
        await settle(pilot)
        assert "Nothing is settled yet" in screen_text(app)
        await pilot.press("1")
        customers(desk, 2)
        app.tick()
        await settle(pilot)
        assert "2 waiting" in screen_text(app) and "Question number 1" in screen_text(app)


async def test_without_an_engine_it_says_that_nothing_is_received(desk: TestDesk) -> None:
    """A1: an engine that never came is no reason to believe that nobody waits."""
    heard(desk)
    app = opened(desk, SlowEngine())
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for _second in range(STARTING):
            app.tick()
        await settle(pilot)
        text = screen_text(app)
        assert "not receiving" in text and "nothing is being received now" in text


async def test_a_conversation_read_before_the_answers_pane_is_there_is_shown_once_it_is(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B1: on a slow machine the conversation is there first; its draft and its limit follow with the pane."""
    (one,) = customers(desk, 1)
    desk.desk.save_draft(one, "Half an answer")
    mount = Vertical.mount
    seen: list[str] = []

    async def slowly(self: Vertical, *widgets: Widget, **where: Any) -> None:
        if any(isinstance(widget, Compose) for widget in widgets):
            main = main_of(app)
            await main.open_now(one)
            seen.append(thread_text(main))
        await mount(self, *widgets, **where)

    monkeypatch.setattr(Vertical, "mount", slowly)
    app = DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _channel: ALLOWED)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert len(seen) == 1 and "Question number 0" in seen[0]
        assert "Half an answer" in screen_text(app)
        await write(pilot, "!")
        await settle(pilot)
        assert "Half an answer!" in screen_text(app)
