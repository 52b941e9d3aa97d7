"""One question with one line to answer it in."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule


class Ask(Modal[str | None]):
    """Asks until ``problem`` (what is wrong with an answer, or "") is content; gives the answer, or None."""

    AUTO_FOCUS = "Input"
    BINDINGS = [("escape", "dismiss(None)", ""), ("ctrl+c", "app.how_to_quit", "")]
    CSS = """
    Ask { align: center top; background: $background 40%; }
    Ask > Vertical {
        width: 60; max-width: 96%; height: auto; margin-top: 3;
        background: $panel; border: round $rule; padding: 0 1;
    }
    Ask Input { border: none; height: 1; padding: 0; margin: 1 0; background: $panel; }
    Ask Static { color: $soft; }
    """

    def __init__(self, title: str, hint: str, problem: Callable[[str], str], typed: str = "") -> None:
        """``typed`` is what was answered before, to be mended."""
        super().__init__()
        self._title, self._hint, self._problem, self._typed = title, hint, problem, typed

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical():
            yield Rule(self._title)
            yield Input(self._typed, select_on_focus=False, compact=True)
            yield Static(self._problem(self._typed) if self._typed else self._hint, id="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the answer, or say what is wrong with it."""
        problem = self._problem(event.value)
        if problem:
            self.query_one("#hint", Static).update(problem)
        else:
            self.dismiss(event.value)
