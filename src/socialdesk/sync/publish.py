"""Shows the wait clock where the customers are: in the accounts' profiles and in files for web pages (NEEDS A6).

Every five minutes the clock is read; an account is written to only when the words change. What is shown is taken away
where it is no longer wanted: switched off, paused, or nobody left who keeps the clock going. Nothing here can hold up
receiving or sending.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from socialdesk.clockwords import sentence
from socialdesk.connectors.contract import Connector
from socialdesk.connectors.notices import NO_ROOM
from socialdesk.domain.models import AccountState
from socialdesk.domain.waitclock import Expected, Reading
from socialdesk.errors import AuthRequired, RateLimited, Rejected
from socialdesk.i18n import language
from socialdesk.storage import clocks, notices, policies, standing
from socialdesk.storage.database import Reader
from socialdesk.storage.notices import Shown
from socialdesk.storage.standing import Enrolled
from socialdesk.sync import clockfiles, trouble
from socialdesk.sync.opening import Opener
from socialdesk.sync.pace import back_off
from socialdesk.sync.post import LONGEST_WISH, Tools
from socialdesk.sync.settings import ClockFollower
from socialdesk.sync.work import Work

log = logging.getLogger(__name__)

EVERY = 300.0
"""Seconds between two looks at the clock."""
FIRST = 15.0
"""Seconds until the first one: by then the accounts have been reached."""
LIMIT = 30.0
LAST_WORDS = 4.0
"""Seconds that taking the notices away may take when the engine leaves."""

NOTHING = Expected(0, None, None, None, True, None)


class UnsupportedError(Exception):
    """The network has no place for a notice."""


@dataclass(slots=True)
class _Patience:
    """How often an account has failed in a row, and when it is tried again."""

    failures: int
    again: datetime


@dataclass(frozen=True, slots=True)
class _Look:
    """The desk as one round finds it."""

    accounts: list[Enrolled]
    shown: dict[int, Shown]
    readings: list[Reading]


class Publisher:
    """Keeps what is shown in step with the clock and the settings.

    ``works`` are the accounts at work, whose connectors it borrows; those in ``ending`` are left alone for now.
    """

    def __init__(
        self,
        tools: Tools,
        opener: Opener,
        settings: ClockFollower,
        works: Mapping[int, Work],
        ending: Container[int],
    ) -> None:
        self._tools = tools
        self._opener = opener
        self._settings = settings
        self._works = works
        self._ending = ending
        self._patience: dict[int, _Patience] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Keep the clock until cancelled."""
        delay = FIRST
        while True:
            await self._tools.pace.until(self._wake, delay)
            delay = await self.once()

    async def once(self) -> float:
        """Do one round, whatever becomes of it; returns the seconds until the next."""
        try:
            return await self.round()
        except Exception as error:
            log.error("the wait clock cannot be shown: %s", trouble.describe(error))
            return EVERY

    def look(self) -> None:
        """Look now: an account has come or gone."""
        self._wake.set()

    async def round(self) -> float:
        """Show what is to be shown now; returns the seconds until the next look."""
        now, settings = self._tools.clock.now(), self._settings.clock()
        look = await self._tools.store.read(lambda r: _look(r, now))
        if look.readings:
            await self._tools.store.write(lambda c: [clocks.keep(c, one) for one in look.readings])
        tongues = settings.languages or (self._tools.config.language or language(),)
        if settings.files:
            made = await self._tools.store.read(
                lambda r: clockfiles.texts(r, look.readings, settings.files, tongues[0])
            )
            await self._tools.store.do(lambda: clockfiles.write(made))
        await asyncio.gather(
            *(self._settle(one, look, tongues, one.account.name in settings.publish) for one in look.accounts)
        )
        return self._delay(self._tools.clock.now())

    async def leave(self) -> None:
        """Take away what nobody will keep up to date from now on; what cannot be is taken away at the next start, if need be."""
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self._take_all_away()
        except Exception as error:
            log.warning("the wait clock may still be shown: %s", trouble.describe(error))

    async def _take_all_away(self) -> None:
        now = self._tools.clock.now()
        look = await self._tools.store.read(lambda r: _look(r, now))
        await asyncio.gather(
            *(
                self._publish(one, (), NOTHING)
                for one in look.accounts
                if one.account.id in self._works and notices.may_be_seen(look.shown.get(one.account.id))
            )
        )

    def _delay(self, now: datetime) -> float:
        moments = [(one.again - now).total_seconds() for one in self._patience.values()]
        return min(EVERY, *(max(seconds, 1.0) for seconds in moments)) if moments else EVERY

    # One account ----------------------------------------------------------------

    async def _settle(self, enrolled: Enrolled, look: _Look, tongues: Sequence[str], wanted: bool) -> None:
        account = enrolled.account
        if self._is_moving(account.id):
            return
        place = (account.brand, account.channel)
        reading = next((one for one in look.readings if (one.brand, one.channel) == place), None)
        wanted = wanted and not enrolled.paused and reading is not None
        words = said(reading, tongues) if wanted and reading is not None else []
        shown = look.shown.get(account.id, Shown("", True))
        if shown.sure and shown.words in (words or [""]):
            self._patience.pop(account.id, None)
            return
        if wanted and account.state is not AccountState.OK:
            return  # what troubles it is told already, and its turn comes when that is over
        patience = self._patience.get(account.id)
        if patience is not None and patience.again > self._tools.clock.now():
            return
        await self._publish(enrolled, words, reading.expected if reading else NOTHING)

    def _is_moving(self, number: int) -> bool:
        """Say whether the work on an account is just beginning or ending: two must not sign in at once."""
        return number in self._ending or (number in self._works and self._works[number].post is None)

    async def _publish(self, enrolled: Enrolled, texts: Sequence[str], expected: Expected) -> None:
        """Show the first of these texts that fits; none takes away what is shown."""
        number, store, now = enrolled.account.id, self._tools.store, self._tools.clock.now()
        begun = texts[0] if texts else ""
        await store.write(lambda c: notices.begin(c, number, begun, expected, now))
        try:
            words = await self._tools.pace.limit(LIMIT, self._put(enrolled, texts))
        except Exception as error:
            await self._failed(enrolled, error)
        else:
            self._patience.pop(number, None)
            await store.write(lambda c: notices.done(c, number, words, now))

    async def _put(self, enrolled: Enrolled, texts: Sequence[str]) -> str:
        work = self._works.get(enrolled.account.id)
        if work is not None and work.post is not None:
            return await _show(work.post.connector, texts)
        return await show(self._opener, enrolled, texts)

    async def _failed(self, enrolled: Enrolled, error: Exception) -> None:
        account, now = enrolled.account, self._tools.clock.now()
        known = self._patience.get(account.id)
        failures = known.failures + 1 if known else 1
        again = now + timedelta(seconds=back_off(failures, self._tools.random))
        if isinstance(error, RateLimited) and error.until is not None:
            again = max(again, min(error.until, now + LONGEST_WISH))
        self._patience[account.id] = _Patience(failures, again)
        code = code_of(error)
        if failures == 1:
            log.warning(
                "account %s: the wait clock is not shown: %s: %s", account.name, code, trouble.describe(error)
            )
        await self._tools.store.write(lambda c: notices.failed(c, account.id, code))


