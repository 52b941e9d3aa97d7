"""Longer than the channel takes, counted as the channel counts (NEEDS C2)."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import Rules
from socialdesk.domain.counting import Limit, excess_at, limit_of
from socialdesk.domain.measuring import Count, measure
from socialdesk.i18n import ngettext


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield what no longer fits."""
    limit = limit_of(draft.channel, public=draft.public) if draft.channel else None
    text = draft.text.strip()
    if limit is None or limit.fits(text):
        return
    begins = draft.text.index(text)  # what stands around it does not leave
    start, end = begins + excess_at(text, limit), begins + len(text)
    yield Finding("length", "too_long", start, end, _message(text, limit))


def _message(text: str, limit: Limit) -> str:
    over = measure(text, limit.count) - limit.size
    if over <= 0 or limit.count is Count.BYTES:
        over = measure(text, Count.BYTES) - (limit.max_bytes or limit.size)
        return ngettext(
            "{n} byte too many for this channel, which takes {most}.",
            "{n} bytes too many for this channel, which takes {most}.",
            over,
        ).format(n=over, most=limit.max_bytes or limit.size)
    return ngettext(
        "{n} character too many for this channel, which takes {most}.",
        "{n} characters too many for this channel, which takes {most}.",
        over,
    ).format(n=over, most=limit.size)
