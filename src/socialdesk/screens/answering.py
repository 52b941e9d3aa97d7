"""Writing the answer, in the pane or in the person's own editor, and sending it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from textual.app import SuspendNotSupported

from socialdesk.domain.models import OutboxItem, QueueRow, Undo
from socialdesk.i18n import _
from socialdesk.screens.layout import Panes
from socialdesk.screens.panes import Place
from socialdesk.screens.shell import Shell
from socialdesk.screens.views import fits, home_of
from socialdesk.wording import wait_text


class Answering(Panes):
    """The main screen's actions on the answer."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.done: list[Undo | OutboxItem] = []
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
        return True

    def action_leave(self) -> None:
        """Leave the answer; its draft is kept."""
        self.answer.flush()
        if self.answer.text.strip():
            self.say(_("The draft is kept."))
        self.go(Place.THREAD)

    def action_send(self) -> None:
        """Send the answer, unless there is none or it is too long."""
        row = self.answer.row
        if row is None or self._sending:
            return
        if not self.answer.text.strip():
            self.say(_("There is nothing to send: the answer is empty."), "warning")
        elif self.answer.too_long:
            limit = self.answer.limit
            words = _("Not sent: {used} of at most {most} characters. The text is kept.")
            self.say(words.format(used=self.answer.used, most=limit.size if limit else 0), "warning")
        else:
            self._sending = True
            self.run_worker(self.attempt(self._send(row, self.answer.text)), group="write")

    async def _send(self, row: QueueRow, text: str) -> None:
        try:
            self.answer.settle()
            item = await self.shell.write(self.shell.desk.reply, row.id, text, private=row.private)
            self.done.append(item)
            if self.answer.row is not None and self.answer.row.id == row.id:
                self.answer.sent()
        finally:
            self._sending = False
        hold = wait_text(self.shell.config.undo.total_seconds())
        self.say(_("Leaves in {time} · {key} undoes").format(time=hold, key=self.key_for("undo")))
        self.go(Place.THREAD if self.single else Place.QUEUE)
        self.changed()

    async def resume(self, conversation_id: int, text: str) -> None:
        """Go back to writing: an answer that was taken back, before whatever was written since."""
        await self.complete()
        since = self.answer.text if self.answer.row and self.answer.row.id == conversation_id else ""
        row = await self.shell.read(self.shell.desk.row, conversation_id)
        await self.show_view(self.view if fits(self.view, row, self.shell.clock.now()) else home_of(row), row)
        await self.open_now(conversation_id)
        self.answer.replace(f"{text}\n\n{since}" if since.strip() and since != text else text)
        self.go(Place.COMPOSE)
        self.changed()

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
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
        try:
            with self.app.suspend():
                text = edited(self.answer.text, command)
        except SuspendNotSupported:
            self.say(_("This terminal cannot be handed to an editor."), "warning")
            return
        except (OSError, ValueError, EditorFailed) as error:
            words = _("The editor {command} could not be used: {error}")
            self.say(words.format(command=command, error=error), "error")
            return
        self.answer.replace(text)
        self.answer.flush()
        self.app.refresh()


class EditorFailed(Exception):
    """The editor ended with an error; its text says which exit code."""


def edited(text: str, command: str) -> str:
    """Let an editor change a text, in a file only the person can read, and return it.

    Raises ``OSError``, ``ValueError`` or ``EditorFailed``; nothing was changed then.
    """
    import shlex
    import subprocess
    import tempfile

    handle, name = tempfile.mkstemp(prefix="socialdesk-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        code = subprocess.run([*shlex.split(command), name], check=False).returncode
        if code:
            raise EditorFailed(str(code))
        return path.read_text(encoding="utf-8", errors="replace").rstrip("\n")
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
