"""Family commitment: what the answer promises becomes a dated duty of the desk (NEEDS A1, C7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from socialdesk.checking import patterns
from socialdesk.checking.commitments import promises
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield every promise that somebody of the brand will do something later."""
    for promise in promises(draft, rules, rules.now):
        rule = "undated" if promise.due_at is None else "dated"
        yield Finding("commitment", rule, promise.start, promise.end, _message(promise.due_at))
    yield from patterns.findings("commitment", draft, rules, {})


def _message(due_at: datetime | None) -> str:
    if due_at is None:
        return _("This is a promise without a time. Say by when, or give it a date in the queue.")
    from socialdesk import wording

    when = f"{wording.day_and_month(due_at.astimezone().date())}, {wording.clock_time(due_at)}"
    return _("This is a promise. Once sent, it is kept in the queue as promised for {when}.").format(
        when=when
    )
