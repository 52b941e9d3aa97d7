"""A list of items of a few lines each, with a cursor: search results, the outbox, accounts."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from socialdesk.widgets.lines import Line, LinesView

Item = Sequence[Line]
MARK, BLANK = "▶ ", "  "


class RowList(LinesView):
    """Shows items; the chosen one has a mark and another background."""

    class Chosen(Message):
        """The item of the cursor is to be opened."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Moved(Message):
        """The cursor is on another item."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._items: list[Item] = []
        self._starts: list[int] = []
        self.cursor = 0

    def show(self, items: Sequence[Item], *, cursor: int | None = None) -> None:
        """Replace the items; the cursor stays on its number unless another is given."""
        self._items = list(items)
        wanted = self.cursor if cursor is None else cursor
        self.cursor = max(0, min(wanted, len(self._items) - 1))
        self._lay_out()
        self._reveal()

    @property
    def selected(self) -> int | None:
        """The number of the cursor's item, or None while there is none."""
        return self.cursor if self._items else None

    def move(self, lines: int) -> None:
        """Move the cursor by items."""
        if self._items:
            self.cursor = max(0, min(self.cursor + lines, len(self._items) - 1))
            self._lay_out()
            self._reveal()
            self.post_message(self.Moved())

    def page(self, pages: int) -> None:
        """Move the cursor by about a page."""
        height = max(1, len(self._lines) // max(1, len(self._items)))
        self.move(pages * max(1, self.size.height // height - 1))

    def top(self) -> None:
        """Go to the first item."""
        self.move(-len(self._items))

    def bottom(self) -> None:
        """Go to the last item."""
        self.move(len(self._items))

    def on_click(self, event: events.Click) -> None:
        """Choose the item under the pointer; a click on the chosen one opens it."""
        line = self.scroll_offset.y + event.y
        number = max((n for n, start in enumerate(self._starts) if start <= line), default=None)
        if number is None or line >= len(self._lines):
            return
        if number == self.cursor:
            self.post_message(self.Chosen(number))
        self.move(number - self.cursor)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self._lay_out()
        self._reveal()

    def _lay_out(self) -> None:
        lines: list[Line] = []
        self._starts = []
        for number, item in enumerate(self._items):
            self._starts.append(len(lines))
            here = number == self.cursor
            for nth, line in enumerate(item):
                mark = MARK if here and nth == 0 else BLANK
                lines.append(Line(((mark, "strong"), *line.left), line.right, here and bool(line.left)))
        self.set_lines(lines)

    def _reveal(self) -> None:
        if not self._items:
            return
        first = self._starts[self.cursor]
        last = first + len(self._items[self.cursor]) - 1
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if first < top:
            self.go_to(first)
        elif last >= top + height:
            self.go_to(last - height + 1)
