"""The conversation: the newest messages at the bottom, older ones fetched as one scrolls up."""

from __future__ import annotations

from datetime import date, datetime

from textual import events
from textual.message import Message

from socialdesk.domain.models import Thread, ThreadMessage
from socialdesk.i18n import _
from socialdesk.widgets.lines import Line, LinesView
from socialdesk.widgets.thread_lines import day_line, is_moving, local_day, message_lines


class ThreadView(LinesView):
    """Shows one thread; opening it costs the same at any length."""

    class OlderWanted(Message):
        """The top is near and messages lie before id ``before``; answer with ``prepend``."""

        def __init__(self, conversation_id: int, before: int) -> None:
            super().__init__()
            self.conversation_id = conversation_id
            self.before = before

    def __init__(self, *, undo_key: str = "u", id: str | None = None) -> None:
        super().__init__(id=id)
        self.thread: Thread | None = None
        self._messages: list[ThreadMessage] = []
        self._older = False
        self._asked = False
        self._at: int | None = None  # the message to be seen first
        self._unplaced = False  # shown before it was laid out
        self._starts: list[int] = []  # first line of each message's own lines
        self._end_in_sight = True
        self._width = 0
        self._now: datetime | None = None
        self._undo_key = undo_key
        self._held = ""  # why an answer on hold waits longer than others

    @property
    def messages(self) -> tuple[ThreadMessage, ...]:
        """The messages at hand, oldest first."""
        return tuple(self._messages)

    def clear(self, notice: str) -> None:
        """Show no conversation, and why."""
        self.thread, self._messages, self._older = None, [], False
        self._starts = []
        self.notice(notice)
        self.set_lines([])

    def show(self, thread: Thread, now: datetime, *, at: int | None = None) -> None:
        """Show a conversation from its end, or from message ``at``; one already shown keeps its place."""
        same = self.thread is not None and self.thread.row.id == thread.row.id
        stay = same and not self.at_bottom
        if same and thread.messages == self._kept_newest(thread) and thread.row == self._row and at is None:
            self.thread = thread
            return
        older = self._before(thread) if same else []
        self._older = self._older if older else thread.older
        self._messages = [*older, *thread.messages]
        self.thread, self._now, self._asked = thread, now, False
        self._rebuild(0)
        self._at = at
        self._unplaced = not self.size
        if not self._unplaced and not (stay and at is None):
            self._place()
        self._ask_if_near_top()

    def _place(self) -> None:
        """Scroll to the message that is to be seen first, else to the end."""
        self._unplaced = False
        if self._at is not None:
            self._reveal(self._at)
        else:
            self.bottom()
        self._end_in_sight = self.at_bottom

    @property
    def _row(self) -> object:
        return self.thread.row if self.thread else None

    def _kept_newest(self, thread: Thread) -> tuple[ThreadMessage, ...]:
        return tuple(self._messages[len(self._messages) - len(thread.messages) :])

    def _before(self, thread: Thread) -> list[ThreadMessage]:
        """Return the messages at hand that are older than all of ``thread``'s."""
        first = next((m for m in thread.messages if m.outbox_id is None), None)
        if first is None:
            return []
        return [m for m in self._messages if m.outbox_id is None and (m.at, m.id) < (first.at, first.id)]

    def say_held(self, why: str) -> None:
        """Say beside the countdown why an answer on hold waits longer than others."""
        if why != self._held:
            self._held = why
            if self._messages and self._now is not None:
                self._rebuild_moving()

    def lay_out(self) -> None:
        """Make every line again, for another width or language; the end stays in sight if it was."""
        end_in_sight, share = self._end_in_sight, self.scroll_offset.y / max(1, len(self._lines))
        self._rebuild(0)
        self.go_to(len(self._lines) if end_in_sight else round(share * len(self._lines)))

    def prepend(self, thread: Thread) -> None:
        """Add a page of older messages on top; what is in sight stays where it is."""
        if self.thread is None or thread.row.id != self.thread.row.id:
            return
        known = {m.id for m in self._messages if m.outbox_id is None}
        before = len(self._lines)
        top = self.scroll_offset.y
        new = [m for m in thread.messages if m.outbox_id is None and m.id not in known]
        self._messages = [*new, *self._messages]
        self._older, self._asked = thread.older and bool(new), False
        self._rebuild(0)
        self.go_to(top + len(self._lines) - before)

    def tick(self, now: datetime) -> None:
        """Let countdowns run; only the lines after the first of them are painted again."""
        self._now = now
        self._rebuild_moving()

    def _rebuild_moving(self) -> None:
        first = next((n for n, m in enumerate(self._messages) if is_moving(m)), None)
        if first is not None:
            self._rebuild(first)

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew for another width; the last line stays in sight if it was."""
        if self.thread is None or not event.size:
            return
        if self.text_width != self._width:
            self.lay_out()
        elif self._end_in_sight:
            self.bottom()
        if self._unplaced:
            self._place()
            self._ask_if_near_top()
        self._end_in_sight = self.at_bottom

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for older messages when the top is near."""
        super().watch_scroll_y(old_value, new_value)
        self._end_in_sight = self.at_bottom
        if new_value < old_value:
            self._ask_if_near_top()

    def _ask_if_near_top(self) -> None:
        near = bool(self.size) and self.scroll_offset.y <= self.size.height
        if near and self._older and not self._asked and self.thread and self._messages:
            self._asked = True
            self.post_message(self.OlderWanted(self.thread.row.id, self._messages[0].id))

    def _reveal(self, message_id: int) -> None:
        for number, message in enumerate(self._messages):
            if message.id == message_id and message.outbox_id is None:
                self.go_to(self._starts[number] - 1)

    def _rebuild(self, first: int) -> None:
        """Make the lines of message number ``first`` and of all after it."""
        assert self._now is not None
        self._width = self.text_width
        keep = self._starts[first] if first else 0
        lines = self._lines[:keep]
        self._starts = self._starts[:first]
        if not first and self._older:
            lines.append(Line(((_("older messages above…"), "soft"),)))
        previous = local_day(self._messages[first - 1].at) if first else None
        for message in self._messages[first:]:
            previous = self._add(lines, message, previous)
        if first and lines[keep:] == self._lines[keep:]:
            return
        self.set_lines(lines, first_changed=keep)

    def _add(self, lines: list[Line], message: ThreadMessage, previous: date | None) -> date:
        assert self._now is not None
        self._starts.append(len(lines))
        today = local_day(message.at)
        if today != previous:
            lines.append(day_line(message.at))
        lines += message_lines(message, self._width, self._now, self._undo_key, self._held)
        return today
