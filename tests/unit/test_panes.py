"""What the top line says of the accounts (NEEDS A1: nobody must believe that all is heard when it is not)."""

from __future__ import annotations

import pytest

from socialdesk.domain.models import Account, AccountState
from socialdesk.screens.panes import Hearing, status_right

OK, PAUSED = AccountState.OK, AccountState.PAUSED


def account(number: int, state: AccountState) -> Account:
    return Account(number, "demo", "demo", f"a{number}", 1, "Sol", "", {}, state, "", "", (), None, None, 0)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([OK], "✓ 1 account"),
        ([PAUSED], "1 account paused"),
        ([PAUSED, PAUSED], "2 accounts paused"),
        ([OK, OK, PAUSED], "✓ 2 accounts · 1 account paused"),
    ],
)
def test_a1_a_paused_account_is_not_counted_as_served(states: list[AccountState], words: str) -> None:
    accounts = tuple(account(number, state) for number, state in enumerate(states))
    assert "".join(text for text, _part in status_right(accounts, Hearing.LIVE)).strip() == words
