"""Keeps nobody's data for longer than their brand says: looks once a day, and when the engine starts (promise 14)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from socialdesk.storage import accounts, keeping, retention
from socialdesk.sync import trouble
from socialdesk.sync.post import Tools

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)


class Keeper:
    """Carries out the terms of keeping."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._looked: datetime | None = None
        self._waits = False

    async def look(self) -> None:
        """Do what is due, if the last look is a day ago; trouble is logged and met again the next day.

        With a clock that has leapt, only once an account was reached or a person has said ``erase --due``.
        """
        now = self._tools.clock.now()
        if self._looked is not None and timedelta() <= now - self._looked < EVERY and not self._waits:
            return
        self._looked = now
        try:
            if not await self._has_to_wait(now):
                await self._tools.store.do(lambda: self._carry_out(now))
        except Exception as error:
            log.error("the terms of keeping cannot be carried out: %s", trouble.describe(error))

    async def _has_to_wait(self, now: datetime) -> bool:
        waited, self._waits = self._waits, False
        self._waits = await self._tools.store.read(lambda r: retention.leapt(r, now))
        if self._waits and not waited:
            log.warning(
                "the clock is days ahead of the last look: the terms of keeping wait until an account is reached, or for"
                " socialdesk erase --due"
            )
            database = self._tools.store.database
            await self._tools.store.do(lambda: keeping.keep_promised(database, now))
        return self._waits

    def _carry_out(self, now: datetime) -> None:
        database = self._tools.store.database
        brands = [brand.name for brand in accounts.brands(database.read())]
        due = keeping.keep_terms(database, brands, self._tools.config.keeping_for, now)
        if any(due):
            log.info("kept until now: %d retired, %d destroyed, %d erased again", *due)
