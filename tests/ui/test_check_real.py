"""The screen with the real check in its own process (NEEDS C2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from socialdesk.app import DeskApp
from socialdesk.checkchild import CheckChild
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.screens.main import MainScreen

from .desks import ALLOWED, TestDesk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Another process takes the time that it takes."""
    return "asyncio"


async def until(pilot: Pilot[str], what: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(30):
        while not what():
            await pilot.pause(0.05)


async def test_c2_a_blank_is_found_while_writing_and_the_child_ends_with_the_screen(
    tmp_path: Path, clock: ManualClock
) -> None:
    desk, child = TestDesk(tmp_path / "desk.db", clock, Config(theme="dark")), CheckChild(tmp_path)
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = DeskApp(desk.desk, desk.config, clock, limits=lambda _channel: ALLOWED, checker=child)
    with closing(desk.database):
        async with app.run_test(size=(120, 36)) as pilot:
            main = app.screen
            assert isinstance(main, MainScreen)
            await until(pilot, lambda: main.queue.selected is not None and main._answer is not None)
            await pilot.press("r")
            await until(pilot, lambda: main.answer.row is not None)
            main.answer.insert("Hola, [nombre]: tu bici está lista.")
            await until(pilot, lambda: "[nombre]" in main.answer.remark)
            assert child.is_running
        assert not child.is_running
