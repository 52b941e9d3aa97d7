"""A protocol beside the conversation: its steps in a line each, and the whole of the one under the cursor (NEED D4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from socialdesk.commands import Where, bindings
from socialdesk.i18n import _
from socialdesk.widgets.lines import Line, LinesView
from socialdesk.widgets.row_list import RowList
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import cut, wrap


class Step(NamedTuple):
    """One step as it is seen; ``done`` says by whom and when, or is ""."""

    do: str
    say: str = ""
    who: str = ""
    must: bool = False
    done: str = ""


class ProtocolPane(Vertical):
    """Shows one protocol that is being followed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROTOCOL, target="screen.")]
    DEFAULT_CSS = """
    ProtocolPane > RowList { height: 1fr; }
    ProtocolPane > #step { height: 1fr; max-height: 10; padding-left: 4; scrollbar-size: 0 0; }
    """

    def __init__(self) -> None:
        super().__init__(id="protocol")
        self.rows = RowList()
        self._whole = LinesView(id="step")
        self._whole.can_focus = False
        self._title = Rule(id="protocol-title")
        self._steps: Sequence[Step] = ()
        self._in_charge = ""
        self._run = 0

    def compose(self) -> ComposeResult:
        """Lay out the title, the steps and the chosen step."""
        yield self._title
        yield self.rows
        yield self._whole

    def show(self, run: int, title: str, notes: Sequence[str], steps: Sequence[Step], in_charge: str) -> None:
        """Show the protocol of a run; one that is shown already keeps its place."""
        self._title.say(title, notes)
        another, self._run = run != self._run, run
        self._steps, self._in_charge = steps, in_charge
        first = next((nth for nth, step in enumerate(steps) if not step.done), 0)
        self._lay_out(first if another else None)

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        self._lay_out()

    def on_row_list_moved(self) -> None:
        """Show the whole of the step that the cursor is on now."""
        self._show_step()

    @property
    def step(self) -> int | None:
        """The number of the step under the cursor."""
        return self.rows.selected

    def _lay_out(self, cursor: int | None = None) -> None:
        width = max(12, self.rows.text_width - 4)
        self.rows.notice(_("The file of this protocol is gone."))
        self.rows.show([[step_line(step, width)] for step in self._steps], cursor=cursor)
        self._show_step()

    def _show_step(self) -> None:
        number = self.step
        step = None if number is None or number >= len(self._steps) else self._steps[number]
        lines = [] if step is None else whole_step(step, self._in_charge, max(12, self._whole.text_width - 1))
        self._whole.set_lines(lines)
        self._whole.top()


def step_line(step: Step, width: int) -> Line:
    """Return the line of a step: whether it is done, and what to do."""
    if step.done:
        return Line((("✓ ", "good"), (cut(step.do, width), "soft")))
    mark = ("! ", "warn") if step.must else ("○ ", "text")
    return Line((mark, (cut(step.do, width), "text")))


def whole_step(step: Step, in_charge: str, width: int) -> list[Line]:
    """Return all there is to say of a step: what to do, the words that can be said, and whose task it is."""
    do = _("{step} (a must)").format(step=step.do) if step.must else step.do
    who = step.who or (in_charge and _("In charge: {who}").format(who=in_charge))
    pieces = [(do, "text"), (f"«{step.say}»" if step.say else "", "ours"), (step.done or who, "soft")]
    return [Line(((piece, part),)) for text, part in pieces if text for piece in wrap(text, width)]
