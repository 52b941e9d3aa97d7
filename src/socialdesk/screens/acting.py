"""What can be done to a customer's message besides answering it (NEEDS B1, D5, D6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from socialdesk.domain.models import Act, Acted, ActState, Direction, ThreadMessage
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.settling import Settling
from socialdesk.wording import explain, moment

Wish = tuple[Act, bool]
"""What is to be done, or with True taken back."""
_ANOTHER = "another"


class Acting(Settling):
    """The main screen's way to acts."""

    def action_acts(self) -> None:
        """Choose what is done to the customer's message."""
        self.run_worker(self.attempt(self._offer_acts()), group="open", exclusive=True)

    async def _offer_acts(self) -> None:
        row = self.target
        if row is None:
            self.say(_("Choose a conversation first."), "warning")
            return
        await self.open_now(row.id)
        acts, undoable = self._allowed(row.account)
        theirs = [one for one in reversed(self.thread.messages) if _is_theirs(one)]
        if not acts or not theirs:
            self.say(explain("act_not_offered" if theirs else "no_message").happened)
            return
        message: ThreadMessage | None = theirs[0]
        wish: Wish | str | None = _ANOTHER
        while message is not None and wish == _ANOTHER:
            picks = _picks(message, acts, undoable, others=len(theirs) > 1)
            title = _about(message, self.shell.clock.now())
            wish = await self.app.push_screen_wait(picker(title, picks))
            if wish == _ANOTHER:
                message = await self._another(theirs)
        if message is not None and isinstance(wish, tuple):
            await self._act(row.id, message.id, *wish)

    def _allowed(self, account: str) -> tuple[Collection[Act], Collection[Act]]:
        """Return what the network of an account lets one do, and take back."""
        limits = self.shell.limits(account)
        return (limits.acts, limits.undoable) if limits is not None else ((), ())

    async def _another(self, theirs: Sequence[ThreadMessage]) -> ThreadMessage | None:
        now = self.shell.clock.now()
        picks = [Pick(_words(one, now), moment(one.at, now), one) for one in theirs]
        chosen: ThreadMessage | None = await self.app.push_screen_wait(picker(_("Which message?"), picks))
        return chosen

    async def _act(self, conversation_id: int, message_id: int, act: Act, undo: bool) -> None:
        if undo:
            done = await self.shell.write(self.shell.desk.undo_act, conversation_id, act, message_id)
        else:
            done = await self.shell.write(self.shell.desk.act, conversation_id, act, message_id)
            self.done.append(done)
        await self.open_now(conversation_id)
        self._tell(done)
        self.changed()

    def _tell(self, done: Acted) -> None:
        from socialdesk.actwords import act_text

        if done.state is ActState.CANCELLED:
            self.say(_("Taken back before it was done."))
        else:
            self.say(act_text(done, self.shell.clock.now(), self.key_for("undo")))

    async def take_back_act(self, done: Acted) -> None:
        """Take back what was done to a message: before it leaves, else over there where that can be."""
        _acts, undoable = self._allowed(
            (await self.shell.read(self.shell.desk.row, done.conversation_id)).account
        )
        try:
            back = await self.shell.write(self.shell.desk.take_back, done.id, undoable)
        except Refused as error:
            self.say(explain(error.code).happened, "warning")
            return
        if self.target is not None and self.target.id == done.conversation_id:
            await self.open_now(done.conversation_id)
        self._tell(back)
        self.changed()


def _is_theirs(message: ThreadMessage) -> bool:
    return message.direction is Direction.IN and message.outbox_id is None and message.deleted_at is None


def _picks(
    message: ThreadMessage, acts: Collection[Act], undoable: Collection[Act], *, others: bool
) -> list[Pick[Any]]:
    """Return what can be done to a message now, what can be taken back, and the way to another one."""
    from socialdesk.actwords import wish_text

    held = {one.act for one in message.acts if one.undo is (one.state is ActState.FAILED)}
    picks: list[Pick[Any]] = [
        Pick(wish_text(act), "", (act, False)) for act in Act if act in acts and act not in held
    ]
    picks += [
        Pick(wish_text(act, undo=True), "", (act, True)) for act in Act if act in undoable and act in held
    ]
    return [*picks, Pick(_("Another message…"), "", _ANOTHER)] if others else picks


def _about(message: ThreadMessage, now: datetime) -> str:
    return f"{message.name or message.handle}: {_words(message, now)}"


def _words(message: ThreadMessage, now: datetime) -> str:
    from socialdesk.domain.text import preview
    from socialdesk.enclosures import attachment_text

    attached = (attachment_text(one) for one in message.attachments)
    return preview(message.text or message.title or next(attached, ""), 50) or moment(message.at, now)
