"""Somebody else's answer, looked over before it leaves (NEEDS C4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from socialdesk.domain.models import Direction, OutboxItem, Thread
from socialdesk.i18n import _
from socialdesk.screens.leaving import Modal
from socialdesk.widgets.rule import Rule


class Verdict(NamedTuple):
    """What a second person says of an answer, with the text as they would have it."""

    approved: bool
    text: str


class Approving(Modal[Verdict | None]):
    """The customer's words, the answer, and whether it may leave; it can be changed first."""

    AUTO_FOCUS = "#answer-text"
    BINDINGS = [
        ("escape", "dismiss(None)", ""),
        ("ctrl+s", "approve", ""),
        ("ctrl+r", "refuse", ""),
        ("ctrl+c", "app.how_to_quit", ""),
    ]
    CSS = """
    Approving { align: center top; background: $background 40%; }
    Approving > Vertical {
        width: 84; max-width: 98%; height: 22; max-height: 92%; margin-top: 1;
        background: $panel; border: round $rule; padding: 0 1;
    }
    Approving #theirs { height: auto; max-height: 6; color: $soft; margin-bottom: 1; background: $panel; }
    Approving TextArea { border: none; height: 1fr; padding: 0; background: $panel; scrollbar-size: 1 1; }
    Approving TextArea:focus { border: none; }
    Approving #others { height: auto; max-height: 7; color: $soft; }
    Approving #hint { color: $soft; height: auto; background: $panel; }
    Approving #hint.-problem { color: $warning; }
    """

    def __init__(
        self,
        reply: OutboxItem,
        thread: Thread,
        others: Sequence[OutboxItem],
        room: Callable[[str], int],
        typed: str,
        problem: str = "",
    ) -> None:
        """``others`` leave with the reply. ``room`` returns how many characters are left for a text.

        ``typed`` is the text as it would leave, ``problem`` what was found in it.
        """
        super().__init__()
        self._reply, self._thread, self._room = reply, thread, room
        self._others, self._typed, self._problem = others, typed, problem

    def compose(self) -> ComposeResult:
        """Lay out what the customer wrote, and the answer."""
        row = self._thread.row
        writer = self._reply.agent or _("Somebody")
        title = _("{agent} answers {name}").format(agent=writer, name=row.name or row.handle)
        with Vertical():
            yield Rule(title)
            yield Static(Text(_last_words(self._thread)), id="theirs", markup=False)
            yield Rule(_("The answer"))
            yield _area(self._typed, "answer-text")
            if self._others:
                yield Rule(_("This leaves with it"))
                yield _area("\n\n".join(map(_said, self._others)), "others", read_only=True)
            yield Static(self._hint(), id="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        area = self.query_one("#answer-text", TextArea)
        area.move_cursor(area.document.end)
        if self._problem:
            self._say(self._problem)

    def on_text_area_changed(self) -> None:
        """What was wrong is being mended."""
        if self.query_one("#answer-text", TextArea).text == self._typed:
            return
        hint = self.query_one("#hint", Static)
        hint.update(self._hint())
        hint.remove_class("-problem")

    def _hint(self) -> str:
        return _("ctrl+s approves it as it stands here · ctrl+r refuses it · esc leaves")

    def action_approve(self) -> None:
        """Let it leave with this text, if that fits."""
        text = self.query_one("#answer-text", TextArea).text
        problem = ""
        if not text.strip():
            problem = _("There is nothing to send: the answer is empty.")
        elif self._room(text) < 0:
            problem = _("Too long by {n}: shorten it.").format(n=-self._room(text))
        if problem:
            self._say(problem)
        else:
            self.dismiss(Verdict(True, text))

    def action_refuse(self) -> None:
        """Give it back."""
        self.dismiss(Verdict(False, self.query_one("#answer-text", TextArea).text))

    def _say(self, problem: str) -> None:
        hint = self.query_one("#hint", Static)
        hint.update(problem)
        hint.add_class("-problem")


def _area(text: str, name: str, *, read_only: bool = False) -> TextArea:
    return TextArea(
        text,
        id=name,
        read_only=read_only,
        tab_behavior="focus",
        highlight_cursor_line=False,
        show_line_numbers=False,
        soft_wrap=True,
    )


def _said(reply: OutboxItem) -> str:
    """Return a reply that leaves with another one, with who reads it."""
    return f"{_('In private:') if reply.private else _('In public:')} {reply.text}"


def _last_words(thread: Thread) -> str:
    heard = [m.text for m in thread.messages if m.direction is Direction.IN and not m.context and m.text]
    return heard[-1] if heard else ""
