"""Keys that are typed faster than the screen follows go where they were meant for (NEEDS B1, C2).

Over a slow line several keys arrive at once: "r" and the first words of the answer. Without care those words would
reach the queue as commands, and settle conversations. So one key is handled after the other, each once the one before it
has been obeyed and what it opened has the keys.
"""

from __future__ import annotations

from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.worker import WorkerState

from socialdesk.widgets.line_view import LineView

OPENING = frozenset({"open", "snooze", "later", "write-down", "findings"})
"""Groups of workers that lead to another place; keys wait until they are there."""

CLIMBS = 2
"""Ways up behind a key: what it said to a widget, and what the widget says of it (that a line was submitted)."""

LOOK = 0.01
"""Seconds between looks whether that has come about."""

PATIENCE = 3.0
"""Seconds that keys wait at most; whatever is not there by then has failed."""

Way = tuple[MessagePump, events.Key, int]
"""Where a key was handed to, the key, and how many ways up are left behind it."""


class TypesAhead(App[str]):
    """The part of the app that hands out keys."""

    _typed: deque[events.Key]
    _at_work: events.Key | None = None
    _since = 0.0

    async def on_event(self, event: events.Event) -> None:
        """Keep a fresh key in line; everything else goes its usual way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._waiting.append(event)
        key = self._at_work
        if key is None:
            await self._next_key()
        else:  # its way may have led over something that has gone
            left = PATIENCE - (monotonic() - self._since)
            self.set_timer(max(left, LOOK), lambda: self._give_up(key))

    @property
    def _waiting(self) -> deque[events.Key]:
        if not hasattr(self, "_typed"):
            self._typed = deque()
        return self._typed

    async def _next_key(self) -> None:
        """Hand out the next key and follow it on its way up to us, where its command is run."""
        self._at_work = None
        if self._waiting and self.is_running:
            key = self._at_work = self._waiting.popleft()
            self._since = monotonic()
            target = self.focused or self.screen
            await super().on_event(key)
            if isinstance(target, LineView):
                target.call_later(self._obeyed, key)  # it runs a key's command itself
            else:
                self._follow(target, (target, key, CLIMBS))

    def _follow(self, node: MessagePump, way: Way) -> None:
        """Walk behind the key: what is queued after it is run after it."""
        if not node.call_later(self._arrived, node, way):
            self.call_later(self._obeyed, way[1])

    def _arrived(self, node: MessagePump, way: Way) -> None:
        target, key, climbs = way
        if node is not self:
            above = node.parent if isinstance(node, DOMNode) else None
            self._follow(above or self, way)
        elif climbs > 1:
            self._follow(target, (target, key, climbs - 1))
        else:
            self._obeyed(key)

    def _obeyed(self, key: events.Key) -> None:
        """Go on once what the key has opened is there."""
        if key is not self._at_work:
            return
        if self._is_opening() and monotonic() - self._since < PATIENCE:
            self.set_timer(LOOK, lambda: self._obeyed(key))
        elif self._waiting:
            self.call_later(self._next_key)
        else:
            self._at_work = None

    def _give_up(self, key: events.Key) -> None:
        """Wait for this key no longer."""
        if key is self._at_work:
            self.call_later(self._next_key)

    def _is_opening(self) -> bool:
        screen = self.screen
        if not screen.is_mounted or (screen.focused is None and screen.focus_chain):
            return True
        return any(
            worker.group in OPENING
            and worker.node is screen
            and worker.state in (WorkerState.PENDING, WorkerState.RUNNING)
            for worker in self.workers
        )
