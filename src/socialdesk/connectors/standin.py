"""What the conformance suite needs of a network to try a connector on, and how it reads and answers there."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC
from enum import StrEnum

import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Connector, Direction, Item, Outgoing, Page, Raw


class Trouble(StrEnum):
    """What a network can do to a request. All but the two losses concern every request."""

    SIGNED_OUT = "signed_out"  # refused, and signing in again is refused too
    LIMITED = "limited"  # asked to wait
    BROKEN = "broken"  # a server error
    GARBLED = "garbled"  # an answer in no form that the connector knows, such as a portal's HTML
    UNREACHABLE = "unreachable"  # no connection comes about
    SILENT = "silent"  # no answer, ever
    LOST_ANSWER = "lost_answer"  # what is written is taken and its answer is lost; reading works
    LOST_REQUEST = "lost_request"  # what is written is lost on its way, and nobody says so; reading works


class Network(ABC):
    """A stand-in for the network with one brand's account on it. ``clock`` is the one the connector is given."""

    clock: ManualClock
    secrets: Sequence[str] = ()
    """What must never be seen in an error or a ``repr``: passwords and tokens in use."""
    troubles: frozenset[Trouble] = frozenset(Trouble)
    """Those that this network can have; the tests of the others are skipped."""

    @abstractmethod
    def connector(self) -> Connector:
        """Return a new connector to the account; its sign-in session outlives it, as after a restart."""

    @abstractmethod
    def arrive(self, text: str) -> None:
        """A customer writes to the brand, a second after whatever was before."""

    @abstractmethod
    def sent(self) -> list[str]:
        """Return the texts of the brand's replies that are on the network, oldest first."""

    @abstractmethod
    def trouble(self, kind: Trouble | None) -> None:
        """Have this trouble from now on; None ends it."""

    def poison(self) -> bool:
        """Something arrives that nobody can understand; returns False where that cannot be."""
        return False

    def describe(self, text: str | None) -> bool:
        """The owner writes the text that holds the public notice (None: has written none); False where there is none."""
        return False

    def description(self) -> str:
        """Return that text as everybody sees it, "" where there is none."""
        return ""

    async def aclose(self) -> None:
        """Close what the connectors were given."""
        return


def needs(network: Network, trouble: Trouble) -> None:
    """Skip the test where the network never has that trouble."""
    if trouble not in network.troubles:
        pytest.skip(f"this network is never {trouble}")


async def read(connector: Connector, cursor: str = "") -> tuple[list[Raw], str]:
    """Fetch until there is no more, as the engine does; returns the raw items and the last cursor."""
    found: list[Raw] = []
    for _ in range(1000):
        page = await connector.fetch(cursor)
        assert isinstance(page, Page) and isinstance(page.cursor, str)
        found += page.items
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("fetch asks for more for ever")


def stored(raw: Raw) -> Raw:
    """Return the item as it comes back from storage."""
    assert raw.id
    return Raw(raw.id, json.loads(json.dumps(raw.payload, allow_nan=False)))


def understood(connector: Connector, raws: Sequence[Raw]) -> list[Item]:
    """Return the messages in raw items, each known once, as after storage."""
    items = [item for raw in raws for item in connector.parse(stored(raw))]
    return list({item.id: item for item in items}.values())


async def a_reply(network: Network, connector: Connector, text: str) -> Outgoing:
    """Have a customer write, and return a reply to that."""
    network.arrive(f"pregunta de las {network.clock.now():%H:%M:%S}")
    raws, _ = await read(connector)
    items = [item for item in understood(connector, raws) if item.direction is Direction.IN]
    question = max((item for item in items if not item.context), key=lambda item: item.at)
    at = network.clock.now().astimezone(UTC)
    return Outgoing(
        key=connector.new_key(at),
        conversation=question.conversation,
        reply_to=question.remote,
        text=text,
        private=question.private,
        at=at,
        language="es",
    )
