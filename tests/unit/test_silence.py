"""An account that has fallen silent raises the alarm by the age of its last success, not by its own word (NEEDS A1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.domain.models import Account, AccountState
from socialdesk.domain.silence import is_offline, judged

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OK, PAUSED, OFFLINE = AccountState.OK, AccountState.PAUSED, AccountState.OFFLINE


def account(state: AccountState, minutes: int | None, connector: str = "bluesky") -> Account:
    last = None if minutes is None else NOW - timedelta(minutes=minutes)
    return Account(1, connector, connector, "sol", 1, "Sol", "", {}, state, "", "", (), last, None, 0)


@pytest.mark.parametrize(
    ("minutes", "state"), [(59, OK), (61, AccountState.TROUBLE), (60 * 24 * 10, AccountState.TROUBLE)]
)
def test_whoever_was_not_reached_for_an_hour_is_in_trouble(minutes: int, state: AccountState) -> None:
    """A token died unseen for ten days elsewhere: here its account says "ok" for an hour at most."""
    found = judged(account(OK, minutes), NOW)
    assert found.state is state
    assert found.problem == ("" if state is OK else "silent")


@pytest.mark.parametrize("state", [PAUSED, OFFLINE, AccountState.AUTH, AccountState.NEW])
def test_what_is_known_already_is_not_said_otherwise(state: AccountState) -> None:
    """Whoever is paused by a person, or told as troubled, stays what they are."""
    assert judged(account(state, 600), NOW).state is state
    assert judged(account(OK, None), NOW).state is OK


def test_offline_is_all_networks_and_not_for_long() -> None:
    """What needs no network does not count."""
    phone = account(OK, 0, "phone")
    assert is_offline((account(OFFLINE, 5), phone), NOW)
    assert not is_offline((phone,), NOW)
    assert not is_offline((account(OFFLINE, 61), phone), NOW)
    assert not is_offline((account(OFFLINE, None),), NOW)
