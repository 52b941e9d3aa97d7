"""Settling conversations: done, no reply needed, snoozed, reopened, and taking any of it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from socialdesk.domain.models import OutboxItem, QueueRow, Undo
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens import moments
from socialdesk.screens.answering import Answering
from socialdesk.screens.panes import Place
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.views import fits, home_of
from socialdesk.wording import moment


class Settling(Answering):
    """The main screen's actions on a whole conversation."""

    def action_resolve(self) -> None:
        """Mark the conversation as done."""
        self._settle(self.shell.desk.resolve, _("Done · {key} undoes"))

    def action_no_reply(self) -> None:
        """Mark the conversation as needing no reply."""
        self._settle(self.shell.desk.no_reply_needed, _("No reply needed · {key} undoes"))

    def action_reopen(self) -> None:
        """Bring the conversation back."""
        self._settle(self.shell.desk.reopen, _("Open again · {key} undoes"))

    def action_snooze(self) -> None:
        """Ask until when, then put the conversation away."""
        row = self._chosen()
        if row is not None:
            self.run_worker(self.attempt(self._snooze(row)), group="snooze", exclusive=True)

    def _chosen(self) -> QueueRow | None:
        if self.target is None:
            self.say(_("Choose a conversation first."), "warning")
        return self.target

    def _settle(self, call: Callable[[int], Undo], said: str) -> None:
        row = self._chosen()
        if row is not None:
            self.run_worker(self.attempt(self._settled(row, call, said)), group="write")

    async def _settled(self, row: QueueRow, call: Callable[[int], Undo], said: str) -> None:
        self.done.append(await self.shell.write(call, row.id))
        self.say(said.format(key=self.key_for("undo")))
        if self.single and self.place is not Place.QUEUE:
            self.go(Place.QUEUE)
        self.changed()

    async def _snooze(self, row: QueueRow) -> None:
        now = self.shell.clock.now()
        picks: list[Pick[datetime | str]] = [
            Pick(name, moment(when, now), when) for name, when in moments.suggestions(now)
        ]
        picks.append(Pick(_("Another moment…"), "", "ask"))
        until = await self.app.push_screen_wait(picker(_("Snooze until"), picks))
        if until == "ask":
            until = await self._ask_moment(now)
        if isinstance(until, datetime):
            said = _("Snoozed until {when}").format(when=moment(until, now))
            call = partial(self.shell.desk.snooze, until=until)
            await self._settled(row, call, said + " · " + _("{key} undoes"))

    async def _ask_moment(self, now: datetime) -> datetime | None:
        from socialdesk.screens.ask import Ask

        hint = _("45m, 3h, 2d, 17:30 or 2026-11-23 09:00")

        def problem(text: str) -> str:
            return (
                ""
                if moments.understood(text, now)
                else _("Not understood. For example: {hint}").format(hint=hint)
            )

        text = await self.app.push_screen_wait(Ask(_("Snooze until"), hint, problem))
        return moments.understood(text, now) if text else None

    # Taking back ----------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take back what was done last: a reply on hold, or a settled conversation."""
        self.run_worker(self.attempt(self._undo()), group="write")

    async def _undo(self) -> None:
        last = self.done.pop() if self.done else await self.shell.read(self.shell.desk.last_undoable)
        if last is None:
            self.say(_("There is nothing to undo."))
        elif isinstance(last, OutboxItem):
            await self._take_back(last)
        else:
            await self.shell.write(self.shell.desk.undo, last)
            row = await self.shell.read(self.shell.desk.row, last.conversation_id)
            await self.show_view(
                self.view if fits(self.view, row, self.shell.clock.now()) else home_of(row), row
            )
            self.say(_("Taken back."))
            self.changed()

    async def _take_back(self, reply: OutboxItem) -> None:
        try:
            text = await self.shell.write(self.shell.desk.undo_reply, reply.id)
        except Refused:
            self.say(_("Too late: that answer has left already."), "warning")
            return
        await self.resume(reply.conversation_id, text)
        self.say(_("Taken back: the answer was not sent."))
