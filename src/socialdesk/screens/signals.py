"""Calls the person who looks elsewhere: window title, bell and desktop notification; each can be off."""

from __future__ import annotations

from collections.abc import Callable

from socialdesk.config import Config
from socialdesk.domain.models import Counts
from socialdesk.i18n import ngettext
from socialdesk.terminal import signals as sequences

NAME = "socialdesk"


class Signals:
    """Tells what the counts mean to the terminal."""

    def __init__(self, config: Config, emit: Callable[[str], None]) -> None:
        self._config = config
        self._emit = emit
        self._counts: Counts | None = None
        self._ours = False
        self.quiet = False
        """It is quiet hours: neither bell nor notification."""

    def begin(self) -> None:
        """Put the window's own title aside."""
        if self._config.title:
            self._emit(sequences.keep_title() + sequences.title(NAME))

    def end(self) -> None:
        """Give the window its title back."""
        if self._config.title:
            self._emit(sequences.give_title_back())

    def expect_changes(self) -> None:
        """The next change of the counts is the person's own doing: no call."""
        self._ours = True

    def counted(self, counts: Counts) -> None:
        """Show the new counts, and call where more wait or more are late than before."""
        before, self._counts = self._counts, counts
        if before is not None and (before.waiting, before.late) == (counts.waiting, counts.late):
            return
        if self._config.title:
            self._emit(sequences.title(title(counts)))
        ours, self._ours = self._ours, False
        if before is None or ours:
            return
        if counts.late > before.late:
            self.call(ngettext("{n} is late", "{n} are late", counts.late).format(n=counts.late))
        elif counts.waiting > before.waiting:
            self.call(ngettext("{n} waits", "{n} wait", counts.waiting).format(n=counts.waiting))

    def call(self, words: str) -> None:
        """Ring and notify, as far as the person lets us."""
        if self.quiet:
            return
        if self._config.bell:
            self._emit(sequences.BELL)
        if self._config.notify:
            self._emit(sequences.notification(NAME, words))


def title(counts: Counts) -> str:
    """Return the window's title: "socialdesk · 7 · 2 late"."""
    parts = [NAME]
    if counts.waiting:
        parts.append(str(counts.waiting))
    if counts.late:
        parts.append(ngettext("{n} late", "{n} late", counts.late).format(n=counts.late))
    return " · ".join(parts)
