"""What the desk's screens have in common."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from textual.css.query import NoMatches
from textual.dom import DOMNode

from socialdesk.commands import BY_ID, Where, bar_commands, key_name, keys_of
from socialdesk.configfile import placed
from socialdesk.errors import ConfigError, SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens.leaving import LeavesOnce
from socialdesk.screens.shell import Shell
from socialdesk.terminal.compositor import NearCompositor
from socialdesk.terminal.display import fits
from socialdesk.widgets.key_bar import Key, KeyBar
from socialdesk.wording import explain_error

R = TypeVar("R")


class DeskScreen(LeavesOnce[None]):
    """A whole screen of the desk, with its key bar at the bottom."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.bar = KeyBar()
        if fits():
            self._compositor = NearCompositor()

    def tick(self, now: datetime) -> None:
        """A second has passed."""

    def speak(self) -> None:
        """Say everything again: the language has changed."""

    def changed(self) -> None:
        """Something on the desk has changed."""

    def _clear_tooltip(self) -> None:
        """Do nothing: there are no tooltips, and Textual would look for one at every key."""

    def on_key(self) -> None:
        """Let an old notice make room for the keys."""
        self.bar.heard()

    def say(self, text: str, severity: str = "information") -> None:
        """Tell the person something, for some seconds."""
        self.bar.say(text, severity)

    def show_keys(self, *places: Where) -> None:
        """Show the keys that matter in these places."""
        keys = [
            Key(self.key_for(command.id), _(command.label), command.id, command.kept)
            for command in bar_commands(places)
            if self.offers(command.id)
        ]
        self.bar.show(keys)

    def key_for(self, command_id: str) -> str:
        """Return the first key of a command, as it is written."""
        return key_name(keys_of(BY_ID[command_id], self.shell.keymap)[0])

    async def attempt(self, work: Awaitable[R]) -> R | None:
        """Wait for a piece of work on the desk; what goes wrong is told, and gives None.

        So does a screen that was left meanwhile: what the work would be shown on is gone.
        """
        try:
            return await work
        except NoMatches:
            if self in self.app.screen_stack:
                raise
            return None
        except SocialdeskError as error:
            if self.is_attached:
                if isinstance(error, ConfigError):
                    error = placed(self.shell.settings_file, error)
                self.say(str(explain_error(error)), "error")
            return None

    async def on_key_bar_pressed(self, event: KeyBar.Pressed) -> None:
        """Do what a clicked key does."""
        event.stop()
        await self.run_command(event.command)

    def offers(self, command_id: str) -> bool:
        """Say whether a command makes sense now; key bar and palette leave the others out."""
        return command_id != "quit"  # it means "back" everywhere but on the desk itself

    def knows(self, command_id: str) -> bool:
        """Say whether a command does something here."""
        return self._actor(command_id) is not None

    async def run_command(self, command_id: str) -> None:
        """Do what a command does, here or, where this screen does not know it, in the app."""
        actor = self._actor(command_id)
        if actor is not None:
            await self.app.run_action(command_id, actor)

    def _actor(self, command_id: str) -> DOMNode | None:
        for place in (self, self.app):
            if callable(getattr(place, f"action_{command_id}", None)):
                return place
        return None
