"""The answers on their way, and those that need a person to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from socialdesk.commands import Where, bindings
from socialdesk.domain.models import Delivery, OutboxItem, QueueRow, Thread
from socialdesk.domain.outbox import NEEDS_ATTENTION, UNDOABLE
from socialdesk.domain.text import scrub
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.reading import outbox_with_rows
from socialdesk.screens.shell import Shell
from socialdesk.widgets.lines import Line
from socialdesk.widgets.queue_columns import UNICODE
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.thread_lines import BAR_OURS
from socialdesk.widgets.wrapping import wrap
from socialdesk.wording import delivery_name, explain, moment

if TYPE_CHECKING:
    from socialdesk.screens.review import Review

LINES = 3
"""Lines of an answer's text that are shown; enter shows them all, in the conversation."""


class OutboxScreen(ListScreen):
    """Every answer that has not settled."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.OUTBOX)]
    PLACES: ClassVar[tuple[Where, ...]] = (Where.OUTBOX, Where.LIST, Where.APP)

    def __init__(self, shell: Shell, visit: Callable[[int], None]) -> None:
        """``visit`` opens a conversation once this screen is left."""
        super().__init__(shell)
        self._visit = visit
        self._replies: list[OutboxItem] = []

    def offers(self, command_id: str) -> bool:
        """Nothing can be done without an answer, and nothing decided about one that needs nobody."""
        reply = self._chosen
        if command_id in ("resend", "mark_sent", "discard", "elsewhere"):
            return reply is not None and reply.state in NEEDS_ATTENTION
        if command_id == "undo":
            return reply is not None and reply.state in UNDOABLE
        if command_id in ("approve", "refuse"):
            return reply is not None and self._can_decide(reply)
        return (command_id != "visit" or reply is not None) and super().offers(command_id)

    @property
    def _chosen(self) -> OutboxItem | None:
        number = self.rows.selected if self.is_mounted else None
        return None if number is None or number >= len(self._replies) else self._replies[number]

    def changed(self) -> None:
        """Read the outbox again."""
        self.run_worker(self.attempt(self._read()), group="read", exclusive=True)

    async def _read(self) -> None:
        found = await self.shell.read(outbox_with_rows, self.shell.desk)
        found.sort(key=lambda pair: (pair[0].state not in NEEDS_ATTENTION, not self._can_decide(pair[0])))
        self._replies = [reply for reply, _row in found]
        now = self.shell.clock.now()
        self.query_one("#title", Rule).say(_("Outbox"), [_("answers on their way, and those that need you")])
        self.rows.notice(_("Nothing is on its way, and nothing needs you."))
        width = self.rows.text_width - 4
        self.rows.show([reply_lines(reply, row, now, width) for reply, row in found])
        self.show_keys(*self.PLACES)

    def on_row_list_moved(self) -> None:
        """Show the keys that make sense for this answer."""
        self.show_keys(*self.PLACES)

    def on_row_list_chosen(self) -> None:
        """Open the conversation of the clicked answer."""
        self.action_visit()

    def action_visit(self) -> None:
        """Open the conversation of the answer."""
        reply = self._chosen
        if reply is None:
            return
        if self._can_decide(reply):
            self.run_worker(self.attempt(self._look_over(reply)), group="write", exclusive=True)
            return
        self.dismiss(None)
        self._visit(reply.conversation_id)

    # A second person's word -----------------------------------------------------------------------

    def _can_decide(self, reply: OutboxItem) -> bool:
        """Say whether an answer waits for a word that is not its writer's."""
        own = reply.agent.strip().casefold() == self.shell.desk.agent.strip().casefold()
        return reply.state is Delivery.AWAITING_APPROVAL and not own

    def action_approve(self) -> None:
        """Let the answer leave as it is."""
        if (reply := self._chosen) is not None and reply.state is Delivery.AWAITING_APPROVAL:
            self.run_worker(self.attempt(self._approve(reply)), group="write", exclusive=True)

    async def _approve(self, reply: OutboxItem) -> None:
        if await self.shell.read(self.shell.desk.leaving_with, reply.id):
            await self._look_over(reply)  # nobody lets words leave that they have not seen
            return
        try:
            await self.shell.write(self.shell.desk.approve, reply.id)
        except Refused as error:
            if error.code != "written_since":
                raise
            self.say(_("The customer has written again since: look at it first."), "warning")
            await self._look_over(reply)
        else:
            self.say(_("Approved: it leaves."))
            await self._read()

    def action_refuse(self) -> None:
        """Give the answer back, with a word on why."""
        if (reply := self._chosen) is not None and reply.state is Delivery.AWAITING_APPROVAL:
            self.run_worker(self.attempt(self._refuse(reply)), group="write", exclusive=True)

    async def _look_over(self, reply: OutboxItem) -> None:
        from socialdesk.screens import standing
        from socialdesk.screens.approving import Approving, Verdict
        from socialdesk.screens.review import Review

        thread = await self.shell.read(self.shell.desk.thread, reply.conversation_id)
        others = await self.shell.read(self.shell.desk.leaving_with, reply.id)
        room, review = self._room(thread, reply), Review(reply.conversation_id)
        typed, problem = reply.text, ""
        told: tuple[str, str] | None = None  # what was said against which text: once is enough
        while True:
            screen = Approving(reply, thread, others, room, typed, problem)
            verdict: Verdict | None = await self.app.push_screen_wait(screen)
            if verdict is None:
                return
            if not verdict.approved:
                await self._refuse(reply)
                return
            typed = verdict.text
            text = standing.Text(review, scrub(typed).strip(), private=reply.private)
            if text.text == reply.text:
                break
            await standing.look_over(self.shell, text)
            problem = standing.against(self.shell, text)
            problem, told = "" if (typed, problem) == told else problem, (typed, problem)
            if not problem and await standing.let_stand(self.app, text):
                break
        await self._approved(reply, typed, thread, review)

    async def _approved(self, reply: OutboxItem, typed: str, thread: Thread, review: Review) -> None:
        approve = partial(
            self.shell.desk.approve,
            text=typed,
            seen=thread.seen,
            commitments=review.promises(),
            overrules=review.overrules(),
        )
        await self.shell.write(approve, reply.id)
        changed = typed.strip() != reply.text.strip()
        self.say(_("Approved with your changes: it leaves.") if changed else _("Approved: it leaves."))
        await self._read()

    def _room(self, thread: Thread, reply: OutboxItem) -> Callable[[str], int]:
        """Return what counts the characters that are left for a text; 0 and more fit."""
        limits = self.shell.limits(thread.row.account)
        limit = limits and (limits.private_limit if reply.private else limits.public_limit)
        return lambda text: limit.room(text) if limit else 0

    async def _refuse(self, reply: OutboxItem) -> None:
        from socialdesk.screens.ask import Ask

        who = reply.agent or _("its writer")
        title = _("Why not? {agent} reads it beside the draft").format(agent=who)
        hint = _("enter gives the answer back · esc leaves it as it is")
        note = await self.app.push_screen_wait(
            Ask(title, hint, lambda text: "" if text.strip() else _("Say why, in a few words."))
        )
        if note is not None:
            await self.shell.write(self.shell.desk.refuse_approval, reply.id, note.strip())
            self.say(_("Given back: it is {agent}'s draft again.").format(agent=who))
            await self._read()

    def action_resend(self) -> None:
        """Send the answer again."""
        self._decide(self.shell.desk.resend, _("It is sent again."))

    def action_mark_sent(self) -> None:
        """Mark it as sent."""
        self._decide(self.shell.desk.mark_sent, _("Marked as sent."))

    def action_elsewhere(self) -> None:
        """Copy the text, and open or name the page where it can be pasted."""
        if (reply := self._chosen) is not None and reply.state in NEEDS_ATTENTION:
            self.run_worker(self.attempt(self._elsewhere(reply)), group="read", exclusive=True)

    async def _elsewhere(self, reply: OutboxItem) -> None:
        import os

        from socialdesk.screens.links import can_open, page_of

        thread = await self.shell.read(self.shell.desk.thread, reply.conversation_id)
        url = page_of(thread.messages)
        self.app.copy_to_clipboard(reply.text)
        if url and can_open(os.environ):
            self.app.open_url(url)
            self.say(_("Copied. Paste it on the page that opens; m says that it was sent."))
        elif url:
            self.say(_("Copied. Paste it at {url}; m says that it was sent.").format(url=url))
        else:
            self.say(_("Copied. Paste it in the network's own app; m says that it was sent."))

    def action_discard(self) -> None:
        """Do not send it."""
        self._decide(self.shell.desk.discard, _("Discarded; its text is in the draft."))

    def action_undo(self) -> None:
        """Take the answer back before it leaves."""
        if (reply := self._chosen) is not None and reply.state in UNDOABLE:
            self._decide(self.shell.desk.undo_reply, _("Taken back; its text is in the draft."))

    def _decide(self, call: Callable[[int], object], said: str) -> None:
        reply = self._chosen
        if reply is None:
            return

        async def work() -> None:
            await self.shell.write(call, reply.id)
            self.say(said)
            await self._read()

        self.run_worker(self.attempt(work()), group="write")


