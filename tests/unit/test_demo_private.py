"""The demo's customers can be written to in private, as on the networks that it plays (needs B3, G1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Direction, Host, Item, Outgoing
from socialdesk.connectors.demo import DemoConnector

pytestmark = pytest.mark.anyio


async def look(connector: DemoConnector) -> list[Item]:
    items, cursor, more = [], "", True
    while more:
        page = await connector.fetch(cursor)
        cursor, more = page.cursor, page.more
        items += [item for raw in page.items for item in connector.parse(raw)]
    return items


async def test_b3_a_private_message_opens_a_thread_of_its_own_in_which_the_customer_answers(
    clock: ManualClock,
) -> None:
    connector = DemoConnector(Host("azahar-x", {"channel": "x"}, cast(Any, None), cast(Any, None), clock))
    public = next(
        item for item in await look(connector) if item.direction is Direction.IN and not item.private
    )
    message = Outgoing(
        "k1", public.conversation, public.remote, "Hola por aquí", True, clock.now(), opens=True
    )
    receipt = await connector.send(message)
    assert receipt.conversation not in ("", public.conversation)
    assert await connector.send(message) == receipt, "once under its key"
    second = await connector.send(
        Outgoing("k2", public.conversation, public.remote, "Otra cosa", True, clock.now(), opens=True)
    )
    assert second.conversation == receipt.conversation
    for _ in range(30):
        clock.moment += timedelta(seconds=30)
        await connector.fetch("")
    ours = [item for item in await look(connector) if item.conversation == receipt.conversation]
    assert all(item.private and item.contact == public.contact for item in ours)
    assert [item.text for item in ours if item.direction is Direction.OUT] == ["Hola por aquí", "Otra cosa"]
    await connector.aclose()


@pytest.mark.parametrize(
    ("channel", "private", "once"), [("x", True, False), ("facebook", True, True), ("google", False, False)]
)
def test_b3_the_networks_own_rules_of_private_messages_are_told(
    channel: str, private: bool, once: bool
) -> None:
    able = DemoConnector.limits({"channel": channel})
    assert (able.private_reply, able.private_once) == (private, once)
    assert able.private_window == (timedelta(days=7) if once else None)


async def test_c2_reach_is_told_where_the_network_tells_it(clock: ManualClock) -> None:
    for channel, told in (("x", True), ("google", False)):
        connector = DemoConnector(
            Host(f"azahar-{channel}", {"channel": channel}, cast(Any, None), cast(Any, None), clock)
        )
        people = {item.contact for item in await look(connector)}
        assert people and all((person.reach is not None) == told for person in people)
        await connector.aclose()
