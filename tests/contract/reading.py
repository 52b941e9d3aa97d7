"""What the tests of Bluesky have in common."""

from __future__ import annotations

from socialdesk.connectors import testing
from socialdesk.connectors.contract import Connector, Direction, Item, Outgoing


async def read(connector: Connector, cursor: str = "") -> tuple[list[Item], str]:
    """Fetch until there is no more; returns the messages and the cursor."""
    raws, cursor = await testing.read(connector, cursor)
    return testing.understood(connector, raws), cursor


def words(found: list[Item]) -> list[str]:
    """What customers said, without context."""
    return [item.text for item in found if item.direction is Direction.IN and not item.context]


def reply_to(item: Item, connector: Connector, text: str = "¡Gracias!") -> Outgoing:
    """A reply to that message."""
    at = connector.host.clock.now()
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, item.private, at, "es")
