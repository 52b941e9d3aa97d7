"""``socialdesk restore``: which backups there are, and one of them put in the place of the desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.cli.ask import confirmed
from socialdesk.cli.context import Context
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.domain.text import one_line
from socialdesk.errors import NotFound
from socialdesk.i18n import _, ngettext
from socialdesk.wording import moment, number

if TYPE_CHECKING:
    from socialdesk.storage.backup import Backup
    from socialdesk.storage.restoring import Restored

_MEGABYTE = 1_000_000


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar=_("FILE"),
        help=_("the backup, or its name in the list; without it, the list"),
    )
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        "The present desk is kept beside the new one. Replies that may have left since the backup wait for you."
    )
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """List, or restore; exit code 1 where the person says no."""
    if not options.file:
        return _list(context, options.json)
    source = _named(context, options.file)
    if not source.is_file():
        raise NotFound(str(source), code="no_backup")
    word = _("yes")
    question = _('The desk goes back to {file}. Type "{word}" to go on: ')
    if not options.yes and not confirmed(question.format(file=one_line(str(source)), word=word), word):
        sys.stderr.write(_("Nothing was changed.") + "\n")
        return 1
    from socialdesk.storage.restoring import restore

    done = restore(_desk(context), source, context.clock.now())
    if options.json:
        print_json({"aside": str(done.aside or ""), "held": done.held, "erased": done.erased})
    else:
        _tell(done)
    return 0


def way_back(context: Context) -> str:
    """Return which backup there is to go back to, in words."""
    from socialdesk.storage import backup

    found = backup.newest(_desk(context))
    if found is None:
        return _("There is no backup yet.")
    when = moment(found.at, context.clock.now())
    return _("The newest backup is of {when}: {file}").format(when=when, file=one_line(found.path.name))


def _desk(context: Context) -> Path:
    from socialdesk.storage.location import locate

    return locate(context.paths, {} if context.is_demo else os.environ)


def _all(context: Context) -> list[Backup]:
    from socialdesk.storage import backup

    return backup.all_of(_desk(context))


def _named(context: Context, words: str) -> Path:
    """Return the file that is meant: a name of the list, or a path."""
    listed = next((one.path for one in _all(context) if one.path.name == words), None)
    return listed or Path(words).expanduser().absolute()


def _list(context: Context, as_json: bool) -> int:
    found = _all(context)
    if as_json:
        print_json([{"file": str(one.path), "at": iso(one.at), "bytes": one.size} for one in found])
    elif found:
        rows = (
            (moment(one.at), f"{number(one.size / _MEGABYTE // 0.1 * 0.1)} MB", one.path.name)
            for one in found
        )
        print_table((_("MADE"), _("SIZE"), _("FILE")), rows)
        print("\n" + _("socialdesk restore FILE puts one in the place of the desk."))
    else:
        print(_("No backups yet: the engine makes one a day, socialdesk backup makes one now."))
    return 0


def _tell(done: Restored) -> None:
    print(_("Restored."))
    if done.aside is not None:
        print(_("The former desk is kept: {file}").format(file=one_line(str(done.aside))))
    if done.held:
        text = ngettext(
            "{n} reply may have left since; it waits for you: socialdesk outbox",
            "{n} replies may have left since; they wait for you: socialdesk outbox",
            done.held,
        )
        print(text.format(n=done.held))
    if done.erased:
        text = ngettext(
            "{n} customer who had been erased since was erased again.",
            "{n} customers who had been erased since were erased again.",
            done.erased,
        )
        print(text.format(n=done.erased))
