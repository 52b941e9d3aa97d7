"""Whether another program reads the same bot, which takes messages away from us."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialdesk.connectors.contract import Host

PATIENCE = timedelta(minutes=1)
"""The old process may still be in its own long wait after a restart."""


class Rivals:
    """What the conflicts so far say.

    Two readers end each other's waits, while short visits in between succeed: only a wait that was left in peace, or a
    visit where no wait was ever disturbed, shows that nobody else is there.
    """

    def __init__(self, host: Host) -> None:
        self._clock = host.clock
        self._since: datetime | None = None
        self._disturbed = False

    @property
    def stay(self) -> bool:
        """Whether there is one for so long that it is no leftover of our own."""
        return self._since is not None and self._clock.now() - self._since >= PATIENCE

    def met(self, *, waiting: bool = False) -> None:
        """There was a conflict."""
        self._since = self._since or self._clock.now()
        self._disturbed = self._disturbed or waiting

    def let_us_read(self, *, waiting: bool = False) -> None:
        """A visit, or a whole wait, came to its end."""
        if waiting or not self._disturbed:
            self._since, self._disturbed = None, False
