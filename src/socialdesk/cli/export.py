"""``socialdesk export``: all that the desk knows of a person, for that person (promise 14 of docs/reliability.md)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.erase import add_contact, chosen
from socialdesk.cli.output import iso, print_json
from socialdesk.errors import NotFound, Refused
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    add_contact(parser)
    parser.add_argument(
        "file", metavar=_("FILE"), nargs="?", default="-", help=_("where to; - is standard output")
    )
    parser.epilog = _(
        "JSON: everything that is theirs and nothing of anybody else's. The file is for your eyes only until you hand it over."
    )
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Write it out; a file that is there already is left alone."""
    people = [one for one in chosen(context, options.contact, options.brand) if one.id]
    if not people:
        raise NotFound(options.contact, code="contact_blocked")
    file = None if options.file == "-" else Path(options.file)
    if file is not None and file.exists():
        raise Refused(options.file, code="file_there")
    told = {"made": iso(context.clock.now()), "customers": context.desk.dossier(people)}
    if file is None:
        print_json(told)
        return 0
    from socialdesk.privatefile import replace

    replace(file.absolute(), json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
    print(_("{file} holds all that is known of them.").format(file=options.file))
    return 0
