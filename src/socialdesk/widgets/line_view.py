"""The ground of every list of lines: what it paints goes to the screen without Textual's wrapping.

Textual sends each line of each widget through a cache of borders, padding and tints that lists do not have; that
was a third of the time of a scrolled line, and its scrollbar, which hardly ever changes, another fifth.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class LineBar(ScrollBar):
    """A scrollbar of one column, each of whose cells is painted once."""

    def __init__(self) -> None:
        super().__init__(name="vertical")
        self._cells: dict[tuple[str, Style | None], Strip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines in sight."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender) and isinstance(bar.style, Style)
        back, front = bar.style.bgcolor, bar.style.color
        assert back is not None and front is not None
        drawn = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            back_color=back,
            bar_color=front,
        )
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = [self._cell(segment) for segment in drawn.segments[slice(*crop.line_span)]]
        for each in filters:
            strips = [strip.apply_filter(each, background) for strip in strips]
        return strips

    def _cell(self, segment: Segment) -> Strip:
        key = (segment.text, segment.style)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = Strip([segment], 1)
        return found

    def notify_style_update(self) -> None:
        """Forget the cells in the old colours."""
        self._cells.clear()
        super().notify_style_update()


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows lines; ``render_line`` paints one, its padding at the left included. There is none above or below."""

    ALLOW_SELECT = False

    def ground(self) -> Style:
        """Return the style of blanks beside and below the lines."""
        raise NotImplementedError

    async def on_key(self, event: events.Key) -> None:
        """Run the command bound to a key at once, rather than after the key has risen through every container."""
        if await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines in sight."""
        first, end = crop.column_span
        strips = [self.render_line(y) for y in crop.line_range]
        if any(strip.cell_length != end for strip in strips) or first:
            ground = self.ground()
            strips = [strip.adjust_cell_length(end, ground).crop(first, end) for strip in strips]
        background = self.background_colors[1]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return strips

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = LineBar()
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar
