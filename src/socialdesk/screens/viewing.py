"""Choosing what the queue shows, and finding conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from socialdesk.domain.models import View
from socialdesk.i18n import _
from socialdesk.screens import views
from socialdesk.screens.layout import Panes
from socialdesk.screens.panes import Place
from socialdesk.screens.picks import Pick, picker
from socialdesk.views import ALL, DONE, LATE, SNOOZED

if TYPE_CHECKING:
    from socialdesk.screens.search import Found


class Viewing(Panes):
    """The main screen's views, filters and search."""

    def action_views(self) -> None:
        """Choose a view."""
        self._choose(_("View"), views.picks(self.shell.config.views, self.counts))

    def action_filter(self) -> None:
        """Choose a filter."""
        self._choose(_("Filter"), views.filter_picks(self.view, self.counts))

    def action_view_1(self) -> None:
        """Show all open conversations."""
        self.look(ALL)

    def action_view_2(self) -> None:
        """Show the late ones."""
        self.look(LATE)

    def action_view_3(self) -> None:
        """Choose a brand."""
        self._choose(_("By brand"), views.brand_picks(self.view, self.counts))

    def action_view_4(self) -> None:
        """Choose a channel."""
        self._choose(_("By channel"), views.channel_picks(self.view, self.counts))

    def action_view_5(self) -> None:
        """Show what is put away until later."""
        self.look(SNOOZED)

    def action_view_6(self) -> None:
        """Show what is settled."""
        self.look(DONE)

    def look(self, view: View) -> None:
        """Show the queue through another view, from its top."""
        self.run_worker(self.attempt(self._look(view)), group="view", exclusive=True)

    async def _look(self, view: View) -> None:
        await self.show_view(view)
        self.go(Place.QUEUE)

    def _choose(self, title: str, picks: Sequence[Pick[View]]) -> None:
        def chosen(view: View | None) -> None:
            if view is not None:
                self.look(view)

        here = next((n for n, pick in enumerate(picks) if pick.value == self.view), 0)
        self.app.push_screen(picker(title, picks, chosen=here), chosen)

    def action_back(self) -> None:
        """From the conversation to the queue; in the queue, take the filters away."""
        if self.place is not Place.QUEUE:
            self.go(Place.QUEUE)
        elif self.view != ALL:
            plain = views.without_filters(self.view)
            self.look(ALL if plain == self.view else plain)

    def action_search(self) -> None:
        """Search every message."""
        from socialdesk.screens.search import SearchScreen

        def chosen(found: Found | None) -> None:
            if found is not None:
                self.run_worker(self.attempt(self._go_to(found)), group="view", exclusive=True)

        self.app.push_screen(SearchScreen(self.shell), chosen)

    async def _go_to(self, found: Found) -> None:
        row = await self.shell.read(self.shell.desk.row, found.conversation_id)
        here = views.fits(self.view, row, self.shell.clock.now())
        await self.show_view(self.view if here else views.home_of(row), row)
        self.open(row.id, found.message_id)
        self.go(Place.THREAD)
