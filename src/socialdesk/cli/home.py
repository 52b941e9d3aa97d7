"""``socialdesk`` alone: the desk, or what a newcomer chose on the first screen."""

from __future__ import annotations

import sys

from socialdesk.cli import screen
from socialdesk.cli.context import Context
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _


def open_home(context: Context) -> int:
    """Show the desk until the person leaves it; a newcomer may go on to the demo or to a first account."""
    trouble = ""
    while True:
        match screen.show(context, trouble):
            case "demo":
                from socialdesk.cli.demo import open_demo

                return open_demo(context)
            case "account":
                trouble = _add_first(context)
                context.close()  # the settings may have changed on the screen
            case _:
                return 0


def _add_first(context: Context) -> str:
    """Lead through adding an account; return why none was added. Ctrl+C leads back without a word."""
    from socialdesk.cli.account_add import choose_network
    from socialdesk.cli.parser import parse
    from socialdesk.wording import explain_error

    try:
        sys.stderr.write(_("Ctrl+C goes back to the welcome.") + "\n")
        options = parse(["account", "add", choose_network()])
        options.run(context, options)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    except SocialdeskError as error:
        return str(explain_error(error))
    return ""
