"""``socialdesk resolve``, ``snooze`` and ``reopen``: where a conversation lies on the desk (NEEDS B4)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.i18n import _
from socialdesk.screens.moments import Unclear, understood
from socialdesk.wording import moment as moment_text


def arguments(parser: argparse.ArgumentParser, name: str, _words: Sequence[str]) -> None:
    """Declare the options of one of the three."""
    parser.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    if name == "resolve":
        parser.add_argument("--no-reply", action="store_true", help=_("nothing needs to be answered"))
    elif name == "snooze":
        parser.add_argument("when", metavar=_("WHEN"), help=_("45m, 5h, 2d, 17:30 or 2026-11-23T09:00"))
    runs: dict[str, Callable[[Context, argparse.Namespace], int]] = {
        "resolve": resolve,
        "snooze": snooze,
        "reopen": reopen,
    }
    parser.set_defaults(run=runs[name], complain=parser.error)


def resolve(context: Context, options: argparse.Namespace) -> int:
    """Mark as done."""
    settle = context.desk.no_reply_needed if options.no_reply else context.desk.resolve
    settle(options.id)
    print(_("Conversation {id} is done; whatever the customer writes reopens it.").format(id=options.id))
    return 0


def snooze(context: Context, options: argparse.Namespace) -> int:
    """Put away until later."""
    now = context.clock.now()
    try:
        until = understood(options.when.replace("T", " "), now)
    except Unclear as error:
        options.complain(str(error))
        raise
    context.desk.snooze(options.id, until)
    until = context.desk.row(options.id).snoozed_until or until  # a promise of ours may be due before
    print(_("Conversation {id} comes back at {time}.").format(id=options.id, time=moment_text(until, now)))
    return 0


def reopen(context: Context, options: argparse.Namespace) -> int:
    """Bring back."""
    context.desk.reopen(options.id)
    print(_("Conversation {id} is open again.").format(id=options.id))
    return 0
