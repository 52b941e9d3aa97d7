"""Settling conversations: done, no reply needed, snoozed, reopened, and taking any of it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from socialdesk.domain.models import Acted, OutboxItem, QueueRow, State, Undo
from socialdesk.domain.priority import comes_back
from socialdesk.domain.windows import last_call
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering
from socialdesk.screens.panes import Place
from socialdesk.wording import moment

_SETTLED = frozenset({State.DONE})
_OPEN = frozenset({State.WAITING, State.ANSWERED})


class Settling(Answering):
    """The main screen's actions on a whole conversation."""

    def action_resolve(self) -> None:
        """Mark the conversation as done."""
        self._settle(self.shell.desk.resolve, _("Done · {key} undoes"), _SETTLED)

    def action_no_reply(self) -> None:
        """Mark the conversation as needing no reply."""
        self._settle(self.shell.desk.no_reply_needed, _("No reply needed · {key} undoes"), _SETTLED)

    def action_reopen(self) -> None:
        """Bring the conversation back."""
        self._settle(self.shell.desk.reopen, _("Open again · {key} undoes"), _OPEN)

    def action_snooze(self) -> None:
        """Ask until when, then put the conversation away."""
        row = self._chosen()
        if row is not None:
            self.run_worker(self.attempt(self._snooze(row)), group="snooze", exclusive=True)

    def _chosen(self) -> QueueRow | None:
        if self.target is None:
            self.say(_("Choose a conversation first."), "warning")
        return self.target

    def _settle(self, call: Callable[[int], Undo], said: str, already: frozenset[State]) -> None:
        row = self._chosen()
        if row is not None:
            self.run_worker(self.attempt(self._settled(row, call, said, already)), group="write")

    async def _settled(
        self, row: QueueRow, call: Callable[[int], Undo], said: str, already: frozenset[State] = frozenset()
    ) -> None:
        """Settle a conversation that is not ``already`` so, and go on to the one now in its place."""
        if (await self.shell.read(self.shell.desk.row, row.id)).state in already:
            words = _("{name} is settled already.") if already is _SETTLED else _("{name} is open already.")
            self.say(words.format(name=row.name or row.handle))
            return
        self.done.append(await self.shell.write(call, row.id))
        self.go(Place.QUEUE)
        await self.show_view(self.view, row)
        self.say(said.format(key=self.key_for("undo")))
        self.changed()

    async def _snooze(self, row: QueueRow) -> None:
        from socialdesk.screens.when import ask_when

        title = _("Snooze {name} until").format(name=row.name or row.handle)
        until = await ask_when(self.app, self.shell.clock, title)
        if until is not None:
            now = self.shell.clock.now()
            until = comes_back(until, row.commit_at, now)
            if row.waiting_since is not None:
                until = comes_back(until, last_call(row.answer_until), now)
            said = _("Snoozed until {when}").format(when=moment(until, now))
            call = partial(self.shell.desk.snooze, until=until)
            await self._settled(row, call, said + " · " + _("{key} undoes"))

    # Taking back ----------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take back what was done last: a reply on hold, or a settled conversation."""
        self.run_worker(self.attempt(self._undo()), group="write")

    async def _undo(self) -> None:
        last = self.done.pop() if self.done else await self.shell.read(self._last_held)
        if last is None:
            self.say(_("There is nothing to undo."))
        elif isinstance(last, Acted):
            await self.take_back_act(last)
        elif isinstance(last, OutboxItem):
            await self._take_back(last)
        else:
            await self.shell.write(self.shell.desk.undo, last)
            self.go(Place.QUEUE)
            other = await self.bring_back(last.conversation_id)
            self.say(
                _("Taken back. This is the view: {view}").format(view=other) if other else _("Taken back.")
            )
            self.changed()

    def _last_held(self) -> OutboxItem | Acted | None:
        """Return what was asked for last and has not left."""
        reply, act = self.shell.desk.last_undoable(), self.shell.desk.last_undoable_act()
        return act if act is not None and (reply is None or act.at > reply.created_at) else reply

    async def take_back_act(self, done: Acted) -> None:
        """Take back what was done to a message."""
        raise NotImplementedError

    async def _take_back(self, reply: OutboxItem) -> None:
        await self.complete()
        self.answer.flush()  # what was written since becomes part of the draft that comes back
        try:
            text = await self.shell.write(self.shell.desk.undo_reply, reply.id)
        except Refused:
            self.say(_("Too late: that answer has left already."), "warning")
            return
        other = await self.resume(reply.conversation_id, text)
        words = _("Taken back: the answer was not sent.")
        self.say(words + (" " + _("This is the view: {view}").format(view=other) if other else ""))
