"""All keys on one page, from the same declaration that binds them."""

from __future__ import annotations

from socialdesk.commands import COMMANDS, Group, key_name, keys_of
from socialdesk.i18n import _
from socialdesk.screens.list_screen import ListScreen
from socialdesk.widgets.lines import Line
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import wrap

KEYS = 22
"""Cells of the keys' column."""


class HelpScreen(ListScreen):
    """Every command with its keys, under a few headings."""

    def changed(self) -> None:
        """Lay the page out."""
        self.query_one("#title", Rule).say(_("Help"), [_("all keys, all rebindable in config.toml")])
        width = max(20, self.size.width - KEYS - 6)
        self.rows.show([self._command_lines(group, width) for group in Group], cursor=0)

    def on_resize(self) -> None:
        """Lay the page out for the new width."""
        self.changed()

    def _command_lines(self, group: Group, width: int) -> list[Line]:
        lines = [Line(((_(group), "theirs"),))]
        for command in COMMANDS:
            if command.group is group:
                names = " ".join(key_name(key) for key in keys_of(command, self.shell.keymap))
                first, *rest = wrap(_(command.help), width)
                lines.append(Line(((f"{names:<{KEYS}}", "strong"), (first, "text"))))
                lines += [Line(((" " * KEYS, "text"), (piece, "text"))) for piece in rest]
        return [*lines, Line()]
