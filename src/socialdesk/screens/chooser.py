"""A list to find something in by a few letters, with what it says below: canned replies and facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from socialdesk.i18n import _
from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import cells, cut

T = TypeVar("T")


class Told(NamedTuple):
    """What is seen of a thing: its line, a note at the right of it, and where it is chosen its words and a warning."""

    label: str
    note: str = ""
    words: str = ""
    warning: str = ""


class Extra(NamedTuple, Generic[T]):
    """Something else that a key does with the thing: what is done returns the line to say, or nothing."""

    key: str
    action: Callable[[T], None]


class Chooser(Modal[T | None]):
    """Finds things while one types. Enter gives one and closes; tab hands it over and stays.

    ``find`` gives what fits what is typed, the best first; ``tell`` what is seen of a thing, its words only where they
    are asked for (``full``).
    """

    AUTO_FOCUS = "Input"
    BINDINGS = [
        ("escape", "dismiss(None)", ""),
        ("down,ctrl+n", "move(1)", ""),
        ("up,ctrl+p", "move(-1)", ""),
        ("pagedown", "move(8)", ""),
        ("pageup", "move(-8)", ""),
        ("tab", "take", ""),
    ]
    CSS = """
    Chooser { align: center top; background: $background 40%; }
    Chooser > Vertical {
        width: 96; max-width: 96%; height: 34; max-height: 92%; margin-top: 1;
        background: $panel; border: round $rule; padding: 0 1;
    }
    Chooser Input { border: none; height: 1; padding: 0; margin: 0 0 1 0; background: $panel; }
    Chooser OptionList { border: none; height: 1fr; background: $panel; padding: 0; scrollbar-size: 1 1; }
    Chooser OptionList > .option-list--option-highlighted { background: $cursor; color: $foreground; text-style: bold; }
    Chooser OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
    Chooser VerticalScroll { height: 45%; scrollbar-size: 1 1; background: $panel; }
    Chooser Static { background: $panel; }
    Chooser #warning { color: $warning; height: auto; max-height: 2; }
    """

    def __init__(
        self,
        title: str,
        find: Callable[[str], Sequence[T]],
        tell: Callable[[T, bool], Told],
        hint: str,
        take: Callable[[T], None],
        extras: Sequence[Extra[T]] = (),
    ) -> None:
        super().__init__()
        self._title, self._hint = title, hint
        self._find, self._tell, self._take = find, tell, take
        self._extras = {extra.key: extra.action for extra in extras}
        self._shown: list[T] = []

    def compose(self) -> ComposeResult:
        """Lay out the title, the field, the choices and what the chosen one says."""
        with Vertical():
            yield Rule(self._title, id="title")
            yield Input(placeholder=_("type to find"), compact=True)
            choices = OptionList(markup=False, compact=True)
            choices.can_focus = False
            yield choices
            yield Rule(_("What it says"), id="says")
            with VerticalScroll(can_focus=False):
                yield Static(markup=False, id="words")
            yield Static(markup=False, id="warning")

    def on_mount(self) -> None:
        """Show what there is."""
        self.query_one("#title", Rule).say(self._title, [self._hint])
        self.look()

    def on_resize(self) -> None:
        """Lay the lines out anew."""
        self.look()

    def on_input_changed(self) -> None:
        """Show what fits."""
        self.look(first=True)

    def look(self, *, first: bool = False) -> None:
        """Look again, and show the first or the same line as before."""
        choices = self.query_one(OptionList)
        at = 0 if first else choices.highlighted or 0
        self._shown = list(self._find(self.query_one(Input).value))
        width = choices.size.width or min(96, self.size.width * 96 // 100) - 4
        choices.clear_options()
        choices.add_options([Option(self._line(thing, width - 1)) for thing in self._shown])
        if self._shown:
            choices.highlighted = min(at, len(self._shown) - 1)
        else:
            choices.add_option(Option(_("Nothing matches. Try fewer letters."), disabled=True))
        self._show()

    def _line(self, thing: T, width: int) -> Text:
        told = self._tell(thing, False)
        label = cut(told.label, max(8, width - cells(told.note) - 2))
        text = Text(label, no_wrap=True, overflow="ellipsis")
        text.append(" " * max(1, width - cells(label) - cells(told.note)) + told.note, style="dim")
        return text

    @property
    def chosen(self) -> T | None:
        """The thing under the highlight."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def on_option_list_option_highlighted(self) -> None:
        """Show what it says."""
        self._show()

    def _show(self) -> None:
        told = self._tell(self.chosen, True) if self.chosen is not None else Told("")
        self.query_one("#words", Static).update(Text(told.words))
        warning = self.query_one("#warning", Static)
        warning.update(Text(f"! {told.warning}" if told.warning else ""))
        warning.display = bool(told.warning)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def on_input_submitted(self) -> None:
        """Give the chosen one and close."""
        if self.chosen is not None:
            self.dismiss(self.chosen)

    def on_option_list_option_selected(self) -> None:
        """Give the clicked one and close."""
        self.on_input_submitted()

    def action_take(self) -> None:
        """Hand the chosen one over and stay."""
        if self.chosen is not None:
            self._take(self.chosen)
            self.query_one(Input).value = ""
            self.look()

    def action_move(self, lines: int) -> None:
        """Move the highlight."""
        choices = self.query_one(OptionList)
        if self._shown:
            choices.highlighted = max(0, min((choices.highlighted or 0) + lines, len(self._shown) - 1))

    def key_ctrl_y(self) -> None:
        """Do what else can be done with it."""
        self._extra("ctrl+y")

    def key_ctrl_e(self) -> None:
        """Do what else can be done with it."""
        self._extra("ctrl+e")

    def _extra(self, key: str) -> None:
        if key in self._extras and self.chosen is not None:
            self._extras[key](self.chosen)
