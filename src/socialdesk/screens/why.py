"""Why a conversation is due when it is due, in words."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.worker import Worker

from socialdesk.commands import Where, bindings
from socialdesk.domain.calendars import zone
from socialdesk.domain.models import QueueRow
from socialdesk.i18n import _
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.shell import Shell
from socialdesk.widgets.lines import Line, LinesView
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import wrap
from socialdesk.windowwords import window_why
from socialdesk.wording import moment, moment_of_day, wait_text


class WhyScreen(DeskScreen):
    """The arithmetic of one deadline; it changes while the screen is open."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]
    AUTO_FOCUS = "LinesView"
    CSS = """
    WhyScreen LinesView { height: 1fr; margin-top: 1; padding-left: 2; }
    """

    def __init__(self, shell: Shell, row: QueueRow) -> None:
        super().__init__(shell)
        self._row = row
        self._said: list[str] = []
        self._zone = ""  # the brand's

    def compose(self) -> ComposeResult:
        """Lay out the title, the lines and the key bar."""
        yield Rule(id="title")
        yield LinesView()
        yield self.bar

    def on_mount(self) -> None:
        """Name the page."""
        self.query_one("#title", Rule).point(True)
        self.show_keys(Where.LIST, Where.APP)
        self.changed()

    def changed(self) -> None:
        """Work it out again."""
        _worker: Worker[None] = self.run_worker(self._reread, group="read", exclusive=True)

    async def _reread(self) -> None:
        await self.attempt(self._read())

    def speak(self) -> None:
        """Say it in the language in use."""
        self.changed()

    async def _read(self) -> None:
        self._row = await self.shell.read(self.shell.desk.row, self._row.id)
        self._said = await self.shell.read(self._explained)
        self._title()
        self._lay_out()

    def _explained(self) -> list[str]:
        from socialdesk.explaining import case_name, why_lines

        desk = self.shell.desk
        policy = desk.policy()
        calendar = policy.calendars.get(self._row.brand)
        self._zone = "" if calendar is None else calendar.zone
        case = case_name(policy, self._row.situation)
        return why_lines(desk.why(self._row.id), self._zone, self.shell.clock.now(), case)

    def _title(self) -> None:
        row, now = self._row, self.shell.clock.now()
        words = _("Why then?")
        if row.due_at is not None:
            words = _("Why {when}?").format(when=moment(row.due_at, now))
        notes = [row.name or row.handle, row.brand]
        if self._zone and row.due_at is not None:
            there = row.due_at.astimezone(zone(self._zone))
            if there.utcoffset() != row.due_at.astimezone().utcoffset():
                words = _("Why {when}?").format(when=moment_of_day(there.time()))
                notes.append(_("times of {zone}").format(zone=self._zone))
        self.query_one("#title", Rule).say(words, notes)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the words out for the width."""
        self._lay_out()

    def _lay_out(self) -> None:
        page = self.query_one(LinesView)
        width = max(20, page.text_width - 4)
        page.notice(_("Nobody waits here: nothing is due."))
        lines = [_line(piece, "text") for text in self._said[:-1] for piece in _wrapped(text, width)]
        lines += [_line(piece, "strong") for text in self._said[-1:] for piece in _wrapped(text, width)]
        page.set_lines([*lines, *self._waited()] if lines else [])

    def _waited(self) -> list[Line]:
        """Return how long the customer has waited, and until when the whole case should be solved."""
        row, now = self._row, self.shell.clock.now()
        texts = []
        if row.waiting_since is not None:
            waited = wait_text((now - row.waiting_since).total_seconds())
            texts.append(_("Has waited {time}, on the customer's own clock.").format(time=waited))
            if row.answer_until is not None:
                texts.append(window_why(row.answer_until, row.due_at, now))
        if row.resolve_by is not None:
            when = moment(row.resolve_by, now)
            texts.append(_("The whole case should be solved by {when}.").format(when=when))
        width = max(20, self.query_one(LinesView).text_width - 4)
        return [Line(), *(_line(piece, "soft") for text in texts for piece in _wrapped(text, width))]

    def action_down(self) -> None:
        """One line down."""
        self.query_one(LinesView).move(1)

    def action_up(self) -> None:
        """One line up."""
        self.query_one(LinesView).move(-1)

    def action_page_down(self) -> None:
        """One page down."""
        self.query_one(LinesView).page(1)

    def action_page_up(self) -> None:
        """One page up."""
        self.query_one(LinesView).page(-1)

    def action_top(self) -> None:
        """The first line."""
        self.query_one(LinesView).top()

    def action_bottom(self) -> None:
        """The last line."""
        self.query_one(LinesView).bottom()

    def action_back(self) -> None:
        """Back to where the person was."""
        self.dismiss(None)


def _line(text: str, part: str) -> Line:
    return Line(((text, part),))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a sentence in lines, the further ones set in."""
    first, *rest = wrap(text, width)
    return [first, *("  " + piece for piece in rest)]
