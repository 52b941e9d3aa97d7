"""Findings of a family that is made of phrases: those of its book, and a brand's own patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from socialdesk.checking import patterns
from socialdesk.checking.clues import spared, weighed
from socialdesk.checking.draft import Draft, Finding, written_in
from socialdesk.checking.phrases import Hit, book, hits
from socialdesk.checking.rules import Rules
from socialdesk.domain.language import guess

_MOST_THOROUGH = ("es", "en")


def languages(draft: Draft) -> tuple[str, ...]:
    """Return the language of the draft; where nothing tells it, those with the most phrases."""
    language = written_in(draft) or guess(f"{draft.text} {draft.reply_to}")
    return (language,) if language else _MOST_THOROUGH


def found(family: str, draft: Draft) -> list[Hit]:
    """Return the family's phrases in the draft, and where its clues weigh enough in a sentence without one, by place."""
    places: list[Hit] = []
    for language in languages(draft):
        places += _phrases(family, language, draft.text)
        said = {hit.sentence for hit in places}
        places += [hit for hit in weighed(family, language, draft.text) if hit.sentence not in said]
    return sorted(places)


def _phrases(family: str, language: str, text: str) -> Iterator[Hit]:
    for hit in hits(text, book(family, language)):
        if not spared(family, language, text, hit):
            yield hit


def apart(places: list[Hit]) -> Iterator[Hit]:
    """Yield the places that do not overlap one before them."""
    end = -1
    for hit in places:
        if hit.start >= end:
            end = hit.end
            yield hit


def findings(family: str, draft: Draft, rules: Rules, message: Callable[[str], str]) -> Iterator[Finding]:
    """Yield the family's findings, one a place; ``message`` says what a rule means."""
    for hit in apart(found(family, draft)):
        yield Finding(family, hit.rule, hit.start, hit.end, message(hit.rule), hit.mend)
    yield from patterns.findings(family, draft, rules, {})
