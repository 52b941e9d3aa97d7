"""``socialdesk commitments``: what was promised to customers and is still to be kept (NEEDS A1, C7)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.i18n import _
from socialdesk.wording import left_text, moment

if TYPE_CHECKING:
    from datetime import datetime

    from socialdesk.domain.answers import Owed

ACTIONS = ("list", "keep", "cancel", "reopen")


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        metavar=_("ACTION"),
        help=_(
            "keep: it was done as promised; cancel: it is owed no more; reopen: neither, after all. "
            "Without one, the list of what is still owed."
        ),
    )
    parser.add_argument(
        "id",
        nargs="?",
        type=identifier,
        metavar="ID",
        help=_("the number of the promise, as the list shows it"),
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run, complain=parser.error)


def run(context: Context, options: argparse.Namespace) -> int:
    """List, or say what became of one."""
    if options.action == "list":
        return _list(context, as_json=options.json)
    if options.id is None:
        options.complain(_("say which promise: the number that the list shows"))
    desk = context.desk
    if options.action == "keep":
        desk.keep_commitment(options.id)
        print(_("Kept."))
    elif options.action == "cancel":
        desk.cancel_commitment(options.id)
        print(_("No longer owed."))
    else:
        desk.reopen_commitment(options.id)
        print(_("Still owed."))
    return 0


def _list(context: Context, *, as_json: bool) -> int:
    owed, now = context.desk.owed(), context.clock.now()
    if as_json:
        print_json([_json(one, now) for one in owed])
    elif owed:
        headings = ("ID", _("CONVERSATION"), _("CUSTOMER"), _("DUE"), _("LEFT"), _("PROMISE"))
        print_table(headings, (_cells(one, now) for one in owed))
    else:
        print(_("Nothing is owed to anybody."))
    return 0


def _json(owed: Owed, now: datetime) -> dict[str, Any]:
    one = owed.commitment
    return {
        "id": one.id,
        "conversation": one.conversation_id,
        "customer": owed.customer,
        "brand": owed.brand,
        "channel": owed.channel,
        "text": one.text,
        "due_at": iso(one.due_at),
        "made_at": iso(one.made_at),
        "seconds_left": int((one.due_at - now).total_seconds()),
        "agent": one.agent,
        "reply": one.outbox_id,
    }


def _cells(owed: Owed, now: datetime) -> tuple[object, ...]:
    one = owed.commitment
    left = left_text((one.due_at - now).total_seconds())
    return (one.id, one.conversation_id, owed.customer, moment(one.due_at, now), left, one.text)
