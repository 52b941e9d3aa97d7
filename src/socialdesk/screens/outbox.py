"""The answers on their way, and those that need a person to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from socialdesk.commands import Where, bindings
from socialdesk.domain.models import Delivery, OutboxItem
from socialdesk.domain.outbox import NEEDS_ATTENTION
from socialdesk.i18n import _
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.shell import Shell
from socialdesk.widgets.lines import Line
from socialdesk.widgets.queue_columns import UNICODE
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import wrap
from socialdesk.wording import delivery_name, explain, moment


class OutboxScreen(ListScreen):
    """Every answer that has not settled."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.OUTBOX)]
    PLACES: ClassVar[tuple[Where, ...]] = (Where.OUTBOX, Where.APP)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._replies: list[OutboxItem] = []

    def changed(self) -> None:
        """Read the outbox again."""
        self.run_worker(self.attempt(self._read()), group="read", exclusive=True)

    async def _read(self) -> None:
        replies = await self.shell.read(self.shell.desk.outbox)
        self._replies = sorted(replies, key=lambda reply: reply.state not in NEEDS_ATTENTION)
        now = self.shell.clock.now()
        self.query_one("#title", Rule).say(_("Outbox"), [_("answers on their way, and those that need you")])
        self.rows.notice(_("Nothing is on its way, and nothing needs you."))
        self.rows.show([reply_lines(reply, now, self.rows.text_width - 4) for reply in self._replies])

    def action_resend(self) -> None:
        """Send the answer again."""
        self._decide(self.shell.desk.resend, _("It is sent again."))

    def action_mark_sent(self) -> None:
        """Mark it as sent."""
        self._decide(self.shell.desk.mark_sent, _("Marked as sent."))

    def action_discard(self) -> None:
        """Do not send it."""
        self._decide(self.shell.desk.discard, _("Discarded; its text is in the draft."))

    def _decide(self, call: Callable[[int], object], said: str) -> None:
        number = self.rows.selected
        if number is None:
            return
        reply = self._replies[number]

        async def work() -> None:
            await self.shell.write(call, reply.id)
            self.say(said)
            await self._read()

        self.run_worker(self.attempt(work()), group="write")


def reply_lines(reply: OutboxItem, now: datetime, width: int) -> list[Line]:
    """Return what there is to say of a reply."""
    mark = UNICODE.deliveries.get(reply.state, "✓")
    part = "bad" if reply.state in NEEDS_ATTENTION else "warn"
    where = _("private") if reply.private else _("public")
    head = Line(
        ((f"{mark} ", part), (delivery_name(reply.state), part)),
        ((f"{reply.account} · {where} · {moment(reply.created_at, now)}", "soft"),),
    )
    text = [Line((("  " + piece, "text"),)) for piece in wrap(reply.text, width)[:3]]
    return [head, *text, *_why(reply, now, width), Line()]


def _why(reply: OutboxItem, now: datetime, width: int) -> list[Line]:
    words = str(explain(reply.reason, reply.detail)) if reply.reason else ""
    if reply.state is Delivery.RETRY_WAIT and reply.next_attempt_at is not None:
        words += " " + _("Next try: {when}.").format(when=moment(reply.next_attempt_at, now))
    return [Line((("  " + piece, "soft"),)) for piece in wrap(words.strip(), width)] if words.strip() else []
