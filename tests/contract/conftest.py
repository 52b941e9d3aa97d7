"""A Bluesky of our own, and a connector to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import MemoryVault
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector


@pytest.fixture
def bluesky(clock: ManualClock) -> FakeBluesky:
    """An empty network."""
    return FakeBluesky(clock)


@pytest.fixture
def vault() -> MemoryVault:
    """The brand's secrets."""
    return MemoryVault()


@pytest.fixture
async def connector(bluesky: FakeBluesky, vault: MemoryVault) -> AsyncIterator[BlueskyConnector]:
    """The brand's connector."""
    host = bluesky.host(vault)
    async with host.http:
        yield BlueskyConnector(host)
