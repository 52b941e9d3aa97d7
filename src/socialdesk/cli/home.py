"""``socialdesk`` alone: the desk, or what a newcomer chose on the first screen."""

from __future__ import annotations

import sys

from socialdesk.cli import screen
from socialdesk.cli.context import Context


def open_home(context: Context) -> int:
    """Show the desk until the person leaves it; a newcomer may go on to the demo or to a first account."""
    while True:
        match screen.show(context):
            case "demo":
                from socialdesk.cli.demo import open_demo

                return open_demo(context)
            case "account":
                _add_first(context)
            case _:
                return 0


def _add_first(context: Context) -> None:
    """Lead through adding an account; Ctrl+C leads back."""
    from socialdesk.cli.account_add import choose_network
    from socialdesk.cli.parser import parse

    try:
        options = parse(["account", "add", choose_network()])
        options.run(context, options)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
