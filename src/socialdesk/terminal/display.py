"""The switch between Textual's drawing and ours.

``ThriftyDisplay`` replaces one private method of Textual, so it works with the one version that it was written
against and leaves everything to Textual with any other, when there is no terminal, and when a person asks for
``drawing = "plain"``. ``tests/unit/test_changes.py`` compares both, cell by cell.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import textual
from rich.color import ColorSystem
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.color import Color
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.widget import Widget

from socialdesk.terminal.cells import STEERING
from socialdesk.terminal.changes import Changes
from socialdesk.terminal.driver import QuietDriver

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.screen import Screen

    _App = App[Any]
else:
    _App = object

TEXTUAL = "8.2.8"
"""The version of Textual whose ``App._display`` is replaced."""

_SYNC_FROM = 256
"""Bytes from which an update is wrapped as one frame, where the terminal can do that (mode 2026)."""

_BACKLOG = 2
"""Writes not yet taken by the terminal from which the next frame waits."""

_AGAIN = 0.02
"""Seconds until a frame that waits is tried again."""


class Harmless(LineFilter):
    """Drops control characters from every line: the last line of defence while Textual itself draws."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without what could steer the terminal."""
        return [
            segment if segment.control or segment.text.isprintable() else _harmless(segment)
            for segment in segments
        ]


def _harmless(segment: Segment) -> Segment:
    return Segment(STEERING.sub("", segment.text), segment.style)


def fits() -> bool:
    """Say whether the Textual in use is the one that this package was written against."""
    return (Path(textual.__file__).parent.parent / f"textual-{TEXTUAL}.dist-info").is_dir()


class ThriftyDisplay(_App):
    """An app that writes changed cells only: ``class DeskApp(ThriftyDisplay, App)``.

    Set ``drawing`` before ``App.__init__`` runs: "changes", or "plain" for Textual's own drawing and driver.
    """

    drawing = "changes"
    _changes: Changes | None = None
    _frame_waits = False
    _harmless = Harmless()

    @property
    def thrifty(self) -> bool:
        """Whether we draw, rather than Textual."""
        return self.drawing != "plain" and fits()

    def get_driver_class(self) -> type[Driver]:
        """Return the quiet driver in place of the one for this kind of system."""
        usual = super().get_driver_class()
        return QuietDriver if usual is LinuxDriver and self.thrifty else usual

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the last line of defence where our own drawing, which has one, is not used."""
        filters = super().get_line_filters()
        return filters if isinstance(self._driver, QuietDriver) else [*filters, self._harmless]

    def terminal_begun(self) -> None:
        """Take note that the terminal is ours (again) and shows nothing of what it did; called by the driver."""
        if self._changes is not None:
            self._changes.forget()
            self.call_later(self._write_changes)

    def action_redraw(self) -> None:
        """Draw everything anew, after something else wrote over the screen."""
        self.terminal_begun()
        self.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Show an update; replaces the method of ``App``."""
        ours = isinstance(renderable, LayoutUpdate | ChopsUpdate) and isinstance(self._driver, QuietDriver)
        if not ours or not self._running or self._closed:
            super()._display(screen, renderable)
            return
        if self._batch_count:
            return
        assert isinstance(renderable, LayoutUpdate | ChopsUpdate)
        changes = self._changes
        if changes is None or changes.size != self.size:
            changes = self._changes = Changes(
                *self.size, _colours(self), erases_in_colour=_erases_in_colour()
            )
        changes.take(renderable)
        self._write_changes()
        self.post_display_hook()

    def _write_changes(self) -> None:
        """Write what changed, unless the terminal is still busy with what it was sent: then a moment later.

        On a slow line frames are thus left out, and the newest state is what is drawn next.
        """
        driver = self._driver
        if self._changes is None or not isinstance(driver, QuietDriver) or self._frame_waits:
            return
        if driver.backlog >= _BACKLOG:
            self._frame_waits = True
            self.set_timer(_AGAIN, self._write_waiting)
            return
        cursor = self.cursor_position
        data = self._changes.flush((cursor.y, cursor.x) if cursor else None)
        if self._sync_available and len(data) >= _SYNC_FROM:
            data = f"\x1b[?2026h{data}\x1b[?2026l"
        if data:
            driver.write(data)

    def _write_waiting(self) -> None:
        self._frame_waits = False
        self._write_changes()


def paint_now(screen: Screen[Any]) -> None:
    """Lay out and paint a screen whose panes have just been shown or hidden, rather than two frames later.

    Textual would paint the old arrangement first, and the new one at the next sixtieth of a second.
    """
    if not screen.is_current or screen.app._batch_count:
        return
    for widget in screen.walk_children(Widget):
        widget._clear_arrangement_cache()
    screen._clear_arrangement_cache()
    screen._refresh_layout()


def _colours(app: _App) -> ColorSystem:
    return app.console._color_system or ColorSystem.TRUECOLOR


def _erases_in_colour() -> bool:
    """Say whether the terminal erases with the current background: all do but GNU screen, and tmux does."""
    return not os.environ.get("TERM", "").startswith("screen") or "TMUX" in os.environ
