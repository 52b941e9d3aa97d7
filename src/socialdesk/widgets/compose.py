"""Where the answer is written: its text, where it goes to, and how much room is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.document._document import Document
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from socialdesk.channels import channel_name
from socialdesk.commands import Where, bindings
from socialdesk.domain.measuring import Count
from socialdesk.domain.models import Direction, QueueRow, Seen, Thread
from socialdesk.i18n import _
from socialdesk.widgets.ink import Inks
from socialdesk.widgets.limits import Limits, SizeLimit
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.marks import Mark, Remarks, Starts, moved, nearest
from socialdesk.widgets.rule import Rule
from socialdesk.widgets.status_bar import StatusBar
from socialdesk.widgets.window_note import placeholder, with_window
from socialdesk.wording import clock_time, moment

SAVE_AFTER = 0.5
"""Seconds between typing and saving the draft: at most one second of typing may be lost, on a busy machine too."""


class Answer(TextArea):
    """The text itself; places in it can be marked."""

    DEFAULT_CSS = """
    Answer { border: none; padding: 0 1; background: $background; height: 1fr; scrollbar-size: 1 1; }
    Answer:focus { border: none; }
    Answer > .text-area--placeholder { color: $soft; }
    """

    def __init__(self) -> None:
        super().__init__(id="answer", placeholder="", highlight_cursor_line=False, show_line_numbers=False)
        self._styles: dict[str, Style] = {}
        self._marks: tuple[Mark, ...] = ()
        self._starts = Starts("")
        self._inks = Inks(self)

    def mark(self, marks: tuple[Mark, ...]) -> None:
        """Underline these places of the text as it is now."""
        if marks != self._marks:
            self._marks, self._starts = marks, Starts(self.text)
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Return a line with its marks."""
        line = super().get_line(line_index)
        if self._marks:
            for start, end, mark in self._starts.in_line(self._marks, line_index):
                line.stylize(self._style(mark.part), start, end)
        return line

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._inks.over(part) + Style(underline=True, bold=False)
        return style

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._styles.clear()
        super().notify_style_update()


class InfoLine(StatusBar):
    """The line under the text."""

    DEFAULT_CSS = """
    InfoLine { dock: none; background: $background; }
    """


