"""The main screen's panes: which are seen, which has the focus, and what they show."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from socialdesk.domain.models import Account, Counts, QueueRow, Thread, View
from socialdesk.domain.silence import judged
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens import panes
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.panes import Place
from socialdesk.screens.shell import Shell
from socialdesk.views import ALL
from socialdesk.widgets.queue_line import QueueHeader
from socialdesk.widgets.queue_view import QueueView
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.status_bar import StatusBar
from socialdesk.widgets.thread_view import ThreadView
from socialdesk.wording import explain_error

if TYPE_CHECKING:
    from socialdesk.widgets.compose import Compose

    Part = DeskScreen
else:
    # At run time the parts of the main screen are plain classes, joined with DeskScreen once, in main.py: each class
    # that derives from Screen costs half a millisecond of every start.
    Part = object


class Room(Vertical):
    """Holds panes that cover it; so it need not be painted, which every key would otherwise pay for."""

    BLANK = True


class Panes(Part):
    """Queue, conversation and answer: together where there is room, else one thing at a time."""

    BLANK = True
    AUTO_FOCUS = "#queue"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.view: View = ALL
        self.counts = Counts()
        self.accounts: tuple[Account, ...] | None = None  # None until they are read, with the counts
        self.place = Place.QUEUE
        self.came_from = Place.QUEUE  # where the person was before writing
        self.ahead: tuple[panes.Pieces, ...] = ()  # what the day still holds, in more words and in fewer
        self.single = False
        self._open_id: int | None = None
        # Made here and kept: every key would otherwise look for them anew.
        self.queue = QueueView(id="queue")
        self.thread = ThreadView(undo_key=self.key_for("undo"), id="thread")
        self._top = StatusBar()
        self._title = Rule(id="thread-title")
        self._answer: Compose | None = None
        self._complete = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield self._top
        yield QueueHeader(id="headings")
        yield self.queue
        with Room(id="work"):
            with Room(id="thread-area"):
                yield self._title
                yield self.thread
            yield Vertical(id="compose")
        yield self.bar
        yield Static(id="tiny", markup=False)

    @property
    def answer(self) -> Compose:
        """The answer's pane; there only once ``complete`` has returned."""
        assert self._answer is not None
        return self._answer

    async def complete(self) -> None:
        """Wait until every pane is there: the answer's comes just after the first paint."""
        await self._complete.wait()

    # What is seen ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first rows before the first paint; everything else comes a moment later."""
        now = self.shell.clock.now()
        self.queue.tick(now)
        self.queue.notice(_("Reading the desk…"))
        try:
            self.queue.show(self.shell.first_rows())
        except SocialdeskError as error:
            self.queue.notice(str(explain_error(error)))
        self._no_thread()
        self.speak()
        self.call_after_refresh(self._add_answer)

    def speak(self) -> None:
        """Say everything, in the language in use."""
        too_small = _("This window is too small for the desk.\nIt needs {width} x {height}.")
        width, height = panes.SMALLEST
        self.query_one("#tiny", Static).update(too_small.format(width=width, height=height))
        self.query_one("#headings").refresh()
        if self.thread.thread is not None:
            self.thread.lay_out()
            self._thread_title(self.thread.thread)
        if self._answer is not None:
            self._answer.show_state()
        self.show_bars()

    async def _add_answer(self) -> None:
        """Add the pane that costs most to make, once the queue is seen."""
        # Imported off the screen's thread, which answers keys meanwhile.
        await self.shell.read(import_module, "socialdesk.widgets.compose")
        from socialdesk.domain.measuring import measure
        from socialdesk.widgets.compose import Compose

        answer = Compose(measure, self.shell.clock.now, self.shell.drafts.save)
        await self.query_one("#compose").mount(answer)
        self._answer = answer  # only now: what is read meanwhile would be shown in a pane without its parts
        self.arrange_panes()
        self._complete.set()
        self.changed()

    # Where the person is ---------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Keep everything as it is, in another arrangement."""
        was_single, self.single = self.single, panes.is_single(*event.size)
        self.set_class(self.single, "-single")
        self.set_class(panes.is_tiny(*event.size), "-tiny")
        self.arrange_panes()
        if was_single and not self.single:
            self.follow()  # the cursor may have moved while the conversation was out of sight

    def arrange_panes(self) -> None:
        """Show the panes that this size and this place ask for."""
        at = self.place
        queue = not self.single or at is Place.QUEUE
        self.queue.display = self.query_one("#headings").display = queue
        self.query_one("#work").display = not self.single or at is not Place.QUEUE
        self.query_one("#compose").display = not self.single or at is Place.COMPOSE
        for title in self.query(Rule):
            title.point(title.id == f"{at}-title")

    def go(self, place: Place) -> None:
        """Bring a pane into sight and give it the keys."""
        self._enter(place)
        panes_ = {Place.QUEUE: self.queue, Place.THREAD: self.thread}
        self.set_focus(panes_.get(place) or self.answer.answer, scroll_visible=False)
        self.show_bars()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus, however it got there."""
        ids = {node.id for node in event.widget.ancestors_with_self}
        found = [place for place in Place if place in ids]
        if found and found[0] is not self.place:
            self._enter(found[0])
            self.show_bars()

    def _enter(self, place: Place) -> None:
        if place is Place.COMPOSE and self.place is not Place.COMPOSE:
            self.came_from = self.place
            self.answer.begin(self.thread.thread)
        self.place = place
        self.arrange_panes()
        self.follow()

    def follow(self) -> None:
        """Show the conversation that the cursor is on."""

    def show_bars(self) -> None:
        """Bring the top line, the titles and the key bar up to date."""
        self.show_keys(*panes.KEYS[self.place])
        house, accounts = self.shell.house, self.accounts
        if accounts is None:
            self._top.show(*panes.status(self.view, None, 0, None, panes.Hearing.STARTING))
            return
        now, starting = self.shell.clock.now(), house.is_starting()
        obstacle = self.shell.desk.obstacle()
        if house.is_syncing() and not starting:
            accounts = tuple(judged(account, now) for account in accounts)
        news = panes.hearing(accounts, now, syncing=house.is_syncing(), starting=starting, obstacle=obstacle)
        self._top.show(
            *panes.status(self.view, self.counts, self.queue.window.total, accounts, news, self.ahead)
        )
        self.queue.notice(panes.empty_notice(self.view, accounts, news))

    def save_draft(self) -> None:
        """Save what is being written now."""
        if self._answer is not None:
            self._answer.flush()

    # The conversation's pane -----------------------------------------------------------------------

    def _thread_title(self, thread: Thread) -> None:
        row = thread.row
        notes = panes.thread_notes(row, self.shell.clock.now(), self.situation_name(row))
        self._title.say(row.name or row.handle, [*self.title_notes(), *notes])

    def title_notes(self) -> list[str]:
        """Return what the conversation's title says before all else."""
        return []

    def situation_name(self, row: QueueRow) -> str:
        """Return what kind of case a conversation is, in words."""
        return row.situation

    def _no_thread(self) -> None:
        self._open_id = None
        self.thread.clear(_("Choose a conversation in the queue."))
        if self._answer is not None:
            self._answer.clear()
        self._title.say(_("Conversation"))

    @property
    def target(self) -> QueueRow | None:
        """The conversation that an action is meant for: the one that has the person's eyes."""
        if self.place in (Place.COMPOSE, Place.PROTOCOL) and self.thread.thread is not None:
            return self.thread.thread.row
        return self.queue.selected
