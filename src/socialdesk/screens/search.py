"""Full-text search over every message, as one types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from socialdesk.channels import channel_name
from socialdesk.domain.models import Direction, SearchHit
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens.shell import Shell
from socialdesk.widgets.key_bar import Key, KeyBar
from socialdesk.widgets.lines import Line
from socialdesk.widgets.row_list import RowList
from socialdesk.widgets.rule import Rule
from socialdesk.wording import explain_error, moment

PAUSE = 0.12
"""Seconds without typing before a search begins."""

PAGE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The message that was chosen."""

    conversation_id: int
    message_id: int


class SearchScreen(Screen[Found | None]):
    """Shows the newest messages that hold the words; enter gives the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]
    AUTO_FOCUS = "Input"
    CSS = """
    SearchScreen { background: $background; }
    SearchScreen Input { border: none; height: 1; padding: 0 1; margin: 1 0; background: $panel; }
    SearchScreen RowList { height: 1fr; background: $background; }
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self._hits: list[SearchHit] = []
        self._words = ""
        self._more = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the field and the results."""
        yield Rule(_("Search"))
        yield Input(placeholder=_("words in any message; the last one may be unfinished"), compact=True)
        rows = RowList()
        rows.can_focus = False
        yield rows
        yield KeyBar()

    def on_mount(self) -> None:
        """Invite to type."""
        self.query_one(Rule).point(True)
        self._rows.notice(_("Type what you look for."))
        keys = [("↓ ↑", _("Choose")), ("enter", _("Open")), ("esc", _("Back"))]
        self.query_one(KeyBar).show([Key(key, label, "") for key, label in keys])

    @property
    def _rows(self) -> RowList:
        return self.query_one(RowList)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search once the typing pauses."""
        if self._pause is not None:
            self._pause.stop()
        self._words = event.value.strip()
        self._pause = self.set_timer(PAUSE, self._begin)

    def _begin(self) -> None:
        self.run_worker(self._search(self._words), group="search", exclusive=True)

    async def _search(self, words: str, before: int | None = None) -> None:
        hits: list[SearchHit] = []
        notice = _("Type what you look for.")
        if words:
            notice = _("No message holds these words.")
            try:
                hits = await self.shell.search(self.shell.desk.search, words, before=before, limit=PAGE)
            except SocialdeskError as error:
                notice = str(explain_error(error))
        if words != self._words:
            return
        self._more = len(hits) == PAGE
        self._hits = [*self._hits, *hits] if before is not None else hits
        now = self.shell.clock.now()
        self._rows.notice(notice)
        self._rows.show([hit_lines(hit, now) for hit in self._hits], cursor=None if before else 0)

    def action_move(self, lines: int) -> None:
        """Move in the results, fetching more near their end."""
        self._rows.move(lines)
        self._fetch_more()

    def action_page(self, pages: int) -> None:
        """Move by a page of results."""
        self._rows.page(pages)
        self._fetch_more()

    def _fetch_more(self) -> None:
        if self._more and self._rows.cursor > len(self._hits) - 10:
            self._more = False
            last = self._hits[-1].message_id
            self.run_worker(self._search(self._words, last), group="search", exclusive=True)

    def on_input_submitted(self) -> None:
        """Open the chosen result."""
        self.on_row_list_chosen()

    def on_row_list_chosen(self) -> None:
        """Open the clicked result."""
        number = self._rows.selected
        if number is not None and number < len(self._hits):
            hit = self._hits[number]
            self.dismiss(Found(hit.conversation_id, hit.message_id))


def hit_lines(hit: SearchHit, now: datetime) -> list[Line]:
    """Return what there is to say of a result."""
    ours = hit.direction is Direction.OUT
    name = hit.name or hit.handle
    head = Line(
        ((name, "ours" if ours else "strong"), (f" · {_('us')}" if ours else "", "soft")),
        ((f"{hit.brand} · {channel_name(hit.channel)} · {moment(hit.at, now)}", "soft"),),
    )
    return [head, Line((("  " + " ".join(hit.text.split()), "text"),)), Line()]
