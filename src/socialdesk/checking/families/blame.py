"""Family blame: wording that makes the customer guilty (NEEDS C1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking import phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_BEGINS = re.compile(r"(?:^|[.!?…\n])\s*$")
_NEAR = 20
_REST = re.compile(r"[^,.;:!?\n]{0,40},\s+(?P<next>\w)")


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield where the customer is told that it is their own doing."""
    for finding in phrasing.findings("blame", draft, rules, _message):
        yield _without_reminder(finding, draft.text) if finding.rule == "already_told" else finding


def _without_reminder(finding: Finding, text: str) -> Finding:
    """Return the finding with a mend that leaves "as we already told you," out, where the sentence begins with it."""
    rest = _REST.match(text, finding.end)
    if rest is None or _BEGINS.search(text, max(0, finding.start - _NEAR), finding.start) is None:
        return finding
    return finding._replace(end=rest.end(), mend=rest["next"].upper())


def _message(rule: str) -> str:
    if rule == "already_told":
        return _(
            "This reminds the customer that they were told before. Say it again, simply, as if for the first time."
        )
    if rule == "not_ours":
        return _("This pushes the trouble away. Say what can be done about it, whoever caused it.")
    return _("This may read as blaming the customer. Say what can be done now instead.")
