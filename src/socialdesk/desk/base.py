"""What every part of the desk stands on: the database, the clock, the settings, and the policy a write needs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.errors import ConfigError
from socialdesk.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Base:
    """A desk that can do nothing yet."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        config: Config,
        connectors: Callable[[], Collection[str]] | None = None,
        steps: Callable[[str], int | None] | None = None,
    ) -> None:
        """``connectors`` names those that there are; by default all that are installed.

        ``steps`` says how many steps a protocol has, None where it is not known; by default of those that are shipped.
        """
        self._database = database
        self._clock = clock
        self._config = config
        self._connectors = connectors or _installed
        self._steps = steps or _shipped_steps
        self._begun = False

    def _write(self) -> AbstractContextManager[Connection]:
        """Return a transaction on a desk that has its policy."""
        self._begin()
        return self._database.write()

    def _begin(self) -> None:
        if not self._begun:
            from socialdesk.storage import policies

            # Promises that cannot be used must stop no reply; the doctor and the screen's start say so.
            with suppress(ConfigError):
                policies.begin(self._database, self._config.policy, self._clock.now())
            self._begun = True

    def version(self) -> int:
        """Return a number that changes when the desk has changed."""
        return self._database.version()

    def obstacle(self) -> str:
        """Return the code of what keeps this desk from being written or sent from, or of what makes it doubtful; else ""."""
        from socialdesk.storage import damage, reserve

        path = self._database.path
        if damage.mark_of(path).exists():
            return "desk_damaged"
        if reserve.is_full(path):
            return "desk_full"
        return "desk_doubtful" if damage.is_doubted(path) else ""


def _shipped_steps(protocol: str) -> int | None:
    from socialdesk.replies import protocols

    return protocols.most_steps(protocols.shipped(), protocol)


def _installed() -> Collection[str]:
    from socialdesk.connectors import registry

    return registry.names()
