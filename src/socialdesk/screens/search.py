"""Search, as one types: customers by their names and handles, then every message by its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Input

from socialdesk.channels import channel_name
from socialdesk.domain.excerpt import excerpt, marked
from socialdesk.domain.models import Direction, QueueRow, SearchHit, State
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.screens.leaving import LeavesOnce
from socialdesk.screens.shell import Shell
from socialdesk.widgets.key_bar import Key, KeyBar
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.queue_columns import UNICODE
from socialdesk.widgets.row_list import RowList
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.thread_lines import at_name
from socialdesk.wording import explain_error, moment, said, state_name

PAUSE = 0.12
"""Seconds without typing before a search begins."""

PAGE = 50

Hit = QueueRow | SearchHit
"""A customer's conversation, or a message."""


@dataclass(frozen=True, slots=True)
class Found:
    """The conversation that was chosen, and the message in it, unless it was chosen for its customer."""

    conversation_id: int
    message_id: int | None


class SearchScreen(LeavesOnce[Found | None]):
    """Shows the customers so called and the newest messages that hold the words; enter gives the chosen one."""

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
        self._hits: list[Hit] = []
        self._words = ""
        self._hits_of = ""
        self._open_first = False
        self._more = False
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the field and the results."""
        yield Rule(_("Search"))
        yield Input(
            placeholder=_("a customer, or words of a message; the last word may be unfinished"), compact=True
        )
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
        self._type(event.value)
        self._pause = self.set_timer(PAUSE, self._begin)

    def _type(self, value: str) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._words = value.strip()
        self._open_first = False

    def _begin(self) -> None:
        self.run_worker(self._search(self._words), group="search", exclusive=True)

    async def _search(self, words: str, before: int | None = None) -> None:
        hits: list[Hit] = []
        notice = _("Type what you look for.")
        if words:
            notice = _("No message and no customer has these words.")
            try:
                hits = await self.shell.search(self._find, words, before)
            except SocialdeskError as error:
                notice = str(explain_error(error))
        if words != self._words:
            return
        self._more = _messages(hits) == PAGE
        self._hits = [*self._hits, *hits] if before is not None else hits
        self._hits_of = words
        now = self.shell.clock.now()
        self._rows.notice(notice)
        self._rows.show([hit_lines(hit, words, now) for hit in self._hits], cursor=None if before else 0)
        if self._open_first:
            self._open_first = False
            self._open()

    def _find(self, words: str, before: int | None) -> list[Hit]:
        desk = self.shell.desk
        customers = desk.customers(words) if before is None else []
        return [*customers, *desk.search(words, before=before, limit=PAGE)]

    def action_move(self, lines: int) -> None:
        """Move in the results, fetching more near their end."""
        self._rows.move(lines)
        self._fetch_more()

    def action_page(self, pages: int) -> None:
        """Move by a page of results."""
        self._rows.page(pages)
        self._fetch_more()

    def _fetch_more(self) -> None:
        last = self._hits[-1] if self._hits else None
        near = self._rows.cursor > len(self._hits) - 10
        if self._more and near and self._hits_of == self._words and isinstance(last, SearchHit):
            self._more = False
            self.run_worker(self._search(self._words, last.message_id), group="search", exclusive=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open the chosen result; where the results are still those of other words, the first of the new ones."""
        if event.value.strip() == self._hits_of:
            self._open()
        else:
            self._type(event.value)
            self._open_first = True
            self._begin()

    def on_row_list_chosen(self) -> None:
        """Open the clicked result."""
        self._open()

    def _open(self) -> None:
        number = self._rows.selected
        if number is not None and number < len(self._hits):
            self.dismiss(found(self._hits[number]))


def _messages(hits: list[Hit]) -> int:
    return sum(isinstance(hit, SearchHit) for hit in hits)


def found(hit: Hit) -> Found:
    """Return where a result leads."""
    if isinstance(hit, SearchHit):
        return Found(hit.conversation_id, hit.message_id)
    return Found(hit.id, None)


def hit_lines(hit: Hit, words: str, now: datetime) -> list[Line]:
    """Return what there is to say of a result; the words that were found stand out."""
    if isinstance(hit, SearchHit):
        ours = hit.direction is Direction.OUT
        name = (hit.name or hit.handle, "ours" if ours else "strong")
        who: tuple[Piece, ...] = (name, (f" · {_('us')}" if ours else "", "soft"))
        at, text = hit.at, excerpt(hit.text, words)
    else:
        handle = [("  ", False), *marked(at_name(hit.handle), words)] if hit.name else []
        who = (*_inked(marked(hit.name or hit.handle, words), "strong"), *_inked(handle, "soft"))
        at, text = hit.last_at, [(said(hit), False)]
    place = (f"{hit.brand} · {channel_name(hit.channel)} · {moment(at, now)}", "soft")
    head = Line((*who, *_standing(hit.state)), (place,))
    return [head, Line((("  ", "text"), *_inked(text, "text"))), Line()]


def _standing(state: State) -> tuple[Piece, ...]:
    part = "warn" if state is State.WAITING else "soft"
    return (("  ", "soft"), (f"{UNICODE.states[state]} {state_name(state)}", part))


def _inked(pieces: list[tuple[str, bool]], part: str) -> list[Piece]:
    return [(text, "here" if is_found else part) for text, is_found in pieces]
