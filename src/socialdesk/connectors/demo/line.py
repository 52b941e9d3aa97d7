"""The line to the simulated network, which fails where that is asked for, to show what the desk makes of it."""

from __future__ import annotations

from enum import StrEnum
from random import Random

from socialdesk.connectors.demo.world import World


class Fault(StrEnum):
    """What can happen to a reply on its way."""

    REFUSED = "refused"  # nothing was done, and we know it
    LOST_REQUEST = "lost_request"  # nothing was done, and nobody says so
    LOST_ANSWER = "lost_answer"  # it was taken, and nobody says so


class Line:
    """Loses the given share of attempts, drawn from the seed, the key and the number of the attempt."""

    def __init__(self, seed: str, share: float) -> None:
        self._seed = seed
        self._share = share

    def fault(self, world: World, key: str) -> Fault | None:
        """Return what happens to the next attempt under that key; None where all goes well."""
        if not self._share:
            return None
        with world.change():
            number = world.count_attempt(key)
        chance = Random(f"{self._seed}/{key}/{number}")
        return chance.choice(list(Fault)) if chance.random() < self._share else None
