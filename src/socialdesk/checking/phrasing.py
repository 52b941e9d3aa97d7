"""Findings of a family that is made of phrases: those of its book, and a brand's own patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from socialdesk.checking import patterns
from socialdesk.checking.draft import Draft, Finding, written_in
from socialdesk.checking.phrases import book, hits
from socialdesk.checking.rules import Rules


def findings(family: str, draft: Draft, rules: Rules, message: Callable[[str], str]) -> Iterator[Finding]:
    """Yield the family's findings in the language of the draft, one a place; ``message`` says what a rule means."""
    end = -1
    for hit in sorted(hits(draft.text, book(family, written_in(draft)))):
        if hit.start >= end:
            end = hit.end
            yield Finding(family, hit.rule, hit.start, hit.end, message(hit.rule), hit.mend)
    yield from patterns.findings(family, draft, rules, {})
