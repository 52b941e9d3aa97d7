"""Following a protocol: begun, ticked step by step, its words used, ended; and asked for before an answer leaves (NEEDS C4, D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk import i18n
from socialdesk.domain.models import QueueRow, Thread
from socialdesk.i18n import _, ngettext
from socialdesk.screens.guiding import Guiding
from socialdesk.screens.panes import Place
from socialdesk.screens.picks import Pick, picker

if TYPE_CHECKING:
    from socialdesk.domain.answers import Overruled
    from socialdesk.replies.protocols import Protocol
    from socialdesk.screens.beside import Followed
    from socialdesk.screens.chooser import Chooser, Told


class Following(Guiding):
    """The main screen's actions on protocols."""

    def action_protocol(self) -> None:
        """Go to the protocol that is followed; from there, or where there is none, choose one."""
        row = self.target
        if row is None:
            self.say(_("Choose a conversation first."), "warning")
        elif self.followed is not None and self._beside_of == row.id and self.place is not Place.PROTOCOL:
            self.go(Place.PROTOCOL)
        else:
            self.run_worker(self.attempt(self._offer_protocols(row)), group="open", exclusive=True)

    async def _offer_protocols(self, row: QueueRow) -> None:
        from socialdesk.screens import beside

        await self.complete()
        await self.open_now(row.id)
        thread = self.thread.thread
        if thread is None:
            return
        shelf = await self.shell.read(self.shell.shelf)
        all_of_them = await self.shell.read(shelf.protocols, i18n.language(), row.brand)
        fitting = await self.shell.read(beside.proposed, shelf, thread)
        if troubles := shelf.troubles():
            self.say(troubles[0], "warning")
        if all_of_them:
            self.app.push_screen(self._chooser(all_of_them, fitting), self._begin)
        else:
            self.say(_("There is no protocol here."))

    def _chooser(self, protocols: list[Protocol], fitting: list[str]) -> Chooser[Protocol]:
        from socialdesk.replies.finding import Finder
        from socialdesk.screens.chooser import Chooser, Told

        running = [one.run.protocol for one in self.beside.followed] if self.beside else []
        order = sorted(protocols, key=lambda one: (one.id not in running, one.id not in fitting))
        finder = Finder(order, lambda one: (one.title, f"{one.id} {' '.join(one.words)}"))

        def tell(one: Protocol, full: bool) -> Told:
            note = _("being followed") if one.id in running else _("fits") if one.id in fitting else ""
            words = "\n".join(f"{nth}. {step.do}" for nth, step in enumerate(one.steps, 1)) if full else ""
            return Told(one.title, note, words)

        hint = _("enter begins it · esc leaves")
        return Chooser(_("Protocols"), finder.find, tell, hint, lambda one: self._begin(one))

    def _begin(self, protocol: Protocol | None) -> None:
        thread = self.thread.thread
        if protocol is not None and thread is not None:
            self.run_worker(self.attempt(self._begun(protocol, thread)), group="write")

    async def _begun(self, protocol: Protocol, thread: Thread) -> None:
        run = await self.shell.note(self.shell.desk.start_protocol, thread.row.id, protocol.id)
        self._run = run.id
        await self.accompany(thread)
        self._show_beside()
        self.go(Place.PROTOCOL)

    # Its steps ------------------------------------------------------------------------------------

    @property
    def _at_step(self) -> tuple[Followed, int] | None:
        """The protocol that is seen, and the step under the cursor."""
        number = self._protocol.step if self._protocol is not None else None
        return None if self.followed is None or number is None else (self.followed, number)

    def action_step(self) -> None:
        """The step is done, or it is not after all."""
        if self._at_step is not None:
            self.run_worker(self.attempt(self._tick(*self._at_step)), group="write")

    async def _tick(self, shown: Followed, step: int) -> None:
        done = step not in shown.run.ticks
        await self.shell.note(self.shell.desk.tick, shown.run.id, step, done)
        if self.thread.thread is not None:
            await self.accompany(self.thread.thread)
        if done and self._protocol is not None:
            self._protocol.rows.move(1)

    def action_say_words(self) -> None:
        """Put the words of the step into the answer."""
        if self._at_step is None:
            return
        shown, step = self._at_step
        if words := shown.words(step):
            self.run_worker(self.attempt(self._say_words(words)), group="open", exclusive=True)
        else:
            self.say(_("This step has no words to say."))

    async def _say_words(self, words: str) -> None:
        from socialdesk.replies.filling import fill
        from socialdesk.suggesting import Suggestions

        if not await self._reply() or self.answer.row is None:
            return
        shell, row = self.shell, self.answer.row
        said = await shell.read(Suggestions, shell.desk, shell.shelf(), shell.config, row, shell.clock.now())
        values = await shell.read(said.values, row.language)
        self.answer.insert(fill(words, values).text)

    def action_end_protocol(self) -> None:
        """Follow it no longer."""
        if self.followed is not None:
            self.run_worker(self.attempt(self._end(self.followed)), group="write")

    async def _end(self, shown: Followed) -> None:
        if left := shown.left():
            picks = [Pick(_("Go on"), "", False), Pick(_("End it all the same"), "", True)]
            if not await self.app.push_screen_wait(picker(_left(len(left)), picks)):
                return
        await self.shell.note(self.shell.desk.end_protocol, shown.run.id)
        self._run = None
        if self.thread.thread is not None:
            await self.accompany(self.thread.thread)
        self.say(
            _("Ended: {title}. {key} begins it anew.").format(title=shown.title, key=self.key_for("protocol"))
        )

    # Before an answer leaves ----------------------------------------------------------------------

    async def skipped_musts(self) -> tuple[Overruled, ...] | None:
        """Ask for the steps that must be done where nobody else looks the answer over."""
        from socialdesk.domain.answers import Overruled
        from socialdesk.screens import beside

        thread, desk = self.thread.thread, self.shell.desk
        if thread is None or await self.shell.read(desk.needs_approval, thread.row.id) != "cool_down":
            return ()
        followed = await self.shell.read(beside.followed, desk, self.shell.shelf(), thread)
        undone = [(one.run.protocol, step) for one in followed for step in one.left()]
        if not undone:
            return ()
        reason = await self._why_without([step for _protocol, step in undone])
        return tuple(Overruled("protocol", name, step, reason) for name, step in undone) if reason else None

    async def _why_without(self, steps: list[str]) -> str:
        """Return why an answer leaves without steps that must be done, or "": it does not."""
        from socialdesk.screens.ask import Ask

        picks = [Pick(_("Go through the steps"), "", False), Pick(_("Send it all the same…"), "", True)]
        title = f"{_left(len(steps))} {steps[0]}"
        if not await self.app.push_screen_wait(picker(title, picks)):
            self.go(Place.PROTOCOL)
            return ""
        hint = _("The reason is kept with the answer.")
        asked = Ask(
            _("Why without them?"), hint, lambda text: "" if text.strip() else _("Say why, in a few words.")
        )
        return (await self.app.push_screen_wait(asked) or "").strip()


def _left(count: int) -> str:
    text = ngettext(
        "{n} step that must be done is not done.", "{n} steps that must be done are not done.", count
    )
    return text.format(n=count)
