"""Channels without a network pass what there is of the conformance suite for them (NEEDS B1, F5; issue 6, point 6)."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors import registry
from socialdesk.connectors.contract import (
    Author,
    Connector,
    Direction,
    Host,
    Item,
    Kind,
    Outgoing,
    Receipt,
)
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble, nothing_arrives

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class NoVault:
    """Nothing secret."""

    async def secret(self, name: str) -> str:
        raise AssertionError(name)

    async def load_session(self) -> dict[str, str]:
        return {}

    async def save_session(self, session: object) -> None:
        raise AssertionError(session)


class Paper(Network):
    """Where notes would be, if there were such a place: the desk itself keeps them, each under its receipt's id."""

    troubles: frozenset[Trouble] = frozenset()

    def __init__(self, channel: str, clock: ManualClock) -> None:
        self.clock = clock
        self._channel = channel
        self._notes: dict[str, str] = {}

    def connector(self) -> Connector:
        notes = self._notes
        kind = registry.load(self._channel)

        class Noted(kind):  # type: ignore[valid-type, misc]
            async def send(self, outgoing: Outgoing) -> Receipt:
                receipt: Receipt = await super().send(outgoing)
                notes[receipt.id] = outgoing.text
                return receipt

        http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: pytest.fail("no network is asked")))
        made: Connector = Noted(Host("shop", {}, NoVault(), http, self.clock))
        return made

    def arrive(self, text: str) -> None:
        nothing_arrives()

    def question(self) -> Item:
        ana = Author("number-600123456", "600 123 456", "Ana")
        key = "number-600123456"
        return Item("call-1", key, Direction.IN, NOW, ana, ana, "¿Abrís hoy?", Kind.CALL, private=True)

    def sent(self) -> list[str]:
        return list(self._notes.values())

    def trouble(self, kind: Trouble | None) -> None:
        assert kind is None


class TestPhone(ConnectorSuite):
    """Calls."""

    @pytest.fixture
    def network(self, clock: ManualClock) -> Network:
        return Paper("phone", clock)


class TestCounter(ConnectorSuite):
    """Visits to the shop."""

    @pytest.fixture
    def network(self, clock: ManualClock) -> Network:
        return Paper("counter", clock)


@pytest.mark.anyio
@pytest.mark.parametrize("channel", ["phone", "counter"])
async def test_nothing_comes_in_by_itself(channel: str, clock: ManualClock) -> None:
    """And nothing is asked; a note from here may go nowhere."""
    connector = Paper(channel, clock).connector()
    page = await connector.fetch("")
    assert not page.items and not page.more
    assert list(type(connector).hosts({})) == []
