"""Family blame: wording that makes the customer guilty (NEEDS C1)."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking import phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield where the customer is told that it is their own doing."""
    yield from phrasing.findings("blame", draft, rules, _message)


def _message(rule: str) -> str:
    if rule == "already_told":
        return _(
            "This reminds the customer that they were told before. Say it again, simply, as if for the first time."
        )
    if rule == "not_ours":
        return _("This pushes the trouble away. Say what can be done about it, whoever caused it.")
    return _("This may read as blaming the customer. Say what can be done now instead.")
