"""A screen that is one list, with a title and the key bar."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from socialdesk.commands import Where, bindings
from socialdesk.screens.base import DeskScreen
from socialdesk.widgets.row_list import RowList
from socialdesk.widgets.rule import Rule


class ListScreen(DeskScreen):
    """Moves in its list; escape goes back to the desk."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]
    AUTO_FOCUS = "RowList"
    CSS = """
    RowList { height: 1fr; margin-top: 1; }
    """
    PLACES: ClassVar[tuple[Where, ...]] = (Where.LIST, Where.APP)

    def compose(self) -> ComposeResult:
        """Lay out the title, the list and the key bar."""
        yield Rule(id="title")
        yield RowList()
        yield self.bar

    def on_mount(self) -> None:
        """Show what there is."""
        self.query_one("#title", Rule).point(True)
        self.show_keys(*self.PLACES)
        self.changed()

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one(RowList)

    def action_down(self) -> None:
        """Next item."""
        self.rows.move(1)

    def action_up(self) -> None:
        """Previous item."""
        self.rows.move(-1)

    def action_page_down(self) -> None:
        """A page of items down."""
        self.rows.page(1)

    def action_page_up(self) -> None:
        """A page of items up."""
        self.rows.page(-1)

    def action_top(self) -> None:
        """The first item."""
        self.rows.top()

    def action_bottom(self) -> None:
        """The last item."""
        self.rows.bottom()

    def action_back(self) -> None:
        """Back to the desk."""
        self.dismiss(None)
