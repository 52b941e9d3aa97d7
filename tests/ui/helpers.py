"""What the screens' tests do again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from socialdesk.app import DeskApp
from socialdesk.screens.main import MainScreen
from socialdesk.widgets.key_bar import KeyBar

WIDE, SMALL = (120, 36), (80, 24)
Maker = Callable[..., DeskApp]


def main_of(app: DeskApp) -> MainScreen:
    """Return the main screen, whatever lies on it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))


async def settle(pilot: Pilot[str]) -> None:
    """Wait until what was begun is done; the pause lets a resting cursor open its conversation."""
    await pilot.pause(0.3)
    async with asyncio.timeout(5):
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def settle_modal(pilot: Pilot[str]) -> None:
    """Wait for a question, whose worker does not end before it is answered."""
    for _turn in range(100):
        await pilot.pause(0.05)
        assert isinstance(pilot.app, DeskApp)
        if len(pilot.app.screen_stack) > 1 and screen_text(pilot.app):
            return
    raise AssertionError("nothing was asked")


async def write(pilot: Pilot[str], text: str) -> None:
    """Begin an answer to the chosen conversation."""
    await pilot.press("r")
    await settle(pilot)
    await pilot.press(*[{" ": "space", "@": "at"}.get(c, c) for c in text])


def notice(app: DeskApp) -> str:
    """Return what the key bar says."""
    return app.screen.query_one(KeyBar).notice


def thread_text(main: MainScreen) -> str:
    """Return the conversation as it is seen."""
    thread = main.thread
    return "\n".join(thread.render_line(y).text for y in range(thread.size.height))


def screen_text(app: DeskApp) -> str:
    """Return every line of the screen as it is seen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
