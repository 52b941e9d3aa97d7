"""What is beside a conversation on the main screen: a protocol, the note of a refused answer (NEEDS C4, D4)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Static

from socialdesk.domain.models import QueueRow, Thread
from socialdesk.i18n import _
from socialdesk.screens.answering import Answering
from socialdesk.screens.panes import Place
from socialdesk.screens.shell import Shell
from socialdesk.wording import hold_reason, moment

if TYPE_CHECKING:
    from socialdesk.screens.beside import Beside, Followed
    from socialdesk.widgets.limits import Limits
    from socialdesk.widgets.protocol_pane import ProtocolPane


class Guiding(Answering):
    """What is beside a conversation is read once the conversation is seen."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.beside: Beside | None = None
        self._beside_of: int | None = None  # the conversation that it is of
        self._run: int | None = None  # the protocol that was chosen to be seen, else the newest
        self._protocol: ProtocolPane | None = None
        self._note: Static | None = None
        self._ruled: QueueRow | None = None  # the conversation that was looked at last for protocols that fit

    @property
    def followed(self) -> Followed | None:
        """The protocol that is seen."""
        all_of_them = self.beside.followed if self.beside else ()
        chosen = [one for one in all_of_them if one.run.id == self._run]
        return chosen[0] if chosen else all_of_them[-1] if all_of_them else None

    # What is read ---------------------------------------------------------------------------------

    def _present(self, thread: Thread, limits: Limits | None, at: int | None) -> None:
        super()._present(thread, limits, at)
        if thread.row.id != self._beside_of:
            self.beside, self._beside_of, self._run = None, thread.row.id, None
            self._show_beside()

        async def beside() -> None:
            await self.attempt(self.accompany(thread))

        # Nothing is begun before the worker runs: one that the end of the screen overtakes leaves nothing behind.
        self.run_worker(beside, group="beside", exclusive=True)  # type: ignore[arg-type]

    def _no_thread(self) -> None:
        super()._no_thread()
        self.beside, self._beside_of = None, None
        self._show_beside()

    async def accompany(self, thread: Thread) -> None:
        """Read what is beside a conversation; protocols that fit it and were never followed in it begin by themselves."""
        # Imported off the screen's thread, as the files are read there.
        beside = await self.shell.search(import_module, "socialdesk.screens.beside")
        desk, shelf = self.shell.desk, await self.shell.search(self.shell.shelf)
        await self.complete()
        if thread.row != self._ruled:  # else the rules say what they said before
            for protocol in await self.shell.search(beside.begins, desk, shelf, thread):
                await self.shell.note(desk.start_protocol, thread.row.id, protocol, "rule")
            self._ruled = thread.row
        found = await self.shell.search(beside.read, desk, shelf, thread)
        if self._beside_of == thread.row.id and self.is_attached and found != self.beside:
            self.beside = found
            await self._add_panes()
            self._show_beside()

    async def _add_panes(self) -> None:
        """Add the panes that are needed now and were not before.

        Each is ours before it is mounted: who reads anew gives this up in the middle, and must not mount another.
        """
        assert self.beside is not None
        if self.beside.followed and self._protocol is None:
            from socialdesk.widgets.protocol_pane import ProtocolPane

            pane = ProtocolPane()
            pane.display = False
            self._protocol = pane
            await self.query_one("#compose").mount(pane, before=0)
        if self.beside.refused is not None and self._note is None:
            self._note = Static(id="note", markup=False)
            await self.query_one("#compose").mount(self._note, before=self.answer)

    # What is seen ---------------------------------------------------------------------------------

    def _show_beside(self) -> None:
        if not self.is_mounted:
            return
        self._show_note()
        self._show_protocol()
        self.thread.say_held(hold_reason(self.beside.held) if self.beside else "")
        if self.followed is None and self.place is Place.PROTOCOL:
            self.go(Place.THREAD)
        self.arrange_panes()
        if self.thread.thread is not None:
            self._thread_title(self.thread.thread)

    def _show_note(self) -> None:
        refused = self.beside.refused if self.beside else None
        if self._note is None:
            return
        self._note.display = refused is not None
        if refused is not None:
            when = moment(refused.at, self.shell.clock.now())
            words = _("{agent} did not approve it, {when}: {note}")
            self._note.update("! " + words.format(agent=refused.agent, when=when, note=refused.note))

    def _show_protocol(self) -> None:
        shown = self.followed
        if self._protocol is None or shown is None:
            return
        notes = []
        if self.beside is not None and len(self.beside.followed) > 1:
            more = len(self.beside.followed) - 1
            notes.append(_("{key}: {n} more").format(key=self.key_for("protocol"), n=more))
        now, charge = self.shell.clock.now(), shown.protocol.in_charge if shown.protocol else ""
        title = f"{shown.done}/{shown.steps} {shown.title}"
        self._protocol.show(shown.run.id, title, notes, shown.to_show(now), charge)

    def title_notes(self) -> list[str]:
        """Name the protocol in the conversation's title, where it is not seen beside it."""
        shown = self.followed
        if shown is None or not self.single:
            return super().title_notes()
        words = _("protocol {n}/{total}: {title}")
        said = words.format(title=shown.title, n=shown.done, total=shown.steps)
        return [said, *super().title_notes()]

    def arrange_panes(self) -> None:
        """Show the protocol above the answer, or alone where there is room for one thing."""
        super().arrange_panes()
        if self._protocol is None:
            return
        alone = self.single and self.place is Place.PROTOCOL
        self._protocol.display = self.followed is not None and (alone or not self.single)
        self.query_one("#thread-area").display = not alone
        self.answer.display = not alone
        self.set_class(alone, "-alone")
        if alone:
            self.query_one("#compose").display = True

    def on_resize(self, event: events.Resize) -> None:
        """What the title says depends on what is seen beside it."""
        self.call_after_refresh(self._show_beside)

    def go(self, place: Place) -> None:
        """Bring a pane into sight and give it the keys."""
        if place is not Place.PROTOCOL:
            super().go(place)
        elif self._protocol is not None and self.followed is not None:
            self._enter(place)
            self.set_focus(self._protocol.rows, scroll_visible=False)
            self.show_bars()
