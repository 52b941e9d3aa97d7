"""A few lines to fill in together, with what is wrong said below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from socialdesk.i18n import _
from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import cells

Values = Mapping[str, str]


class Field(NamedTuple):
    """One line: its id, what it is called, what it says at first, and an example shown while it is empty."""

    id: str
    label: str
    value: str = ""
    example: str = ""


class Form(Modal[dict[str, str] | None]):
    """Asks until ``problem`` (what is wrong with the values, or "") is content; gives the values, or None."""

    AUTO_FOCUS = ""
    BINDINGS = [
        ("escape", "dismiss(None)", ""),
        # Before the line itself, which would copy: its text is chosen whenever one comes to it.
        Binding("ctrl+c", "app.how_to_quit", show=False, priority=True),
        # At once: what is typed behind it must not reach the line that it leaves.
        Binding("enter", "next", show=False, priority=True),
        ("up", "app.focus_previous", ""),
        ("down", "app.focus_next", ""),
        ("ctrl+s", "finish", ""),
    ]
    CSS = """
    Form { align: center top; background: $background 40%; }
    Form > Vertical {
        width: 76; max-width: 98%; height: auto; margin-top: 2;
        background: $panel; border: round $rule; padding: 0 1;
    }
    Form Horizontal { height: 1; }
    Form Horizontal Static { color: $soft; }
    Form Horizontal.-here Static { color: $accent; text-style: bold; }
    Form Input { border: none; height: 1; padding: 0; width: 1fr; background: $panel; }
    Form Input:focus { background: $cursor; }
    Form #hint { margin: 1 0 0 0; color: $soft; height: auto; }
    Form #hint.-problem { color: $warning; }
    Form Rule { margin-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        hint: str,
        problem: Callable[[Values], str],
        *,
        begin: int = 0,
    ) -> None:
        super().__init__()
        self._title, self._fields, self._hint = title, fields, hint
        self._problem, self._begin = problem, begin

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        width = max(cells(field.label) for field in self._fields) + 2
        with Vertical():
            yield Rule(self._title)
            for field in self._fields:
                with Horizontal():
                    label = Static(field.label, markup=False)
                    label.styles.width = width
                    yield label
                    yield Input(field.value, placeholder=field.example, compact=True, id=field.id)
            yield Static(self._said(), id="hint", markup=False)

    def on_mount(self) -> None:
        """Begin where the person was."""
        self.query(Input)[self._begin].focus()

    def on_descendant_focus(self) -> None:
        """Mark the line that is being written."""
        for line in self.query(Horizontal):
            line.set_class(line.query_one(Input).has_focus, "-here")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the last line submit itself, once it has all that was typed before."""
        return self.focused is not self.query(Input).last() if action == "next" else True

    def action_next(self) -> None:
        """Go on to the next line."""
        self.focus_next(Input)

    def on_input_submitted(self) -> None:
        """Give the values."""
        self.action_finish()

    def on_input_changed(self) -> None:
        """What was wrong is being mended."""
        self._say(self._said(), False)

    def action_finish(self) -> None:
        """Give the values, or say what is wrong with them."""
        values = {str(line.id): line.value.strip() for line in self.query(Input)}
        problem = self._problem(values)
        if problem:
            self._say(problem, True)
        else:
            self.dismiss(values)

    def _say(self, words: str, is_problem: bool) -> None:
        hint = self.query_one("#hint", Static)
        hint.update(words)
        hint.set_class(is_problem, "-problem")

    def _said(self) -> str:
        return "\n".join(filter(None, (self._hint, _("enter goes on · ctrl+s takes it · esc leaves"))))
