"""What strangers write is shown as they wrote it, and does nothing (DESIGN: the terminal is hostile ground)."""

from __future__ import annotations

import pytest

from socialdesk.domain.text import one_line, scrub

from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle, thread_text

pytestmark = pytest.mark.anyio
PAYLOADS = (
    "[@click=app.quit]quit[/]",
    "[/x] closing",
    "[urgente] help",
    "{placeholder} %s",
    "a\x1b]0;title\x07b",
)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_every_pane_shows_it_exactly(
    desk: TestDesk, app_of: Maker, payload: str, size: tuple[int, int]
) -> None:
    shown = one_line(payload)
    one = desk.hear(shown, scrub(payload), minutes_ago=3, name=shown)
    desk.desk.save_draft(one, payload.replace("\x1b", "").replace("\x07", ""))
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert shown[:12] in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert scrub(payload) in thread_text(main_of(app))
        await pilot.press("slash")
        await settle(pilot)
        await pilot.press(*("help" if "help" in payload else "a"))
        await settle(pilot)
        await pilot.press("escape", "r")
        await settle(pilot)
        await pilot.click("#thread", offset=(6, 2))
        assert app.is_running
        assert not any(ord(c) < 32 and c != "\n" for c in screen_text(app))


async def test_brand_and_account_names_are_text_as_well(desk: TestDesk, app_of: Maker) -> None:
    desk.desk.add_account("demo", "[/x]acc", "[@click=app.quit]Brand", {}, {}, None)
    desk.hear("ana", "hello")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("a")
        await settle(pilot)
        assert "[/x]acc" in screen_text(app) and "[@click=app.quit]Brand" in screen_text(app)
        await pilot.press("escape", "3")
        await settle(pilot)
        assert app.is_running
        app.notify("[/x] [@click=app.quit]said")
        await pilot.press("escape")
        await pilot.pause()
        app.notify("[/x] [@click=app.quit]said")
        await pilot.pause()
        assert "[/x] [@click=app.quit]said" in screen_text(app)
