"""The bottom line: the keys that matter now, or for some seconds what the desk has to say, on as many as that takes."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.wrapping import cells, cut, wrap

MARKS = {"information": "● ", "warning": "! ", "error": "✗ "}
PARTS = {"information": "text", "warning": "warn", "error": "bad"}
SECONDS = 6.0
"""How long each line of a notice stays."""

MOST = 4
"""Lines that a notice may take."""

LEAST = 1.5
"""Seconds after which a key press takes it away."""


class Key(NamedTuple):
    """A key, what it does in a word, the id of the command, and whether it is ``kept`` where room is short."""

    key: str
    label: str
    command: str
    kept: bool = False

    @property
    def size(self) -> int:
        """Its cells, with those that part it from the next one."""
        return cells(self.key) + cells(self.label) + 3


class KeyBar(Widget):
    """Shows keys, each of which can be clicked, or a notice."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $bar; }
    """

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Key] = []
        self._spans: list[tuple[int, int, str]] = []
        self._notice, self._severity = "", "information"
        self._beside = False
        self._lines: list[str] = []  # the notice, broken for the width
        self._rows = 1
        self._inks = Inks(self)
        self._timer: Timer | None = None
        self._since = 0.0

    @property
    def notice(self) -> str:
        """What is being said, or ""."""
        return self._notice

    def show(self, keys: Sequence[Key]) -> None:
        """Show these keys; of those that need not be kept the last are left out where room is short."""
        if list(keys) != self._keys:
            self._keys = list(keys)
            self.refresh()

    def say(
        self, text: str, severity: str = "information", seconds: float | None = None, *, beside: bool = False
    ) -> None:
        """Say something for a while, instead of the keys or ``beside`` them."""
        if self._timer is not None:
            self._timer.stop()
        self._notice, self._severity, self._since = text, severity, monotonic()
        self._beside = beside
        self._break()
        if text:
            self._timer = self.set_timer(seconds or SECONDS * len(self._lines), self.silence)
        self.refresh()

    def heard(self) -> None:
        """A key was pressed: what was said long enough may go."""
        if self._notice and monotonic() - self._since > LEAST:
            self.silence()

    def silence(self) -> None:
        """Show the keys again."""
        if self._notice:
            self._notice = ""
            self._break()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Break the notice anew."""
        self._break()

    def _break(self) -> None:
        """Lay the notice out; what a person has to read and do is never cut off for want of one more line."""
        width = self.app.size.width
        text = f"{MARKS[self._severity]}{self._notice}" if self._notice else ""
        lines = [text] if self._beside else wrap(text, max(1, width - 2))
        self._lines = [*lines[: MOST - 1], " ".join(lines[MOST - 1 :])] if len(lines) > MOST else lines
        rows = max(1, len(self._lines))
        if rows != self._rows:
            self._rows = self.styles.height = rows

    def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does."""
        self.silence()
        for start, end, command in self._spans:
            if start <= event.x < end:
                self.post_message(self.Pressed(command))

    def render_line(self, y: int) -> Strip:
        """Paint a line."""
        width = self.size.width
        style = self._inks
        self._spans, segments, used = [], [], 0
        if self._notice:
            text = cut(f" {self._lines[y]}" if y < len(self._lines) else "", width)
            segments, used = [Segment(text, style(PARTS[self._severity]))], cells(text)
        if not self._notice or self._beside:
            used += 3 if self._notice else 1
            segments.append(Segment("   " if self._notice else " ", style("soft")))
            for key in self._fitting(width - used):
                segments += [Segment(key.key, style("key")), Segment(f" {key.label}  ", style("soft"))]
                self._spans.append((used, used + key.size - 2, key.command))
                used += key.size
        return Strip(segments).adjust_cell_length(width, style("soft"))

    def _fitting(self, room: int) -> list[Key]:
        keys = list(self._keys)
        while keys and sum(key.size for key in keys) - 2 > room:
            spare = [key for key in keys if not key.kept] or keys
            keys.remove(spare[-1])
        return keys

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._inks.forget()
        super().notify_style_update()
