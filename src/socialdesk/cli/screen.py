"""Opens the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from socialdesk.cli.context import Context
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.views import ALL

if TYPE_CHECKING:
    from socialdesk.connectors.contract import Capabilities
    from socialdesk.domain.models import QueueWindow

_FIRST = 80
"""Rows read for the first paint; more follow once it is seen."""


def need_terminal() -> None:
    """Raise ``Refused`` where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(_('without one, use the commands: "socialdesk --help" lists them'), code="no_terminal")


def show(context: Context, trouble: str = "") -> str:
    """Run the screen; returns what the person wants next, "" to leave. Raises what the screen broke down with.

    ``trouble`` tells a newcomer why there is no account yet.
    """
    need_terminal()
    import gc
    from concurrent.futures import ThreadPoolExecutor

    # A fifth of the start goes into looking for garbage that is not there yet; the app turns it on once it is painted.
    gc.disable()
    # The first rows are read while Textual is imported.
    thread = ThreadPoolExecutor(1)
    first_rows = thread.submit(context.desk.queue, ALL, limit=_FIRST)
    thread.shutdown(wait=False)
    return _run_app(context, trouble, first_rows.result)


def _run_app(context: Context, trouble: str, first_rows: Callable[[], QueueWindow]) -> str:
    from io import StringIO

    from rich.console import Console

    from socialdesk.app import DeskApp
    from socialdesk.checkchild import CheckChild
    from socialdesk.fetchchild import fetch
    from socialdesk.sync.child import COMMAND, EngineChild

    newcomer = not context.is_demo and not context.desk.accounts()
    engine = EngineChild(
        context.paths, context.desk_file, command=(*COMMAND, "--demo") if context.is_demo else COMMAND
    )
    app = DeskApp(
        context.desk,
        context.config,
        context.clock,
        engine=engine,
        limits=partial(_limits_of, context),
        first_run=newcomer,
        trouble=trouble,
        first_rows=first_rows,
        settings_file=context.settings_file,
        checker=CheckChild(context.settings_file.parent),
        fetch=partial(fetch, demo=context.is_demo),
    )
    # Textual prints a crash with the values of all variables, customers' words and names among them.
    app.error_console = Console(file=StringIO())
    wish = app.run()
    if app.return_code:
        raise getattr(app, "_exception", None) or RuntimeError("the screen broke down")
    return wish or ""


def _limits_of(context: Context, account: str) -> Capabilities | None:
    """Ask an account's connector how long answers may be; its network code is imported at the first answer only."""
    from socialdesk.cli.limits import limits_of

    found = next((known for known in context.desk.accounts() if known.name == account), None)
    return limits_of(found) if found else None
