"""``socialdesk doctor``: what is well, what is worth knowing, what is wrong and what to do about it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from socialdesk.cli.context import Context
from socialdesk.cli.finding import Finding, Level
from socialdesk.cli.findings import all_findings
from socialdesk.cli.output import print_json
from socialdesk.domain.text import one_line
from socialdesk.i18n import _, ngettext

_MARKS = {Level.GOOD: "+", Level.NOTE: "·", Level.WRONG: "!"}


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        "+ is well, · is worth knowing, ! is wrong. The exit code is 1 when something is wrong."
    )
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Examine everything; exit code 1 when something is wrong."""
    if options.json:
        findings = list(all_findings(context))
        print_json({"ok": not _wrong(findings), "findings": [_as_json(finding) for finding in findings]})
    else:
        findings = []
        for finding in all_findings(context):
            findings.append(finding)
            print(f"{_MARKS[finding.level]} {one_line(finding.text)}", flush=True)
        _sum_up(len(_wrong(findings)))
    return 1 if _wrong(findings) else 0


def _as_json(finding: Finding) -> dict[str, str]:
    return {"check": finding.check, "level": finding.level.value, "text": one_line(finding.text)}


def _wrong(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level is Level.WRONG]


def _sum_up(wrong: int) -> None:
    if wrong:
        print("\n" + ngettext("{n} thing is wrong.", "{n} things are wrong.", wrong).format(n=wrong))
    else:
        print("\n" + _("All is well."))
