"""A conversation taken to private: the line that everybody reads, and the message that only the customer does (NEED B3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from socialdesk.i18n import _
from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule


class Pair(NamedTuple):
    """What is said in public, and what in private."""

    public: str
    private: str


Room = Callable[[str], int]
"""Returns how many characters are left for a text; less than none: it is too long."""


class TakePrivate(Modal[Pair | None]):
    """Both texts, to be changed before they leave together."""

    AUTO_FOCUS = "#private"
    BINDINGS = [
        ("escape", "dismiss(None)", ""),
        ("ctrl+s,ctrl+enter,alt+enter", "send", ""),
        ("ctrl+c", "app.how_to_quit", ""),
    ]
    CSS = """
    TakePrivate { align: center top; background: $background 40%; }
    TakePrivate > Vertical {
        width: 84; max-width: 98%; height: 26; max-height: 94%; margin-top: 1;
        background: $panel; border: round $rule; padding: 0 1;
    }
    TakePrivate TextArea { border: none; height: 1fr; padding: 0; background: $panel; scrollbar-size: 1 1; }
    TakePrivate TextArea:focus { border: none; }
    TakePrivate #private { height: 2fr; }
    TakePrivate Static { background: $panel; color: $soft; height: auto; }
    TakePrivate #hint { margin-top: 1; }
    TakePrivate #hint.-problem { color: $warning; }
    """

    def __init__(
        self, title: str, rules: str, pair: Pair, public_room: Room, private_room: Room, problem: str = ""
    ) -> None:
        """``rules`` are the network's own, in words, or ""; ``problem`` is what was found in these texts."""
        super().__init__()
        self._problem = problem
        self._title, self._rules, self._pair = title, rules, pair
        self._rooms = {"public": public_room, "private": private_room}

    def compose(self) -> ComposeResult:
        """Lay out the two texts."""
        with Vertical():
            yield Rule(self._title)
            if self._rules:
                yield Static(self._rules, markup=False)
            yield Rule(_("Only the customer reads this"), id="private-title")
            yield _area(self._pair.private, "private")
            yield Rule(_("Everybody reads this"), id="public-title")
            yield _area(self._pair.public, "public")
            yield Static(self._hint(), id="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with the private message."""
        for area in self.query(TextArea):
            area.move_cursor(area.document.end)
        self._count()
        if self._problem:
            self._say(self._problem, True)

    def on_descendant_focus(self) -> None:
        """Mark the text that is being written."""
        for name in self._rooms:
            self.query_one(f"#{name}-title", Rule).point(self.query_one(f"#{name}", TextArea).has_focus)

    def on_text_area_changed(self) -> None:
        """Count, and let what was wrong be mended."""
        self._count()
        if (self._text("public"), self._text("private")) != self._pair:
            self._say(self._hint(), False)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", TextArea).text

    def _count(self) -> None:
        titles = {"private": _("Only the customer reads this"), "public": _("Everybody reads this")}
        for name, title in titles.items():
            left = self._rooms[name](self._text(name))
            words = _("{n} left").format(n=left) if left >= 0 else _("too long by {n}").format(n=-left)
            self.query_one(f"#{name}-title", Rule).say(title, [words])

    def _hint(self) -> str:
        return _("tab goes to the other text · ctrl+s sends both, the private one first · esc leaves")

    def _say(self, words: str, is_problem: bool) -> None:
        hint = self.query_one("#hint", Static)
        hint.update(words)
        hint.set_class(is_problem, "-problem")

    def action_send(self) -> None:
        """Give both texts, or say what is wrong with them."""
        pair = Pair(self._text("public"), self._text("private"))
        if not pair.private.strip():
            self._say(_("Write the private message first: without it there is nothing to tell of."), True)
        elif not pair.public.strip():
            self._say(_("Say in public that you have written: else it looks as if nobody answered."), True)
        elif any(self._rooms[name](self._text(name)) < 0 for name in self._rooms):
            self._say(_("One of the texts is too long: shorten it."), True)
        else:
            self.dismiss(pair)


def _area(text: str, name: str) -> TextArea:
    return TextArea(
        text,
        id=name,
        tab_behavior="focus",
        soft_wrap=True,
        show_line_numbers=False,
        highlight_cursor_line=False,
    )
