"""The top line: which view, how many wait, and how the accounts are doing."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.lines import Line, Piece, paint


class StatusBar(Widget):
    """One line of pieces; the right-hand ones, how the accounts do, are kept when room is short."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    StatusBar { height: 1; dock: top; background: $bar; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._line = Line()
        self._inks = Inks(self)

    def show(self, left: tuple[Piece, ...], right: tuple[Piece, ...]) -> None:
        """Show these pieces."""
        line = Line(left, right)
        if line != self._line:
            self._line = line
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(text for text, _part in (*self._line.left, *self._line.right))

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        if not self.size.width:
            return Strip([Segment("")])
        return paint(self._line, self.size.width, self._inks)

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._inks.forget()
        super().notify_style_update()
