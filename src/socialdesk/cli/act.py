"""``socialdesk act``: what is done to a customer's message besides answering it (NEEDS B1, D5, D6)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from socialdesk.actwords import act_text
from socialdesk.cli.context import Context
from socialdesk.cli.limits import limits_of
from socialdesk.cli.options import identifier
from socialdesk.cli.output import print_json
from socialdesk.cli.show import act_json
from socialdesk.domain.models import Act, ActState
from socialdesk.domain.text import one_line
from socialdesk.errors import Refused
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    parser.add_argument("act", choices=[act.value for act in Act], help=_("what is to be done"))
    parser.add_argument("--undo", action="store_true", help=_("take it back"))
    parser.add_argument(
        "--message",
        type=identifier,
        metavar="ID",
        help=_('another message than the customer\'s newest: its id, as "socialdesk show ID --json" tells'),
    )
    parser.add_argument("--now", action="store_true", help=_("do not wait for the time to undo"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Ask for it; the engine does it."""
    desk, act = context.desk, Act(options.act)
    account = next((one for one in desk.accounts() if one.name == desk.row(options.id).account), None)
    able = limits_of(account) if account is not None else None
    if able is not None and act not in able.acts:
        raise Refused(code="act_not_offered")
    if options.undo:
        done = desk.undo_act(
            options.id, act, options.message, undoable=able.undoable if able else frozenset(Act)
        )
    else:
        done = desk.act(options.id, act, options.message, now=options.now)
    if options.json:
        print_json(act_json(done))
    elif done.state is ActState.CANCELLED:
        print(_("Taken back before it was done."))
    else:
        print(one_line(act_text(done, context.clock.now())))
        if not context.engine_running():
            print(_('It is done by the next "socialdesk" or "socialdesk sync".'))
    return 0
