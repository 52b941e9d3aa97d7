"""Channels without a network keep the contract as far as it concerns them (NEEDS B1)."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors import registry
from socialdesk.connectors.contract import Connector, Host, Outgoing

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class NoVault:
    """Nothing secret."""

    async def secret(self, name: str) -> str:
        raise AssertionError(name)

    async def load_session(self) -> dict[str, str]:
        return {}

    async def save_session(self, session: object) -> None:
        raise AssertionError(session)


@pytest.fixture(params=["phone", "counter"])
def connector(request: pytest.FixtureRequest) -> Connector:
    """One of the two."""
    client = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _request: pytest.fail("no network is asked"))
    )
    return registry.load(request.param)(Host("shop", {}, NoVault(), client, ManualClock(NOW)))


async def test_nothing_comes_in_by_itself(connector: Connector) -> None:
    """And nothing is asked."""
    page = await connector.fetch("")
    assert not page.items and not page.more
    assert (await connector.check()).remote_id


async def test_a_note_is_kept_once(connector: Connector) -> None:
    """B1: the same attempt again is the same note."""
    told = Outgoing("k1", "number-600123456", {}, "Le he dicho que sí.", True, NOW)
    assert await connector.send(told) == await connector.send(told)