def reply_lines(reply: OutboxItem, row: QueueRow, now: datetime, width: int) -> list[Line]:
    """Return what there is to say of a reply."""
    mark = UNICODE.deliveries.get(reply.state, "✓")
    part = "bad" if reply.state in NEEDS_ATTENTION else "warn"
    where = _("private") if reply.private else _("public")
    by = _("by {agent}").format(agent=reply.agent) if reply.approval == "person" and reply.agent else ""
    notes = [note for note in (row.brand, where, moment(reply.created_at, now), by) if note]
    head = Line(
        ((f"{mark} {_state(reply, now)}  ", part), (row.name or row.handle, "strong")),
        (*((f"{note} · ", "soft") for note in notes[:-1]), (notes[-1], "soft")),
    )
    text = [
        Line((("  ", "text"), (BAR_OURS, "ours"), (piece, "text"))) for piece in _begun(reply.text, width)
    ]
    return [head, *text, *_why(reply, now, width), Line()]


def _state(reply: OutboxItem, now: datetime) -> str:
    """Return where a reply stands; of one that leaves at a chosen moment, that moment."""
    if reply.state is Delivery.QUEUED and reply.scheduled and reply.next_attempt_at is not None:
        return _("leaves {when}").format(when=moment(reply.next_attempt_at, now))
    return delivery_name(reply.state)


def _begun(text: str, width: int) -> list[str]:
    """Return the first lines of a text, with an ellipsis where there are more."""
    lines = wrap(text, width - len(BAR_OURS))
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]


def _why(reply: OutboxItem, now: datetime, width: int) -> list[Line]:
    words = str(explain(reply.reason, reply.detail)) if reply.reason else ""
    if reply.state is Delivery.RETRY_WAIT and reply.next_attempt_at is not None:
        words += " " + _("Next try: {when}.").format(when=moment(reply.next_attempt_at, now))
    return [Line((("  " + piece, "soft"),)) for piece in wrap(words.strip(), width)] if words.strip() else []
