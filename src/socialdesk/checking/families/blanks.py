"""Something left to fill in: ``{customer}``, ``[order number]``, ``XXX``, ``____`` (NEEDS C1, C2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.patterns import findings
from socialdesk.checking.rules import Rules
from socialdesk.i18n import N_

_FILL = N_("Something is left to fill in here.")
_MESSAGES = dict.fromkeys(
    ("braces", "brackets", "angles", "percents", "crosses", "underscores", "placeholder"), _FILL
) | {
    "dummy": N_("This is text that only fills a place."),
    "note": N_("This is a note to yourself."),
}


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield what is left to fill in; one place is told once."""
    taken = [match.span() for match in _ADDRESS.finditer(draft.text)]
    for finding in findings("blanks", draft, rules, _MESSAGES):
        if not any(start < finding.end and finding.start < end for start, end in taken):
            taken.append((finding.start, finding.end))
            yield finding
