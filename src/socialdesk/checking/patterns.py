"""Findings from patterns in rule files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from socialdesk.checking.draft import Draft, Finding, written_in
from socialdesk.checking.rulefiles import Pattern
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+(?!\w)|[.!?…]|\n|$)+")
_PATIENCE = 0.1
"""Seconds that one pattern may take; one that needs longer is skipped."""


def findings(family: str, draft: Draft, rules: Rules, messages: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for every match of the family's patterns; ``messages`` are the sentences of shipped rules."""
    for pattern in rules.patterns(family, written_in(draft)):
        for match in matches(pattern, draft.text, rules.troubles):
            message = pattern.message or _(messages[pattern.rule])
            yield Finding(family, pattern.rule, match.start(), match.end(), message, _mend(pattern, match))


def _mend(pattern: Pattern, match: re.Match[str]) -> str | None:
    """Return what to write instead, with a capital where there was one."""
    if pattern.mend is None:
        return None
    mend = match.expand(pattern.mend)
    return mend[:1].upper() + mend[1:] if match[0][:1].isupper() else mend


def matches(pattern: Pattern, text: str, troubles: list[str]) -> Iterator[re.Match[str]]:
    """Yield where a pattern matches and nothing in the same sentence makes it harmless; one too slow is a trouble."""
    try:
        for match in pattern.match.finditer(text, timeout=_PATIENCE):
            if match.end() > match.start() and not _is_harmless(pattern, sentence(text, match.start())):
                yield match
    except TimeoutError:
        trouble = _too_slow(pattern)
        if trouble not in troubles:
            troubles.append(trouble)


def _too_slow(pattern: Pattern) -> str:
    from socialdesk.configreading import place

    words = _("The rule {family}.{rule} takes too long and was left out: make its expression simpler.")
    told = words.format(family=pattern.family, rule=pattern.rule)
    return place(*pattern.place, told) if pattern.place else told


def _is_harmless(pattern: Pattern, words: str) -> bool:
    return pattern.unless is not None and bool(pattern.unless.search(words, timeout=_PATIENCE))


def sentence(text: str, at: int) -> str:
    """Return the sentence around a place."""
    for match in _SENTENCE.finditer(text):
        if match.start() <= at < match.end():
            return match[0]
    return text
