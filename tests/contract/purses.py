"""A purse in memory, for connectors of networks that charge."""

from __future__ import annotations

from socialdesk.connectors.metering import SPENT
from socialdesk.errors import RateLimited, Rejected


class CountedPurse:
    """Refuses what might cost more than is left, and counts reading and answers apart."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.reading = 0
        self.answering = 0

    async def left(self) -> int:
        """Return what is left."""
        return self.limit - self.reading - self.answering

    async def take(self, most: int, *, answer: bool = False) -> None:
        """Refuse, or let it pass."""
        if most > await self.left():
            raise Rejected(code=SPENT) if answer else RateLimited(code=SPENT)

    async def pay(self, most: int, cost: int, *, answer: bool = False) -> None:
        """Count it."""
        assert 0 <= cost <= most
        if answer:
            self.answering += cost
        else:
            self.reading += cost
