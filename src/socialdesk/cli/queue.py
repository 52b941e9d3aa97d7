"""``socialdesk queue``: the conversations, the most urgent first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialdesk.channels import channel_name
from socialdesk.cli.context import Context
from socialdesk.cli.options import count
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.cli.views import find
from socialdesk.desk import Desk
from socialdesk.domain.models import QueueRow, Seek, View
from socialdesk.domain.windows import is_shown
from socialdesk.i18n import _, ngettext
from socialdesk.windowwords import window_left
from socialdesk.wording import left_text, said, state_name, wait_text

PAGE = 500


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "--view", default="all", help=_("all, waiting, late, snoozed, done, or a view of your own")
    )
    parser.add_argument("--brand", help=_("only this brand"))
    parser.add_argument("--channel", help=_("only this channel"))
    parser.add_argument("--limit", type=count, default=50, help=_("how many at most; 0 is all of them"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the queue."""
    view = find(options.view, context.config.views, options.brand, options.channel)
    context.desk.wake()
    rows, total = _rows(context.desk, view, options.limit)
    now = context.clock.now()
    if options.json:
        print_json([row_json(row, now) for row in rows])
    elif rows:
        _print(rows, total, now)
    else:
        print(_("No conversations here."))
    return 0


def row_json(row: QueueRow, now: datetime) -> dict[str, Any]:
    """Return a conversation as scripts see it; lengths of time are whole seconds, late ones negative."""
    return {
        "id": row.id,
        "brand": row.brand,
        "account": row.account,
        "channel": row.channel,
        "contact": {"handle": row.handle, "name": row.name},
        "state": row.state.value,
        "waiting_since": iso(row.waiting_since),
        "waiting_seconds": int((now - row.waiting_since).total_seconds()) if row.waiting_since else None,
        "due_at": iso(row.due_at),
        "seconds_left": int((row.due_at - now).total_seconds()) if row.due_at else None,
        "nudges": row.nudges,
        "messages": row.messages,
        "language": row.language,
        "preview": row.preview,
        "situation": row.situation,
        "promise": row.promise,
        "resolve_by": iso(row.resolve_by),
        "commit_at": iso(row.commit_at),
        "commitment": row.commitment or None,
        "joined_to": row.joined_to,
        "answer_until": iso(row.answer_until),
        "rating": row.rating,
    }


def _rows(desk: Desk, view: View, limit: int) -> tuple[list[QueueRow], int]:
    rows: list[QueueRow] = []
    seek, total = Seek(), 0
    while not limit or len(rows) < limit:
        window = desk.queue(view, seek, min(PAGE, limit - len(rows)) if limit else PAGE)
        total = max(total, window.total)
        if not window.rows:
            break
        rows += window.rows
        seek = Seek("after", window.rows[-1].key)
    return rows, total


def _print(rows: Sequence[QueueRow], total: int, now: datetime) -> None:
    headings = (
        "ID",
        _("STATE"),
        _("WAITS"),
        _("PROMISE"),
        _("BRAND"),
        _("CHANNEL"),
        _("CUSTOMER"),
        _("TEXT"),
    )
    print_table(headings, (_cells(row, now) for row in rows))
    more = total - len(rows)
    if more > 0:
        text = ngettext(
            "{n} more; --limit shows more of them.", "{n} more; --limit shows more of them.", more
        )
        sys.stderr.write(text.format(n=more) + "\n")


def _cells(row: QueueRow, now: datetime) -> tuple[object, ...]:
    waits = wait_text((now - row.waiting_since).total_seconds()) if row.waiting_since else ""
    nudges = f" +{row.nudges}" if row.nudges else ""
    left = left_text((row.due_at - now).total_seconds()) if row.due_at else ""
    name = row.name or row.handle
    return (
        row.id,
        state_name(row.state),
        waits + nudges,
        left,
        row.brand,
        channel_name(row.channel),
        name,
        _text(row, now),
    )


def _text(row: QueueRow, now: datetime) -> str:
    """Return the customer's words, after what the network tells of them, as on the screen."""
    text, until = f"{row.rating}★ {said(row)}" if row.rating else said(row), row.answer_until
    if until is None or row.waiting_since is None or not is_shown(until, row.due_at, now):
        return text
    return f"{window_left(int((until - now).total_seconds()))} · {text}"
