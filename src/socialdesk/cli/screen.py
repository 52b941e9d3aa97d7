"""Opens the screen."""

from __future__ import annotations

import sys

from socialdesk.cli.context import Context
from socialdesk.errors import Refused
from socialdesk.i18n import _


def need_terminal() -> None:
    """Raise ``Refused`` where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(_('without one, use the commands: "socialdesk --help" lists them'), code="no_terminal")


def open_desk(context: Context) -> int:
    """Show the desk until the person leaves it."""
    need_terminal()
    raise NotImplementedError
