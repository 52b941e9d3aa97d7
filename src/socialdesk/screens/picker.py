"""A small list to choose from: commands, views, filters, moments, colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from socialdesk.i18n import _
from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import cells, cut

if TYPE_CHECKING:
    from socialdesk.screens.picks import Pick

T = TypeVar("T")


class Picker(Modal[T | None]):
    """Shows choices, narrowed by what is typed; gives the chosen value, or None."""

    AUTO_FOCUS = "Input"
    BINDINGS = [
        ("escape", "dismiss(None)", ""),
        ("ctrl+c", "app.how_to_quit", ""),
        ("down,ctrl+n", "move(1)", ""),
        ("up,ctrl+p", "move(-1)", ""),
        ("pagedown", "move(8)", ""),
        ("pageup", "move(-8)", ""),
    ]
    CSS = """
    Picker { align: center top; background: $background 40%; }
    Picker > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 80%; margin-top: 3;
        background: $panel; border: round $rule; padding: 0 1;
    }
    Picker Input { border: none; height: 1; padding: 0; margin: 1 0; background: $panel; }
    Picker OptionList { border: none; height: auto; max-height: 100%; background: $panel; padding: 0; scrollbar-size: 1 1; }
    Picker OptionList:focus { border: none; }
    Picker OptionList > .option-list--option-highlighted { background: $cursor; color: $foreground; text-style: bold; }
    Picker OptionList:focus > .option-list--option-highlighted { background: $cursor; color: $foreground; text-style: bold; }
    Picker Rule { margin-top: 0; }
    Picker OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
    """

    def __init__(
        self, title: str, picks: Sequence[Pick[T]], *, chosen: int = 0, own: Callable[[str], T] | None = None
    ) -> None:
        """With ``own`` the last choice stays whatever is typed, and what is typed is made its value."""
        super().__init__()
        self._own = own
        self._title = title
        self._picks = list(picks)
        self._shown = list(range(len(self._picks)))
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Lay out the title, the field and the choices."""
        with Vertical():
            yield Rule(self._title)
            yield Input(placeholder=_("type to narrow · enter chooses · esc leaves"), compact=True)
            choices = OptionList(markup=False, compact=True)
            choices.can_focus = False
            yield choices

    def on_mount(self) -> None:
        """Show every choice."""
        self._fill()
        if self._picks:
            self.query_one(OptionList).highlighted = self._chosen

    def on_resize(self) -> None:
        """Lay the notes out anew."""
        self._fill()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep the choices that hold every typed word."""
        self._shown = [
            number
            for number, pick in enumerate(self._picks)
            if _fits(pick, event.value) or self._is_own(number)
        ]
        self._fill()
        if self._shown:
            self.query_one(OptionList).highlighted = 0

    def on_input_submitted(self) -> None:
        """Give the highlighted choice."""
        number = self.query_one(OptionList).highlighted
        if number is not None and number < len(self._shown):
            self._choose(self._shown[number])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the clicked choice."""
        self._choose(self._shown[event.option_index])

    def _is_own(self, number: int) -> bool:
        return self._own is not None and number == len(self._picks) - 1

    def _choose(self, number: int) -> None:
        typed = self.query_one(Input).value.strip()
        pick = self._picks[number]
        if self._own is not None and self._is_own(number) and not _fits(pick, typed):
            self.dismiss(self._own(typed))
        else:
            self.dismiss(pick.value)

    def action_move(self, lines: int) -> None:
        """Move the highlight."""
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = max(0, min((choices.highlighted or 0) + lines, len(self._shown) - 1))

    def _fill(self) -> None:
        choices = self.query_one(OptionList)
        at = choices.highlighted
        width = min(76, self.size.width * 96 // 100) - 5
        choices.clear_options()
        choices.add_options([Option(self._line(self._picks[n], width)) for n in self._shown])
        if not self._shown:
            choices.add_option(Option(_("Nothing matches. Try fewer letters."), disabled=True))
        if at is not None and at < len(self._shown):
            choices.highlighted = at

    def _line(self, pick: Pick[T], width: int) -> Text:
        label = cut(pick.label, max(8, width - cells(pick.note) - 2))
        room = max(1, width - cells(label) - cells(pick.note))
        text = Text(label, no_wrap=True, overflow="ellipsis")
        text.append(" " * room + pick.note, style="dim")
        return text


def _fits(pick: Pick[Any], typed: str) -> bool:
    """Say whether a choice holds every typed word."""
    said = f"{pick.label} {pick.note}".casefold()
    return all(word in said for word in typed.casefold().split())
