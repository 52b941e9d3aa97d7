"""Looks after the desk file: examines it once when the engine starts, and keeps a backup of each day (promise 8).

Both read the whole file, so they run beside the engine's own thread and give way to everybody. Where the desk turns out
to be damaged, that is remembered beside it, and nobody writes it any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from socialdesk.errors import DeskFileError
from socialdesk.storage import backup, damage
from socialdesk.sync import trouble
from socialdesk.sync.post import Tools

log = logging.getLogger(__name__)

EVERY = 3600.0
"""Seconds between looks whether the day has its backup."""


class Caretaker:
    """Calls ``damaged`` once where the desk is."""

    def __init__(self, tools: Tools, damaged: Callable[[DeskFileError], None]) -> None:
        self._tools = tools
        self._damaged = damaged
        self._examined = False

    async def run(self) -> None:
        """Look after the desk until cancelled, or until it is damaged."""
        while True:
            now = self._tools.clock.now()
            try:
                await self._tools.store.beside(lambda at=now: self._look(at))  # type: ignore[misc]
            except DeskFileError as error:
                if error.code == "desk_damaged":
                    log.error("nothing is received or sent any more: %s", error.detail)
                    self._damaged(error)
                    return
                log.error("no backup was made: %s", trouble.describe(error))
            except Exception as error:
                log.error("the desk was not looked after: %s", trouble.describe(error))
            await self._tools.pace.until(asyncio.Event(), EVERY)

    def _look(self, now: datetime) -> None:
        path = self._tools.store.database.path
        if not self._examined:
            if faults := damage.examine(path):
                damage.note(path, "; ".join(faults))
                raise damage.damaged(path, "; ".join(faults))
            self._examined = True
        try:
            made = backup.daily(path, now, self._tools.config.backups)
        except DeskFileError as error:
            if error.code == "desk_damaged":
                damage.note(path, error.detail)
            raise
        if made:
            log.info("backup made: %s", made.name)
            if damage.is_doubted(path):
                log.error("the content of the desk does not agree with itself: socialdesk doctor says more")
