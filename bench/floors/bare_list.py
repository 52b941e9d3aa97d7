"""Floor: a list of 100,000 rows on Textual's line API with a timer in each, drawn by Textual itself."""

from __future__ import annotations

import time

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

ROWS = 100_000
TEXT = Style.parse("#e0e0e0 on #121212")
NAME = TEXT + Style.parse("bold")
TIMER = TEXT + Style.parse("#d7af5f")
BAR = Style.parse("#101010 on #5fb3d4")


class BareList(ScrollView, can_focus=True):
    """Rows with a cursor bar."""

    BINDINGS = [
        ("j", "move(1)", "down"),
        ("k", "move(-1)", "up"),
        ("G", "move(1000000)", "end"),
        ("pagedown", "move(23)", "page"),
        ("pageup", "move(-23)", "page"),
    ]
    DEFAULT_CSS = "BareList { overflow-x: hidden; scrollbar-size: 1 1; }"

    def on_mount(self) -> None:
        self.cursor = 0
        self.begun = self.now = int(time.time())
        self.virtual_size = Size(1, ROWS)
        self.set_interval(1, self.tick)

    def tick(self) -> None:
        self.now = int(time.time())
        self.refresh(*(Region(102, y, 10, 1) for y in range(self.size.height)))

    def timer(self, number: int) -> str:
        seconds = self.now - self.begun + number * 37 % 5400
        return f"{seconds // 60:4d}:{seconds % 60:02d}"

    def render_line(self, y: int) -> Strip:
        number, width = self.scroll_offset.y + y, self.size.width
        name, text = f"{f'Cliente {number}':<20}", f"{f'{number} ¿Dónde está mi pedido?':<82}"
        if number == self.cursor:
            return Strip([Segment((name + text + self.timer(number)).ljust(width), BAR)]).crop(0, width)
        strip = Strip([Segment(name, NAME), Segment(text, TEXT), Segment(self.timer(number), TIMER)])
        return strip.adjust_cell_length(width, TEXT)

    def action_move(self, rows: int) -> None:
        before, top, (width, height) = self.cursor, self.scroll_offset.y, self.size
        self.cursor = max(0, min(ROWS - 1, before + rows))
        self.refresh(Region(0, before - top, width, 1), Region(0, self.cursor - top, width, 1))
        if not top <= self.cursor < top + height:
            self.scroll_to(y=self.cursor if self.cursor < top else self.cursor - height + 1, animate=False)


class Floor(App[None]):
    """The list and nothing else."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield BareList()


if __name__ == "__main__":
    Floor().run()
