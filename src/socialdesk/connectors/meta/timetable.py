"""When to do what need not be done at each visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

_WHILE_BUSY = 5


class Timetable:
    """What was done when, for as long as this process lives; less often while Meta counts much."""

    def __init__(self, pauses: Mapping[str, timedelta]) -> None:
        self._pauses = pauses
        self._again: dict[str, datetime] = {}
        self._lacking: frozenset[str] = frozenset()

    def forget(self) -> None:
        """Do everything at the next visit."""
        self._again.clear()

    def due(self, what: str, now: datetime, *, busy: bool = False) -> bool:
        """Say whether it is time for something, and note that it is done now."""
        again = self._again.get(what)
        if again is not None and now < again:
            return False
        self._again[what] = now + self._pauses[what] * (_WHILE_BUSY if busy else 1)
        return True

    def changed(self, lacking: Collection[str]) -> bool:
        """Say whether something else is missing than the last time."""
        former, self._lacking = self._lacking, frozenset(lacking)
        return former != self._lacking
