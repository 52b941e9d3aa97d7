"""``socialdesk show``: one conversation, whole."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from socialdesk.actwords import act_text
from socialdesk.channels import channel_name
from socialdesk.cli.context import Context
from socialdesk.cli.due import steps_json
from socialdesk.cli.options import count, identifier
from socialdesk.cli.output import iso, print_json
from socialdesk.cli.queue import row_json
from socialdesk.desk import Desk
from socialdesk.domain.models import Acted, Attachment, Delivery, Direction, QueueRow, ThreadMessage
from socialdesk.domain.text import one_line, scrub
from socialdesk.enclosures import attachment_text
from socialdesk.i18n import _, ngettext
from socialdesk.wording import (
    delivery_name,
    explain,
    left_text,
    moment,
    state_name,
    wait_text,
    window_text,
)

if TYPE_CHECKING:
    from socialdesk.domain.promises import Policy, Step

PAGE = 500


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    parser.add_argument("--limit", type=count, default=0, help=_("only the newest messages, so many of them"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the conversation."""
    row = context.desk.row(options.id)
    messages = _messages(context.desk, options.id, options.limit)
    now = context.clock.now()
    why = context.desk.why(options.id)
    if options.json:
        told = {"why": steps_json(why), "messages": [message_json(message) for message in messages]}
        print_json(row_json(row, now) | told)
    else:
        policy = context.desk.policy()
        _print_head(row, now, policy)
        _print_why(row, why, policy, now)
        for message in messages:
            _print_message(message, now)
    return 0


def message_json(message: ThreadMessage) -> dict[str, Any]:
    """Return a message as scripts see it; ``id`` is a text: it has more digits than many JSON readers keep."""
    return {
        "id": str(message.id) if message.outbox_id is None else f"outbox-{message.outbox_id}",
        "direction": message.direction.value,
        "at": iso(message.at),
        "author": {"handle": message.handle, "name": message.name},
        "title": message.title,
        "rating": message.rating,
        "text": message.text,
        "attachments": [attachment_json(one) for one in message.attachments],
        "kind": message.kind.value,
        "delivery": message.delivery.value if message.delivery else None,
        "automatic": message.automatic,
        "acts": [act_json(done) for done in message.acts],
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """Return an attachment as scripts see it; ``size`` in bytes, None where it is unknown."""
    return {
        "media": attachment.media.value,
        "name": attachment.name,
        "description": attachment.description,
        "type": attachment.type,
        "size": attachment.size,
    }


def act_json(done: Acted) -> dict[str, Any]:
    """Return what was done to a message as scripts see it."""
    return {
        "act": done.act.value,
        "undo": done.undo,
        "state": done.state.value,
        "reason": done.reason,
        "agent": done.agent,
        "at": iso(done.at),
        "leaves_at": iso(done.leaves_at),
        "done_at": iso(done.done_at),
    }


def _messages(desk: Desk, conversation_id: int, limit: int) -> list[ThreadMessage]:
    """Return the newest messages, the oldest first; all of them where ``limit`` is 0."""
    thread = desk.thread(conversation_id, limit=limit or PAGE)
    messages = list(thread.messages)
    while thread.older and not limit:
        thread = desk.thread(conversation_id, before=messages[0].id, limit=PAGE)
        messages[:0] = thread.messages
    return messages


def _print_head(row: QueueRow, now: datetime, policy: Policy) -> None:
    who = " ".join(part for part in (one_line(row.name), f"@{row.handle.lstrip('@')}") if part.strip("@"))
    print(f"#{row.id}  {who}  ·  {one_line(row.brand)}  ·  {channel_name(row.channel)}")
    parts = [state_name(row.state)]
    if row.waiting_since:
        waited = wait_text((now - row.waiting_since).total_seconds())
        parts.append(_("since {moment} ({time})").format(moment=moment(row.waiting_since, now), time=waited))
    if row.due_at:
        parts.append(left_text((row.due_at - now).total_seconds()))
    if row.answer_until and row.waiting_since:
        parts.append(window_text(row.answer_until, now))
    if row.rating:
        parts.append(ngettext("{n} star", "{n} stars", row.rating).format(n=row.rating))
    if row.nudges:
        parts.append(ngettext("insisted once", "insisted {n} times", row.nudges).format(n=row.nudges))
    if row.situation:
        parts.append(one_line(_(policy.kinds().get(row.situation, row.situation))))
    if row.resolve_by:
        parts.append(_("to be solved by {moment}").format(moment=moment(row.resolve_by, now)))
    print(", ".join(parts))


def _print_why(row: QueueRow, steps: Sequence[Step], policy: Policy, now: datetime) -> None:
    from socialdesk.explaining import case_name, why_lines

    zone = policy.calendars[row.brand].zone if row.brand in policy.calendars else ""
    for line in why_lines(steps, zone, now, case_name(policy, row.situation)):
        print(f"    {line}")
    if zone and steps:
        print(f"    ({_('times of {zone}').format(zone=zone)})")
    if row.answer_until is not None and row.waiting_since is not None:
        from socialdesk.windowwords import window_why

        print(f"    {window_why(row.answer_until, row.due_at, now)}")


def _print_message(message: ThreadMessage, now: datetime) -> None:
    who = one_line(message.name or message.handle)
    arrow = ">" if message.direction is Direction.OUT else "<"
    notes = [_("private")] if message.private else []
    if message.automatic:
        notes.append(_("automatic"))
    if message.delivery not in (None, Delivery.SENT):
        notes.append(delivery_name(message.delivery))
    if message.edited_at:
        notes.append(_("edited"))
    if message.deleted_at:
        notes.append(_("deleted by its author"))
    tail = f"  [{', '.join(notes)}]" if notes else ""
    print(f"\n{arrow} {who}  {moment(message.at, now)}{tail}")
    beside = [one_line(attachment_text(one)) for one in message.attachments]
    for line in (*filter(None, (one_line(message.title),)), *scrub(message.text).split("\n"), *beside):
        print(f"    {line}".rstrip())
    for done in message.acts:
        print(f"    {one_line(act_text(done, now))}")
    if message.reason:
        print(f"    ! {explain(message.reason, one_line(message.detail))}")
