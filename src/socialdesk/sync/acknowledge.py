"""Tells customers who write out of hours that their message has arrived and when somebody answers (NEEDS A5).

Only for brands that want it. It goes out as any reply does, marked as automatic: nobody has answered with it, and the
customer's clock runs on. One that has not left by the time the shop opens, or somebody answers, never does.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from socialdesk.ackwords import CLOSED, acknowledgement
from socialdesk.domain.calendars import Timeline, timeline
from socialdesk.domain.language import guess
from socialdesk.domain.promises import Policy, calendar_of
from socialdesk.i18n import language
from socialdesk.storage import acknowledging, clocks, policies
from socialdesk.storage.acknowledging import Candidate
from socialdesk.storage.database import Reader
from socialdesk.sync import trouble
from socialdesk.sync.post import Tools

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LOOK_BACK = (timedelta(days=7), timedelta(days=60), timedelta(days=400))


class Acknowledger:
    """Looks who is to be told, and queues the words."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._version = -1
        self._again: datetime | None = None

    async def look(self, version: int) -> None:
        """Do a round where the desk is another version than at the last one, or a minute has passed."""
        now = self._tools.clock.now()
        if version != self._version or self._again is None or now >= self._again:
            self._version, self._again = version, now + EVERY
            await self.round()

    async def round(self) -> None:
        """Do what is to be done now; what goes wrong is logged and tried again at the next look."""
        now = self._tools.clock.now()
        try:
            if await self._tools.store.read(lambda reader: _is_needed(reader, now)):
                count = await self._tools.store.write(lambda connection: self._act(connection, now))
                if count:
                    log.info("%d automatic acknowledgements are on their way", count)
        except Exception as error:
            log.error("out of hours nobody is told that a message has arrived: %s", trouble.describe(error))

    def _act(self, connection: Connection, now: datetime) -> int:
        policy = policies.in_force(connection)
        for one in acknowledging.pending(connection):
            if not one.owed or closed_since(_hours(policy, one.brand), now) is None:
                acknowledging.withdraw(connection, one)
        count = 0
        for brand in sorted(policy.acknowledge):
            closed = closed_since(_hours(policy, brand), now)
            for whom in acknowledging.candidates(connection, brand, closed, now) if closed else ():
                count += self._tell(connection, policy, brand, whom, closed or now, now)
        return count

    def _tell(
        self,
        connection: Connection,
        policy: Policy,
        brand: str,
        whom: Candidate,
        closed: datetime,
        now: datetime,
    ) -> bool:
        expected = clocks.reading(connection, policy, brand, whom.channel, now).expected
        opening = expected.answers_from or expected.opens_at
        if opening is None:
            return False  # closed for good: there is nothing to promise
        text = acknowledgement(opening, now, _hours(policy, brand).zone, self._spoken(whom))
        acknowledging.queue(connection, whom, text, closed, now)
        return True

    def _spoken(self, whom: Candidate) -> str:
        for tongue in (whom.language, guess(whom.text), self._tools.config.language):
            if tongue in CLOSED:
                return tongue
        return language()


def closed_since(hours: Timeline, now: datetime) -> datetime | None:
    """Return when the shop closed; None while it is open, and where it has not been open in 400 days."""
    if hours.is_open(now):
        return None
    for back in LOOK_BACK:
        if spans := hours.spans(now - back, now):
            return spans[-1][1]
    return None


def _is_needed(reader: Reader, now: datetime) -> bool:
    policy = policies.in_force(reader)
    for brand in policy.acknowledge:
        closed = closed_since(_hours(policy, brand), now)
        if closed is not None and acknowledging.candidates(reader, brand, closed, now):
            return True
    return any(
        not one.owed or closed_since(_hours(policy, one.brand), now) is None
        for one in acknowledging.pending(reader)
    )


def _hours(policy: Policy, brand: str) -> Timeline:
    return timeline(calendar_of(policy, brand))
