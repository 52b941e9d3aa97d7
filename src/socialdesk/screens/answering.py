"""Writing the answer, in the pane or in the person's own editor, and sending it."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from socialdesk.domain.models import Acted, OutboxItem, QueueRow, Undo
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens.editor import EditorFailed, edited, editor_command
from socialdesk.screens.looking import Looking
from socialdesk.screens.panes import Place
from socialdesk.screens.reading import next_waiting
from socialdesk.screens.shell import Shell
from socialdesk.screens.views import fits, home_of, title
from socialdesk.wording import held_text

if TYPE_CHECKING:
    from socialdesk.domain.answers import Overruled
    from socialdesk.screens.review import Sending

TAKEN_BACK = 100
"""How many of the last steps can be taken back; a desk that is never closed does not keep more and more of them."""

HOLD = 3.0
"""Seconds for which the key bar says that an answer is on hold; its countdown is in the conversation."""


class Answering(Looking):
    """The main screen's actions on the answer."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.done: deque[Undo | OutboxItem | Acted] = deque(maxlen=TAKEN_BACK)
        self._sending = False

    def action_reply(self) -> None:
        """Write the answer to the conversation."""
        self.run_worker(self.attempt(self._reply()), group="open", exclusive=True)

    async def _reply(self) -> bool:
        row = self.target
        if row is None:
            self.say(_("Choose a conversation first."), "warning")
            return False
        await self.complete()
        await self.open_now(row.id)
        self.go(Place.COMPOSE)
        self.shell.get_ready()
        return True

    def action_leave(self) -> None:
        """Leave the answer; its draft is kept."""
        self.answer.flush()
        if self.answer.row is not None and self.answer.text.strip():
            self.run_worker(self.attempt(self._tell_kept(self.answer.row.id)), group="kept")
        self.go(self.came_from)

    async def _tell_kept(self, conversation_id: int) -> None:
        if await self.shell.drafts.is_stored(conversation_id):
            self.say(_("The draft is kept."))

    def action_write_empty(self) -> None:
        """Begin the answer anew."""
        self.answer.empty()

    def action_write_undo(self) -> None:
        """Take back the last change of the text."""
        self.answer.answer.undo()

    def action_write_redo(self) -> None:
        """Make the change again."""
        self.answer.answer.redo()

    def action_send(self) -> None:
        """Send the answer, once nothing that is found in it is left to settle."""
        self.send()

    def send_again(self) -> None:
        """Send what was seen in the list of findings."""
        self.send()

    def send(self, at: datetime | None = None) -> None:
        """Let the answer leave after the undo window, or at a moment to come."""
        row = self.answer.row
        if row is None or self._sending:
            return
        if not self.answer.text.strip():
            self.say(_("There is nothing to send: the answer is empty."), "warning")
        else:
            self._sending = True
            self.run_worker(self.attempt(self._leave(row, at)), group="write")

    async def _leave(self, row: QueueRow, at: datetime | None) -> None:
        try:
            sending = await self._ready()
            if sending is not None:
                await self._send(row, sending._replace(at=at or self.answer.leaves_at))
        finally:
            self._sending = False

    async def _ready(self) -> Sending | None:
        """Return the answer with all that goes along; None: something is left to settle, and the person sees what."""
        text = self._tidied()
        known = await self.is_looked_over(text)
        review = self.review
        if self.answer.text != text:
            self.say(_("The text has changed meanwhile; {key} sends it.").format(key=self.key_for("send")))
            return None
        if (known and (review.stops() or review.is_news())) or (not known and review.bound != text):
            review.bound = text
            self.open_findings()
            return None
        sending = review.sending(text, self.answer.uses)
        skipped = await self.skipped_musts()
        return None if skipped is None else sending._replace(overrules=(*sending.overrules, *skipped))

    async def skipped_musts(self) -> tuple[Overruled, ...] | None:
        """Return the steps that must be done and are let be, with the reason; None: the answer does not leave."""
        return ()

    def _tidied(self) -> str:
        """Return the answer as it will leave: what cannot be seen in it is taken out before it is checked."""
        from socialdesk.domain.text import scrub

        text = scrub(self.answer.text).strip()
        if text != self.answer.text:
            self.answer.put(text)
        return text

    async def _send(self, row: QueueRow, sending: Sending) -> None:
        self.answer.settle()
        try:
            item = await self.shell.write(
                self.shell.desk.reply,
                row.id,
                sending.text,
                private=row.private,
                seen=self.answer.seen,
                **sending.along(),
            )
        except Refused as error:
            await self._refused(row, error)
            return
        self.done.append(item)
        self.shell.drafts.forget(row.id)
        self.forget_review()
        if self.answer.row is not None and self.answer.row.id == row.id:
            self.answer.sent()
        await self._say_held(item)
        following = await self.shell.read(next_waiting, self.shell.desk, self.view, row)
        self.go(Place.QUEUE)
        await self.show_view(self.view, following or row)
        self.changed()

    async def _say_held(self, item: OutboxItem) -> None:
        """Say when the answer leaves, and why it waits longer than usual."""
        why = await self.shell.read(self.shell.desk.hold_reason, item.conversation_id)
        words = held_text(item, why, self.shell.clock.now())
        undo = _("{key} undoes").format(key=self.key_for("undo"))
        self.bar.say(f"{words} · {undo}", seconds=HOLD, beside=True)

    async def _refused(self, row: QueueRow, error: Refused) -> None:
        """Keep the words, and tell why they are not on their way; what overtook them is said once only."""
        self.answer.flush()
        again = {
            "answered_meanwhile": _(
                "Another answer has just left to this customer; {key} again sends yours."
            ),
            "written_meanwhile": _("The customer has written again; {key} again sends your answer."),
        }.get(error.code)
        if again is None:
            raise error
        self.answer.begin(await self.shell.read(self.shell.desk.thread, row.id))
        self.say(again.format(key=self.key_for("send")), "warning")

    async def resume(self, conversation_id: int, text: str) -> str:
        """Go back to writing an answer that was taken back; returns the name of the view if it is another one."""
        await self.complete()
        other = await self.bring_back(conversation_id)
        await self.open_now(conversation_id)
        self.recall_review(conversation_id)
        self.answer.replace(text)
        self.go(Place.COMPOSE)
        self.changed()
        return other

    async def bring_back(self, conversation_id: int) -> str:
        """Choose a conversation, in another view where this one does not show it; returns that view's name, or ""."""
        row = await self.shell.read(self.shell.desk.row, conversation_id)
        here = fits(self.view, row, self.shell.clock.now())
        await self.show_view(self.view if here else home_of(row), row)
        return "" if here else title(self.view)

    # The person's own editor ----------------------------------------------------------------------

    def action_editor(self) -> None:
        """Write the answer in $EDITOR, from the queue or the conversation."""
        self.run_worker(self.attempt(self._reply_in_editor()), group="open", exclusive=True)

    def action_write_editor(self) -> None:
        """Go on writing the answer in $EDITOR."""
        self._edit()

    async def _reply_in_editor(self) -> None:
        if await self._reply():
            self._edit()

    def _edit(self) -> None:
        text = problem = ""
        try:
            with self.app.suspend():
                # Nothing may be raised in here: the terminal would not be taken back.
                try:
                    text = edited(self.answer.text, editor_command())
                except EditorFailed as error:
                    problem = str(error)
        except SuspendNotSupported:
            self.say(_("This terminal cannot be handed to an editor."), "warning")
            return
        if problem:
            self.say(problem, "error")
        else:
            self.answer.replace(text)
            self.answer.flush()
        self.app.refresh()
