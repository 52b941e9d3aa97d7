"""The main screen's way to what we have promised a customer, and to answers that leave later (NEEDS A1, C2, C7)."""

from __future__ import annotations

from socialdesk.i18n import _
from socialdesk.screens.answering import Answering


class Committing(Answering):
    """Promises of ours."""

    def action_commitments(self) -> None:
        """Show what we have promised in the conversation."""
        from socialdesk.screens.commitments import CommitmentsScreen

        if self.target is None:
            self.say(_("Choose a conversation first."), "warning")
        else:
            self.app.push_screen(CommitmentsScreen(self.shell, self.target), lambda _result: self.changed())

    # Later ----------------------------------------------------------------------------------------

    def action_send_later(self) -> None:
        """Ask when the answer is to leave, then send it as any other."""
        if self.answer.row is None or not self.answer.text.strip():
            self.say(_("There is nothing to send: the answer is empty."), "warning")
        elif self.answer.leaves_at is not None:
            self.answer.leaves_at = None
            self.answer.show_state()
            self.say(_("It leaves as soon as you send it: {key}.").format(key=self.key_for("send")))
        else:
            self.run_worker(self.attempt(self._send_later()), group="later", exclusive=True)

    async def _send_later(self) -> None:
        from socialdesk.screens.when import ask_when

        at = await ask_when(self.app, self.shell.clock, _("Send the answer"))
        if at is not None:
            self.answer.leaves_at = at
            self.answer.show_state()
            self.send()
