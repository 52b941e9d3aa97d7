"""What an account spends at a network that charges: never more than its limit, and seldom enough for it to last."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

from socialdesk.clock import Clock
from socialdesk.connectors.metering import SPENT, Period, Tariff
from socialdesk.domain import spending
from socialdesk.domain.calendars import timeline
from socialdesk.domain.models import Account
from socialdesk.domain.promises import calendar_of
from socialdesk.domain.spending import Allowance
from socialdesk.errors import RateLimited, Rejected, Temporary
from socialdesk.storage import policies
from socialdesk.storage import spending as kept
from socialdesk.storage.database import Reader
from socialdesk.sync.storeroom import Storeroom

log = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)
_PATIENCE = 30.0
"""Seconds to wait for what another call has set aside; most of it comes back."""
_WEIGHT = 0.2
"""Of the newest look that brought nothing, in what such a look is believed to cost."""


class AccountPurse:
    """One account's money or points, kept in the desk file so that no restart forgets what was spent."""

    def __init__(self, account: Account, tariff: Tariff, store: Storeroom, clock: Clock) -> None:
        self._account = account
        self._store = store
        self._clock = clock
        self._look = float(tariff.look)
        self._allowance = allowance_of(tariff)
        self._aside = 0
        self._owed = 0
        self._freed = asyncio.Event()
        self._in_round = 0
        self._ready = False
        self._slowed: int | None = None

    async def left(self) -> int:
        """Return what reading may still spend in this period."""
        return max(0, await self._left(answer=False))

    async def take(self, most: int, *, answer: bool = False) -> None:
        """Set money aside, after waiting for what others have set aside where that decides.

        For an answer it is noted at once, because a crash must not forget what has left.
        """
        await self._room_for(most, answer)
        try:
            if answer:
                await self._note(0, most)
        finally:
            if answer:
                self._give_back(most)

    async def pay(self, most: int, cost: int, *, answer: bool = False) -> None:
        """Note what it did cost; where the desk cannot be written just now, with the next."""
        if answer:
            await self._note(0, cost - most)
            return
        self._owed += cost
        self._in_round += cost
        self._give_back(most)
        if self._owed:
            owed, self._owed = self._owed, 0
            try:
                await self._note(owed, 0)
            except BaseException:
                self._owed += owed
                raise

    async def _room_for(self, most: int, answer: bool) -> None:
        """Set aside as soon as there is room; raise where there would be none without what others have set aside."""
        end = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            self._aside += most
            try:
                left = await self._left(answer=answer)
            except BaseException:
                self._give_back(most)
                raise
            if left >= 0:
                return
            others = self._aside - most
            self._give_back(most)
            if left + others < 0:
                raise self._refusal(answer)
            self._freed.clear()
            pause = end - asyncio.get_running_loop().time()
            if pause <= 0:
                raise Temporary("waiting for another call's cost")
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._freed.wait()

    def _refusal(self, answer: bool) -> Rejected | RateLimited:
        if answer:
            return Rejected(code=SPENT)
        return RateLimited(until=spending.ends(self._allowance, self._clock.now()), code=SPENT)

    def _give_back(self, most: int) -> None:
        self._aside -= most
        self._freed.set()

    async def pause(self, fastest: timedelta, brought: int) -> timedelta:
        """Return how long to wait after a look that brought so many items, at least as long as the network's own pace."""
        if self._allowance.look and not brought:  # else being asked is free
            self._look += _WEIGHT * (self._in_round - self._look)
        self._in_round = 0
        now, allowance = self._clock.now(), self._allowance
        left = await self.left()
        opened, closed, is_open = await self._store.read(
            lambda r: _hours(r, self._account.brand, now, spending.ends(allowance, now))
        )
        look = round(self._look)
        found = spending.pace(look, left, fastest, opened, closed, is_open)
        slowed = round(found.open_pause / _MINUTE) * 60 if found.open_pause > fastest else 0
        if slowed != self._slowed:  # each look that was noted would cost the disk a commit
            number = self._account.id
            await self._store.write(lambda c: kept.note_pace(c, number, look, slowed))
            self._slowed = slowed
        return found.pause

    async def _left(self, *, answer: bool) -> int:
        now, allowance, number = self._clock.now(), self._allowance, self._account.id
        if not self._ready:
            await self._store.write(lambda c: kept.allow(c, number, allowance))
            self._ready = True
        first, last = spending.first_day(allowance, now), spending.last_day(allowance, now)
        days = await self._store.read(lambda r: kept.between(r, number, first, last))
        whole = allowance.limit - sum(day.total for day in days) - self._aside - self._owed
        return whole if answer else whole - spending.kept(allowance, now)

    async def _note(self, reading: int, answering: int) -> None:
        number, day = self._account.id, spending.today(self._allowance, self._clock.now())
        await self._store.write(lambda c: kept.add(c, number, day, reading, answering))


def allowance_of(tariff: Tariff) -> Allowance:
    """Return a connector's tariff as the desk keeps it."""
    return Allowance(tariff.limit, tariff.period is Period.MONTH, tariff.zone, tariff.euros, tariff.look)


def _hours(reader: Reader, brand: str, now: datetime, end: datetime) -> tuple[timedelta, timedelta, bool]:
    """Return how much of the time until the end the business is open and closed, and whether it is open now."""
    line = timeline(calendar_of(policies.in_force(reader), brand))
    opened = timedelta(seconds=line.open_seconds(now, end))
    return opened, end - now - opened, line.is_open(now)
