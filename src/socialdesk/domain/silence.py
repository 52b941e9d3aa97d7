"""Accounts that have fallen silent: no error was ever told, and nothing is heard of them any more (NEEDS A1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from socialdesk.domain.models import Account, AccountState

LONGEST = timedelta(hours=1)
"""Without a success in that time, an account that calls itself well is not; networks are asked far more often."""

WITHOUT_NETWORK = frozenset({"phone", "counter"})
"""Connectors that always succeed: people write down what is heard there."""


def judged(account: Account, now: datetime) -> Account:
    """Return the account as it is where an engine serves it: its last success, not its own word, is what counts."""
    last = account.last_success_at
    if account.state is not AccountState.OK or last is None or now - last <= LONGEST:
        return account
    return account._replace(state=AccountState.TROUBLE, problem="silent", detail="")


def is_offline(accounts: Iterable[Account], now: datetime) -> bool:
    """Say whether this machine has just lost its line: no network is reached, and one was within the last hour.

    That is a normal state. What lasts longer is told account by account, as a trouble.
    """
    asked = [
        one
        for one in accounts
        if one.connector not in WITHOUT_NETWORK and one.state is not AccountState.PAUSED
    ]
    heard = [one.last_success_at for one in asked if one.last_success_at is not None]
    offline = bool(asked) and all(one.state is AccountState.OFFLINE for one in asked)
    return offline and bool(heard) and now - max(heard) <= LONGEST
