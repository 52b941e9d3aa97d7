"""What a network charges for, and the purse that an account spends from. Part of the contract.

A connector whose network charges, or hands out a daily quota, declares a ``Tariff`` and takes what each call costs from
``host.purse`` before it calls:

    async with charged(host.purse, most=100 * POST) as charge:
        answer = await ...
        charge.cost = POST * len(answer["data"])

Amounts are whole numbers: millionths of the network's currency, or the points that it counts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from socialdesk.errors import OutcomeUnknown

SPENT = "budget_spent"
"""The code of what is refused for want of money."""


class Period(StrEnum):
    """What an allowance is for."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Tariff:
    """What an account may spend: at most ``limit`` in each ``period``, which ends at midnight in ``zone`` (IANA).

    ``euros`` is what a whole unit of the network's currency is worth; 0 where points are counted. ``look`` is what a visit costs that
    brings nothing, about; 0 where such visits are free.
    """

    limit: int
    period: Period
    zone: str = "UTC"
    euros: float = 0.0
    look: int = 0


class Purse(Protocol):
    """What is left to spend. Nothing leaves it below the limit, and part of it is kept for answers."""

    async def left(self) -> int:
        """Return what reading may still spend in this period."""
        ...

    async def take(self, most: int, *, answer: bool = False) -> None:
        """Set aside what a call may cost at most; what an answer costs is noted before it leaves.

        Raises ``RateLimited`` until the next period, and ``Rejected`` for an answer, both with the code "budget_spent".
        """
        ...

    async def pay(self, most: int, cost: int, *, answer: bool = False) -> None:
        """Note what a call did cost, of what was set aside for it."""
        ...


class Charge:
    """What a call turns out to cost, and what one costs that fails; nothing, unless it is said."""

    def __init__(self) -> None:
        self.cost = 0
        self.failed = 0


@asynccontextmanager
async def charged(purse: Purse, most: int, *, answer: bool = False) -> AsyncIterator[Charge]:
    """Spend up to ``most`` on what is done inside. A call that failed costs
    ``Charge.failed``; an answer whose outcome is unknown, or that was cut off, all of it."""
    charge = Charge()
    await purse.take(most, answer=answer)
    try:
        yield charge
    except OutcomeUnknown:
        await purse.pay(most, most, answer=answer)
        raise
    except Exception:
        await purse.pay(most, charge.failed, answer=answer)
        raise
    except BaseException:  # cut off: an answer may have left
        await purse.pay(most, most if answer else 0, answer=answer)
        raise
    await purse.pay(most, charge.cost, answer=answer)


class Endless:
    """A purse that nobody counts: for networks that charge nothing, and for what a person does by hand."""

    async def left(self) -> int:
        """Return more than any call costs."""
        return 1 << 60

    async def take(self, most: int, *, answer: bool = False) -> None:
        """Let it pass."""

    async def pay(self, most: int, cost: int, *, answer: bool = False) -> None:
        """Note nothing."""
