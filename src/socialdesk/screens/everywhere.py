"""The commands that work on every screen: all keys, commands by name, colours, language."""

from __future__ import annotations

from pathlib import Path

from textual.app import App

from socialdesk import i18n
from socialdesk.commands import BY_ID, COMMANDS, Group, key_name, keys_of
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.paths import find
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.shell import Shell
from socialdesk.wording import explain_error


class Everywhere(App[str]):
    """What the app itself does, wherever the person is."""

    shell: Shell

    def key_for(self, command_id: str) -> str:
        """Return the first key of a command, as it is written."""
        return key_name(keys_of(BY_ID[command_id], self.shell.keymap)[0])

    def action_help(self) -> None:
        """Show all keys."""
        from socialdesk.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.shell))

    def action_palette(self) -> None:
        """Find a command by its name."""
        screen = self.screen
        if not isinstance(screen, DeskScreen):
            return
        keys = {c.id: " ".join(key_name(key) for key in keys_of(c, self.shell.keymap)) for c in COMMANDS}
        known = sorted(
            (c for c in COMMANDS if screen.knows(c.id) and screen.offers(c.id)),
            key=lambda c: c.group is Group.MOVE,
        )
        picks = [Pick(f"{_(c.label)} · {_(c.help)}", keys[c.id], c.id) for c in known]

        async def chosen(command_id: str | None) -> None:
            if command_id is not None:
                await screen.run_command(command_id)

        self.push_screen(picker(_("Commands"), picks), chosen)

    def action_theme(self) -> None:
        """Choose colours."""
        names = {
            "dark": _("Dark"),
            "light": _("Light"),
            "contrast": _("High contrast"),
            "mono": _("Monochrome"),
        }

        def chosen(name: str | None) -> None:
            if name is not None:
                self.theme = name
                self._keep("theme", name)

        picks = [Pick(label, _in_use(name == self.theme), name) for name, label in names.items()]
        self.push_screen(picker(_("Theme"), picks, chosen=list(names).index(self.theme)), chosen)

    def action_language(self) -> None:
        """Choose the language of the desk."""

        def chosen(language: str | None) -> None:
            if language is not None:
                self.speak_from_now_on(language)

        now = i18n.language()
        picks = [Pick("Español", _in_use(now == "es"), "es"), Pick("English", _in_use(now == "en"), "en")]
        self.push_screen(picker(_("Language"), picks, chosen=int(now == "en")), chosen)

    def speak_from_now_on(self, language: str) -> None:
        """Say everything in another language, now and at the next start."""
        i18n.choose(language)
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.speak()
        self._keep("language", language)

    def _keep(self, setting: str, value: str) -> None:
        """Write what was chosen into config.toml, for the next start."""
        from socialdesk import configedit

        async def work() -> None:
            try:
                file = find().config_file
                await self.shell.read(configedit.keep, file, setting, value)
            except SocialdeskError as error:
                self.notify(str(explain_error(error)), severity="warning", timeout=12)
            else:
                self.notify(_("Kept for the next start, in {path}").format(path=_short(file)))

        self.run_worker(work(), group="settings")


def _in_use(it_is: bool) -> str:
    return "✓ " + _("in use") if it_is else ""


def _short(path: Path) -> str:
    """Return a path as people write it; the key bar is short."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
