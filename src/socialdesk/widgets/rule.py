"""The line above a pane: its title, what matters of it, and whether the keys go there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.widgets.wrapping import cells, cut


class Rule(Widget):
    """One quiet line with a title; class ``-here`` marks the pane that has the focus, with a mark and a colour."""

    COMPONENT_CLASSES = {"rule--title", "rule--note", "rule--line"}
    DEFAULT_CSS = """
    Rule { height: 1; }
    Rule > .rule--line { color: $rule; }
    Rule > .rule--title { color: $foreground; text-style: bold; }
    Rule > .rule--note { color: $soft; }
    Rule.-here > .rule--title { color: $accent; text-style: bold; }
    """
    ALLOW_SELECT = False

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._notes = title, ""

    def say(self, title: str, notes: Sequence[str] = ()) -> None:
        """Show this title, and these notes after it as far as they fit."""
        line = (title, " · ".join(note for note in notes if note))
        if line != (self._title, self._notes):
            self._title, self._notes = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width = self.size.width
        mark = "▶ " if self.has_class("-here") else "─ "
        rule = self.get_component_rich_style("rule--line")
        title_style = self.get_component_rich_style("rule--title")
        title = cut(self._title, max(0, width - 4))
        segments = [
            Segment(mark, title_style if self.has_class("-here") else rule),
            Segment(title + " ", title_style),
        ]
        room = width - cells(mark) - cells(title) - 1
        if self._notes and room > 6:
            notes = cut(f"· {self._notes} ", room - 1)
            segments.append(Segment(notes, self.get_component_rich_style("rule--note")))
            room -= cells(notes)
        segments.append(Segment("─" * max(0, room), rule))
        return Strip(segments).adjust_cell_length(width, rule)
