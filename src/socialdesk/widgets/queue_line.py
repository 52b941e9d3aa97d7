"""One line of the queue, and its heading, as styled cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.domain.models import QueueRow, State
from socialdesk.i18n import _
from socialdesk.widgets.queue_columns import GUTTER, NO_TIMERS, Column, Marks, Timers, cell, columns, fit
from socialdesk.windowwords import window_left

PARTS = ("text", "cursor", "late", "soon", "customer", "quiet", "mark", "notice")
"""The styles of a line, each a component class ``queue--<part>``."""

_HEAD = frozenset({"state", "wait", "left", "promised"})
_CURSOR_COLUMNS = frozenset({"state", "wait", "promised"})
_DUE = frozenset({"left", "promised"})
_RIGHT = frozenset({"wait", "left"})

StyleOf = Callable[[str], Style]
"""Gives the style of one of ``PARTS``."""


def head(
    row: QueueRow, state: Timers, layout: Sequence[Column], marks: Marks, style_of: StyleOf, *, cursor: bool
) -> list[Segment]:
    """Return the part of a row's line that time and the cursor change.

    The cursor is a mark in the gutter and another style of the first columns only: moving it then writes some
    twenty cells, not two whole lines.
    """
    gutter = marks.cursor if cursor else " "
    pieces = [(gutter.ljust(GUTTER), "cursor" if cursor else "text")]
    for column in _spanned(layout) if state.promised else layout:
        if column.name in _HEAD:
            part = "cursor" if cursor and column.name in _CURSOR_COLUMNS else part_of(column.name, row, state)
            pieces.append((fit(cell(column.name, row, state, marks), column.width), part))
    return _merged(pieces, style_of)


def _spanned(layout: Sequence[Column]) -> Sequence[Column]:
    """Return the columns with those of both timers as one, for what was promised; a narrow queue has only one."""
    wait = next((column for column in layout if column.name == "wait"), None)
    if wait is None:
        return layout
    both = sum(column.width for column in layout if column.name in _RIGHT)
    one = Column("promised", "", both)
    return [one if column is wait else column for column in layout if column.name != "left"]


def tail(
    row: QueueRow, layout: Sequence[Column], marks: Marks, style_of: StyleOf, window: str = ""
) -> list[Segment]:
    """Return the part of a row's line that stays as long as the row does, and what is said of its network's window."""
    state = NO_TIMERS._replace(window=window)
    pieces = []
    for column in layout:
        if column.name in _HEAD:
            continue
        text, part = fit(cell(column.name, row, state, marks), column.width), part_of(column.name, row, state)
        if window and column.name == "text":
            # Time makes it, so it looks like the other timers.
            pieces.append((text[: len(window)], "late" if window == window_left(0) else "soon"))
            text = text[len(window) :]
        pieces.append((text, part))
    return _merged(pieces, style_of)


def part_of(name: str, row: QueueRow, state: Timers) -> str:
    """Return the style of a column."""
    if state.late and (name == "state" or name in _DUE):
        return "late"
    if state.soon and name in _DUE:
        return "soon"
    if name == "mark":
        return "mark"
    if row.state is not State.WAITING and row.commit_at is None:
        return "quiet"
    return "customer" if name == "customer" else "text"


def _merged(pieces: list[tuple[str, str]], style_of: StyleOf) -> list[Segment]:
    """Return as few segments as there are changes of style."""
    segments: list[Segment] = []
    text, part = pieces[0]
    for more, other in pieces[1:]:
        if other == part:
            text += more
        else:
            segments.append(Segment(text, style_of(part)))
            text, part = more, other
    segments.append(Segment(text, style_of(part)))
    return segments


class QueueHeader(Widget):
    """One line of headings over the queue's columns; give it the queue's width."""

    DEFAULT_CSS = """
    QueueHeader { height: 1; color: $text-muted; text-style: bold; }
    """

    def render_line(self, y: int) -> Strip:
        """Paint the headings."""
        width = self.size.width
        text = " " * GUTTER
        for column in columns(width):
            heading = _(column.heading) if column.heading else ""
            text += fit(heading.rjust(column.width - 1) if column.name in _RIGHT else heading, column.width)
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(width, self.rich_style)
