"""What the top line says of the accounts (NEEDS A1: nobody must believe that all is heard when it is not)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.domain.models import Account, AccountState
from socialdesk.screens.panes import Hearing, hearing, status_right

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


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFF = AccountState.OFFLINE


@pytest.mark.parametrize(
    ("states", "ago", "words"),
    [
        ([OFF, OFF, OFF], 20, "offline: answers wait until it is back"),
        ([OFF, PAUSED], 20, "offline: answers wait until it is back"),
        ([OFF, OK], 20, "! a0: offline"),
        ([OFF, OFF], 61, "! a0: offline (+1)"),
    ],
)
def test_a1_no_line_is_one_calm_line_and_not_an_alarm_for_each_account(
    states: list[AccountState], ago: int, words: str
) -> None:
    """Offline is a normal state; one network alone, or more than an hour of it, is not."""
    accounts = tuple(
        account(number, state)._replace(last_success_at=NOW - timedelta(minutes=ago))
        for number, state in enumerate(states)
    )
    phone = account(9, OK)._replace(connector="phone", last_success_at=NOW)
    news = hearing((*accounts, phone), NOW, syncing=True, starting=False)
    [(text, part)] = status_right((*accounts, phone), news)
    assert text.strip() == words
    assert part == ("warn" if words.startswith("offline") else "bad")
