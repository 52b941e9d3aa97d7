"""Every command is declared once and found everywhere: keys, palette, help; keys can be changed."""

from __future__ import annotations

from typing import Any

import pytest
from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.color import Color

from socialdesk import i18n
from socialdesk.commands import BY_ID, COMMANDS, Where, check_keymap
from socialdesk.configfile import read
from socialdesk.paths import find
from socialdesk.screens.panes import Place
from socialdesk.screens.picker import Picker
from socialdesk.terminal.changes import Changes
from socialdesk.widgets.key_bar import KeyBar

from .desks import TestDesk, customers
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle

pytestmark = pytest.mark.anyio


def test_ids_are_unique_and_no_key_means_two_things() -> None:
    assert len(BY_ID) == len(COMMANDS)
    assert check_keymap({}) == ({}, [])
    for where in Where:
        keys = [key for c in COMMANDS if where in c.where for key in c.keys.split(",")]
        assert len(keys) == len(set(keys)), where


async def test_every_command_does_something(desk: TestDesk, app_of: Maker) -> None:
    """Each is an action of the screen it belongs to, or of the app."""
    from socialdesk.screens.commitments import CommitmentsScreen
    from socialdesk.screens.findings import FindingsScreen
    from socialdesk.screens.outbox import OutboxScreen
    from socialdesk.screens.promises import PromisesScreen

    elsewhere = {
        Where.OUTBOX: OutboxScreen,
        Where.PROMISES: PromisesScreen,
        Where.FINDINGS: FindingsScreen,
        Where.COMMITMENTS: CommitmentsScreen,
    }
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main = main_of(app)
        for command in COMMANDS:
            if command.where[0] in elsewhere:
                assert callable(getattr(elsewhere[command.where[0]], f"action_{command.id}"))
            else:
                assert main.knows(command.id), command.id


