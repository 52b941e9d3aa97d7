"""Accounts that have fallen silent: no error was ever told, and nothing is heard of them any more (NEEDS A1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from socialdesk.domain.models import Account, AccountState

LONGEST = timedelta(hours=1)
"""Without a success in that time, an account that calls itself well is not; networks are asked far more often."""


def judged(account: Account, now: datetime) -> Account:
    """Return the account as it is where an engine serves it: its last success, not its own word, is what counts."""
    last = account.last_success_at
    if account.state is not AccountState.OK or last is None or now - last <= LONGEST:
        return account
    return account._replace(state=AccountState.TROUBLE, problem="silent", detail="")
