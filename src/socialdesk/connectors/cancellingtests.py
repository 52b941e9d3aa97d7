"""The part of the conformance suite about being cancelled: at any moment, and nothing is lost or doubled by it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import pytest

from socialdesk.connectors.contract import Connector, OutcomeUnknown, Outgoing, Proof, Temporary
from socialdesk.connectors.standin import Network, Trouble, a_reply, needs, read, understood

STEPS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55)
"""After how many turns of the event loop a call is cancelled."""


class CancellingSuite:
    """What a connector must do when a call is cancelled; part of ``testing.ConnectorSuite``."""

    async def test_it_can_be_cancelled(self, network: Network, connector: Connector) -> None:
        """A visit to a server that says nothing ends when it is told to, and the next one works."""
        needs(network, Trouble.SILENT)
        _, cursor = await read(connector)
        network.arrive("¿Hola?")
        network.trouble(Trouble.SILENT)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connector.fetch(cursor), 0.05)
        network.trouble(None)
        raws, _ = await read(connector, cursor)
        assert "¿Hola?" in [item.text for item in understood(connector, raws)]

    async def test_a_visit_can_be_cancelled_at_any_moment(
        self, network: Network, connector: Connector
    ) -> None:
        """The same connector goes on from the same cursor."""
        _, cursor = await read(connector)
        network.arrive("¿Hola?")
        for steps in STEPS:
            await _cancel_after(steps, connector.fetch(cursor))
            raws, _ = await read(connector, cursor)
            assert "¿Hola?" in [item.text for item in understood(connector, raws)]

    @pytest.mark.parametrize("steps", STEPS)
    async def test_a_reply_can_be_cancelled_at_any_moment(
        self, network: Network, connector: Connector, steps: int
    ) -> None:
        """Whether it left is settled as the connector declares, by the same connector, and it is there once."""
        outgoing = await a_reply(network, connector, "Ya va")
        await _cancel_after(steps, connector.send(outgoing))
        await _settled(network, connector, outgoing)

    async def test_a_reply_to_a_silent_server_can_be_cancelled(
        self, network: Network, connector: Connector
    ) -> None:
        """As when the engine's patience ends."""
        needs(network, Trouble.SILENT)
        outgoing = await a_reply(network, connector, "Ya va")
        network.trouble(Trouble.SILENT)
        with pytest.raises((TimeoutError, OutcomeUnknown, Temporary)):
            await asyncio.wait_for(connector.send(outgoing), 0.05)
        network.trouble(None)
        await _settled(network, connector, outgoing)


async def _settled(network: Network, connector: Connector, outgoing: Outgoing) -> None:
    """Settle the reply as the engine would; assert that it is there once, at most once where nobody can ask."""
    network.clock.moment += connector.capabilities.settle
    match connector.proof_for(outgoing):
        case Proof.KEY:
            await connector.send(outgoing)
        case Proof.READ_BACK:
            if await connector.find_sent(outgoing) is None:
                await connector.send(outgoing)
        case Proof.NEITHER if not network.sent():
            await connector.send(outgoing)
    assert network.sent() == [outgoing.text]


async def _cancel_after(steps: int, call: Coroutine[Any, Any, Any]) -> None:
    """Begin a call and cancel it after so many turns of the loop, unless it has ended by then."""
    task = asyncio.ensure_future(call)
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, OutcomeUnknown):
        await task
