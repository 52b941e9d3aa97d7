"""A desk without an engine: the steps of a reply are taken one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from helpers.bench import Bench
from socialdesk.desk import Desk
from socialdesk.domain.models import Account, Delivery, Direction
from socialdesk.storage import outbox
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest
from socialdesk.storage.outbox import Job, Sent

HOLD = timedelta(seconds=10)
SECOND = timedelta(seconds=1)


class Trial(Bench):
    """A desk without an engine: the steps are taken one by one."""

    def asked(self, count: int = 1, account: int = 1) -> None:
        """Customers have asked, each in a conversation of their own."""
        now = self.clock.now()
        items = [
            Incoming(
                f"q{account}-{n}", f"c{account}-{n}", Direction.IN, now - 60 * SECOND, person, person, "?",
                remote={"uri": f"u{n}"},
            )
            for n in range(count)
            for person in [Person(f"p{account}-{n}", f"@p{n}", f"Person {n}")]
        ]  # fmt: skip
        with self.database.write() as c:
            ingest(c, Source(account, 1, "scripted"), items, now - 60 * SECOND)

    def next(self, account: int = 1, later: timedelta = timedelta()) -> Job | None:
        return outbox.next_job(self.database.read(), account, self.clock.now() + later, HOLD)

    def job(self) -> Job:
        found = self.next()
        assert found is not None
        return found

    def text(self, later: timedelta = timedelta()) -> str:
        found = self.next(later=later)
        return "" if found is None else found.text

    def moment(self, account: int = 1) -> datetime | None:
        return outbox.next_moment(self.database.read(), account, self.clock.now())

    def row(self, columns: str, number: int = 1) -> tuple[Any, ...]:
        [found] = self.all(f"SELECT {columns} FROM outbox WHERE id = {number}")
        return tuple(found)

    def shop(self) -> Account:
        """Return the first account."""
        return next(a for a in Desk(self.database, self.clock, self.config).accounts() if a.name == "shop")


def begin(desk: Trial) -> Job:
    job, now = desk.job(), desk.clock.now()
    with desk.database.write() as c:
        assert outbox.begin(c, job, "key", now - 3 * SECOND, now)
    return job


def send(desk: Trial, receipt: Sent) -> bool:
    job = begin(desk)
    with desk.database.write() as c:
        return outbox.sent(c, desk.shop(), "me", job, Delivery.SENDING, receipt, desk.clock.now())
