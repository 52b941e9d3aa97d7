"""``socialdesk import``: the history of another tool, one message a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json
from socialdesk.domain.text import one_line
from socialdesk.errors import Refused
from socialdesk.i18n import _, ngettext
from socialdesk.wording import number

BAR = 30
SHOWN = 20
SOME_FAILED, INTERRUPTED = 3, 130


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar=_("FILE.jsonl"), help=_("the history; - is standard input"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _("Bad lines are skipped and named by their number. Importing twice changes nothing.")
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Import; exit code 3 where lines were skipped, 130 where Ctrl-C ended it."""
    with _opened(options.file) as file:
        progress = _Progress(file)
        try:
            report = context.desk.import_history(file, progress.show)
        except KeyboardInterrupt:
            progress.clear()
            sys.stderr.write(_stopped(progress.lines) + "\n")
            return INTERRUPTED
        progress.clear()
    if options.json:
        skipped = [{"line": line, "reason": reason} for line, reason in report.skipped]
        print_json({"read": report.read, "added": report.added, "skipped": skipped})
    else:
        _tell(report.read, report.added, report.skipped)
    return SOME_FAILED if report.skipped else 0


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    """Open the history; a byte that is no UTF-8 spoils its own line only."""
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            yield file
    except OSError as error:
        raise Refused(f"{name}: {error.strerror}", code="unreadable_file") from error


class _Progress:
    """A bar on a terminal, by the bytes read; elsewhere nothing."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._shown = sys.stderr.isatty()
        self.lines = 0
        """How many lines are done, and kept whatever happens next."""
        self._size = 0 if file is sys.stdin else Path(file.name).stat().st_size

    def show(self, count: int) -> None:
        """Draw the bar: ``count`` lines are done."""
        self.lines = count
        if not self._shown:
            return
        share = min(self._file.buffer.tell() / self._size, 1.0) if self._size else 0.0
        bar = "#" * int(share * BAR)
        percent = f" {share:4.0%}" if self._size else ""
        sys.stderr.write(f"\r[{bar:<{BAR}}]{percent} {number(count)}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Wipe the bar away."""
        if self._shown:
            sys.stderr.write(f"\r{'':{BAR + 30}}\r")


def _stopped(lines: int) -> str:
    kept = ngettext(
        "Stopped. What came from the first {n} line is kept.",
        "Stopped. What came from the first {n} lines is kept.",
        lines,
    )
    again = _("To go on, import the same again: what is there already is not added twice.")
    return f"{kept.format(n=number(lines)) if lines else _('Stopped. Nothing was imported yet.')} {again}"


def _tell(read: int, added: int, skipped: Sequence[tuple[int, str]]) -> None:
    for line, reason in skipped[:SHOWN]:
        text = _("line {line}: {reason}").format(line=line, reason=one_line(reason))
        sys.stderr.write(f"{text}\n")
    if len(skipped) > SHOWN:
        more = len(skipped) - SHOWN
        text = ngettext(
            "and {n} more line; --json lists them all", "and {n} more lines; --json lists them all", more
        )
        sys.stderr.write(text.format(n=number(more)) + "\n")
    sentence = ngettext(
        "{added} new of {read} message read.", "{added} new of {read} messages read.", read
    ).format(added=number(added), read=number(read))
    if skipped:
        text = ngettext("{n} line was skipped.", "{n} lines were skipped.", len(skipped))
        sentence = f"{sentence} {text.format(n=number(len(skipped)))}"
    print(sentence)
