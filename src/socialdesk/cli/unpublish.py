"""The wait clock is taken away from an account that leaves the desk, while there is still a way to sign in."""

from __future__ import annotations

import asyncio
import sys

from socialdesk.cli.context import Context
from socialdesk.connectors import registry
from socialdesk.connectors.notices import CLOSES, OPENS
from socialdesk.domain.models import Account
from socialdesk.i18n import _
from socialdesk.storage import notices, standing
from socialdesk.storage.standing import Enrolled

LIMIT = 30.0
"""Seconds that it may take."""


def published(context: Context, account: Account) -> Enrolled | None:
    """Return what is needed to take the clock away; None where it is not shown."""
    reader = context.database.read()
    if not notices.may_be_seen(notices.shown(reader).get(account.id)):
        return None
    return next((one for one in standing.enrolled(reader) if one.account.id == account.id), None)


def take_away(context: Context, enrolled: Enrolled | None) -> None:
    """Take the clock away; where that fails, say what is left to be done by hand."""
    if enrolled is None:
        return
    try:
        asyncio.run(_take_away(context, enrolled))
    except Exception:
        text = _(
            "The wait clock may still be seen there: delete the line between {opens} and {closes} in the profile."
        )
        sys.stderr.write(text.format(opens=OPENS.strip(), closes=CLOSES.strip()) + "\n")


async def _take_away(context: Context, enrolled: Enrolled) -> None:
    from socialdesk.sync.opening import Opener
    from socialdesk.sync.publish import show

    opener = Opener(registry.load, context.secrets, context.paths.sessions, context.clock, context.config)
    async with asyncio.timeout(LIMIT):
        await show(opener, enrolled, ())
