"""Saving what came with the messages, by a process of its own (NEED B1)."""

from __future__ import annotations

from socialdesk.domain.models import Enclosed
from socialdesk.i18n import _, ngettext
from socialdesk.screens.answering import Answering
from socialdesk.screens.picks import Pick, picker
from socialdesk.wording import moment

_ALL = 0
"""Stands for all of them: numbers count from 1."""


class Fetching(Answering):
    """The main screen's way to attachments."""

    def action_attachments(self) -> None:
        """Choose an attachment, unless there is but one, and save it."""
        self.run_worker(self.attempt(self._save_attachments()), group="attachments", exclusive=True)

    async def _save_attachments(self) -> None:
        row = self.target
        if row is None:
            self.say(_("Choose a conversation first."), "warning")
            return
        found = await self.shell.read(self.shell.desk.attachments, row.id)
        there = [one for one in reversed(found) if one.attachment.remote]
        if not there:
            self.say(
                _("There is nothing to fetch of what came with it.") if found else _("Nothing is attached.")
            )
            return
        number = there[0].number if len(there) == 1 else await self._which(there)
        if number is not None:
            await self._saved(row.id, number)

    async def _which(self, there: list[Enclosed]) -> int | None:
        from socialdesk.enclosures import attachment_text

        now = self.shell.clock.now()
        picks = [Pick(attachment_text(one.attachment), moment(one.at, now), one.number) for one in there]
        picks.append(Pick(_("All of them"), "", _ALL))
        chosen: int | None = await self.app.push_screen_wait(picker(_("Save which one?"), picks))
        return chosen

    async def _saved(self, conversation_id: int, number: int) -> None:
        from socialdesk.fetchchild import FetchFailed

        fetch = self.shell.fetch
        if fetch is None:
            return
        self.say(_("Fetching…"))
        try:
            files = await fetch(conversation_id, number or None)
        except FetchFailed as error:
            self.say(str(error), "error")
            return
        told = ngettext("Saved: {path}", "Saved {n} files: {path}", len(files))
        self.say(told.format(n=len(files), path=files[0] if len(files) == 1 else _folder(files[0])))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
