"""The queue of conversations: only the lines in sight are painted, only what changed is painted again.

The rows are a window on a view that may hold 100,000 of them. The screen hands over a window with ``show``; the queue
says ``Wanted`` when the cursor comes near its end, and the screen answers with another ``show``. Moving within the
window never waits for that answer. The cursor belongs to a conversation, not to a line: it stays with it whatever
arrives around it, and stays on the same line of the screen.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from socialdesk.domain.models import QueueRow, QueueWindow, Seek
from socialdesk.widgets.line_view import LineView
from socialdesk.widgets.queue_columns import UNICODE, Marks, Moments, Timers, columns, moments, timers
from socialdesk.widgets.queue_line import PARTS, head, tail
from socialdesk.widgets.queue_place import near_edge, place_of

EMPTY = QueueWindow(0, 0, ())


class _Painted(NamedTuple):
    """A row's line as it was last painted, and of what."""

    row: QueueRow
    state: Timers
    here: bool
    tail: list[Segment]
    strip: Strip


class QueueView(LineView):
    """The queue. Call ``tick`` once before the first ``show``, then once a second."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"queue--{part}" for part in PARTS}
    DEFAULT_CSS = """
    QueueView { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; }
    QueueView > .queue--cursor { text-style: bold; }
    QueueView:focus > .queue--cursor { text-style: bold reverse; color: $accent; }
    QueueView > .queue--late { color: $text-error; text-style: bold; }
    QueueView > .queue--soon { color: $text-warning; }
    QueueView > .queue--customer { text-style: bold; }
    QueueView > .queue--quiet { color: $text-muted; }
    QueueView > .queue--mark { color: $text-accent; text-style: bold; }
    QueueView > .queue--notice { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", show=False, id="queue.down"),
        Binding("k,up", "move(-1)", show=False, id="queue.up"),
        Binding("pagedown,ctrl+d", "page(1)", show=False, id="queue.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", show=False, id="queue.page_up"),
        Binding("g,home", "top", show=False, id="queue.top"),
        Binding("G,end", "bottom", show=False, id="queue.bottom"),
        Binding("enter", "choose", show=False, id="queue.choose"),
    ]

    class Highlighted(Message):
        """The cursor came to another conversation, or to none."""

        def __init__(self, row: QueueRow | None) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """A conversation is to be opened: enter, or a click on the row of the cursor."""

        def __init__(self, row: QueueRow) -> None:
            super().__init__()
            self.row = row

    class Wanted(Message):
        """Rows beyond the window will be needed; answer with ``show``."""

        def __init__(self, seek: Seek) -> None:
            super().__init__()
            self.seek = seek

    def __init__(self, *, marks: Marks = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self._marks = marks
        self._window = EMPTY
        self._cursor = 0  # row number in the view
        self._now = 0
        self._moments: dict[int, Moments] = {}
        self._painted: dict[int, _Painted] = {}
        self._styles: dict[str, Style] = {}
        self._notice = ""
        self._going: Literal["top", "bottom"] | None = None
        self._asked: int | None = None
        self._placing = False

    # What the screen asks and says ----------------------------------------------------------------

    @property
    def selected(self) -> QueueRow | None:
        """The row of the cursor, or None while there are no rows."""
        return self._row(self._cursor)

    @property
    def window(self) -> QueueWindow:
        """The rows at hand."""
        return self._window

    def show(self, window: QueueWindow, *, select: int | None = None) -> None:
        """Replace the rows; the cursor stays with its conversation, or goes to conversation ``select``."""
        before, line_before = self.selected, self._cursor - self.scroll_offset.y
        going = self._arrived(window)
        wanted = select if select is not None else before.id if before else None
        place = place_of(window, wanted, before)
        if going and place is not None:
            place = 0 if going == "top" else len(window.rows) - 1
        unmoved = window.first == self._window.first and window.total == self._window.total
        rows_before, self._window = self._window.rows, window
        self._moments = {row.id: moments(row) for row in window.rows}
        self._painted = {row.id: kept for row in window.rows if (kept := self._painted.get(row.id))}
        old_scroll, old_cursor = self.scroll_offset.y, self._cursor
        self._cursor = window.first + (place or 0)
        self._placing = True
        self.virtual_size = Size(1, window.total)
        stays = self.selected is not None and before is not None and self.selected.id == before.id
        self._scroll_keeping(line_before if stays else self._cursor - old_scroll)
        self._placing = False
        if unmoved and self.scroll_offset.y == old_scroll and len(rows_before) == len(window.rows):
            changed = [n for n, (a, b) in enumerate(zip(rows_before, window.rows, strict=True)) if a != b]
            self._refresh_rows({old_cursor, self._cursor, *(window.first + n for n in changed)})
        else:
            self.refresh()
        if (before and before.id) != (self.selected and self.selected.id):
            self._tell(self.Highlighted(self.selected))
        self._ask_if_near()

    def notice(self, text: str) -> None:
        """Say this in the middle of the queue while it has no rows: loading, empty, an error."""
        if text != self._notice:
            self._notice = text
            if not self._window.rows:
                self.refresh()

    def tick(self, now: datetime) -> None:
        """Let the timers say what they say at ``now``; only lines whose text changes are painted again."""
        self._now = int(now.timestamp())
        self._refresh_rows({number for number in self._in_sight() if self._stale(number)})

    # Keys and mouse -------------------------------------------------------------------------------

    def action_move(self, rows: int) -> None:
        """Move the cursor by that many rows, within the rows at hand."""
        self._going = None
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages of the height in sight, less one line."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Go to the most urgent row of all."""
        self._go("top")

    def action_bottom(self) -> None:
        """Go to the last row of all."""
        self._go("bottom")

    def action_choose(self) -> None:
        """Open the conversation of the cursor."""
        if (row := self.selected) is not None:
            self._tell(self.Chosen(row))

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; a click on the selected row opens it."""
        number = self.scroll_offset.y + event.y
        if self._row(number) is None:
            return
        if number == self._cursor:
            self.action_choose()
        else:
            self._move_to(number)

    def on_resize(self) -> None:
        """Keep the cursor in sight in the new size."""
        self._painted.clear()
        self._scroll_keeping(self._cursor - self.scroll_offset.y)

    # Painting -------------------------------------------------------------------------------------

    def ground(self) -> Style:
        """Return the style of plain text."""
        return self._style_of("text")

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        width = self.size.width
        number = self.scroll_offset.y + y
        row = self._row(number)
        if row is None:
            return self._blank_line(y, width)
        state = timers(row, self._moments[row.id], self._now)
        here = number == self._cursor
        kept = self._painted.get(row.id)
        if kept and kept.row is row and kept.state == state and kept.here == here:
            return kept.strip
        layout, marks, style_of = columns(width), self._marks, self._style_of
        same = kept is not None and kept.row is row and kept.state.window == state.window
        rest = kept.tail if kept and same else tail(row, layout, marks, style_of, state.window)
        strip = Strip([*head(row, state, layout, marks, style_of, cursor=here), *rest], width)
        self._painted[row.id] = _Painted(row, state, here, rest, strip)
        return strip

    def _blank_line(self, y: int, width: int) -> Strip:
        if self._notice and not self._window.rows and y == max(0, self.size.height // 2 - 1):
            strip = Strip([Segment(self._notice, self._style_of("notice"))])
            return strip.crop(0, width).text_align(width, "center").apply_style(self._style_of("text"))
        return Strip.blank(width, self._style_of("text"))

    def _style_of(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self.get_component_rich_style(f"queue--{part}")
        return style

    def notify_style_update(self) -> None:
        """Forget what was painted in the old colours."""
        self._styles.clear()
        self._painted.clear()
        super().notify_style_update()

    def _tell(self, message: Message) -> None:
        """Tell the screen, straight: from container to container the message would hold up the paint."""
        self.screen.post_message(message)

    # The rows -------------------------------------------------------------------------------------

    def _row(self, number: int) -> QueueRow | None:
        index = number - self._window.first
        return self._window.rows[index] if 0 <= index < len(self._window.rows) else None

    def _in_sight(self) -> range:
        top = self.scroll_offset.y
        first = self._window.first
        return range(max(top, first), min(top + self.size.height, first + len(self._window.rows)))

    def _stale(self, number: int) -> bool:
        row = self._row(number)
        kept = self._painted.get(row.id) if row else None
        return row is not None and (not kept or kept.state != timers(row, self._moments[row.id], self._now))

    def _refresh_rows(self, numbers: set[int]) -> None:
        top, (width, height) = self.scroll_offset.y, self.size
        if regions := [Region(0, n - top, width, 1) for n in numbers if 0 <= n - top < height]:
            self.refresh(*regions)

    # The cursor -----------------------------------------------------------------------------------

    def _move_to(self, number: int) -> None:
        first, count = self._window.first, len(self._window.rows)
        if not count:
            return
        inside = max(first, min(number, first + count - 1))
        if inside != number and 0 <= number < self._window.total:
            self._asked = None  # beyond the rows at hand: ask, even if we asked here before
        if inside != self._cursor:
            before, self._cursor = self._cursor, inside
            self._refresh_rows({before, inside})
            self._reveal()
            self._tell(self.Highlighted(self.selected))
        self._ask_if_near()

    def _go(self, where: Literal["top", "bottom"]) -> None:
        self._going = where
        if self._arrived(self._window):
            self._move_to(0 if where == "top" else self._window.total - 1)
        else:
            self._tell(self.Wanted(Seek(where)))

    def _arrived(self, window: QueueWindow) -> Literal["top", "bottom"] | None:
        """Return the end that is being gone to if the window reaches it; then nothing is gone to any more."""
        reached = (
            window.first == 0 if self._going == "top" else window.first + len(window.rows) >= window.total
        )
        if not reached:
            return None
        going, self._going = self._going, None
        return going

    def _ask_if_near(self) -> None:
        row = self.selected
        if row is None or not near_edge(self._window, self._cursor):
            return
        step = max(1, len(self._window.rows) // 16)
        if self._asked is None or abs(self._cursor - self._asked) >= step:
            self._asked = self._cursor
            self._tell(self.Wanted(Seek("around", row.key)))

    # Scrolling ------------------------------------------------------------------------------------

    def validate_scroll_y(self, value: float) -> float:
        """Scroll only over rows at hand."""
        last = self._window.first + len(self._window.rows) - self.size.height
        value = (
            min(value, last) if self._window.first + len(self._window.rows) < self._window.total else value
        )
        return super().validate_scroll_y(max(value, self._window.first))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Take the cursor along where the mouse scrolls it out of sight."""
        super().watch_scroll_y(old_value, new_value)
        sight = self._in_sight()
        if not self._placing and sight and self._cursor not in sight:
            self._move_to(max(sight[0], min(self._cursor, sight[-1])))

    def _reveal(self) -> None:
        """Scroll until the cursor is in sight: by a line where the terminal scrolls itself, else by half a page.

        A terminal can scroll whole lines only. Beside another pane every line in sight has to be written again, so
        there it is done once in half a page.
        """
        top, height = self.scroll_offset.y, self.size.height
        if top <= self._cursor < top + height:
            return
        far = self.outer_size.width < self.app.size.width or not -1 <= self._cursor - top <= height
        if far:
            top = self._cursor - height // 2
        else:
            top = self._cursor if self._cursor < top else self._cursor - height + 1
        self._set_scroll(top)

    def _scroll_keeping(self, line_on_screen: int) -> None:
        """Scroll so that the cursor is on this line of the screen, or as near as can be.

        While the queue is hidden it has no lines: it stays where it is until it is seen again.
        """
        if height := self.size.height:
            self._set_scroll(self._cursor - max(0, min(line_on_screen, height - 1)))

    def _set_scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True)
