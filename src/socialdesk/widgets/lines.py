"""A scrolling run of styled lines: only those in sight are painted, each is kept once painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.line_view import LineView
from socialdesk.widgets.wrapping import cells, cut

Piece = tuple[str, str]
"""A text without control characters, and the part (widgets/ink.py) that styles it."""


class Line(NamedTuple):
    """One line: pieces from the left, and pieces that end at the right edge (left out where there is no room)."""

    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    chosen: bool = False


def paint(line: Line, width: int, inks: Inks) -> Strip:
    """Return a line as cells, exactly ``width`` wide."""
    base = inks("cursor") if line.chosen else inks("text")
    style_of = partial(_over, inks, base) if line.chosen else inks
    right = _fitting(line.right, width // 2)
    room = width - sum(cells(text) for text, _part in right) - (1 if right else 0)
    segments: list[Segment] = []
    for text, part in line.left:
        shown = cut(text, room)
        room -= cells(shown)
        segments.append(Segment(shown, style_of(part)))
        if room <= 0:
            break
    if room > 0 or right:
        segments.append(Segment(" " * (max(0, room) + (1 if right else 0)), base))
    segments += [Segment(text, style_of(part)) for text, part in right]
    return Strip(segments).adjust_cell_length(width, base)


def _over(inks: Inks, base: Style, part: str) -> Style:
    """Return the style of a part on another ground than the widget's own."""
    return base + inks.over(part)


def _fitting(pieces: Sequence[Piece], room: int) -> list[Piece]:
    """Return the last pieces that fit: the last one, a time, matters most."""
    kept: list[Piece] = []
    for text, part in reversed(pieces):
        room -= cells(text)
        if room < 0:
            break
        kept.insert(0, (text, part))
    return kept


class LinesView(LineView):
    """Shows lines; keys reach it as calls of ``move``, ``page``, ``top`` and ``bottom``."""

    DEFAULT_CSS = """
    LinesView {
        overflow-x: hidden; overflow-y: auto; scrollbar-size: 1 1; scrollbar-gutter: stable;
        background: $background;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[Line] = []
        self._strips: dict[int, Strip] = {}
        self._inks = Inks(self)
        self._notice = ""

    @property
    def text_width(self) -> int:
        """Cells that a line may use, the scrollbar aside; before the first layout, those it will have full width."""
        if not self.size:
            return max(1, self.app.size.width - self.styles.padding.width - self.scrollbar_size_vertical)
        return max(1, self.scrollable_content_region.width)

    @property
    def at_bottom(self) -> bool:
        """Whether the last line is in sight."""
        return self.scroll_offset.y >= self.virtual_size.height - self.scrollable_content_region.height

    def notice(self, text: str) -> None:
        """Say this in the middle while there are no lines: loading, empty, an error."""
        self._notice = text
        if not self._lines:
            self._strips.clear()
            self.refresh()

    def set_lines(self, lines: list[Line], *, first_changed: int = 0) -> None:
        """Replace the lines; those before ``first_changed`` are the same as before."""
        self._lines = lines
        for number in [n for n in self._strips if n >= first_changed]:
            del self._strips[number]
        self.virtual_size = Size(self.text_width, len(lines))
        if first_changed:
            top, region = self.scroll_offset.y, self.scrollable_content_region
            self.refresh(Region(0, max(0, first_changed - top), region.width, region.height))
        else:
            self.refresh()

    def ground(self) -> Style:
        """Return the style of plain text."""
        return self._inks("text")

    def render_line(self, y: int) -> Strip:
        """Paint one line, its padding included."""
        number = self.scroll_offset.y + y
        strip = self._strips.get(number)
        if strip is None:
            strip = self._painted(number, y)
            if left := self.styles.padding.left:
                strip = Strip([Segment(" " * left, self._inks("text")), *strip], strip.cell_length + left)
            self._strips[number] = strip
        return strip

    def _painted(self, number: int, y: int) -> Strip:
        width = self.text_width
        if number < len(self._lines):
            return paint(self._lines[number], width, self._inks)
        if self._notice and not self._lines and y == max(0, self.size.height // 2 - 1):
            text = cut(self._notice, width)
            line = Line(((" " * ((width - cells(text)) // 2), "text"), (text, "soft")))
            return paint(line, width, self._inks)
        return Strip.blank(width, self._inks("text"))

    def notify_style_update(self) -> None:
        """Forget what was painted in the old colours."""
        self._inks.forget()
        self._strips.clear()
        super().notify_style_update()

    def go_to(self, y: int) -> None:
        """Scroll at once so that line ``y`` is the first, or as near as can be."""
        self.scroll_to(y=max(0, y), animate=False, force=True)

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        self.go_to(self.scroll_offset.y + lines)

    def page(self, pages: int) -> None:
        """Scroll by pages, less one line."""
        self.move(pages * max(1, self.size.height - 1))

    def top(self) -> None:
        """Scroll to the first line."""
        self.go_to(0)

    def bottom(self) -> None:
        """Scroll to the last line."""
        self.go_to(len(self._lines))
