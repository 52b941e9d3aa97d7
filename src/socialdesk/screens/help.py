"""All keys on one page, from the same declaration that binds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from socialdesk.commands import COMMANDS, Command, Group, Where, bindings, key_name, keys_of
from socialdesk.i18n import _
from socialdesk.screens.base import DeskScreen
from socialdesk.widgets.lines import Line, LinesView
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.wrapping import cells, wrap

GAP = 3
"""Cells between the keys and what they do."""


class HelpScreen(DeskScreen):
    """Every command with its keys, under a few headings."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]
    AUTO_FOCUS = "LinesView"
    CSS = """
    LinesView { height: 1fr; padding-left: 2; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the title, the page and the key bar."""
        yield Rule(id="title")
        yield LinesView()
        yield self.bar

    def on_mount(self) -> None:
        """Name the page."""
        title = self.query_one("#title", Rule)
        title.point(True)
        title.say(_("Help"), [_("every key can be changed: [keys] in config.toml")])
        self.show_keys(Where.LIST, Where.APP)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the page out for the width."""
        keys = {command.id: self._keys(command) for command in COMMANDS}
        column = max(map(cells, keys.values())) + GAP
        width = max(20, event.size.width - column - 4)
        groups = [line for group in Group for line in self._group(group, keys, column, width)]
        self._page.set_lines([Line(), *groups])

    @property
    def _page(self) -> LinesView:
        return self.query_one(LinesView)

    def _keys(self, command: Command) -> str:
        return "  ".join(key_name(key) for key in keys_of(command, self.shell.keymap))

    def offers(self, command_id: str) -> bool:
        """Everything but itself."""
        return command_id != "help" and super().offers(command_id)

    def _group(self, group: Group, keys: Mapping[str, str], column: int, width: int) -> list[Line]:
        lines = [Line(((_(group), "theirs"),))]
        for command in COMMANDS:
            if command.group is group:
                names = keys[command.id] + " " * (column - cells(keys[command.id]))
                first, *rest = wrap(_(command.help), width)
                lines.append(Line(((names, "strong"), (first, "text"))))
                lines += [Line(((" " * column, "text"), (piece, "text"))) for piece in rest]
        return [*lines, Line()]

    def action_down(self) -> None:
        """One line down."""
        self._page.move(1)

    def action_up(self) -> None:
        """One line up."""
        self._page.move(-1)

    def action_page_down(self) -> None:
        """One page down."""
        self._page.page(1)

    def action_page_up(self) -> None:
        """One page up."""
        self._page.page(-1)

    def action_top(self) -> None:
        """The first line."""
        self._page.top()

    def action_bottom(self) -> None:
        """The last line."""
        self._page.bottom()

    def action_back(self) -> None:
        """Back to where the person was."""
        self.dismiss(None)
