"""The main screen: moving about in it, and the doors to the other screens.

Other screens are imported when they are first opened: the start needs none of them.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from socialdesk.commands import Where, bindings
from socialdesk.domain.models import State
from socialdesk.domain.outbox import UNDOABLE
from socialdesk.i18n import _
from socialdesk.screens.acting import Acting
from socialdesk.screens.base import DeskScreen
from socialdesk.screens.committing import Committing
from socialdesk.screens.fetching import Fetching
from socialdesk.screens.following import Following
from socialdesk.screens.helping import Helping
from socialdesk.screens.noting import Noting
from socialdesk.screens.panes import Place
from socialdesk.screens.promising import Promising
from socialdesk.screens.secluding import Secluding
from socialdesk.screens.viewing import Viewing
from socialdesk.views import ALL
from socialdesk.widgets.lines import LinesView

_ORDER = (Place.QUEUE, Place.THREAD, Place.PROTOCOL, Place.COMPOSE)


class MainScreen(
    Following, Committing, Secluding, Noting, Fetching, Acting, Viewing, Promising, Helping, DeskScreen
):
    """The desk. Keys go to the pane that has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.DESK)]

    @property
    def _lines(self) -> LinesView:
        """What is moved in: the protocol, else the conversation."""
        protocol = self._protocol if self.place is Place.PROTOCOL else None
        return self.thread if protocol is None else protocol.rows

    def action_down(self) -> None:
        """One line down in the conversation."""
        self._lines.move(1)

    def action_up(self) -> None:
        """One line up in the conversation."""
        self._lines.move(-1)

    def action_page_down(self) -> None:
        """One page down, in the queue or the conversation."""
        if self.place is Place.QUEUE:
            self.queue.action_page(1)
        else:
            self._lines.page(1)

    def action_page_up(self) -> None:
        """One page up, in the queue or the conversation."""
        if self.place is Place.QUEUE:
            self.queue.action_page(-1)
        else:
            self._lines.page(-1)

    def action_top(self) -> None:
        """The oldest message at hand."""
        self._lines.top()

    def action_bottom(self) -> None:
        """The newest message."""
        self._lines.bottom()

    def action_open(self) -> None:
        """Open the conversation; in it, write the answer."""
        if self.place is Place.QUEUE:
            self.queue.action_choose()
        else:
            self.action_reply()

    def action_next_pane(self) -> None:
        """Give the keys to the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Give the keys to the pane before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        order = [place for place in _ORDER if place is not Place.PROTOCOL or self.followed is not None]
        place = order[(order.index(self.place) + by) % len(order)]
        self.save_draft()
        if place is Place.COMPOSE:
            self.action_reply()
            return
        if place is Place.THREAD and self.target is not None:
            self.open(self.target.id)
        self.go(place)

    def action_links(self) -> None:
        """Show the links of the conversation."""
        from socialdesk.screens.links import links_of, show_links

        found = links_of(self.thread.messages)
        if found:
            show_links(self.app, found, self.say)
        else:
            self.say(_("There is no link in this conversation."))

    def action_accounts(self) -> None:
        """Show how every account is doing."""
        from socialdesk.screens.accounts import AccountsScreen

        self.app.push_screen(AccountsScreen(self.shell))

    def action_outbox(self) -> None:
        """Show the answers on their way."""
        from socialdesk.screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen(self.shell, self.visit), lambda _result: self.changed())

    def offers(self, command_id: str) -> bool:
        """Leave out what would change nothing now."""
        row, writing = self.target, self.place is Place.COMPOSE
        match command_id:
            case "open":
                return row is not None and self.place is Place.QUEUE
            case "back":
                return not writing and (self.place is not Place.QUEUE or self.view != ALL)
            case "why":
                return row is not None and row.due_at is not None
            case (
                "reply"
                | "editor"
                | "snooze"
                | "links"
                | "situation"
                | "commitments"
                | "protocol"
                | "take_private"
                | "acts"
                | "attachments"
            ):
                return row is not None
            case "resolve" | "no_reply":
                return row is not None and row.state is not State.DONE
            case "reopen":
                return row is not None and row.state in (State.DONE, State.SNOOZED)
            case "undo":
                return bool(self.done) or any(row.delivery in UNDOABLE for row in self.queue.window.rows)
            case "step" | "say_words" | "end_protocol":
                return self.place is Place.PROTOCOL
            case "send" | "send_later" | "findings" | "write_editor" | "leave":
                return writing
            case "write_undo" | "write_redo" | "write_empty":
                return writing
        return True
