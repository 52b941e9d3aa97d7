"""The main screen's panes: which are seen, which has the focus, and what they show."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from socialdesk.commands import Where, bindings
from socialdesk.domain.models import Account, Counts, QueueRow, QueueWindow, Thread, View
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens import panes
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.panes import Place
from socialdesk.screens.reading import thread_with, warm, window_around
from socialdesk.screens.shell import Shell
from socialdesk.terminal.display import paint_now
from socialdesk.views import ALL
from socialdesk.widgets.queue_line import QueueHeader
from socialdesk.widgets.queue_view import QueueView
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.status_bar import StatusBar
from socialdesk.widgets.thread_view import ThreadView
from socialdesk.wording import explain_error

if TYPE_CHECKING:
    from socialdesk.widgets.compose import Compose
    from socialdesk.widgets.limits import Limits

REST = 0.25
"""Seconds the cursor must rest before the conversation pane follows it; keeps j/k cheap on slow lines."""


class Room(Vertical):
    """Holds panes that cover it; so it need not be painted, which every key would otherwise pay for."""

    BLANK = True


class Panes(DeskScreen):
    """Queue, conversation and answer: together where there is room, else one thing at a time."""

    BLANK = True
    AUTO_FOCUS = "#queue"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.DESK)]

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
        self._rest: asyncio.TimerHandle | None = None
        self._loaded: set[str] = set()  # accounts whose limits, and with them their connector, are loaded
        self._reading = False
        self._again = False
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

    # What is seen ---------------------------------------------------------------------------------

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
        from socialdesk.domain.text import measure
        from socialdesk.widgets.compose import Compose

        answer = Compose(measure, self.shell.clock.now, self.shell.save_draft)
        await self.query_one("#compose").mount(answer)
        self._answer = answer  # only now: what is read meanwhile would be shown in a pane without its parts
        self.arrange_panes()
        self._complete.set()
        self.changed()

    def on_resize(self, event: events.Resize) -> None:
        """Keep everything as it is, in another arrangement."""
        self.single = panes.is_single(*event.size)
        self.set_class(self.single, "-single")
        self.set_class(panes.is_tiny(*event.size), "-tiny")
        self.arrange_panes()

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

    def show_bars(self) -> None:
        """Bring the top line, the titles and the key bar up to date."""
        self.show_keys(*panes.KEYS[self.place])
        house, accounts = self.shell.house, self.accounts
        if accounts is None:
            self._top.show(*panes.status(self.view, None, 0, None, panes.Hearing.STARTING))
            return
        now, starting = self.shell.clock.now(), house.is_starting()
        news = panes.hearing(accounts, now, syncing=house.is_syncing(), starting=starting)
        self._top.show(
            *panes.status(self.view, self.counts, self.queue.window.total, accounts, news, self.ahead)
        )
        self.queue.notice(panes.empty_notice(self.view, accounts, news))

    def save_draft(self) -> None:
        """Save what is being written now."""
        if self._answer is not None:
            self._answer.flush()

    # What is read ---------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        """Let the timers run."""
        self.queue.tick(now)
        self.thread.tick(now)

    def changed(self) -> None:
        """Read again what is in sight; several changes at once are read once."""
        self._again = True
        if not self._reading:
            self.run_worker(self._reread(), group="reread")

    async def _reread(self) -> None:
        self._reading = True
        try:
            while self._again:
                self._again = False
                await self.attempt(self._read_all())
        finally:
            self._reading = False

    async def _read_all(self) -> None:
        desk, view = self.shell.desk, self.view
        if self.accounts is None:
            await self.shell.read(warm, self.shell.clock.now())
        window = await self.shell.read(window_around, desk, view, self.queue.selected, self.shell.clock.now())
        if view == self.view:
            self._show_rows(window)
        self.counts = await self.shell.read(desk.counts)
        self.accounts = tuple(await self.shell.read(desk.accounts))
        self.shell.house.desk_counted(self.counts)
        self.show_bars()
        if self._open_id is not None:
            await self._read_thread(self._open_id, None)
        await self._get_ready()

    async def _get_ready(self) -> None:
        """Load beforehand what opening the next conversation will need."""
        row = self.queue.selected
        if row is not None and row.account not in self._loaded:
            await self.shell.read(self._load, row.id, None)

    async def show_view(self, view: View, row: QueueRow | None = None) -> None:
        """Show the queue through a view, around a row of it."""
        self.view = view
        read = partial(window_around, self.shell.desk, view, row, self.shell.clock.now())
        window = await self.shell.read(read)
        if view == self.view:
            self._show_rows(window, row.id if row else None)
            if row is None:
                self.queue.action_top()
                self.follow()
        self.show_bars()

    def _show_rows(self, window: QueueWindow, select: int | None = None) -> None:
        """Show these rows; where another conversation gets the cursor by it, show that one too."""
        before = self.queue.selected
        self.queue.show(window, select=select)
        after = self.queue.selected
        if (before and before.id) != (after and after.id):
            if self.place is Place.THREAD and before is not None and select is None:
                self.say(_("{name} is no longer in this view.").format(name=before.name or before.handle))
                self.go(Place.QUEUE)
            self.follow()

    def follow(self) -> None:
        """Show the conversation of the cursor, unless an answer is being written: what is read is what is chosen."""
        row = self.queue.selected
        if self.place is Place.COMPOSE:
            return
        if row is None:
            if self._open_id is not None:
                self._no_thread()
        elif row.id != self._open_id and not (self.single and self.place is Place.QUEUE):
            self.open(row.id, at_once=row.account in self._loaded)

    async def on_queue_view_wanted(self, event: QueueView.Wanted) -> None:
        """Bring the rows that the queue will need."""
        view = self.view

        async def read() -> None:
            window = await self.shell.read(self.shell.desk.queue, view, event.seek)
            if view == self.view:
                self._show_rows(window)

        self.run_worker(self.attempt(read()), group="wanted", exclusive=True)

    # The conversation -----------------------------------------------------------------------------

    def on_queue_view_highlighted(self, event: QueueView.Highlighted) -> None:
        """Open the conversation once the cursor rests, unless an answer is being written."""
        self._stay()
        if event.row is None and self.place is Place.QUEUE:
            self._no_thread()
        elif event.row is not None and not self.single and self.place is Place.QUEUE:
            # A timer of Textual's is a task; this one is made and thrown away at every j.
            self._rest = asyncio.get_running_loop().call_later(REST, self._rested)

    def _rested(self) -> None:
        row = self.queue.selected
        if row is not None and row.id != self._open_id and self.is_attached:
            self.open(row.id)

    def _stay(self) -> None:
        """Do not follow the cursor: something else is opened, or it moves on."""
        if self._rest is not None:
            self._rest.cancel()

    def on_queue_view_chosen(self, event: QueueView.Chosen) -> None:
        """Open the conversation at once and go there."""
        self.open(event.row.id, at_once=True)
        self.go(Place.THREAD)
        paint_now(self)

    def open(self, conversation_id: int, at: int | None = None, *, at_once: bool = False) -> None:
        """Show a conversation, at message ``at`` or at its end.

        ``at_once`` reads it on the screen's thread: two milliseconds. What the network allows of an answer follows
        where its connector must be imported first.
        """
        self._stay()
        if self._open_id != conversation_id:
            self._open_id = conversation_id
            self.save_draft()
            if self.single or at is not None:
                self.thread.clear(_("Reading the conversation…"))
        if at_once:
            try:
                if self._open_at_once(conversation_id, at):
                    return
            except SocialdeskError as error:
                self.thread.clear(str(explain_error(error)))
                return
        self.run_worker(self.attempt(self._read_thread(conversation_id, at)), group="thread", exclusive=True)

    def _open_at_once(self, conversation_id: int, at: int | None) -> bool:
        """Show a conversation; say whether the limits of its answer were at hand."""
        thread = thread_with(self.shell.desk, conversation_id, at, self.shell.clock.now())
        known = thread.row.account in self._loaded
        self._present(thread, self.shell.limits(thread.row.account) if known else None, at)
        return known

    async def open_now(self, conversation_id: int) -> None:
        """Show a conversation and wait until it is shown."""
        self._stay()
        self._open_id = conversation_id
        await self._read_thread(conversation_id, None)

    async def _read_thread(self, conversation_id: int, at: int | None) -> None:
        try:
            thread, limits = await self.shell.read(self._load, conversation_id, at)
        except SocialdeskError as error:
            if self._open_id == conversation_id:
                self.thread.clear(str(explain_error(error)))
            return
        if self._open_id == conversation_id:
            self._present(thread, limits, at)

    def _load(self, conversation_id: int, at: int | None) -> tuple[Thread, Limits | None]:
        thread = thread_with(self.shell.desk, conversation_id, at, self.shell.clock.now())
        limits = self.shell.limits(thread.row.account)
        self._loaded.add(thread.row.account)
        return thread, limits

    def _present(self, thread: Thread, limits: Limits | None, at: int | None) -> None:
        """Show a conversation and its answer together: what is typed must never go to another one."""
        self.thread.show(thread, self.shell.clock.now(), at=at)
        self._thread_title(thread)
        if self._answer is not None:
            self._answer.show(thread, limits)

    def _thread_title(self, thread: Thread) -> None:
        row = thread.row
        notes = panes.thread_notes(row, self.shell.clock.now(), self.situation_name(row))
        self._title.say(row.name or row.handle, notes)

    def situation_name(self, row: QueueRow) -> str:
        """Return what kind of case a conversation is, in words."""
        return row.situation

    def _no_thread(self) -> None:
        self._open_id = None
        self.thread.clear(_("Choose a conversation in the queue."))
        if self._answer is not None:
            self._answer.clear()
        self._title.say(_("Conversation"))

    def on_thread_view_older_wanted(self, event: ThreadView.OlderWanted) -> None:
        """Bring older messages."""

        async def read() -> None:
            page = await self.shell.read(self.shell.desk.thread, event.conversation_id, before=event.before)
            self.thread.prepend(page)

        self.run_worker(self.attempt(read()), group="older", exclusive=True)

    @property
    def target(self) -> QueueRow | None:
        """The conversation that an action is meant for: the one that has the person's eyes."""
        if self.place is Place.COMPOSE and self.thread.thread is not None:
            return self.thread.thread.row
        return self.queue.selected
