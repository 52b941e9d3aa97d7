"""A homeserver for the tests of Matrix, and three people on it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from live.matrix.matrixserver import MatrixServer, Person, synapse
from live.servers import NotInstalled


@pytest.fixture(scope="session")
def server() -> Iterator[MatrixServer]:
    """The homeserver."""
    try:
        with synapse() as running:
            yield running
    except NotInstalled as missing:
        if os.environ.get("SOCIALDESK_LIVE_ALL"):
            raise
        pytest.skip(str(missing))


@pytest.fixture
def people(server: MatrixServer) -> Iterator[tuple[Person, Person, Person]]:
    """The shop, Ana and Luis, new for each test."""
    made = server.person("tienda"), server.person("ana"), server.person("luis")
    yield made
    for one in made:
        one.http.close()