def said(reading: Reading, tongues: Sequence[str]) -> list[str]:
    """Return the words to show, in all the languages, then in ever fewer, should there be no room; none if nothing is known."""
    expected = reading.expected
    if expected.high is None and expected.opens_at is None and expected.answers_from is None:
        return []
    texts = [sentence(expected, reading.at, reading.zone, tongue) for tongue in tongues]
    return [" · ".join(texts[:count]) for count in range(len(texts), 0, -1)]


def code_of(error: Exception) -> str:
    """Return the problem code to show beside the account."""
    match error:
        case Rejected(code=code) if code == NO_ROOM:
            return NO_ROOM
        case UnsupportedError():
            return "notice_unsupported"
        case AuthRequired() | Rejected():
            return "notice_refused"
    return "notice_failed"


async def show(opener: Opener, enrolled: Enrolled, texts: Sequence[str]) -> str:
    """Show the first text that fits on an account that nobody works on, or take away what is shown; returns the text."""
    opened = await opener.open(enrolled)
    try:
        return await _show(opened.connector, texts)
    finally:
        await opened.aclose()


async def _show(connector: Connector, texts: Sequence[str]) -> str:
    """Show the first text that fits; returns it, "" where there is none to show."""
    if connector.limits(connector.host.options).notice is None:
        if not texts:
            return ""
        raise UnsupportedError(connector.name)
    for text in texts[:-1]:
        try:
            await connector.publish_notice(text)
        except Rejected as refusal:
            if refusal.code != NO_ROOM:
                raise
        else:
            return text
    await connector.publish_notice(texts[-1] if texts else None)
    return texts[-1] if texts else ""


def _look(reader: Reader, now: datetime) -> _Look:
    policy = policies.in_force(reader)
    places = clocks.places(reader)
    every = [place for brand in dict.fromkeys(brand for brand, _ in places) for place in _of(brand, places)]
    readings = [clocks.reading(reader, policy, brand, channel, now) for brand, channel in every]
    return _Look(standing.enrolled(reader), notices.shown(reader), readings)


def _of(brand: str, places: Sequence[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Return a brand's own clock, then those of its channels."""
    return [(brand, None), *(place for place in places if place[0] == brand)]
