"""What we have promised to a customer: kept, given up, or noted by hand (NEEDS A1, C7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from socialdesk.commands import Where, bindings
from socialdesk.domain.answers import Commitment
from socialdesk.domain.models import QueueRow
from socialdesk.i18n import _
from socialdesk.screens import moments
from socialdesk.screens.list_screen import ListScreen
from socialdesk.screens.shell import Shell
from socialdesk.widgets.lines import Line
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.thread_lines import BAR_OURS
from socialdesk.widgets.wrapping import wrap
from socialdesk.wording import left_text, moment


class CommitmentsScreen(ListScreen):
    """The promises of one conversation, those that are due first on top."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.COMMITMENTS)]
    PLACES: ClassVar[tuple[Where, ...]] = (Where.COMMITMENTS, Where.LIST, Where.APP)

    def __init__(self, shell: Shell, row: QueueRow) -> None:
        super().__init__(shell)
        self._row = row
        self._all: list[Commitment] = []
        self._ended: list[int] = []  # what was ended here, to be taken back

    @property
    def _chosen(self) -> Commitment | None:
        number = self.rows.selected if self.is_mounted else None
        return None if number is None or number >= len(self._all) else self._all[number]

    def offers(self, command_id: str) -> bool:
        """Only what is open and has been said can end."""
        if command_id in ("kept", "give_up"):
            return self._chosen is not None and is_open(self._chosen)
        if command_id == "undo":
            return bool(self._ended)
        return super().offers(command_id)

    def changed(self) -> None:
        """Read them again."""
        self.run_worker(self.attempt(self._read()), group="read", exclusive=True)

    async def _read(self) -> None:
        self._all = await self.shell.read(self.shell.desk.commitments, self._row.id)
        row, now = self._row, self.shell.clock.now()
        self.query_one("#title", Rule).say(_("What we have promised"), [row.name or row.handle, row.brand])
        add = self.key_for("add_promise")
        self.rows.notice(_("Nothing is promised to this customer. {key} notes something.").format(key=add))
        width = self.rows.text_width - 6
        self.rows.show([commitment_lines(each, now, width) for each in self._all])
        self.show_keys(*self.PLACES)

    def tick(self, now: datetime) -> None:
        """Let the time that is left run."""
        if self._all:
            width = self.rows.text_width - 6
            self.rows.show([commitment_lines(each, now, width) for each in self._all])

    def on_row_list_moved(self) -> None:
        """Show the keys that make sense for this one."""
        self.show_keys(*self.PLACES)

    def on_row_list_chosen(self) -> None:
        """A click on the chosen one does what enter does."""
        self.action_kept()

    def action_kept(self) -> None:
        """It was done as promised."""
        self._end(self.shell.desk.keep_commitment, _("Kept · {key} undoes"))

    def action_give_up(self) -> None:
        """It is owed no more."""
        self._end(self.shell.desk.cancel_commitment, _("No longer owed · {key} undoes"))

    def _end(self, call: Callable[[int], None], said: str) -> None:
        chosen = self._chosen
        if chosen is None or not is_open(chosen):
            return

        async def work() -> None:
            await self.shell.write(call, chosen.id)
            self._ended.append(chosen.id)
            self.say(said.format(key=self.key_for("undo")))
            await self._read()

        self.run_worker(self.attempt(work()), group="write")

    def action_undo(self) -> None:
        """Let what was ended last be open again."""
        if not self._ended:
            self.say(_("There is nothing to undo."))
            return

        async def work() -> None:
            await self.shell.write(self.shell.desk.reopen_commitment, self._ended.pop())
            self.say(_("Taken back."))
            await self._read()

        self.run_worker(self.attempt(work()), group="write")

    def action_add_promise(self) -> None:
        """Note what was promised otherwise: by phone, at the counter."""
        self.run_worker(self.attempt(self._add()), group="write")

    async def _add(self) -> None:
        from socialdesk.screens.form import Field, Form

        values = await self.app.push_screen_wait(
            Form(
                _("We have promised"),
                [
                    Field("text", _("What"), "", _("We call back with the price")),
                    Field("when", _("Until when"), "", _("tomorrow 12:00")),
                ],
                _("When: {hint}").format(hint=moments.hint()),
                partial(promise_problem, now=self.shell.clock.now()),
            )
        )
        if values is None:
            return
        due_at = moments.understood(values["when"], self.shell.clock.now())
        await self.shell.write(self.shell.desk.add_commitment, self._row.id, values["text"], due_at)
        self.say(
            _("Noted: due {when}.").format(when=moment(due_at, self.shell.clock.now())),
        )
        await self._read()


def promise_problem(values: Mapping[str, str], now: datetime) -> str:
    """Return what is wrong with a promise and its moment as they were typed, or ""."""
    if not values["text"]:
        return _("Say what was promised.")
    if not values["when"]:
        return _("Say until when.")
    try:
        moments.understood(values["when"], now)
    except moments.Unclear as unclear:
        return str(unclear)
    return ""


def is_open(commitment: Commitment) -> bool:
    """Say whether it has been said to the customer and not been ended."""
    return commitment.made_at is not None and commitment.ended_at is None


def commitment_lines(commitment: Commitment, now: datetime, width: int) -> list[Line]:
    """Return what there is to say of a promise."""
    state, part = _state(commitment, now)
    due = _("promised for {when}").format(when=moment(commitment.due_at, now))
    said = [
        Line((("  ", "text"), (BAR_OURS, "ours"), (piece, "text"))) for piece in wrap(commitment.text, width)
    ]
    head = Line(((state, part), (f"  {due}", "strong")), ((commitment.agent, "soft"),))
    return [head, *said, Line()]


_OUTCOMES = {"kept": ("✓", "good"), "cancelled": ("✗", "soft"), "resolved": ("✓", "soft")}


def _state(commitment: Commitment, now: datetime) -> tuple[str, str]:
    if commitment.ended_at is not None:
        mark, part = _OUTCOMES.get(commitment.outcome, ("✓", "soft"))
        words = {
            "kept": _("kept"),
            "cancelled": _("no longer owed"),
            "resolved": _("settled with the conversation"),
        }
        return f"{mark} {words.get(commitment.outcome, '')}", part
    if commitment.made_at is None:
        return "→ " + _("its answer has not left yet"), "warn"
    seconds = (commitment.due_at - now).total_seconds()
    return ("! " if seconds < 0 else "● ") + left_text(seconds), "bad" if seconds < 0 else "warn"
