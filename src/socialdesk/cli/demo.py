"""``socialdesk demo``: a desk of its own with simulated customers, offline (NEEDS G1)."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence

from socialdesk.cli import screen
from socialdesk.cli.context import Context
from socialdesk.cli.options import count, factor
from socialdesk.errors import Refused
from socialdesk.i18n import _

SEED, SPEED = 1, 1.0


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--seed", type=count, help=_("the same seed gives the same customers"))
    parser.add_argument("--speed", type=factor, help=_("2 makes everything happen twice as often"))
    parser.add_argument("--fresh", action="store_true", help=_("begin again, forgetting the former demo"))
    parser.epilog = _("The demo is kept between runs; another seed or speed begins again.")
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Open the demo."""
    return open_demo(context, options.seed, options.speed, fresh=options.fresh)


def open_demo(
    context: Context, seed: int | None = None, speed: float | None = None, *, fresh: bool = False
) -> int:
    """Open the demo, made where it is not there yet."""
    screen.need_terminal()
    demo = context.demo()
    try:
        prepare(demo, seed, speed, fresh=fresh)
        screen.show(demo)
        return 0
    finally:
        demo.close()


def prepare(demo: Context, seed: int | None, speed: float | None, *, fresh: bool = False) -> None:
    """Make the demo's accounts, anew where asked, or where another seed or speed is wanted than last time."""
    if fresh or _differs(demo, seed, speed):
        _forget(demo)
    _write_settings(demo)
    if demo.desk.accounts():
        return
    from socialdesk.connectors.demo.cast import ACCOUNTS

    world = {
        "seed": str(seed or SEED),
        "speed": str(speed or SPEED),
        "world": str(demo.paths.data / "network"),
    }
    for name, brand, options in ACCOUNTS:
        demo.desk.add_account("demo", name, brand, {**options, **world}, {}, None)


def _differs(demo: Context, seed: int | None, speed: float | None) -> bool:
    if not demo.paths.database.exists() or (seed is None and speed is None):
        return False
    for account in demo.desk.accounts():
        options = account.options
        if seed is not None and options.get("seed") != str(seed):
            return True
        if speed is not None and options.get("speed") != str(speed):
            return True
    return False


def _write_settings(demo: Context) -> None:
    """Give the demo promises, calendars, facts and replies of its own; those that were changed since stay."""
    from socialdesk.cli.demo_files import FILES
    from socialdesk.cli.demo_settings import SETTINGS
    from socialdesk.privatefile import replace

    for path, text in {demo.settings_file.name: SETTINGS, **FILES}.items():
        file = demo.settings_file.parent / path
        if not file.exists():
            demo.close()  # what was read without them
            replace(file, text.encode())


def _forget(demo: Context) -> None:
    if demo.engine_running():
        raise Refused(_("the demo is open in another window"), code="demo_open")
    demo.close()
    shutil.rmtree(demo.paths.data, ignore_errors=True)
