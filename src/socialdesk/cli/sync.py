"""``socialdesk sync``: the engine without a screen, and the engine that a screen starts beside itself."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from socialdesk import logs
from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table
from socialdesk.domain.models import AccountState
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _
from socialdesk.wording import account_state_name, explain

if TYPE_CHECKING:
    from socialdesk.sync.engine import Engine, Visit


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "--once", action="store_true", help=_("reach every account once, send what is due, and end")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON; with --once"))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Receive and send; with ``--once`` exit code 3 where an account failed."""
    if options.demo:
        context = context.demo()
    logs.start(context.paths.log_file)
    try:
        engine = _engine(context)
        if options.once:
            return _report(asyncio.run(engine.once()), options.json)
        asyncio.run(_serve(context, engine, options.child))
    except SocialdeskError as error:
        # Nobody reads what a screen's child says.
        logging.getLogger("socialdesk").error("the engine cannot work: %s", error.detail or error.code)
        raise
    finally:
        logs.stop()
        context.close()
    return 0


def _engine(context: Context) -> Engine:
    from socialdesk.connectors import registry
    from socialdesk.sync.engine import Engine

    return Engine(
        context.database, registry.load, context.secrets, context.clock, context.config, context.paths
    )


def _report(visits: Sequence[Visit], as_json: bool) -> int:
    if as_json:
        print_json([_visit_json(visit) for visit in visits])
    elif visits:
        headings = (_("ACCOUNT"), _("STATE"), _("RECEIVED"), _("SENT"), _("NOTE"))
        print_table(headings, (_cells(visit) for visit in visits))
    else:
        print(_("No accounts yet. Add one with: socialdesk account add bluesky"))
    return 0 if all(visit.ok for visit in visits) else 3


def _visit_json(visit: Visit) -> dict[str, object]:
    return {
        "account": visit.account,
        "state": visit.state.value,
        "problem": visit.problem,
        "detail": visit.detail,
        "received": visit.received,
        "sent": visit.sent,
    }


def _cells(visit: Visit) -> tuple[object, ...]:
    note = str(explain(visit.problem, visit.detail)) if visit.problem else ""
    paused = visit.state is AccountState.PAUSED
    counts = ("", "") if paused else (visit.received, visit.sent)
    return (visit.account, account_state_name(visit.state), *counts, note)


async def _serve(context: Context, engine: Engine, child: bool) -> None:
    """Run until told to leave: by a signal, or, for a screen's child, by the end of the pipe on stdin."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    # Ctrl-C at the terminal reaches the child as well; its screen decides.
    loop.add_signal_handler(signal.SIGINT, _nothing if child else stop.set)
    if child:
        loop.add_reader(sys.stdin.fileno(), lambda: _heard(sys.stdin.fileno(), engine, stop))
    else:
        _greet(context)
    try:
        await engine.run(stop)
    finally:
        if child:
            loop.remove_reader(sys.stdin.fileno())


def _nothing() -> None:
    return None


def _heard(pipe: int, engine: Engine, stop: asyncio.Event) -> None:
    """Obey the screen: any line is a nudge, the end of the pipe means that the screen is gone."""
    if os.read(pipe, 4096):
        engine.nudge()
    else:
        asyncio.get_running_loop().remove_reader(pipe)
        stop.set()


def _greet(context: Context) -> None:
    if context.engine_running():
        text = _("Another socialdesk receives and sends already; this one takes over when it ends.")
    else:
        text = _("Receiving and sending.")
    sys.stderr.write(f"{text} {_('Ctrl-C ends it.')}\n")
