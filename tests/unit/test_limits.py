"""An answer may be as long, and as private, as the network of its account allows (B1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from socialdesk.cli.limits import check_reply, limits_of
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host, Limit, Outgoing, Rejected
from socialdesk.connectors.demo import DemoConnector
from socialdesk.domain.models import Account, AccountState
from socialdesk.errors import Refused


def account(channel: str, connector: str = "demo") -> Account:
    """Return an account that plays a network."""
    options: Mapping[str, str] = {"channel": channel}
    return Account(
        1, connector, channel, "a", 1, "b", "h", options, AccountState.OK, "", "", (), None, None, 0
    )


@pytest.mark.parametrize(
    ("channel", "most", "letter"),
    [
        ("x", 280, "ñ"),
        ("bluesky", 300, "ñ"),
        ("facebook", 8_000, "ñ"),
        ("instagram", 2_200, "ñ"),
        ("google", 2_048, "ñ"),  # 4,096 bytes
    ],
)
def test_each_network_has_its_own_limit(channel: str, most: int, letter: str) -> None:
    fits = letter * most
    check_reply(account(channel), fits, private=False, opens_private=False)
    with pytest.raises(Refused) as refused:
        check_reply(account(channel), fits + letter, private=False, opens_private=False)
    assert refused.value.code == "too_long"


def test_a_letter_may_be_long() -> None:
    check_reply(account("mail"), "línea\n" * 5_000, private=True, opens_private=False)


@pytest.mark.anyio
async def test_a_review_has_no_private_answer(clock: ManualClock) -> None:
    with pytest.raises(Refused) as refused:
        check_reply(account("google"), "Hola", private=True, opens_private=True)
    assert refused.value.code == "no_private_replies"
    check_reply(account("x"), "Hola", private=True, opens_private=True)
    nothing = cast(Any, None)
    connector = DemoConnector(Host("a", {"channel": "google"}, nothing, nothing, clock))
    with pytest.raises(Rejected) as rejected:
        await connector.send(Outgoing("k", "c", {}, "Hola", True, clock.now()))
    assert rejected.value.code == "no_private_replies"


def test_where_nobody_can_say_nothing_is_refused() -> None:
    assert limits_of(account("x", "gone")) is None
    check_reply(account("x", "gone"), "a" * 100_000, private=True, opens_private=True)
    check_reply(None, "a" * 100_000, private=True, opens_private=True)


def test_a_connector_that_says_nothing_has_one_limit_for_all() -> None:
    able = limits_of(account("bluesky", "bluesky"))
    assert able is not None
    assert able.public_limit == Limit(300, max_bytes=3_000)
