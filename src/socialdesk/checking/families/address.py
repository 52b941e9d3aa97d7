"""Family address."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield the findings of this family."""
    yield from ()
