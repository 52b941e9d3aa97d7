"""The check itself: every family looks at the draft, and what they find is put in order of place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Protocol, cast

from socialdesk.checking import plugins
from socialdesk.checking.composing import composed
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rulefiles import FAMILIES
from socialdesk.checking.rules import Rules


def check(draft: Draft, rules: Rules, now: datetime) -> list[Finding]:
    """Return what is to be looked at again in a draft, by place."""
    if not draft.text.strip():
        return []
    bound = rules.bound(draft.brand, now)
    whole, places = composed(draft)
    found = {
        finding._replace(start=places[finding.start], end=places[finding.end]): None
        for finding in _all(whole, bound)
        if not bound.is_off(finding.family, finding.rule)
    }
    return sorted(found, key=lambda finding: (finding.start, finding.end, FAMILIES.index(finding.family)))


def _all(draft: Draft, rules: Rules) -> Iterator[Finding]:
    for family in FAMILIES:
        yield from _module(family).find(draft, rules)
    yield from plugins.run(rules.plugins, draft, rules.troubles)


class _Family(Protocol):
    @staticmethod
    def find(draft: Draft, rules: Rules) -> Iterator[Finding]: ...


@lru_cache
def _module(family: str) -> _Family:
    return cast(_Family, import_module(f"socialdesk.checking.families.{family.replace('-', '_')}"))
