"""From the command line to the right command, and from whatever goes wrong to one plain line.

``socialdesk`` alone opens the screen and loads nothing that the screen does not need; argparse and the commands'
modules are imported only when there is something to parse.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from socialdesk import i18n
from socialdesk.cli import harmless
from socialdesk.cli.context import Context
from socialdesk.errors import ConfigError, SocialdeskError
from socialdesk.i18n import _

GOOD, FAILED, USAGE, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit codes; the last is the shell's own for Ctrl-C."""


def run(arguments: Sequence[str], context: Context | None = None) -> int:
    """Run one command and return its exit code; never raises, never shows a traceback."""
    _ready_streams()
    _leave_no_image()
    context = context or Context()
    return _guarded(context, lambda: _dispatch(context, arguments))


def _ready_streams() -> None:
    """Let an output of few characters show what it can, one that was closed swallow all, and none steer the terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open to the end
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if name == "stderr" else "replace")
    harmless.guard()


def _leave_no_image() -> None:
    """Let the system keep no core file of us and our children: customers' words and the person's passwords are in it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def _dispatch(context: Context, arguments: Sequence[str]) -> int:
    _choose_language(context)
    if arguments:
        from socialdesk.cli.parser import parse

        options = parse(arguments)
        if options.run is not None:
            return int(options.run(context, options))
    from socialdesk.cli.home import open_home

    return open_home(context)


def _choose_language(context: Context) -> None:
    try:
        wanted = context.config.language
    except ConfigError:
        wanted = ""  # told by the first command that needs the settings; help and doctor do not
    i18n.choose(wanted or i18n.preferred())


def _guarded(context: Context, action: Callable[[], int]) -> int:
    try:
        code = _code_of(action)
        sys.stdout.flush()
    except BrokenPipeError:
        return FAILED
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # leave the line with ^C on it
        return INTERRUPTED
    except SocialdeskError as error:
        _say(_plain(_placed(context, error)) + _way_back(context, error))
        return FAILED
    except Exception as error:
        _say(_of_the_desk_file(error) or _of_the_system(error) or _unexpected(context, error))
        return FAILED
    finally:
        _empty_stdout()
        with suppress(SocialdeskError):
            context.close()
    return code


def _code_of(action: Callable[[], int]) -> int:
    try:
        return action()
    except SystemExit as leaving:  # argparse: help and usage errors
        return leaving.code if isinstance(leaving.code, int) else GOOD


def _empty_stdout() -> None:
    """Keep the interpreter from complaining, on its way out, of a reader that has left or a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(line: str) -> None:
    from socialdesk.cli.output import flowing

    sys.stderr.write(f"{flowing(f'socialdesk: {line}')}\n")


def _placed(context: Context, error: SocialdeskError) -> SocialdeskError:
    """Return the error, with its line where it is about a setting; one of the home itself has no file to look in."""
    if not isinstance(error, ConfigError) or not error.where:
        return error
    from socialdesk.configfile import placed

    return placed(context.paths.config_file, error)


def _plain(error: SocialdeskError) -> str:
    from socialdesk.wording import explain_error

    return str(explain_error(error))


def _way_back(context: Context, error: SocialdeskError) -> str:
    """Return which backup there is to go back to from a damaged desk, or ""."""
    if error.code != "desk_damaged":
        return ""
    from socialdesk.cli.restore import way_back

    with suppress(SocialdeskError, OSError):
        return f" {way_back(context)}"
    return ""


def _of_the_desk_file(error: Exception) -> str:
    """Return what to say of a full disk or a damaged file, which SQLite or SQLAlchemy met on the way, or ""."""
    import sqlite3

    from socialdesk.storage.faults import in_plain_words

    cause = getattr(error, "orig", error)
    return _plain(in_plain_words(cause)) if isinstance(cause, sqlite3.Error) else ""


def _of_the_system(error: Exception) -> str:
    """Return what to say of a file or an output that the system does not let us use, or ""."""
    if not isinstance(error, OSError) or not error.strerror:
        return ""
    what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return _plain(SocialdeskError(what, code="system"))


def _unexpected(context: Context, error: Exception) -> str:
    """Write the whole story to the log and return one line for the person."""
    from socialdesk.cli.trouble import record

    place = record(context.paths, error)
    if place is None:
        return _("Something unexpected happened: {error}.").format(error=type(error).__name__)
    return _(
        "Something unexpected happened. {file} says more; please send it to the makers of socialdesk."
    ).format(file=place)
