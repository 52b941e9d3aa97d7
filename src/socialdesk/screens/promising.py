"""What the main screen says and asks about promises: why, what kind of case, warnings, and what the day still holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socialdesk.domain.models import QueueRow
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering
from socialdesk.screens.picks import Pick, picker

if TYPE_CHECKING:
    from socialdesk.domain.consequences import Preview
    from socialdesk.domain.promises import Policy
    from socialdesk.domain.waitclock import Reading

CLOCK = timedelta(minutes=2)
"""How long the wait clock stays as it was read: it says minutes, not seconds."""


class Promising(Answering):
    """The main screen's promises. What it needs is imported once the desk is seen."""

    policy: Policy | None = None  # the one in force, once it is read
    _asked = False
    _reading_kept: Reading | None = None

    async def _read_all(self) -> None:
        await super()._read_all()
        await self._look_ahead()
        if not self._asked:
            self._asked = True
            await self._ask_policy()

    def situation_name(self, row: QueueRow) -> str:
        """Return what kind of case a conversation is, in words; nothing until they are known."""
        if not row.situation or self.policy is None:
            return ""
        return _(self.policy.kinds().get(row.situation, row.situation))

    # Why, and what kind of case -------------------------------------------------------------------

    def action_why(self) -> None:
        """Show the arithmetic of the deadline."""
        from socialdesk.screens.why import WhyScreen

        if self.target is None:
            self.say(_("Choose a conversation first."), "warning")
        else:
            self.app.push_screen(WhyScreen(self.shell, self.target))

    def action_situation(self) -> None:
        """Ask what kind of case the conversation is."""
        row = self.target
        if row is None:
            self.say(_("Choose a conversation first."), "warning")
        else:
            self.run_worker(self.attempt(self._ask_situation(row)), group="situation", exclusive=True)

    async def _ask_situation(self, row: QueueRow) -> None:
        from socialdesk.screens.ahead import situation_picks

        policy = await self.shell.read(self.shell.desk.policy)
        picks, chosen = situation_picks(policy, row)
        title = _("What kind of case is {name}?").format(name=row.name or row.handle)
        wish = await self.app.push_screen_wait(picker(title, picks, chosen=chosen))
        if wish is None or (wish and wish == row.situation):
            return
        self.done.append(await self.shell.write(self.shell.desk.set_situation, row.id, wish))
        after = await self.shell.read(self.shell.desk.row, row.id)
        from socialdesk.screens.ahead import situation_said

        self.say(situation_said(policy, after, self.shell.clock.now(), self.key_for("undo")))
        self.changed()

    def action_promises(self) -> None:
        """Show promises, opening hours and holidays, first those of the chosen conversation's brand."""
        from socialdesk.screens.promises import PromisesScreen

        brand = self.target.brand if self.target is not None else self.view.brand or ""
        self.app.push_screen(PromisesScreen(self.shell, brand), lambda _result: self.changed())

    # The day ahead --------------------------------------------------------------------------------

    async def _look_ahead(self) -> None:
        """Read what the day still holds, and warn of what is about to be late."""
        from socialdesk.screens import ahead

        desk, now = self.shell.desk, self.shell.clock.now()
        self.policy = await self.shell.read(desk.policy)
        self.shell.house.hush(ahead.is_quiet(self.policy, now))
        day = await self.shell.read(desk.day, now)
        brand = self.view.brand
        one_clock = brand is not None or ahead.share_hours(self.policy, day)
        expected = (await self._wait_clock(now)).expected if one_clock else None
        self.ahead = ahead.pieces(day, expected, brand, now)
        warned = await self.shell.note(desk.warnings, now)
        if warned:
            self.shell.house.desk_warned(ahead.warning_text(warned, now))
        self.show_bars()

    async def _wait_clock(self, now: datetime) -> Reading:
        """Return the wait clock of the view, read anew every so often: a full desk takes 60 ms of the processor."""
        last, place = self._reading_kept, (self.view.brand, self.view.channel)
        if last is None or (last.brand, last.channel) != place or not timedelta() <= now - last.at < CLOCK:
            last = self._reading_kept = await self.shell.read(self.shell.desk.clock, *place)
        return last

    async def _ask_policy(self) -> None:
        """Ask what becomes of promises in config.toml that are not the ones in force."""
        wanted = self.shell.config.policy
        preview = await self.shell.read(self.shell.desk.policy_change, wanted)
        if preview is not None:
            self.run_worker(self.attempt(self._decide_policy(preview)), group="policy")

    async def _decide_policy(self, preview: Preview) -> None:
        from socialdesk.screens.promise_lines import preview_text

        title = _("config.toml promises otherwise than the desk does now")
        picks = [
            Pick(_("Put it in force"), preview_text(preview), "apply"),
            Pick(_("Look at it first"), self.key_for("promises"), "look"),
            Pick(_("Ask again at the next start"), "", "later"),
        ]
        wish = await self.app.push_screen_wait(picker(title, picks))
        if wish == "look":
            self.action_promises()
        elif wish == "apply":
            await self.shell.write(self.shell.desk.adopt_policy, self.shell.config.policy)
            self.say(_("In force from now on."))
            self.changed()
