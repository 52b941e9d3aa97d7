"""A homeserver and the shop's account on it, for the tests of Matrix."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from contract.fake_mailbox import MailVault as Vault
from contract.fake_matrix import PASSWORD, FakeMatrix
from socialdesk.clock import ManualClock
from socialdesk.connectors.matrix import MatrixConnector


@pytest.fixture
def server(clock: ManualClock) -> FakeMatrix:
    """An empty homeserver."""
    return FakeMatrix(clock)


@pytest.fixture
def vault() -> Vault:
    """The shop's password."""
    return Vault(password=PASSWORD)


@pytest.fixture
async def shop(server: FakeMatrix, vault: Vault) -> AsyncIterator[MatrixConnector]:
    """The shop's connector."""
    host = server.host(vault)
    async with host.http:
        yield MatrixConnector(host)
