"""The app: puts the desk, its screens and the engine together, and keeps the time.

``DeskApp(...).run()`` returns what the person wants next: None to leave, or from the first-run screen "demo" or
"account". Nothing heavy is imported before the first paint: storage writes, time formats and the engine come after.
"""

from __future__ import annotations

import gc
import locale
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from socialdesk.clock import Clock
from socialdesk.commands import Where, bindings, check_keymap
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Counts, Delivery, OutboxItem, QueueWindow
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.paths import find
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.everywhere import Everywhere
from socialdesk.screens.main import MainScreen
from socialdesk.screens.panes import Place
from socialdesk.screens.shell import Checker, Fetch, Shell
from socialdesk.screens.signals import Signals
from socialdesk.screens.typeahead import TypesAhead
from socialdesk.terminal.colourless import Colourless
from socialdesk.terminal.display import ThriftyDisplay
from socialdesk.terminal.letters import needed
from socialdesk.themes import default_theme, themes
from socialdesk.views import ALL
from socialdesk.widgets.key_bar import KeyBar
from socialdesk.widgets.limits import Limits
from socialdesk.wording import explain, explain_error

STARTING = 10
"""Seconds that the engine may take to be there before its absence is told."""

RECOUNT = 15
"""Seconds between counts while nothing changes: promises break by themselves."""

LOOK = 3
"""Seconds between looks whether the disk is full or the desk damaged."""

_IN_QUEUE = {
    "down": "queue.down",
    "up": "queue.up",
    "page_down": "queue.page_down",
    "page_up": "queue.page_up",
    "top": "queue.top",
    "bottom": "queue.bottom",
    "open": "queue.choose",
}
"""The queue binds these commands itself, under ids of its own."""


class Engine(Protocol):
    """The process that receives and sends, as the screen sees it."""

    def start(self) -> None:
        """Start it, unless this desk has one already."""

    def wake(self) -> None:
        """Tell it that there may be something to send."""

    def is_running(self) -> bool:
        """Say whether any engine serves this desk."""
        ...

    def stop(self) -> None:
        """Let it leave once it has finished what it does."""


