"""The reference network, started once, and a brand and a customer on it, new for each test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from live.people import Person, newcomer
from live.servers import NotInstalled, reference_network

T = TypeVar("T")


@pytest.fixture(scope="session")
def network() -> Iterator[str]:
    """The address of the accounts' server."""
    try:
        with reference_network() as service:
            yield service
    except NotInstalled as missing:
        pytest.skip(str(missing))


@pytest.fixture
def brand(network: str) -> Iterator[Person]:
    """The business whose customers are answered."""
    yield from _person(network, "tienda")


@pytest.fixture
def customer(network: str) -> Iterator[Person]:
    """Somebody who wants something of it."""
    yield from _person(network, "ana")


@pytest.fixture
def stranger(network: str) -> Iterator[Person]:
    """Somebody else."""
    yield from _person(network, "luis")


def _person(network: str, name: str) -> Iterator[Person]:
    person = newcomer(network, name)
    yield person
    person.http.close()


async def within(seconds: float, look: Callable[[], T]) -> T:
    """Return the first result that is true; fails when there is none in time."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing within {seconds:.0f} s"
        await asyncio.sleep(0.1)
    return found
