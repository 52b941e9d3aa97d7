"""What the receiver and the sender of one account share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.connectors.contract import Connector, Identity
from socialdesk.domain.models import Account, AccountState
from socialdesk.storage.standing import Enrolled
from socialdesk.sync.pace import Pace, back_off
from socialdesk.sync.purse import AccountPurse
from socialdesk.sync.storeroom import Storeroom

LONGEST_WISH = timedelta(days=1)
"""The longest window that networks count requests in; a later moment is a mistake and would silence the account."""
_SHUT = frozenset({AccountState.AUTH, AccountState.BROKEN})


@dataclass(frozen=True, slots=True)
class Tools:
    """What the engine works with; all of it comes from outside, so that one seed replays a run."""

    store: Storeroom
    clock: Clock
    pace: Pace
    random: Random
    config: Config


@dataclass(slots=True)
class Post:
    """One account at work. ``receive_now`` and ``send_now`` wake its two tasks; ``leaving`` asks both to end.

    ``listening`` says that the network tells of news by itself.
    """

    enrolled: Enrolled
    connector: Connector
    tools: Tools
    state: AccountState
    failures: int = 0
    problem: str = ""
    detail: str = ""
    remote_id: str = ""
    leaving: bool = False
    listening: bool = False
    purse: AccountPurse | None = None
    receive_now: asyncio.Event = field(default_factory=asyncio.Event)
    send_now: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def account(self) -> Account:
        """The account as it was when the work began, with the handle learnt since."""
        return self.enrolled.account

    @property
    def shut(self) -> bool:
        """Whether replies stay where they are until the account has been reached again."""
        return self.state in _SHUT

    def now(self) -> datetime:
        """Return the present moment."""
        return self.tools.clock.now()

    def later(self, failures: int, until: datetime | None = None) -> datetime:
        """Return when to try again: after a back-off, and not before ``until``, which is believed up to a day."""
        moment = self.now() + timedelta(seconds=back_off(failures, self.tools.random))
        return moment if until is None else max(moment, min(until, self.now() + LONGEST_WISH))

    def patience(self) -> float:
        """Return the seconds to wait that a network asked for before a restart."""
        return patience(self.account, self.now())

    def learn(self, identity: Identity, handle: str) -> None:
        """Remember who the account turned out to be."""
        self.remote_id = identity.remote_id
        account = self.enrolled.account._replace(handle=handle)
        self.enrolled = replace(self.enrolled, account=account, remote_id=identity.remote_id)

    def leave(self) -> None:
        """Ask both tasks to end as soon as they are between two steps."""
        self.leaving = True
        self.receive_now.set()
        self.send_now.set()


def patience(account: Account, now: datetime) -> float:
    """Return the seconds that a network still asks to wait; a moment that no network may name is a wrong clock's."""
    until = account.next_attempt_at
    if account.state is not AccountState.LIMITED or until is None or until > now + LONGEST_WISH:
        return 0.0
    return max((until - now).total_seconds(), 0.0)
