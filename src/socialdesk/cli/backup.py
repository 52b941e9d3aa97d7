"""``socialdesk backup``: a copy of the desk, made while it is in use."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json
from socialdesk.domain.text import one_line
from socialdesk.errors import NotFound, Refused
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", nargs="?", metavar=_("FILE"), help=_("the copy; without it, one beside the daily backups")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _("The copy holds the conversations, not the passwords; only you can read it.")
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Make the copy; a file that is there already is left alone."""
    from socialdesk.storage import backup
    from socialdesk.storage.location import locate

    path = locate(context.paths, {} if context.is_demo else os.environ)
    if not path.exists():
        raise NotFound(str(path), code="no_desk")
    target = backup.place(path, context.clock.now())
    if options.file:
        target = Path(options.file).expanduser().absolute()
    if target.exists() or target.is_symlink():
        raise Refused(str(target), code="file_there")
    backup.back_up(path, target)
    size = target.stat().st_size
    if options.json:
        print_json({"file": str(target), "bytes": size})
    else:
        print(_("Copied and checked: {file}").format(file=one_line(str(target))))
    return 0
