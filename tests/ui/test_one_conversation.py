"""The row, the conversation and the answer are always the same one, and a key never meets another (NEEDS A1, B4, C2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from socialdesk.app import DeskApp
from socialdesk.domain.models import State
from socialdesk.screens.main import MainScreen
from socialdesk.screens.panes import Place

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio


def chosen(main: MainScreen) -> int:
    """Return the conversation that everything in sight is about; fails where two are."""
    row = main.queue.selected
    assert row is not None and main.target is not None
    ids = {row.id, main.target.id}
    if not main.single or main.place is not Place.QUEUE:
        assert main.thread.thread is not None and main.answer.row is not None
        ids |= {main.thread.thread.row.id, main.answer.row.id}
    assert len(ids) == 1
    return row.id


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize("place", ["queue", "thread"])
@pytest.mark.parametrize("key", ["e", "n", "z"])
async def test_settling_goes_on_to_the_next(
    desk: TestDesk, app_of: Maker, size: tuple[int, int], place: str, key: str
) -> None:
    """D1: the one below takes the place, is shown at once, and the queue has the keys."""
    ids = customers(desk, 4)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        main = main_of(app)
        await pilot.press("j", *(["enter"] if place == "thread" else []))
        await settle(pilot)
        assert chosen(main) == ids[1]
        await pilot.press(key)
        if key == "z":
            await pilot.pause()
            assert "User 01" in screen_text(app)
            await pilot.press("enter")
        await settle(pilot)
        assert chosen(main) == ids[2] and main.queue.has_focus
        await pilot.press("e")
        await settle(pilot)
        assert [desk.desk.row(n).state is State.WAITING for n in ids] == [True, False, False, True]
        assert chosen(main) == ids[3]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_what_is_read_is_what_is_chosen_when_another_screen_settles_it(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    """A1: a colleague settles the conversation that is being read; the next key means what is seen."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        main = main_of(app)
        await pilot.press("enter")
        await settle(pilot)
        desk.desk.resolve(ids[0])
        app.tick()
        await settle(pilot)
        assert chosen(main) == ids[1] and main.queue.has_focus
        assert "no longer in this view" in notice(app)


async def test_escape_from_the_answer_goes_back_where_it_was_begun(desk: TestDesk, app_of: Maker) -> None:
    """D1: r esc j e settles the next one, not the one left."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "half")
        await pilot.press("escape", "j", "e")
        await settle(pilot)
        assert desk.desk.row(ids[0]).state is State.WAITING
        assert desk.desk.row(ids[1]).state is State.DONE
        await pilot.press("g", "enter", "r")
        await settle(pilot)
        await pilot.press("escape")
        assert main_of(app).place is Place.THREAD


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.parametrize("place", ["queue", "thread"])
async def test_sending_goes_on_to_the_next_that_waits(
    desk: TestDesk, app_of: Maker, size: tuple[int, int], place: str
) -> None:
    """D1, C2: the next below, at the end the top; u shows the answer and its conversation again."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        main = main_of(app)
        await pilot.press("G", *(["enter"] if place == "thread" else []))
        await settle(pilot)
        await write(pilot, "Hola")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert chosen(main) == ids[0] and main.queue.has_focus
        await pilot.press("u")
        await settle(pilot)
        assert chosen(main) == ids[2] and main.answer.text == "Hola" and main.place is Place.COMPOSE


async def test_a_settled_one_is_not_settled_again(desk: TestDesk, app_of: Maker) -> None:
    """B4: it says so, and u takes back what was done before."""
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        assert "settled already" in notice(app)
        await pilot.press("u")
        await settle(pilot)
        assert desk.desk.row(one).state is State.WAITING
        assert "view: All" in notice(app)


async def test_a_second_answer_to_the_same_customer_is_warned_of(desk: TestDesk, app_of: Maker) -> None:
    """C2: a colleague has answered meanwhile; ctrl+s tells, ctrl+s again sends."""
    [one, *_others] = customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Mine")
        desk.desk.reply(one, "Theirs")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Another answer" in notice(app)
        assert [text for _state, text in desk.texts()] == ["Theirs"]
        assert main_of(app).answer.text == "Mine"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert [text for _state, text in desk.texts()] == ["Theirs", "Mine"]


