"""Choosing what the queue shows, and finding conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from socialdesk.domain.models import QueueRow, View
from socialdesk.i18n import _
from socialdesk.screens import views
from socialdesk.screens.panes import Place
from socialdesk.screens.picks import Pick, picker
from socialdesk.screens.showing import Showing
from socialdesk.views import ALL, DONE, LATE, SNOOZED

if TYPE_CHECKING:
    from socialdesk.screens.search import Found


class Viewing(Showing):
    """The main screen's views, filters and search."""

    def action_views(self) -> None:
        """Choose a view."""
        keys = [self.key_for(f"view_{n}") for n in range(1, 7)]
        self._choose(_("View"), views.picks(self.shell.config.views, self.counts, keys))

    def action_filter(self) -> None:
        """Choose a filter."""
        self._choose(_("Filter"), views.filter_picks(self.view, self.counts))

    def action_view_1(self) -> None:
        """Show all open conversations."""
        self.look(ALL, self.queue.selected)

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

    def look(self, view: View, row: QueueRow | None = None) -> None:
        """Show the queue through another view, at a row if the view shows it, else from its top."""
        self.run_worker(self.attempt(self._look(view, row)), group="view", exclusive=True)

    async def _look(self, view: View, row: QueueRow | None) -> None:
        self.go(Place.QUEUE)
        stays = row is not None and views.fits(view, row, self.shell.clock.now())
        await self.show_view(view, row if stays else None)

    def _choose(self, title: str, picks: Sequence[Pick[View] | Pick[str]]) -> None:
        def chosen(view: View | str | None) -> None:
            if isinstance(view, View):
                self.look(view)
            elif view == "brand":
                self.action_view_3()
            elif view == "channel":
                self.action_view_4()

        here = next((n for n, pick in enumerate(picks) if pick.value == self.view), 0)
        self.app.push_screen(picker(title, picks, chosen=here), chosen)

    def action_back(self) -> None:
        """From the conversation to the queue; in the queue, take the filters away."""
        if self.place is Place.PROTOCOL:
            self.go(Place.THREAD)
        elif self.place is not Place.QUEUE:
            self.go(Place.QUEUE)
        elif self.view != ALL:
            plain = views.without_filters(self.view)
            self.look(ALL if plain == self.view else plain, self.queue.selected)

    def action_search(self) -> None:
        """Search every message."""
        from socialdesk.screens.search import SearchScreen

        def chosen(found: Found | None) -> None:
            if found is not None:
                self.run_worker(
                    self.attempt(self._go_to(found.conversation_id, found.message_id)),
                    group="view",
                    exclusive=True,
                )

        self.app.push_screen(SearchScreen(self.shell), chosen)

    def visit(self, conversation_id: int) -> None:
        """Choose a conversation, wherever it lies, and go there."""
        work = self._go_to(conversation_id, None)
        self.run_worker(self.attempt(work), group="view", exclusive=True)

    async def _go_to(self, conversation_id: int, message_id: int | None) -> None:
        row = await self.shell.read(self.shell.desk.row, conversation_id)
        here = views.fits(self.view, row, self.shell.clock.now())
        await self.show_view(self.view if here else views.home_of(row), row)
        self.open(row.id, message_id)
        self.go(Place.THREAD)
