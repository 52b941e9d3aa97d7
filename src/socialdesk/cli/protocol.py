"""``socialdesk protocol``: what to do in a situation, step by step (NEEDS D4)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from socialdesk import i18n
from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table
from socialdesk.domain.text import one_line
from socialdesk.errors import NotFound
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", help=_("list the protocols"))
    show = actions.add_parser("show", help=_("print the steps of a protocol"))
    show.add_argument("protocol", metavar=_("PROTOCOL"), help=_("as the list names it"))
    for one in (listing, show):
        one.add_argument("--language", metavar="ES", help=_("the language of the protocols, as two letters"))
        one.add_argument("--brand", default="", metavar=_("BRAND"), help=_("the brand that they are for"))
        one.add_argument("--json", action="store_true", help=_("print JSON"))
    listing.set_defaults(run=list_all)
    show.set_defaults(run=show_one)


def list_all(context: Context, options: argparse.Namespace) -> int:
    """List the protocols."""
    found = context.shelf.protocols(options.language or i18n.language(), options.brand)
    if options.json:
        print_json(
            [{"id": p.id, "title": p.title, "situations": p.situations, "words": p.words} for p in found]
        )
    else:
        print_table((_("Protocol"), _("Title"), _("Steps")), [(p.id, p.title, len(p.steps)) for p in found])
    return _tell_troubles(context)


def show_one(context: Context, options: argparse.Namespace) -> int:
    """Print a protocol."""
    found = context.shelf.protocols(options.language or i18n.language(), options.brand)
    protocol = next((p for p in found if p.id == options.protocol), None)
    if protocol is None:
        names = ", ".join(p.id for p in found)
        message = _("no protocol is called {name}; there are: {names}")
        raise NotFound(message.format(name=options.protocol, names=names), code="protocol")
    if options.json:
        print_json({**protocol._asdict(), "steps": [step._asdict() for step in protocol.steps]})
        return _tell_troubles(context)
    print(protocol.title)
    if protocol.in_charge:
        print(_("In charge: {name}").format(name=protocol.in_charge))
    for number, step in enumerate(protocol.steps, 1):
        do = _("{step} (a must)").format(step=step.do) if step.must else step.do
        who = f" [{step.who}]" if step.who else ""
        print(f"{number:2}. {do}{who}")
        if step.say:
            print(f"    «{step.say}»")
    return _tell_troubles(context)


def _tell_troubles(context: Context) -> int:
    for trouble in context.shelf.troubles():
        sys.stderr.write(one_line(trouble) + "\n")
    return 0