class DeskApp(ThriftyDisplay, TypesAhead, Everywhere):
    """The desk on a terminal."""

    CSS_PATH = "screens/main.tcss"
    _colourless = Colourless()
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Where.APP),
        Binding("ctrl+q", "leave_desk", show=False),
        Binding("ctrl+c", "how_to_quit", show=False),
    ]

    def __init__(
        self,
        desk: Desk,
        config: Config,
        clock: Clock,
        *,
        engine: Engine | None = None,
        limits: Callable[[str], Limits | None] = lambda _channel: None,
        first_run: bool = False,
        trouble: str = "",
        first_rows: Callable[[], QueueWindow] | None = None,
        settings_file: Path | None = None,
        checker: Checker | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        """``trouble`` is what the first-run screen says of the last attempt to add an account.

        ``first_rows`` gives what the queue shows first, where it was read beforehand; ``settings_file`` is where the
        promises are written, config.toml unless this is the demo; ``checker`` looks answers over, ``fetch`` saves attachments.
        """
        self.drawing = config.drawing
        super().__init__()
        # The key bar says what there is to say: two widgets less to lay out and paint.
        self._disable_tooltips = self._disable_notifications = True
        keymap, self._key_problems = check_keymap(config.keys)
        stream = getattr(sys.__stderr__, "encoding", None)  # where Textual writes
        self._letters = needed(os.environ, stream, locale.getencoding())
        rows = first_rows or partial(desk.queue, ALL)
        file = settings_file or find().config_file
        self.shell = Shell(desk, config, clock, limits, keymap, self, rows, file, checker, fetch)
        self._engine = engine
        self._first_run = first_run
        self._trouble = trouble
        self._signals = Signals(config, self.emit)
        self._version = 0
        self._ticks = 0
        self._obstacle = ""
        self._synced = engine is None
        self._leaving = False
        for theme in themes(few_colours=self.console.color_system == "standard"):
            self.register_theme(theme)
        self._begin_with(default_theme(config.theme, self.no_color))
        self.set_keymap({**keymap, **{_IN_QUEUE[k]: v for k, v in keymap.items() if k in _IN_QUEUE}})

    def _begin_with(self, theme: str) -> None:
        """Take a theme before the style sheets are read: assigning ``theme`` would have them all read twice."""
        self.set_reactive(App.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Take away every colour where NO_COLOR asks for it, and the marks that the terminal does not have."""
        ours = (self._letters, self._colourless if self.no_color else None)
        return [*super().get_line_filters(), *filter(None, ours)]

    def get_default_screen(self) -> MainScreen:
        """The desk is the first screen there is."""
        return MainScreen(self.shell)

    # Beginning and end ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the desk; the engine starts once it is seen."""
        self._version = self.shell.desk.version()
        if self._first_run:
            self._welcome()
        self._signals.begin()
        self._wait_for_second()
        self.call_after_refresh(self._settle_in)

    def _settle_in(self) -> None:
        if (
            not gc.isenabled()
        ):  # as the command line starts us; little of what was made until now is ever thrown away
            gc.freeze()
            gc.enable()
        if self._key_problems:
            words = _("Keys in config.toml that cannot be used: {names}")
            self.notify(words.format(names=", ".join(self._key_problems)), severity="warning")
        if self._engine is not None:
            self.run_worker(self._engine.start, thread=True, group="engine")

    def _welcome(self) -> None:
        from socialdesk.screens.first_run import FirstRun

        def chosen(choice: str | None) -> None:
            self.exit(None if choice == "quit" else choice)

        self.push_screen(FirstRun(self.speak_from_now_on, self._trouble), chosen)

    def on_unmount(self) -> None:
        """Finish what was begun: drafts are saved before the desk is left."""
        self.shell.close()
        if self._engine is not None:
            self._engine.stop()

    async def action_quit(self) -> None:
        """Leave the desk; on a screen above it, go back to it."""
        if len(self.screen_stack) > 1 and isinstance(self.screen, DeskScreen):
            self.screen.dismiss(None)
        else:
            self.action_leave_desk()

    def action_leave_desk(self) -> None:
        """Leave; where answers are on hold, say first that they are kept."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.save_draft()
        words = "" if self._leaving else self._on_leaving()
        if words:
            self._leaving = True
            self.set_timer(6, self._stay)
            self.notify(words.format(key=self.key_for("quit")))
            return
        self._signals.end()
        self.exit()

    def _on_leaving(self) -> str:
        """Return what is to be said before the desk is left; "" where nothing is."""
        if self.shell.drafts.are_held:
            return _("A draft could not be saved and is lost on leaving. {key} again quits.")
        held = self.shell.desk.last_undoable()
        return "" if held is None else _kept(held)

    def _stay(self) -> None:
        self._leaving = False

    def action_how_to_quit(self) -> None:
        """Say how to leave to whoever tries ctrl+c."""
        place = self.screen.place if isinstance(self.screen, MainScreen) else None
        at_once = place in (Place.QUEUE, Place.THREAD)
        words = _("{key} leaves.") if at_once else _("{leave}, then {key}, leaves.")
        out = "leave" if place is Place.COMPOSE else "back"
        self.notify(words.format(key=self.key_for("quit"), leave=self.key_for(out)))

    def _fatal_error(self) -> None:
        """Leave after a fault of ours. Textual's own story of it shows the values of all variables: customers' words."""
        self._close_messages_no_wait()

    # Time -----------------------------------------------------------------------------------------

    def _wait_for_second(self) -> None:
        """Tick just after the clock's next full second, so that all timers change together."""
        past = self.shell.clock.now().microsecond / 1_000_000
        self.set_timer(1.005 - past, self._second)

    def _second(self) -> None:
        self.tick()
        self._wait_for_second()

    def tick(self) -> None:
        """Let the timers run, and look whether the desk has changed."""
        now = self.shell.clock.now()
        screens = [screen for screen in self.screen_stack if isinstance(screen, DeskScreen)]
        for screen in screens:
            screen.tick(now)
        self._ticks += 1
        syncing, self._synced = self._synced, self.is_syncing()
        due = self._ticks % RECOUNT == 0 or self._ticks == STARTING or syncing != self._synced
        due |= self._ticks % LOOK == 0 and self._is_obstructed_anew()
        if self._has_changed() or due:
            for screen in screens:
                screen.changed()

    def _is_obstructed_anew(self) -> bool:
        """Say whether something has begun or ceased to keep the desk from being written; what began is told."""
        obstacle, self._obstacle = self._obstacle, self.shell.desk.obstacle()
        if self._obstacle and obstacle != self._obstacle:
            self.notify(str(explain(self._obstacle)), severity="error", timeout=30)
        return obstacle != self._obstacle

    def _has_changed(self) -> bool:
        try:
            version = self.shell.desk.version()
        except SocialdeskError:
            return False  # the next read tells what is wrong
        changed, self._version = version != self._version, version
        return changed

    # What screens may ask (screens.shell.House) ---------------------------------------------------

    def desk_written(self) -> None:
        """Wake the engine: there may be something to send."""
        self._signals.expect_changes()
        if self._engine is not None:
            self._engine.wake()

    def desk_counted(self, counts: Counts) -> None:
        """Put the numbers in the window's title, and call the person where somebody new waits or is late."""
        self._signals.counted(counts)

    def hush(self, quiet: bool) -> None:
        """Neither ring nor notify in quiet hours."""
        self._signals.quiet = quiet

    def desk_warned(self, words: str) -> None:
        """Call the person before a promise is broken."""
        self._signals.call(words)
        self.notify(words, severity="warning", timeout=12)

    def draft_failed(self, error: SocialdeskError) -> None:
        """Tell that a draft could not be saved."""
        words = _("The draft could not be saved. It stays on this screen and is saved as soon as that works.")
        self.notify(f"{words} {explain_error(error)}", severity="error")

    def is_syncing(self) -> bool:
        """Say whether an engine serves this desk."""
        return self._engine is None or self._engine.is_running()

    def is_starting(self) -> bool:
        """Say whether the desk has been opened a few seconds ago only."""
        return self._ticks < STARTING

    def emit(self, sequence: str) -> None:
        """Send a sequence to the terminal, beside what is painted."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something in the key bar of the screen in front; never as markup."""
        for screen in reversed(self.screen_stack):
            if bars := screen.query(KeyBar):
                bars.first().say(message, severity, timeout)
                return


def _kept(held: OutboxItem) -> str:
    """Return what is said of an answer that has not left when the person leaves."""
    if held.state is Delivery.AWAITING_APPROVAL:
        return _("An answer waits until somebody else approves it. {key} again quits.")
    return _("An answer on hold leaves once a socialdesk runs here. {key} again quits.")
