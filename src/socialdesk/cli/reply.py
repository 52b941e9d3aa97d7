"""``socialdesk reply``: an answer in the channel in which the question came (NEEDS B1)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.limits import check_reply
from socialdesk.cli.options import identifier, moment
from socialdesk.cli.outbox import item_json
from socialdesk.cli.output import print_json
from socialdesk.cli.replycheck import may_leave, reason, review_of
from socialdesk.domain.models import AccountState, Delivery, OutboxItem, Thread
from socialdesk.domain.text import scrub
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.wording import moment as moment_text

LARGEST = 1_000_000


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    text = parser.add_mutually_exclusive_group(required=True)
    text.add_argument("--text", metavar=_("TEXT"), help=_("the answer"))
    text.add_argument("--file", metavar=_("FILE"), help=_("a file with the answer; - is standard input"))
    text.add_argument(
        "stdin", nargs="?", type=_dash, metavar="-", help=_("read the answer from standard input")
    )
    parser.add_argument(
        "--private", action="store_true", help=_("answer privately, where the network allows it")
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--now", action="store_true", help=_("let it leave at once, without time to undo"))
    when.add_argument("--at", type=moment, metavar=_("MOMENT"), help=_("let it leave then: 2026-11-23T09:00"))
    parser.add_argument(
        "--overrule",
        type=reason,
        metavar=_("REASON"),
        help=_("why it may leave although the check finds something grave in it; the reason is kept"),
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        'The answer is looked over as by "socialdesk check ID". What is grave holds it, and the exit code is 1; '
        "everything else is told and it leaves. Promises in it go to the queue."
    )
    parser.set_defaults(run=run)


def _dash(text: str) -> str:
    """Take "-" only: an answer without --text would be half a sentence where its quotes were forgotten."""
    if text != "-":
        raise argparse.ArgumentTypeError(_('write the answer behind --text: --text "Hello"'))
    return text


def run(context: Context, options: argparse.Namespace) -> int:
    """Put the answer into the outbox; the engine of the screen, or of ``socialdesk sync``, sends it."""
    thread = context.desk.thread(
        options.id, limit=1
    )  # what is seen before the text is read: that may take a while
    text, row = _text(options), thread.row
    account = next((one for one in context.desk.accounts() if one.name == row.account), None)
    private = options.private or row.private
    check_reply(account, text, private=private, opens_private=private and not row.private)
    review = review_of(context, options.id, text, private=private)
    if not may_leave(review, options.overrule or "", as_json=options.json):
        _keep(context, options, thread, text)
        return 1
    item = context.desk.reply(
        options.id,
        text,
        private=options.private,
        now=options.now,
        at=options.at,
        seen=thread.seen,
        overrules=review.overrules(),
        commitments=review.promises(),
        drafted=False,
    )
    if options.json:
        print_json(item_json(item))
    else:
        _tell(context, item, paused=account is not None and account.state is AccountState.PAUSED)
    return 0


def _keep(context: Context, options: argparse.Namespace, thread: Thread, text: str) -> None:
    """Keep what was typed and stands nowhere else, unless there is another draft."""
    if options.text is None and options.file in (None, "-") and not thread.draft:
        context.desk.save_draft(options.id, text)
        sys.stderr.write(_("Your text is the draft of the conversation.") + "\n")


def _text(options: argparse.Namespace) -> str:
    if options.text is not None:
        text = str(options.text)
    elif options.file in (None, "-"):
        text = _decoded(sys.stdin.buffer.read(LARGEST), _("standard input"))
    else:
        text = _read(Path(options.file))
    if not text.strip():
        raise Refused(code="empty")
    if not text.isprintable() and any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused("--text", code="not_utf8")
    return scrub(text).strip()  # as it will leave, since that is what is checked


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(file.read(LARGEST), str(path))
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}", code="unreadable_file") from error


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refused(source, code="not_utf8") from None


def _tell(context: Context, item: OutboxItem, *, paused: bool) -> None:
    if item.state is Delivery.AWAITING_APPROVAL:
        text = _('Reply {id} waits until somebody else approves it: "socialdesk outbox approve {id}".')
        print(text.format(id=item.id))
    elif paused:
        print(_("Reply {id} waits in the outbox.").format(id=item.id))
    elif item.next_attempt_at is None or item.next_attempt_at <= context.clock.now():
        print(_("Reply {id} leaves now.").format(id=item.id))
    else:
        when = moment_text(item.next_attempt_at, context.clock.now())
        print(
            _('Reply {id} leaves at {time}; "socialdesk outbox undo {id}" takes it back.').format(
                id=item.id, time=when
            )
        )
    if paused:
        text = _('{name} is paused; "socialdesk account resume {name}" lets the reply leave.')
        sys.stderr.write(text.format(name=item.account) + "\n")
    elif not context.engine_running():
        sys.stderr.write(_('Nothing sends at the moment: open socialdesk, or run "socialdesk sync".') + "\n")