async def test_a_turned_help_page_leaves_nothing_of_the_one_before(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the terminal was sent, update by update, is what one drawing of everything would show."""
    app, sent = app_of(desk), Changes(*SMALL, ColorSystem.TRUECOLOR)
    show = app._display

    def note(screen: Any, update: Any) -> None:
        if isinstance(update, LayoutUpdate | ChopsUpdate):
            sent.take(update)
        show(screen, update)

    monkeypatch.setattr(app, "_display", note)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        for key in ("question_mark", "pagedown", "j", "end", "pageup", "k", "home"):
            await pilot.press(key)
            await pilot.pause()
            shown = ["".join(cell.text for cell in line) for line in sent._wanted]
            assert shown == screen_text(app).splitlines(), key


async def test_palette_and_help_show_every_command(desk: TestDesk, app_of: Maker) -> None:
    """The help page shows all there are, the palette those that make sense now."""
    customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=(120, 130)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        page = screen_text(app)
        assert all(command.help in page for command in COMMANDS)
        await pilot.press("escape", "ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, Picker)
        labels = [pick.label for pick in app.screen._picks]
        for command in COMMANDS:
            if Where.DESK in command.where and command.id not in ("back", "undo", "reopen"):
                assert any(label.startswith(f"{command.label} · ") for label in labels), command.id
        assert not any(label.startswith(("Reopen", "Undo", "Send", "Leave")) for label in labels)
        await pilot.press(*"xyzzy")
        assert "Nothing matches" in screen_text(app)
        await pilot.press("enter")
        assert isinstance(app.screen, Picker)


async def test_the_palette_runs_what_is_chosen(desk: TestDesk, app_of: Maker) -> None:
    [one] = customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"needed", "enter")
        await settle(pilot)
        assert desk.desk.row(one).state == "done"


async def test_keys_can_be_changed(desk: TestDesk, app_of: Maker) -> None:
    """The new key works and is shown, the old one does nothing."""
    ids = customers(desk, 3)
    config = desk.config._replace(keys={"reply": "y", "down": "h", "send": "f5"})
    app = app_of(desk, config)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main = main_of(app)
        assert "y Reply" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert main.place is Place.QUEUE
        await pilot.press("h")
        assert main.queue.selected is not None and main.queue.selected.id == ids[1]
        await pilot.press("j")
        assert main.queue.selected.id == ids[1]
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("h", "i", "y", "f5")
        await settle(pilot)
        assert desk.texts() == [("queued", "hiy")]


async def test_keys_that_cannot_be_used_are_named(desk: TestDesk, app_of: Maker) -> None:
    config = desk.config._replace(keys={"replly": "w", "undo": "ctrl+nokey", "snooze": "r"})
    app = app_of(desk, config)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        said = notice(app)
        assert "replly" in said and "ctrl+nokey" in said and "snooze = reply (r)" in said


async def test_spanish_and_english(desk: TestDesk, app_of: Maker) -> None:
    """The language can be changed while the desk is open, and everything is redrawn in it."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("L")
        await pilot.pause()
        await pilot.press("up", "enter")
        await settle(pilot)
        assert i18n.language() == "es"
        assert app.is_running and main_of(app).queue.window.total == 1


async def test_ctrl_c_says_the_keys_that_leave_from_here(desk: TestDesk, app_of: Maker) -> None:
    """Whoever tries ctrl+c is told what does it, wherever they are; nothing is lost by it."""
    customers(desk, 1)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        for keys, words in (
            ([], "q leaves."),
            (["x"], "esc, then q, leaves."),
            (["escape", "r"], "esc, then q, leaves."),
            (["escape", "enter"], "q leaves."),
            (["t"], "esc, then q, leaves."),
            (["escape", "p"], "esc, then q, leaves."),
            (["j", "enter"], "esc, then q, leaves."),
        ):
            await pilot.press(*keys)
            await pilot.pause(0.2)
            app.screen_stack[-1 if app.screen.query(KeyBar) else -2].query_one(KeyBar).silence()
            await pilot.press("ctrl+c")
            await pilot.pause()
            assert f"● {words}" in screen_text(app), keys
        await pilot.press("escape", "escape", "q")
        await pilot.pause()
    assert app.return_code == 0


async def test_language_and_theme_are_kept_for_the_next_start(desk: TestDesk, app_of: Maker) -> None:
    """What is chosen on the screen is what the settings file says from then on, its other lines as they were."""
    file = find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('# mine\ntheme = "dark"  # calm\n', encoding="utf-8")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("t", "down", "enter")
        await settle(pilot)
        assert app.theme == "light" and "Kept for the next start" in notice(app)
        await pilot.press("L", "up", "enter")
        await settle(pilot)
    assert file.read_text(encoding="utf-8") == '# mine\ntheme = "light"  # calm\nlanguage = "es"\n'
    assert (read(file).theme, read(file).language) == ("light", "es")


async def test_a_choice_that_cannot_be_kept_holds_for_now(desk: TestDesk, app_of: Maker) -> None:
    file = find().config_file
    file.mkdir(parents=True)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("t", "down", "enter")
        await settle(pilot)
        assert app.theme == "light" and str(file) in notice(app)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "mono"])
async def test_every_theme_tells_states_by_marks(desk: TestDesk, app_of: Maker, theme: str) -> None:
    """State is never told by colour alone."""
    customers(desk, 2)
    app = app_of(desk, desk.config._replace(theme=theme))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert app.theme == theme
        assert "▶ !" in screen_text(app)


async def test_the_linux_console_gets_marks_that_it_has(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 2: every mark, rule and arrow is one that any terminal can show; the customers' letters stay."""
    monkeypatch.setenv("TERM", "linux")
    desk.hear("ana", "¿Cuándo abrís mañana?", minutes_ago=400, name="Ana Peña")
    for size in (WIDE, SMALL):
        app = app_of(desk)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("enter", "v")
            await settle(pilot)
            text = screen_text(app)
            assert set(text) - {"\n"} <= {chr(n) for n in range(32, 256)}, set(text)
            assert "Ana Peña" in text


async def test_no_color_asks_for_monochrome(
    desk: TestDesk, app_of: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_of(desk)
    customers(desk, 2)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("z")
        await pilot.pause()
        assert app.theme == "mono"
        lines = app.screen._compositor.render_strips()
        styles = [s.style for line in lines for s in line.apply_filter(app._colourless, Color.parse("black"))]
        assert all(style is None or (style.color is None and style.bgcolor is None) for style in styles)
        assert any(style is not None and style.reverse for style in styles)
        assert app._colourless in app.get_line_filters()
