"""``socialdesk connector``: which connectors there are, and the beginning of another one (docs/connectors.md)."""

from __future__ import annotations

import argparse
import keyword
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table
from socialdesk.connectors import registry
from socialdesk.errors import Refused
from socialdesk.i18n import _

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", help=_("list the connectors, and why one cannot be used"))
    listing.add_argument("--json", action="store_true", help=_("print JSON"))
    listing.set_defaults(run=list_all)
    new = actions.add_parser("new", help=_("write the beginning of a connector, with tests that pass"))
    new.add_argument("name", type=_fit_name, metavar=_("NAME"), help=_("the channel's name, such as chirp"))
    new.add_argument(
        "--to", type=Path, metavar=_("FOLDER"), help=_("the folder to make, instead of socialdesk-NAME")
    )
    new.set_defaults(run=begin)


def list_all(_context: Context, options: argparse.Namespace) -> int:
    """List them all; those that cannot be used with the reason."""
    found = registry.catalog()
    if options.json:
        print_json(
            [
                {
                    "name": one.name,
                    "label": one.label,
                    "contract": one.contract,
                    "package": one.package,
                    "available": one.available,
                    "reason": one.reason,
                }
                for one in found
            ]
        )
        return 0
    print_table(
        [_("NAME"), _("CONTRACT"), _("PACKAGE"), _("STATE")],
        (
            [one.name, "" if one.contract is None else one.contract, one.package, one.reason or _("ready")]
            for one in found
        ),
    )
    return 0


def begin(_context: Context, options: argparse.Namespace) -> int:
    """Write a plugin package."""
    if options.name in registry.names():
        raise Refused(options.name, code="connector_taken")
    folder: Path = options.to or Path(f"socialdesk-{options.name.replace('_', '-')}")
    if folder.exists() or folder.is_symlink():
        raise Refused(str(folder), code="folder_exists")
    write(options.name, folder)
    print(
        _("{folder} is there. Try it, in an environment in which socialdesk is installed:").format(
            folder=folder
        )
    )
    print(f"\n    cd {folder}\n    pip install -e '.[test]'\n    pytest\n")
    print(_("README.md there says how to go on, docs/connectors.md all the rest."))
    return 0


def write(name: str, folder: Path) -> None:
    """Write the package under a name of its own first, so that the folder is whole or not there."""
    from socialdesk.connectors.template import filled

    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for place, text in filled(name):
            file = making / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        making.chmod(0o755)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _fit_name(text: str) -> str:
    """Return a name for a channel: what Python, a package and a command can bear."""
    if not _NAME.fullmatch(text) or keyword.iskeyword(text) or len(text) > 30:
        message = _("a name of small letters, digits and single underscores is expected, not {text}")
        raise argparse.ArgumentTypeError(message.format(text=repr(text)))
    return text
