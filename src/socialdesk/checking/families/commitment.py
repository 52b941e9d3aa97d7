"""Family commitment: what the answer promises becomes a dated duty of the desk (NEEDS A1, C7)."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking import patterns
from socialdesk.checking.commitments import promises
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield every promise that somebody of the brand will do something later."""
    for promise in promises(draft, rules, rules.now):
        rule = "dated" if promise.due_at is not None else "undated"
        yield Finding("commitment", rule, promise.start, promise.end, _message(rule))
    yield from patterns.findings("commitment", draft, rules, {})


def _message(rule: str) -> str:
    if rule == "dated":
        return _("This is a promise. Once sent, it stands in the queue with its date.")
    return _("This is a promise without a time. Say by when, or give it a date in the queue.")
