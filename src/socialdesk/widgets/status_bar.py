"""The top line: which view, how many wait, and how the accounts are doing."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.lines import Line, paint
from socialdesk.widgets.wrapping import cells


class StatusBar(Widget):
    """One line of pieces, said in fewer words where room is short."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    StatusBar { height: 1; dock: top; background: $bar; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = (Line(),)
        self._inks = Inks(self)

    def show(self, *lines: Line) -> None:
        """Show the first of these lines that has room, else the last."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says where there is room."""
        return _said(self._lines[0])

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        if not self.size.width:
            return Strip([Segment("")])
        width = self.size.width
        fitting = (line for line in self._lines if cells(_said(line)) < width)
        return paint(next(fitting, self._lines[-1]), width, self._inks)

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._inks.forget()
        super().notify_style_update()


def _said(line: Line) -> str:
    return "".join(text for text, _part in (*line.left, *line.right))
