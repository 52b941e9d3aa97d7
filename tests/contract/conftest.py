"""A Bluesky and a Mastodon of our own, and a connector to each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_mastodon import FakeMastodon
from contract.fake_parts import MemoryVault
from contract.fake_toots import TokenVault
from socialdesk.clock import ManualClock
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.mastodon import MastodonConnector


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


@pytest.fixture
def mastodon(clock: ManualClock) -> FakeMastodon:
    """An empty server."""
    return FakeMastodon(clock)


@pytest.fixture
async def tienda(mastodon: FakeMastodon) -> AsyncIterator[MastodonConnector]:
    """The brand's connector to it."""
    host = mastodon.host(TokenVault())
    async with host.http:
        yield MastodonConnector(host)
