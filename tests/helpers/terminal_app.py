"""A small app on our drawing and our driver, run in a pty by tests/unit/test_terminal.py."""

from __future__ import annotations

import subprocess
import sys

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from socialdesk.terminal.display import ThriftyDisplay


class Small(ThriftyDisplay, App[None]):
    """Counts the key j, shows its size, lends the terminal to another program on e."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("j", "count", ""), ("e", "edit", ""), ("x", "hostile", ""), ("q", "quit", "")]
    count = 0

    def compose(self) -> ComposeResult:
        yield Static("count 0", id="count", markup=False)
        yield Static("never changes", markup=False)
        yield Static("", id="size", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        self.query_one("#size", Static).update(f"size {event.size.width}x{event.size.height}")

    def on_key(self, event: object) -> None:
        if getattr(event, "key", "") == "escape":
            self.query_one("#count", Static).update("escape")

    def action_count(self) -> None:
        self.count += 1
        self.query_one("#count", Static).update(f"count {self.count}")

    def action_hostile(self) -> None:
        self.query_one("#count", Static).update("a\x1b]0;owned\x07b\x9b2Jc")

    def action_edit(self) -> None:
        with self.suspend():
            subprocess.run([sys.executable, "-c", "print('EDITING'); input()"], check=True)


if __name__ == "__main__":
    if "plain" in sys.argv:
        Small.drawing = "plain"
    Small().run()
