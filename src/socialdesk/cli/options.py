"""What options name: kinds of values, each saying what it expects when it gets something else, and accounts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from socialdesk.domain.models import Account
from socialdesk.domain.zones import is_skipped
from socialdesk.errors import NotFound
from socialdesk.i18n import _


def count(text: str) -> int:
    """Return a whole number, 0 or more."""
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(_("a whole number is expected, not {text}").format(text=repr(text)))
    return int(text)


def identifier(text: str) -> int:
    """Return the number of a conversation or a reply."""
    return count(text.removeprefix("#"))


def moment(text: str) -> datetime:
    """Return a moment, aware, in UTC; without an offset it is local time, which there has to be."""
    try:
        given = datetime.fromisoformat(text)
        at, skipped = given.astimezone(UTC), is_skipped(given)
    except (ValueError, OverflowError):
        message = _("a moment is expected, such as 2026-11-23T09:00, not {text}")
        raise argparse.ArgumentTypeError(message.format(text=repr(text))) from None
    if skipped:
        message = _(
            "{text} never comes: the clocks are put forward over it. Name an earlier or a later time."
        )
        raise argparse.ArgumentTypeError(message.format(text=text))
    return at


def factor(text: str) -> float:
    """Return a speed, from a hundredth to a thousand times the usual."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.01 <= value <= 1_000:
        message = _("a number from 0.01 to 1000 is expected, not {text}")
        raise argparse.ArgumentTypeError(message.format(text=repr(text)))
    return value


def named(accounts: Sequence[Account], name: str) -> Account:
    """Return the account of that name. Raises ``NotFound``."""
    for account in accounts:
        if account.name == name:
            return account
    known = ", ".join(account.name for account in accounts) or _("none yet")
    message = _("no account is called {name}; there are: {names}")
    raise NotFound(message.format(name=name, names=known), code="account")
