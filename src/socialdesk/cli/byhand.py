"""``socialdesk call`` and ``visit``: what a customer said by phone or at the counter (NEEDS A1, B1, F5)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json
from socialdesk.domain.models import Kind
from socialdesk.errors import Refused
from socialdesk.heard import heard_at
from socialdesk.i18n import _
from socialdesk.wording import moment

KINDS = {"call": Kind.CALL, "visit": Kind.VISIT}


def arguments(parser: argparse.ArgumentParser, name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("words", nargs="+", metavar=_("WORDS"), help=_("what they want"))
    parser.add_argument(
        "--brand", default="", help=_("whose customer it is; not needed where there is one only")
    )
    parser.add_argument("--who", default="", metavar=_("NAME"), help=_("the customer's name"))
    parser.add_argument(
        "--number", default="", metavar=_("TELEPHONE"), help=_("the customer is known by it the next time")
    )
    parser.add_argument("--at", default="", metavar="HH:MM", help=_("when it was; now where it is left out"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        'It waits like any other message, by the promise of its channel; "socialdesk resolve" answers it.'
    )
    parser.set_defaults(
        run=lambda context, options: run(context, KINDS[name], options), complain=parser.error
    )


def run(context: Context, kind: Kind, options: argparse.Namespace) -> int:
    """Write it down."""
    now = context.clock.now()
    try:
        at = heard_at(options.at, now)
    except ValueError as error:
        options.complain(f"--at: {error}")
    brand = options.brand or _only_brand(context)
    number = context.desk.write_down(
        kind, brand, " ".join(options.words), who=options.who, number=options.number, at=at
    )
    row = context.desk.row(number)
    if options.json:
        print_json({"id": number, "due_at": row.due_at.isoformat() if row.due_at else None})
    elif row.due_at is None:
        print(_("Conversation {id}: it waits.").format(id=number))
    else:
        words = _("Conversation {id}: promised for {when}.")
        print(words.format(id=number, when=moment(row.due_at, now)))
    return 0


def _only_brand(context: Context) -> str:
    brands = context.desk.brands()
    if len(brands) != 1:
        raise Refused(", ".join(brand.name for brand in brands), code="which_brand")
    return brands[0].name
