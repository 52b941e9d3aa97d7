"""What a budget is in words: spent, allowed, expected, and what it slows down."""

from __future__ import annotations

from socialdesk.domain.spending import Budget
from socialdesk.i18n import _
from socialdesk.wording import euros, number, wait_text

_MILLION = 1_000_000


SPENT = "budget_spent"
"""The problem of an account that has stopped for want of money."""


def told(budget: Budget, *, stopped: bool = False) -> str:
    """Return how an account stands: "This month 3.20 € of 10.00 €; at this rate 7.90 €."."""
    sentence = (
        _("This month {spent} of {limit}; at this rate {forecast}.")
        if budget.allowance.monthly
        else _("Today {spent} of {limit} units; at this rate {forecast}.")
    )
    parts = [
        sentence.format(
            spent=amount(budget, budget.spent),
            limit=amount(budget, budget.allowance.limit),
            forecast=amount(budget, budget.forecast),
        )
    ]
    if stopped:
        return parts[0]
    if budget.is_short:
        parts.append(_("That is more than allowed: it stops before."))
    if budget.pause:
        parts.append(
            _("To make it last, it looks every {time}.").format(time=wait_text(budget.pause.total_seconds()))
        )
    return " ".join(parts)


def amount(budget: Budget, value: int) -> str:
    """Return an amount in euros, or a number of units."""
    rate = budget.allowance.euros
    return euros(value / _MILLION * rate) if rate else number(value)
