"""What the main screen reads of the desk, and when: its rows, and the conversation that the cursor is on."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from socialdesk.domain.models import QueueRow, QueueWindow, Thread, View
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens.layout import Panes
from socialdesk.screens.panes import Place
from socialdesk.screens.reading import thread_with, warm, window_around
from socialdesk.screens.shell import Shell
from socialdesk.terminal.display import paint_now
from socialdesk.widgets.queue_view import QueueView
from socialdesk.widgets.thread_view import ThreadView
from socialdesk.wording import explain_error

if TYPE_CHECKING:
    from socialdesk.widgets.limits import Limits

SAVE_AGAIN = timedelta(seconds=10)
"""How often a draft that could not be stored is tried again."""
REST = 0.25
"""Seconds the cursor must rest before the conversation pane follows it; keeps j/k cheap on slow lines."""


class Showing(Panes):
    """The panes, kept up to date with the desk."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._rest: asyncio.TimerHandle | None = None
        self._loaded: set[str] = set()  # accounts whose limits, and with them their connector, are loaded
        self._reading = False
        self._again = False
        self._save_at = shell.clock.now()

    # The queue -------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        """Let the timers run."""
        self.queue.tick(now)
        self.thread.tick(now)
        if self.shell.drafts.are_held and now >= self._save_at:
            self._save_at = now + SAVE_AGAIN
            self.shell.drafts.save_again()

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

    async def on_queue_view_wanted(self, event: QueueView.Wanted) -> None:
        """Bring the rows that the queue will need."""
        view = self.view

        async def read() -> None:
            window = await self.shell.read(self.shell.desk.queue, view, event.seek)
            if view == self.view:
                self._show_rows(window)

        self.run_worker(self.attempt(read()), group="wanted", exclusive=True)

    # The conversation ------------------------------------------------------------------------------

    def follow(self) -> None:
        """Show the conversation of the cursor, unless an answer is being written: what is read is what is chosen."""
        row = self.queue.selected
        if self.place in (Place.COMPOSE, Place.PROTOCOL):
            return
        if row is None:
            if self._open_id is not None:
                self._no_thread()
        elif row.id != self._open_id and not (self.single and self.place is Place.QUEUE):
            self.open(row.id, at_once=row.account in self._loaded)

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
        thread = self.shell.drafts.shown(
            thread_with(self.shell.desk, conversation_id, at, self.shell.clock.now())
        )
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
        thread = self.shell.drafts.shown(
            thread_with(self.shell.desk, conversation_id, at, self.shell.clock.now())
        )
        limits = self.shell.limits(thread.row.account)
        self._loaded.add(thread.row.account)
        return thread, limits

    def _present(self, thread: Thread, limits: Limits | None, at: int | None) -> None:
        """Show a conversation and its answer together: what is typed must never go to another one."""
        self.thread.show(thread, self.shell.clock.now(), at=at)
        self._thread_title(thread)
        if self._answer is not None:
            self._answer.show(thread, limits)

    def on_thread_view_older_wanted(self, event: ThreadView.OlderWanted) -> None:
        """Bring older messages."""

        async def read() -> None:
            page = await self.shell.read(self.shell.desk.thread, event.conversation_id, before=event.before)
            self.thread.prepend(page)

        self.run_worker(self.attempt(read()), group="older", exclusive=True)
