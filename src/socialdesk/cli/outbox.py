"""``socialdesk outbox``: the replies on their way, and what a person decides about them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.cli.replycheck import may_leave, reason, review_of
from socialdesk.domain.models import Delivery, OutboxItem, Seen
from socialdesk.domain.text import scrub
from socialdesk.i18n import _
from socialdesk.wording import delivery_name, explain, moment

if TYPE_CHECKING:
    from socialdesk.desk import Desk

ACTIONS = ("list", "undo", "resend", "sent", "discard", "approve", "refuse")


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
            "discard: do not send it; approve: let somebody else's reply leave; refuse: make it a draft again. "
            "Without one, the list."
        ),
    )
    parser.add_argument("id", nargs="?", type=identifier, metavar="ID", help=_("the number of the reply"))
    parser.add_argument("--text", metavar=_("TEXT"), help=_("approve: the reply as it is to leave instead"))
    parser.add_argument(
        "--note", metavar=_("TEXT"), default="", help=_("approve, refuse: what its author should know")
    )
    parser.add_argument(
        "--anyway", action="store_true", help=_("approve: although the customer has written again since")
    )
    parser.add_argument(
        "--overrule",
        type=reason,
        metavar=_("REASON"),
        help=_("why it may leave although the check finds something grave in it; the reason is kept"),
    )
    parser.add_argument("--all", action="store_true", help=_("also those that left or were taken back"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run, complain=parser.error)


def run(context: Context, options: argparse.Namespace) -> int:
    """List, or decide."""
    if options.action == "list":
        return _list(context, options)
    if options.id is None:
        options.complain(_("say which reply: the number that the list shows"))
    if options.action == "approve":
        return _approve(context, options)
    print(_decide(context.desk, options))
    return 0


def _approve(context: Context, options: argparse.Namespace) -> int:
    """Let a reply leave; another text is looked over first, as one from ``socialdesk reply`` is."""
    desk = context.desk
    seen = _seen(desk, options.id) if options.anyway else None
    item = next((one for one in desk.outbox() if one.id == options.id), None)
    if options.text is None or item is None:
        desk.approve(options.id, options.text, options.note, seen)
    else:
        review = review_of(context, item.conversation_id, scrub(options.text).strip(), private=item.private)
        if not may_leave(review, options.overrule or "", as_json=options.json):
            return 1
        desk.approve(options.id, review.text, options.note, seen, review.promises(), review.overrules())
    print(_("Approved; it leaves after the time to undo."))
    return 0


def _decide(desk: Desk, options: argparse.Namespace) -> str:
    match options.action:
        case "undo":
            desk.undo_reply(options.id)
            return _("Taken back; the text is in the conversation's draft.")
        case "resend":
            desk.resend(options.id)
            return _("It will be sent again.")
        case "sent":
            desk.mark_sent(options.id)
            return _("Marked as sent.")
        case "refuse":
            desk.refuse_approval(options.id, options.note)
            return _("Refused; the text is in the conversation's draft.")
        case _:
            desk.discard(options.id)
            return _("Discarded.")


def _seen(desk: Desk, outbox_id: int) -> Seen | None:
    """Return how far the conversation of a reply has come by now."""
    reply = next((one for one in desk.outbox() if one.id == outbox_id), None)
    return desk.thread(reply.conversation_id, limit=1).seen if reply else None


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
        "agent": item.agent,
        "approval": item.approval,
        "scheduled": item.scheduled,
        "after": item.after_id,
        "public_of": item.public_of,
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


def _is_scheduled(item: OutboxItem) -> bool:
    return item.scheduled and item.state is Delivery.QUEUED


def _cells(context: Context, item: OutboxItem) -> tuple[object, ...]:
    when = item.sent_at or item.next_attempt_at
    state = _("scheduled") if _is_scheduled(item) else delivery_name(item.state)
    if item.reason:
        state = f"{state}: {explain(item.reason, item.detail).happened}"
    shown = moment(when, context.clock.now()) if when else ""
    return (item.id, item.conversation_id, item.account, state, shown, item.text)
