"""The first screen a newcomer sees: try the demo, or add the first account."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from socialdesk import i18n
from socialdesk.i18n import _
from socialdesk.screens.leaving import LeavesOnce

CHOICES = ("demo", "account", "language", "quit")


class FirstRun(LeavesOnce[str]):
    """Gives one of ``CHOICES`` except "language", which it sees to itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("q,escape", "dismiss('quit')", show=False),
    ]
    AUTO_FOCUS = "OptionList"
    CSS = """
    FirstRun { align: center middle; background: $background; }
    FirstRun > Vertical { width: 64; max-width: 96%; height: auto; border: round $rule; padding: 1 3; }
    FirstRun #welcome { text-style: bold; color: $accent; margin-bottom: 1; }
    FirstRun #about { color: $foreground; margin-bottom: 1; }
    FirstRun #trouble { color: $warning; margin-bottom: 1; }
    FirstRun #keys { color: $soft; margin-top: 1; }
    FirstRun OptionList { border: none; height: auto; background: $background; padding: 0; }
    FirstRun OptionList:focus { border: none; }
    FirstRun OptionList > .option-list--option-highlighted { background: $cursor; color: $foreground; text-style: bold; }
    FirstRun OptionList:focus > .option-list--option-highlighted { background: $cursor; color: $foreground; text-style: bold; }
    FirstRun OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
    """

    def __init__(self, choose_language: Callable[[str], None], trouble: str = "") -> None:
        """``trouble`` says why one is back here."""
        super().__init__()
        self._choose_language = choose_language
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        """Lay out the welcome and the choices."""
        with Vertical():
            yield Static(id="welcome", markup=False)
            if self._trouble:
                yield Static(self._trouble, id="trouble", markup=False)
            yield Static(id="about", markup=False)
            yield OptionList(markup=False, compact=True)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Speak."""
        self._speak()
        self.query_one(OptionList).highlighted = 0

    def action_move(self, lines: int) -> None:
        """Move the highlight."""
        choices = self.query_one(OptionList)
        choices.highlighted = max(0, min((choices.highlighted or 0) + lines, len(CHOICES) - 1))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        choice = CHOICES[event.option_index]
        if choice == "language":
            self._choose_language("en" if i18n.language() == "es" else "es")
            self._speak()
        else:
            self.dismiss(choice)

    def _speak(self) -> None:
        self.query_one("#welcome", Static).update(_("Welcome to socialdesk"))
        self.query_one("#about", Static).update(
            _("One queue for everybody who writes to your brands, with the time each of them has waited.")
        )
        self.query_one("#keys", Static).update(_("↑ ↓ choose · enter goes on · q leaves"))
        choices = self.query_one(OptionList)
        at = choices.highlighted
        choices.clear_options()
        choices.add_options(
            [
                Option(Text(_("Try the demo: simulated customers, no network"))),
                Option(Text(_("Add the first account"))),
                Option(Text("Español / English")),
                Option(Text(_("Quit"))),
            ]
        )
        choices.highlighted = at
