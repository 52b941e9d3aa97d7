"""``socialdesk outbox``: the replies on their way, and what a person decides about them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.domain.models import OutboxItem
from socialdesk.i18n import _
from socialdesk.wording import delivery_name, explain, moment

ACTIONS = ("list", "undo", "resend", "sent", "discard")


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="list",
        metavar=_("ACTION"),
        help=_(
            "undo: take back a reply that has not left; resend: send it again; sent: it is on the network; "
            "discard: do not send it. Without one, the list."
        ),
    )
    parser.add_argument("id", nargs="?", type=identifier, metavar="ID", help=_("the number of the reply"))
    parser.add_argument("--all", action="store_true", help=_("also those that left or were taken back"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run, complain=parser.error)


def run(context: Context, options: argparse.Namespace) -> int:
    """List, or decide."""
    if options.action == "list":
        return _list(context, options)
    if options.id is None:
        options.complain(_("say which reply: the number that the list shows"))
    desk = context.desk
    if options.action == "undo":
        desk.undo_reply(options.id)
        print(_("Taken back; the text is in the conversation's draft."))
    elif options.action == "resend":
        desk.resend(options.id)
        print(_("It will be sent again."))
    elif options.action == "sent":
        desk.mark_sent(options.id)
        print(_("Marked as sent."))
    else:
        desk.discard(options.id)
        print(_("Discarded."))
    return 0


def item_json(item: OutboxItem) -> dict[str, Any]:
    """Return a reply as scripts see it."""
    return {
        "id": item.id,
        "conversation": item.conversation_id,
        "state": item.state.value,
        "attempts": item.attempts,
        "next_attempt_at": iso(item.next_attempt_at),
        "reason": item.reason,
        "text": item.text,
        "key": item.key,
    }


def _list(context: Context, options: argparse.Namespace) -> int:
    items = context.desk.outbox(all_states=options.all)
    if options.json:
        print_json([item_json(item) for item in items])
    elif items:
        headings = ("ID", _("CONVERSATION"), _("ACCOUNT"), _("STATE"), _("WHEN"), _("TEXT"))
        print_table(headings, (_cells(context, item) for item in items))
    else:
        print(_("No replies on their way."))
    return 0


def _cells(context: Context, item: OutboxItem) -> tuple[object, ...]:
    when = item.sent_at or item.next_attempt_at
    state = delivery_name(item.state)
    if item.reason:
        state = f"{state}: {explain(item.reason, item.detail).happened}"
    shown = moment(when, context.clock.now()) if when else ""
    return (item.id, item.conversation_id, item.account, state, shown, item.text)
