"""A protocol beside the conversation: begun by rule or by hand, ticked, used, and asked for before an answer leaves (D4, C4)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.widget import Widget

from socialdesk.config import ApprovalSettings, Config
from socialdesk.desk import Desk
from socialdesk.paths import find
from socialdesk.screens.panes import Place

from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle, settle_modal

pytestmark = pytest.mark.anyio

PUNCTURE = """
id = "puncture"
language = "en"
title = "Somebody is stuck on the road"
situations = ["road"]
words = ["pinchazo zurdo"]
in_charge = "Rosa"
[[step]]
do = "Ask where they are."
say = "{customer}, where are you?"
who = "Whoever is at the desk"
must = true
[[step]]
do = "Call Rosa."
"""
SHEET = """
id = "sheet"
language = "en"
title = "A lost order sheet"
[[step]]
do = "Look in the drawer."
"""


@pytest.fixture(autouse=True)
def protocols() -> Path:
    """Two protocols of one's own."""
    folder = find().config / "protocols"
    folder.mkdir(parents=True)
    (folder / "puncture.toml").write_text(PUNCTURE, encoding="utf-8")
    (folder / "sheet.toml").write_text(SHEET, encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_d4_a_word_of_the_customer_begins_a_protocol_and_the_title_says_so(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    number = desk.hear("marta", "He tenido un pinchazo zurdo", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert ("0/2 Somebody is stuck" if size == WIDE else "protocol 0/2: Somebody") in screen_text(app)
        (run,) = desk.desk.runs(number)
        assert (run.protocol, run.started_by) == ("puncture", "rule")
        assert ("Ask where they are." in screen_text(app)) is (size == WIDE)
        await pilot.press("P")
        await settle(pilot)
        assert main_of(app).place is Place.PROTOCOL and "(a must)" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert set(desk.desk.runs(number)[0].ticks) == {0} and "1/2 Somebody" in screen_text(app)
        await pilot.press("k", "space")
        await settle(pilot)
        assert not desk.desk.runs(number)[0].ticks
        await pilot.press("escape")
        await settle(pilot)
        assert main_of(app).place is Place.THREAD and "pinchazo" in screen_text(app)


async def test_d4_the_words_of_a_step_go_into_the_answer(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "He tenido un pinchazo zurdo", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("P", "i")
        await settle(pilot)
        assert main_of(app).answer.text == "Marta, where are you?"
        assert main_of(app).place is Place.COMPOSE


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_d4_a_protocol_is_begun_by_hand_and_ended(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    number = desk.hear("marta", "Buenas", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("P")
        await settle(pilot)
        await pilot.press(*"sheet", "enter")
        await settle(pilot)
        assert "Look in the drawer." in screen_text(app)
        await pilot.press("D")
        await settle(pilot)
        assert desk.desk.runs(number)[0].ended_at is not None
        assert "drawer" not in screen_text(app) and main_of(app).place is Place.THREAD
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert len(desk.desk.runs(number)) == 1


async def test_c4_who_works_alone_goes_through_the_musts_or_says_why_not(
    desk: TestDesk, app_of: Maker
) -> None:
    number = desk.hear("marta", "He tenido un pinchazo zurdo", name="Marta Gil")
    desk.config = Config(theme="dark", agent="Ana", approval=ApprovalSettings((), ("puncture",)))
    desk.desk = Desk(desk.database, desk.clock, desk.config)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*"Vamos", "ctrl+s")
        await pilot.pause(0.3)
        assert "not done" in screen_text(app) and not desk.desk.outbox()
        await pilot.press(*"send it", "enter")
        await pilot.pause(0.3)
        await pilot.press(*"Ya llamada", "enter")
        await settle(pilot)
        assert desk.texts() == [("queued", "Vamos")]
        reasons = {(kept.family, kept.excerpt): kept.reason for kept in desk.desk.overrules(number)}
        assert reasons[("protocol", "Ask where they are.")] == "Ya llamada"


async def test_d4_a_protocol_whose_file_is_gone_can_be_ended(
    desk: TestDesk, app_of: Maker, protocols: Path
) -> None:
    number = desk.hear("marta", "Buenas", name="Marta Gil")
    desk.desk.start_protocol(number, "sheet")
    (protocols / "sheet.toml").unlink()
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "The file of this protocol is gone." in screen_text(app)
        await pilot.press("P")
        await settle(pilot)
        await pilot.press("D")
        await settle(pilot)
        assert desk.desk.runs(number)[0].ended_at is not None


async def test_c4_d4_to_say_with_s_that_it_is_an_insult_begins_the_protocol_and_changes_no_promise(
    desk: TestDesk, app_of: Maker
) -> None:
    number = desk.hear("marta", "¿Y mi pedido?", name="Marta Gil")
    desk.desk = Desk(
        desk.database, desk.clock, desk.config._replace(approval=ApprovalSettings((), ("insult",)))
    )
    before = desk.desk.row(number).due_at
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert desk.desk.needs_approval(number) == ""
        await pilot.press("s")
        await settle_modal(pilot)
        await pilot.press(*"insul", "enter")
        await settle(pilot)
        assert "Marta Gil · Insult" in screen_text(app)
        assert "A customer insults us" in screen_text(app)
    assert desk.desk.row(number).due_at == before
    assert [run.protocol for run in desk.desk.runs(number)] == ["insult"]
    assert desk.desk.needs_approval(number) == "cool_down"


async def test_reading_anew_while_the_pane_is_being_added_adds_no_second_one(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 9: whoever types faster than the screen is drawn does not break it."""
    number = desk.hear("marta", "hola", name="Marta Gil")
    desk.desk.start_protocol(number, "sheet")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        main = main_of(app)
        place = main.query_one("#compose")
        mount, begun = place.mount, asyncio.Event()

        async def slowly(*widgets: Widget, **where: Any) -> None:
            await mount(*widgets, **where)
            begun.set()
            await asyncio.sleep(0.2)

        monkeypatch.setattr(place, "mount", slowly)
        await pilot.press("enter")
        await asyncio.wait_for(begun.wait(), 5)
        assert main.thread.thread is not None
        for _again in range(2):
            main.beside = None
            main.run_worker(main.attempt(main.accompany(main.thread.thread)), group="beside", exclusive=True)
            await pilot.pause(0.05)
        await settle(pilot)
        assert len(main.query("#protocol")) == 1
        assert "A lost order sheet" in screen_text(app)