class Compose(Vertical):
    """The answer to one conversation. It saves the draft by itself and never sends by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.WRITE, target="screen.", priority=True)]
    DEFAULT_CSS = """
    Compose { height: 1fr; }
    """

    class Wrote(Message):
        """Writing has begun, or the text is another one."""

    def __init__(
        self,
        measure: Callable[[str, Count], int],
        clock: Callable[[], datetime],
        save: Callable[[int, str, str], None],
    ) -> None:
        super().__init__()
        self._save_draft = save
        self._measure = measure
        self._clock = clock
        self._limits: Limits | None = None
        self._began: datetime | None = None
        self._saved = ""
        self._timer: Timer | None = None
        self._wrote_again: datetime | None = None
        self.row: QueueRow | None = None
        self.uses: list[str] = []  # the canned replies in the answer
        self.leaves_at: datetime | None = None  # when it is to leave, where a person chose that
        self.marks: tuple[Mark, ...] = ()
        self._marked = ""  # the text that the marks are in
        self._note = ""
        self.seen: Seen | None = None  # how far the conversation had come when writing began

    def compose(self) -> ComposeResult:
        """Lay out the title, the text and the line under it."""
        yield Rule(_("Answer"), id="compose-title")
        yield Answer()
        yield Remarks()
        yield InfoLine()

    @property
    def answer(self) -> Answer:
        """The text widget."""
        return self.query_one(Answer)

    @property
    def text(self) -> str:
        """The text as typed."""
        return self.answer.text

    @property
    def info(self) -> str:
        """What the line under the text says."""
        return self.query_one(InfoLine).text

    @property
    def remark(self) -> str:
        """What is said of the place at the cursor."""
        return self.query_one(Remarks).text

    @property
    def used(self) -> int:
        """Its length in the network's own unit."""
        limit = self.limit
        return self._measure(self.text, limit.count) if limit else len(self.text)

    @property
    def limit(self) -> SizeLimit | None:
        """How long it may be, or None where the network names no limit."""
        if self._limits is None or self.row is None:
            return None
        return self._limits.private_limit if self.row.private else self._limits.public_limit

    @property
    def too_long(self) -> bool:
        """Whether the network would refuse the text for its length."""
        limit = self.limit
        if limit is None:
            return False
        over_bytes = limit.max_bytes is not None and len(self.text.encode()) > limit.max_bytes
        return over_bytes or self.used > limit.size

    def show(self, thread: Thread, limits: Limits | None) -> None:
        """Compose the answer to this conversation; what was typed for another one is saved first."""
        if self.row is not None and self.row.id == thread.row.id:
            self._limits = limits or self._limits
            self._refreshed(thread)
            return
        self.flush()
        self.uses.clear()
        self.leaves_at = None
        self.row, self._limits, self._wrote_again = thread.row, limits, None
        self._began = self._clock() if thread.draft else None
        self._put(thread.draft)
        self.show_state()

    def begin(self, thread: Thread | None) -> None:
        """Writing begins, or goes on knowing what the conversation says now."""
        self.seen = thread.seen if thread else None
        self.post_message(self.Wrote())

    def clear(self) -> None:
        """Compose nothing."""
        self.flush()
        self.row = None
        self._put("")
        self.show_state()

    def replace(self, text: str) -> None:
        """Put another text in place: from the editor, or one taken back."""
        self.answer.load_text(text)
        self.answer.move_cursor(self.answer.document.end)
        self._began = self._began or self._clock()
        self.show_state()

    def empty(self) -> None:
        """Take all that is written out, as typing would: undoing brings it back."""
        self.answer.clear()
        self.uses.clear()

    def insert(self, text: str, uses: Sequence[str] = ()) -> None:
        """Put words in at the cursor, nothing typed is lost; the first blank among them is chosen, to be typed over.

        While a blank is chosen they go below all that is written, not into its sentence. ``uses`` are the canned replies
        in them, kept until the answer leaves.
        """
        if self._blank_chosen():
            self.answer.move_cursor(self.answer.document.end)
        before, after = self._around_cursor()
        gap = "\n\n" if "\n\n" in text else " "
        lead = gap if before.strip() and not before[-1:].isspace() else ""
        trail = gap if after.strip() and not after[:1].isspace() else ""
        start = len(before) + len(lead)
        self.answer.insert(f"{lead}{text}{trail}")
        self.uses.extend(uses)
        self._began = self._began or self._clock()
        self.next_blank(start, start + len(text))

    def fill_in(self, text: str) -> None:
        """Put words in place of the blank that is chosen, as typing would, or else at the cursor."""
        if self._blank_chosen():
            self.answer.replace(text, *sorted(self.answer.selection), maintain_selection_offset=False)
        else:
            self.insert(text)

    def _blank_chosen(self) -> bool:
        from socialdesk.replies.filling import blanks

        start, end = sorted(map(self._document.get_index_from_location, self.answer.selection))
        return (start, end) in blanks(self.text)

    def next_blank(self, start: int | None = None, end: int | None = None) -> bool:
        """Choose the next blank after the cursor, or the first one; say whether there is one."""
        from socialdesk.replies.filling import blanks

        found = [place for place in blanks(self.text) if end is None or place[1] <= end]
        after = len(self._around_cursor()[0]) if start is None else start
        place = next((one for one in found if one[0] >= after), found[0] if start is None and found else None)
        if place is not None:
            self.choose(*place)
        return place is not None

    def go_to_end(self) -> None:
        """Go on writing behind the last sentence."""
        self.answer.move_cursor(self.answer.document.end)

    @property
    def _document(self) -> Document:
        document = self.answer.document
        assert isinstance(document, Document)
        return document

    def _around_cursor(self) -> tuple[str, str]:
        return self.text[: self.cursor], self.text[self.cursor :]

    def sent(self) -> None:
        """Forget the text: it is on its way and its draft is gone."""
        self._saved, self._began, self._wrote_again = "", None, None
        self.uses.clear()
        self.leaves_at = None
        self._put("")
        self.show_state()

    def settle(self) -> None:
        """Save no more by itself: the text is about to leave, or is saved now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def flush(self) -> None:
        """Save the draft now if it was changed."""
        self.settle()
        if self.row is not None and self.text != self._saved:
            over, self._saved = self._saved, self.text
            self._save_draft(self.row.id, self.text, over)

    @property
    def unsaved(self) -> tuple[int, str] | None:
        """The conversation and text of a draft that is not saved yet."""
        if self.row is None or self.text == self._saved:
            return None
        return self.row.id, self.text

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Count, and save a little later."""
        event.stop()
        if self.row is None:
            return
        if not self.text:
            self._began = None
        elif self._began is None:
            self._began = self._clock()
        if self._timer is None and self.text != self._saved:
            self._timer = self.set_timer(SAVE_AFTER, self._save)
        self._show_marks(moved(self.marks, self._marked, self.text) if self.marks else ())
        self.post_message(self.Wrote())
        self.show_state()

    # Marks ----------------------------------------------------------------------------------------

    def mark(self, marks: Sequence[Mark], note: str = "") -> None:
        """Mark these places of the text as it is now; ``note`` is said where there are none."""
        self._note = note
        self._show_marks(tuple(marks))

    def _show_marks(self, marks: tuple[Mark, ...]) -> None:
        self.marks, self._marked = marks, self.text
        self.answer.mark(marks)
        self._show_remark()

    def _show_remark(self) -> None:
        remarks = self.query_one(Remarks)
        number = nearest(self.marks, self.cursor) if self.marks else None
        if number is None:
            remarks.show(None, self._note)
        else:
            remarks.show(self.marks[number], f"{number + 1}/{len(self.marks)}")

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Say what is to be said of the place at the cursor."""
        event.stop()
        if self.marks:
            self._show_remark()

    @property
    def cursor(self) -> int:
        """Where the cursor is, in code points."""
        return self._document.get_index_from_location(self.answer.cursor_location)

    def choose(self, start: int, end: int) -> None:
        """Select a place of the text, so that typing replaces it."""
        self.answer.selection = Selection(*map(self._document.get_location_from_index, (start, end)))

    def put(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Write this in place of what stands there; that can be taken back like typing."""
        stop = len(self.text) if end is None else end
        self.answer.replace(text, *map(self._document.get_location_from_index, (start, stop)))

    def _save(self) -> None:
        self._timer = None
        self.flush()

    def _refreshed(self, thread: Thread) -> None:
        self.row = thread.row
        heard = [m.at for m in thread.messages if m.direction is Direction.IN and not m.context]
        if self._began is not None and heard and max(heard) > self._began and self.text:
            self._wrote_again = max(heard)
        if self.text == self._saved and thread.draft != self._saved and not self.has_focus_within:
            self._put(thread.draft)
        self.show_state()

    def _put(self, text: str) -> None:
        self._saved = text
        self.mark(())  # what was said of another text is not true of this one
        if self.text != text:
            self.answer.load_text(text)
            self.answer.move_cursor(self.answer.document.end)

    def show_state(self) -> None:
        """Bring the title and the line under the text up to date."""
        row, title = self.row, self.query_one("#compose-title", Rule)
        now, remark = self._clock(), self._remark()
        self.answer.placeholder = placeholder(row, now)
        if row is None:
            title.say(_("Answer"))
            self.query_one(InfoLine).show(Line())
            return
        where = _("Private answer") if row.private else _("Public answer")
        later = _("leaves {when}").format(when=moment(self.leaves_at, now)) if self.leaves_at else ""
        title.say(where, [later, channel_name(row.channel)])
        remarks = [remark] if self.too_long else with_window(remark, row, now)
        self.query_one(InfoLine).show(*[Line(one, self._room()) for one in remarks])

    def _remark(self) -> tuple[Piece, ...]:
        if self.too_long:
            return ((f" ! {_('too long: shorten it')}", "bad"),)
        if self._wrote_again is not None:
            again = _("the customer wrote again at {time}").format(time=clock_time(self._wrote_again))
            return ((f" ! {again}", "warn"),)
        if self.text:
            kept = _("draft saved") if self.text == self._saved else _("draft")
            return ((f" {kept}", "soft"),)
        return ()

    def _room(self) -> tuple[Piece, ...]:
        limit = self.limit
        if limit is None:
            return ((f"{len(self.text)} ", "soft"),) if self.text else ()
        used = self.used
        part = "bad" if self.too_long else "warn" if used > limit.size * 9 // 10 else "soft"
        return ((f"{used}/{limit.size} ", part),)
