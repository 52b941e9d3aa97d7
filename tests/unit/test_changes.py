"""Changed cells only: a terminal shows the same as with Textual's own drawing (issue 2, figures; NEEDS A1)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Footer, Static, TextArea

from helpers import time_lapse
from helpers.rows import NOW, make_row
from socialdesk.domain.models import QueueWindow
from socialdesk.terminal.cells import PLAIN, Pen, cells_of, pen_of, switch
from socialdesk.terminal.changes import Changes
from socialdesk.terminal.compositor import NearCompositor
from socialdesk.terminal.display import ThriftyDisplay
from socialdesk.terminal.driver import QuietDriver
from socialdesk.terminal.pencil import Pencil
from socialdesk.widgets.queue_line import QueueHeader
from socialdesk.widgets.queue_view import QueueView

INVISIBLE_ON_BLANKS = {"fg": "", "bold": False, "italics": False}


def picture(screen: pyte.Screen) -> list[list[Any]]:
    """Return what a person sees; the colour of a blank's letter is not part of it."""

    def seen(cell: Any) -> Any:
        plain = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
        return cell._replace(**INVISIBLE_ON_BLANKS) if plain else cell

    return [[seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


class Near(Screen[None]):
    """A screen that asks only those widgets which an update touches."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NearCompositor()


class Twins(App[None]):
    """Feeds every update to two terminals: as Textual writes it, and as we do."""

    CSS = """
    QueueView { height: 12; }
    #side { width: 30; }
    Ask { align: center middle; background: $background 60%; }
    Ask Static { width: 30; height: 5; border: round $accent; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.console._color_system = ColorSystem.TRUECOLOR
        self.bytes_stock: list[int] = []
        self.bytes_ours: list[int] = []
        self.different: list[tuple[int, int, int]] = []
        self.stock: pyte.Screen | None = None

    def get_default_screen(self) -> Screen[None]:
        return Near()

    def compose(self) -> ComposeResult:
        yield QueueHeader()
        yield QueueView()
        with Horizontal():
            yield TextArea("Hola, Ana.\nLo sentimos mucho.")
            yield Static("¿Dónde está mi pedido?\nLlevo días esperando…", id="side", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.fill(range(1, 300))
        self.query_one(QueueView).tick(NOW)

    def fill(self, numbers: range) -> None:
        rows = tuple(make_row(number) for number in numbers)
        self.query_one(QueueView).show(QueueWindow(0, len(rows), rows))

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self._batch_count:
            self.compare(renderable)
        super()._display(screen, renderable)

    def compare(self, update: LayoutUpdate | ChopsUpdate) -> None:
        if self.stock is None or (self.stock.columns, self.stock.lines) != self.size:
            self.stock, self.ours = pyte.Screen(*self.size), pyte.Screen(*self.size)
            self.pipes = [pyte.Stream(self.stock), pyte.Stream(self.ours)]
            self.stock.set_mode(pyte.modes.LNM)
            self.changes = Changes(*self.size, ColorSystem.TRUECOLOR)
        written = update.render_segments(self.console)
        self.changes.take(update)
        ours = self.changes.flush()
        self.pipes[0].feed(written)
        self.pipes[1].feed(ours)
        self.bytes_stock.append(len(written.encode()))
        self.bytes_ours.append(len(ours.encode()))
        one, other = picture(self.stock), picture(self.ours)
        self.different += [
            (len(self.bytes_ours), y, x)
            for y, line in enumerate(one)
            for x, cell in enumerate(line)
            if cell != other[y][x]
        ]

    def is_whole(self) -> bool:
        """Say whether all updates together have made what one drawing of everything makes."""
        at_once = pyte.Screen(*self.size)
        at_once.set_mode(pyte.modes.LNM)
        whole = self.screen._compositor.render_full_update()
        pyte.Stream(at_once).feed(whole.render_segments(self.console))
        return picture(at_once) == picture(self.ours)


class Ask(ModalScreen[None]):
    """Something that lies over the rest."""

    def compose(self) -> ComposeResult:
        yield Static("¿Seguro?", markup=False)


@pytest.fixture
def anyio_backend(monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    return time_lapse.backend(monkeypatch)


@pytest.mark.anyio
async def test_a_day_at_the_desk_shows_the_same_cells_as_textual_itself_with_far_fewer_bytes() -> None:
    app = Twins()
    async with app.run_test(size=(100, 30)) as pilot:
        queue = app.query_one(QueueView)
        queue.focus()
        for keys in ("jjj", "jjjjjjjjjjjjjjj", "kkkkkk", ["pagedown", "pagedown"], "Gk", "g"):
            await pilot.press(*keys)
            await pilot.pause()
            assert app.is_whole(), keys
        for seconds in range(1, 8):
            queue.tick(NOW + timedelta(seconds=seconds))
            await pilot.pause()
        app.fill(range(5, 300))
        await pilot.press("tab", *"texto", "enter", *"nuevo", "tab")
        await pilot.pause()
        assert app.is_whole()
        app.notify("Respuesta enviada", markup=False)
        await pilot.pause()
        await app.push_screen(Ask())
        await pilot.pause()
        app.pop_screen()
        await pilot.pause()
        app.theme = "textual-light"
        await pilot.pause()
        app.theme = "ansi-dark"
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.press("j", "j", "k")
        await pilot.pause()
        assert app.is_whole()
        assert len(app.bytes_ours) > 40
        assert app.different == []
        assert sum(app.bytes_ours) < sum(app.bytes_stock) / 2


def screen_of(*chunks: str, width: int = 20, height: int = 6) -> pyte.Screen:
    screen = pyte.Screen(width, height)
    for chunk in chunks:
        pyte.Stream(screen).feed(chunk)
    return screen


def full(lines: list[str], width: int, style: Style | None = None) -> LayoutUpdate:
    strips = [[Strip([Segment(line, style)]).adjust_cell_length(width, style)] for line in lines]
    return LayoutUpdate(strips, Region(0, 0, width, len(lines)))  # type: ignore[arg-type]


def test_nothing_is_written_when_nothing_visible_changes() -> None:
    changes = Changes(20, 3, ColorSystem.TRUECOLOR)
    changes.take(full(["uno", "dos", "tres"], 20))
    assert changes.flush()
    changes.take(full(["uno", "dos", "tres"], 20))
    assert changes.flush() == ""


def test_one_digit_costs_one_digit_and_the_way_to_it() -> None:
    changes = Changes(20, 3, ColorSystem.TRUECOLOR)
    changes.take(full(["a 0:01", "b 0:01", ""], 20))
    changes.flush()
    changes.take(full(["a 0:02", "b 0:02", ""], 20))
    assert changes.flush() == "\x1b[1;6H2\x1b[B\b2"


def test_lines_that_move_are_moved_by_the_terminal() -> None:
    changes = Changes(40, 12, ColorSystem.TRUECOLOR)
    lines = [f"conversación número {n}{'x' * (n % 7)}" for n in range(20)]
    screen = pyte.Screen(40, 12)
    stream = pyte.Stream(screen)
    for top in (0, 1, 4, 2, 1, 8, 0):
        shown = ["cabecera", *lines[top : top + 10], "pie"]
        changes.take(full(shown, 40))
        written = changes.flush()
        stream.feed(written)
        assert [line.rstrip() for line in screen.display] == shown
        if top not in (0, 8):
            assert len(written) < 160


def test_after_another_program_used_the_screen_everything_is_written_again() -> None:
    changes = Changes(20, 2, ColorSystem.TRUECOLOR)
    changes.take(full(["uno", "dos"], 20))
    first = changes.flush()
    changes.forget()
    assert changes.flush() == first


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]0;título\x07",
        "\x9b2J",
        "\x1b[?1049l",
        "a\rb",
        "\u202egrave",
        "\x00\x07\x08\x0b\x0c",
        "\x1bP1$r\x1b\\",
        "\x85\x90\x9d",
    ],
)
def test_no_control_character_of_a_text_reaches_the_terminal(hostile: str) -> None:
    """DESIGN 6 (3): the last line of defence."""
    cells = cells_of(f"antes{hostile}después", PLAIN)
    text = "".join(cell.text for cell in cells)
    assert text.isprintable()
    assert text.startswith("antes")
    assert text.endswith("después")


DOUBTFUL = ["👩‍👩‍👧", "👍🏽", "❤️", "🇪🇸", "e\u0301", "1️⃣", "⌚", "🫠"]


@pytest.mark.parametrize("cluster", DOUBTFUL)
def test_what_follows_a_doubtful_character_stands_in_its_place_whatever_the_terminal_thinks(
    cluster: str,
) -> None:
    changes = Changes(20, 1, ColorSystem.TRUECOLOR)
    screen = pyte.Screen(20, 1)
    stream = pyte.Stream(screen)
    for text in (
        f"ab{cluster}cd",
        f"ab{cluster}ce",
        f"xb{cluster}ce",
        "plain text here",
        f"{cluster}{cluster}z|",
    ):
        changes.take(full([text], 20))
        stream.feed(changes.flush())
        cells = cells_of(text, PLAIN)
        for x, cell in enumerate(cells):
            if cell.sure and cell.text:
                assert screen.buffer[0][x].data == cell.text
        tail = [screen.buffer[0][x].data for x in range(len(cells), 20)]
        assert set(tail) == {" "}


def test_wide_characters_are_never_left_in_halves() -> None:
    changes = Changes(10, 1, ColorSystem.TRUECOLOR)
    screen = pyte.Screen(10, 1)
    stream = pyte.Stream(screen)
    for text in ("日本語", "a日本b", "日本語", "xx本語", "日x語"):
        changes.take(full([text], 10))
        stream.feed(changes.flush())
        assert "".join(screen.buffer[0][x].data for x in range(10)).rstrip() == text


def pens() -> Iterator[Pen]:
    for attributes in ((), ("1",), ("2",), ("1", "2"), ("1", "4"), ("7",), ("3", "9")):
        for front in ("", "31", "38;2;1;2;3"):
            for back in ("", "48;5;7"):
                yield Pen(attributes, front, back)


def test_every_change_of_pen_draws_as_a_fresh_start_would() -> None:
    for before in pens():
        for after in pens():
            stepped = screen_of(switch(PLAIN, before) + "x" + switch(before, after) + "y").buffer[0][1]
            anew = screen_of("x\x1b[0m" + switch(PLAIN, after) + "y").buffer[0][1]
            assert stepped == anew, (before, after)


@pytest.mark.parametrize("seed", range(20))
def test_random_screens_come_out_as_wanted(seed: int) -> None:
    rng = random.Random(seed)
    styles = [
        None,
        Style(bgcolor="red"),
        Style(reverse=True),
        Style(underline=True),
        Style(color="#ff0000", bold=True),
    ]
    words = ["     ", "uno", "日本", "ñandú", "            ", "x"]
    changes = Changes(24, 6, ColorSystem.TRUECOLOR)
    ours, expected = pyte.Screen(24, 6), pyte.Screen(24, 6)
    stream, plain = pyte.Stream(ours), pyte.Stream(expected)
    for _ in range(12):
        strips = []
        for _line in range(6):
            segments = [Segment(rng.choice(words), rng.choice(styles)) for _ in range(rng.randint(1, 6))]
            strips.append([Strip(segments).adjust_cell_length(24, None)])
        update = LayoutUpdate(strips, Region(0, 0, 24, 6))  # type: ignore[arg-type]
        changes.take(update)
        stream.feed(changes.flush())
        for y, (strip,) in enumerate(strips):
            pencil = Pencil(24, erases_in_colour=False)
            row = [
                cell
                for text, style, _ in strip
                for cell in cells_of(text, pen_of(style, ColorSystem.TRUECOLOR))
            ]
            for x in range(24):
                pencil.run(y, row, x, x) if row[x].text else None
            plain.feed(pencil.text() + "\x1b[m")
        assert picture(ours) == picture(expected)


class SlowTerminal(QuietDriver):
    """Stands for a terminal on a slow line."""

    waiting = 0

    def __init__(self) -> None:
        self.written: list[str] = []

    @property
    def backlog(self) -> int:
        return self.waiting

    def write(self, data: str) -> None:
        self.written.append(data)


class OnSlowLine(ThriftyDisplay, App[None]):
    """Notes what it would do a moment later."""

    def set_timer(self, delay: float, callback: Any = None, **options: Any) -> Any:
        self.later = callback


def test_on_a_slow_line_frames_are_left_out_and_the_newest_is_drawn() -> None:
    """NEEDS: often on a remote shell, a slow line."""
    app, terminal = OnSlowLine(), SlowTerminal()
    app._driver = terminal
    app._changes = Changes(20, 1, ColorSystem.TRUECOLOR)
    terminal.waiting = 5
    for text in ("one", "two", "three"):
        app._changes.take(full([text], 20))
        app._write_changes()
    assert terminal.written == []
    terminal.waiting = 0
    app.later()
    assert [screen_of(text).display[0].rstrip() for text in terminal.written] == ["three"]
