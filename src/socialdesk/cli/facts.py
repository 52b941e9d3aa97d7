"""``socialdesk facts``: what is true of a brand, at hand for every answer (NEEDS C7)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from socialdesk.cli.canned import open_in_editor
from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table
from socialdesk.domain.text import one_line
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", help=_("list what is known of a brand"))
    edit = actions.add_parser("edit", help=_("write down the facts of a brand in $EDITOR"))
    confirm = actions.add_parser("confirm", help=_("say that a fact still holds today"))
    for one in (listing, edit, confirm):
        one.add_argument(
            "--brand",
            default="",
            metavar=_("BRAND"),
            help=_("the brand; without it, what holds for all of them"),
        )
    confirm.add_argument("name", metavar=_("NAME"), help=_("the fact, as the list names it"))
    listing.add_argument("--json", action="store_true", help=_("print JSON"))
    listing.set_defaults(run=list_all)
    edit.set_defaults(run=edit_all)
    confirm.set_defaults(run=confirm_one)


def list_all(context: Context, options: argparse.Namespace) -> int:
    """List the facts."""
    today = context.clock.now().astimezone().date()
    found = context.shelf.facts(options.brand)
    if options.json:
        print_json(
            [
                {
                    **{key: value for key, value in f._asdict().items() if key != "path"},
                    "confirmed": f.confirmed and f.confirmed.isoformat(),
                    "stale": f.is_stale(today),
                }
                for f in found
            ]
        )
    else:
        rows = [
            (f.name, f.confirmed or "-", _("confirm it") if f.is_stale(today) else "", f.text) for f in found
        ]
        print_table((_("Fact"), _("Confirmed"), "", _("Text")), rows)
    for trouble in context.shelf.troubles():
        sys.stderr.write(one_line(trouble) + "\n")
    return 0


def edit_all(context: Context, options: argparse.Namespace) -> int:
    """Open the file of a brand's facts in the editor, and say whether it can be used."""
    from socialdesk.replies import own

    today = context.clock.now().astimezone().date()
    path = own.edit_facts(context.shelf.facts_folder, options.brand, today, open_in_editor)
    print(_("Kept in {path}.").format(path=path) if path else _("Nothing was changed."))
    return 0


def confirm_one(context: Context, options: argparse.Namespace) -> int:
    """Date a fact today."""
    from socialdesk.replies import own

    today = context.clock.now().astimezone().date()
    own.confirm(context.shelf.facts(options.brand), options.name, today)
    print(_("{name} is confirmed as of today.").format(name=options.name))
    return 0