async def test_an_answer_that_nothing_could_send_stays_with_its_writer(desk: TestDesk, app_of: Maker) -> None:
    """A1: it would wait for ever; the screen says why it cannot leave and keeps the words."""
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Mine")
        desk.desk.remove_account("luna")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "was removed" in notice(app) and "draft is kept" in notice(app)
        assert main_of(app).answer.text == "Mine" and main_of(app).place is Place.COMPOSE
        assert desk.texts() == [] and desk.desk.thread(one).draft == "Mine"


async def test_what_is_to_be_done_is_read_to_its_end_in_a_small_window(desk: TestDesk, app_of: Maker) -> None:
    """G2: a notice takes the lines it needs, gives them back, and hides nothing of what is being answered."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await write(pilot, "Mine")
        desk.desk.remove_account("luna")
        await pilot.press("ctrl+s")
        await settle(pilot)
        lines = screen_text(app).splitlines()
        assert " ".join(line.strip() for line in lines[-2:]) == f"✗ {notice(app)}"
        assert any("Mine" in line for line in lines)
        for size, rows in ((WIDE, 2), ((200, 36), 1), ((60, 16), 3)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            assert main_of(app).bar.size.height == rows, size
        main_of(app).bar.silence()
        await settle(pilot)
        assert main_of(app).bar.size.height == 1 and "ctrl+s Send" in screen_text(app).splitlines()[-1]


async def test_an_overtaken_question_is_warned_of(desk: TestDesk, app_of: Maker) -> None:
    """C2: the customer wrote again while one wrote."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "The answer")
        desk.hear("user00", "Forget it, solved", minutes_ago=0)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "written again" in notice(app) and desk.texts() == []
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk.texts() == [("queued", "The answer")]


async def test_escape_keeps_the_conversation_and_the_header_counts(desk: TestDesk, app_of: Maker) -> None:
    """A1: out of a filter one stands where one stood; in it the header says how many of all."""
    customers(desk, 3)
    late = desk.hear("older", "late too", minutes_ago=350)
    desk.hear("fresh", "Just now", minutes_ago=1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert "4 of 5" in screen_text(app)
        await pilot.press("G")
        await settle(pilot)
        assert chosen(main_of(app)) == late
        await pilot.press("escape")
        await settle(pilot)
        assert chosen(main_of(app)) == late
        assert "4 of 5" not in screen_text(app) and "5 waiting" in screen_text(app)


@pytest.mark.parametrize("key", ["question_mark", "a", "x"])
async def test_q_above_the_desk_is_back(desk: TestDesk, app_of: Maker, key: str) -> None:
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert not isinstance(app.screen, MainScreen)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, MainScreen) and app.is_running


@pytest.mark.parametrize(
    ("command", "words"), [("false", "ended with an error"), ("no-such-editor", "was not found")]
)
async def test_a_failing_editor_leaves_desk_and_text(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch, command: str, words: str
) -> None:
    """A1: the terminal is always taken back: as with Textual's own, what follows the ``yield`` runs without an error only."""
    taken_back = []

    @contextmanager
    def suspend(_app: DeskApp) -> Iterator[None]:
        yield
        taken_back.append(True)

    customers(desk, 1)
    monkeypatch.setattr(DeskApp, "suspend", suspend)
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", command)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "kept")
        await pilot.press("ctrl+e")
        await settle(pilot)
        assert taken_back and words in notice(app)
        assert main_of(app).answer.text == "kept"


async def test_an_editor_changes_the_answer(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @contextmanager
    def suspend(_app: DeskApp) -> Iterator[None]:
        yield

    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\necho edited >> "$1"\n')
    script.chmod(0o700)
    customers(desk, 1)
    monkeypatch.setattr(DeskApp, "suspend", suspend)
    monkeypatch.setenv("VISUAL", str(script))
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("E")
        await settle(pilot)
        assert main_of(app).answer.text == "edited"


async def test_the_outbox_names_the_customer_and_opens_the_conversation(
    desk: TestDesk, app_of: Maker
) -> None:
    ids = customers(desk, 3)
    desk.desk.reply(ids[2], "On its way")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "User 02" in screen_text(app) and "Café Luna" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert chosen(main_of(app)) == ids[2] and main_of(app).place is Place.THREAD
