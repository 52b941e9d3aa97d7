"""What promises lead to, said before or as it happens: the effects of a changed policy, and warnings."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Example(NamedTuple):
    """One conversation whose deadline a changed policy moves; ``None`` is a deadline that never comes."""

    conversation_id: int
    name: str
    brand: str
    channel: str
    before: datetime | None
    after: datetime | None


class Preview(NamedTuple):
    """What a changed policy would do to those who wait now; ``open`` counts them all."""

    open: int = 0
    earlier: int = 0
    later: int = 0
    newly_late: int = 0
    no_longer_late: int = 0
    examples: tuple[Example, ...] = ()  # those that move furthest, five at most


class Warned(NamedTuple):
    """A promise about to be broken: ``share`` of it (0 to 1) has passed.

    ``quiet``: it is quiet hours on this desk, so that nothing may ring.
    """

    conversation_id: int
    name: str
    brand: str
    channel: str
    share: float
    due_at: datetime
    quiet: bool = False


class Holds(NamedTuple):
    """What the day still holds for a brand: ``due`` deadlines before it closes, or before midnight (None)."""

    brand: str
    due: int
    closes_at: datetime | None
