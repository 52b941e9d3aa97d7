"""The line above a pane: its title, what matters of it, and whether the keys go there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.wrapping import cells, cut


class Rule(Widget):
    """One quiet line with a title; ``point`` marks the pane that has the keys, with a mark and a colour."""

    DEFAULT_CSS = """
    Rule { height: 1; }
    """
    ALLOW_SELECT = False

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._notes = title, ""
        self._here = False
        self._inks = Inks(self)

    def point(self, here: bool) -> None:
        """Say whether the keys go to the pane under this line."""
        if here != self._here:
            self._here = here
            self.refresh()

    def say(self, title: str, notes: Sequence[str] = ()) -> None:
        """Show this title, and these notes after it as far as they fit."""
        line = (title, " · ".join(note for note in notes if note))
        if line != (self._title, self._notes):
            self._title, self._notes = line
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        width = self.size.width
        here = self._here
        style = self._inks("here" if here else "strong")
        title = cut(self._title, max(0, width - 4))
        segments = [
            Segment("▶ ", style) if here else Segment("─ ", self._inks("rule")),
            Segment(title + " ", style),
        ]
        room = width - cells(title) - 3
        if self._notes and room > 6:
            notes = cut(f"· {self._notes} ", room - 1)
            segments.append(Segment(notes, self._inks("soft")))
            room -= cells(notes)
        segments.append(Segment("─" * max(0, room), self._inks("rule")))
        return Strip(segments).adjust_cell_length(width, self._inks("rule"))

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._inks.forget()
        super().notify_style_update()
