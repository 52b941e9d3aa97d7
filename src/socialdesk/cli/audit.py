"""``socialdesk audit``: who did what (promise 15 of docs/reliability.md)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from socialdesk.cli.context import Context
from socialdesk.cli.options import count, moment
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.domain.privacy import Deed, Done
from socialdesk.i18n import N_, _
from socialdesk.wording import moment as moment_text

_DEEDS = {
    Deed.SENT: N_("sent"),
    Deed.ACTED: N_("done to a message"),
    Deed.EDITED: N_("changed before it left"),
    Deed.BLOCKED: N_("blocked"),
    Deed.ERASED: N_("erased"),
    Deed.EXPORTED: N_("exported"),
    Deed.POLICY: N_("promises changed"),
    Deed.CONSENT: N_("agreed to plain text"),
}


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--since", type=moment, help=_("only from this moment on, such as 2026-11-23T09:00"))
    parser.add_argument("--what", choices=[deed.value for deed in Deed], default="", help=_("only this"))
    parser.add_argument("--limit", type=count, default=100, help=_("only the newest, so many of them"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        "Lines are only ever added. None holds a word of what anybody wrote, nor a customer's name: persons stand there as"
        " codes."
    )
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """List, the newest first."""
    lines = context.desk.audit(options.since, options.what, options.limit)
    if options.json:
        print_json([one._asdict() | {"at": iso(one.at)} for one in lines])
        return 0
    if not lines:
        print(_("Nothing has happened yet."))
        return 0
    now = context.clock.now()
    headings = (_("When"), _("Who"), _("What"), _("Brand"), _("Conversation"), _("Which"))
    print_table(headings, [(moment_text(one.at, now), *_cells(one)) for one in lines])
    return 0


def _cells(one: Done) -> tuple[str, ...]:
    what = _(_DEEDS[Deed(one.what)]) if one.what in _DEEDS else one.what
    where = "" if one.conversation_id is None else f"#{one.conversation_id}"
    return one.agent or _("the desk itself"), what, one.brand, where, f"{one.subject} {one.detail}".strip()
