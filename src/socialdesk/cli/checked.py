"""What one check gives back, as scripts see it, and what it could not look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

from socialdesk import channels, drafting
from socialdesk.cli.context import Context
from socialdesk.domain import counting
from socialdesk.domain.language import LANGUAGES
from socialdesk.domain.text import one_line
from socialdesk.i18n import _

if TYPE_CHECKING:
    from socialdesk.checkchild import Found
    from socialdesk.checking.draft import Draft, Finding
    from socialdesk.checking.rules import Rules

    Findable = Finding | Found

LONGEST = 64 * 1024
"""Characters of an answer; no network takes more."""

ADDRESSES = ("usted", "tu", "none")


def checked(context: Context, draft: Draft, rules: Rules, zone: tzinfo | None = None) -> list[Finding]:
    """Return what is found in a draft; ``zone`` is where its writer's "tomorrow" begins, else this machine's."""
    from socialdesk.checking.check import check

    return check(draft, rules, context.clock.now().astimezone(zone))


def as_json(
    context: Context, draft: Draft, rules: Rules, findings: Sequence[Finding], zone: tzinfo | None = None
) -> list[dict[str, Any]]:
    """Return the findings as scripts see them: with their weight, and a promise with its date; no mend, no key."""
    from socialdesk.checking.commitments import promises

    bound = rules.bound(draft.brand, context.clock.now().astimezone(zone))
    dates = {one[:2]: one.due_at for one in promises(draft, bound, bound.now) if one.due_at is not None}
    told = []
    for finding in findings:
        values = {key: value for key, value in finding._asdict().items() if value is not None}
        values["weight"] = bound.weight(finding.family, finding.rule)
        due_at = dates.get((finding.start, finding.end)) if finding.family == "commitment" else None
        told.append(values | ({"due_at": due_at.astimezone(UTC).isoformat()} if due_at else {}))
    return told


def is_grave(findings: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether one of the findings, as scripts see them, holds an answer."""
    return any(one["weight"] == "stop" for one in findings)


def lines(text: str, findings: Iterable[Findable]) -> Iterator[str]:
    """Yield findings as people read them: the place, what is said of it, and what would be better."""
    for finding in findings:
        place = one_line(text[finding.start : finding.end])
        yield f"{finding.start}-{finding.end} {finding.family} ({one_line(finding.rule)}): {place}"
        yield f"    {one_line(finding.message)}"
        if finding.mend is not None:
            yield f"    {_('Better: {text}').format(text=one_line(finding.mend) or '-')}"


def zone_of(context: Context, brand: str) -> tzinfo | None:
    """Return where a brand's "tomorrow" begins; None: as on this machine."""
    from zoneinfo import ZoneInfo

    zone = drafting.zone_of(context.desk, brand)
    return ZoneInfo(zone) if zone else None


def unlooked(draft: Draft) -> Iterator[str]:
    """Yield, a sentence each, what the check knows too little of to look at: it must not pass for being in order."""
    channel, language = draft.channel.strip().lower(), draft.language
    if channel and counting.limit_of(channel) is None and not channels.is_known(channel):
        yield _("channel: nothing is known of {name}, so the length is not checked").format(
            name=one_line(draft.channel)
        )
    if language and language not in LANGUAGES:
        yield _(
            "language: neither spelling nor wording is checked in {name}; they are in {languages}"
        ).format(name=one_line(language), languages=", ".join(LANGUAGES))
