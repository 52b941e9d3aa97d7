"""Deadlines in milliseconds under one policy, quick for very many: what they hang on is worked out once a kind.

The same rules as ``domain.promises.due``, which explains one; a test keeps the two alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from socialdesk.domain.calendars import Timeline, timeline
from socialdesk.domain.models import Box
from socialdesk.domain.priority import AFTER_ALL_DEADLINES
from socialdesk.domain.promises import Policy, Runs, kept_for

_OPEN, _SNOOZED, _DONE = Box.OPEN.value, Box.SNOOZED.value, Box.DONE.value
_MS = timedelta(milliseconds=1)
_SECOND = 1_000
_NO_DEADLINE = 10 * 366 * 86_400_000
"""How long after its beginning a wait that nothing limits is placed: after every deadline, before the answered."""


class Lying(NamedTuple):
    """What a deadline depends on, as the columns of a conversation; times in milliseconds.

    ``warned`` is the largest share of this wait's promise that was warned of; ``commit_at`` when the next of our open
    commitments is due, ``answer_until`` when the network stops taking an answer.
    """

    brand: str
    channel: str
    situation: str
    box: str
    snoozed_until: int | None
    since: int | None
    replied: bool
    began_at: int | None
    last_at: int
    warned: float = 0.0
    commit_at: int | None = None
    answer_until: int | None = None


class Columns(NamedTuple):
    """What follows from it, as columns too."""

    urgency: int
    due_at: int | None
    promise: str
    resolve_by: int | None
    warn_at: int | None


class Terms(NamedTuple):
    """What is promised in one kind of case, in milliseconds; without a timeline the wall clock counts."""

    promised: Mapping[str, int]  # "first", "next", "resolution": those that are promised
    hours: Timeline | None

    def due(self, since: int, which: str, share: float = 1.0) -> int | None:
        """Return when that share of a promise has passed, or None where it never does."""
        promised = self.promised.get(which)
        if promised is None:
            return None
        part = promised if share == 1.0 else int(promised * share)
        return since + part if self.hours is None else self.hours.add_ms(since, part // _SECOND)


class Dues:
    """One policy, ready for many conversations."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.shares = tuple(sorted({share for share in policy.warn if 0 < share < 1}))
        self._terms: dict[tuple[str, str, str], Terms] = {}

    def terms(self, brand: str, channel: str, situation: str) -> Terms:
        """Return what is promised in that kind of case."""
        key = (brand, channel, situation)
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = self._work_out(*key)
        return found

    def columns(self, lying: Lying) -> Columns:
        """Return the deadlines of a conversation and its place in the queue."""
        brand, channel, situation, box, snoozed, since, replied, began, last_at, warned, commit_at, until = (
            lying
        )
        terms = self.terms(brand, channel, situation)
        resolve_by = None
        if began is not None and box != _DONE and "resolution" in terms.promised:
            resolve_by = terms.due(began, "resolution")
        if since is None:
            return Columns(_place(box, commit_at, last_at, snoozed), None, "", resolve_by, None)
        which = "next" if replied else "first"
        due, warn_at = terms.due(since, which), None
        for share in self.shares if due is not None else ():
            if share > warned:
                warn_at = terms.due(since, which, share)
                break
        key = since + _NO_DEADLINE if due is None else due
        for other in (commit_at, until):  # what cannot be answered any more is worse than late
            key = key if other is None else min(key, other)
        return Columns(_place(box, key, last_at, snoozed), due, which, resolve_by, warn_at)

    def _work_out(self, brand: str, channel: str, situation: str) -> Terms:
        kept = kept_for(self.policy, brand, channel, situation)
        promised = {"first": kept.first, "next": kept.next, "resolution": kept.resolution}
        calendar = self.policy.calendars.get(brand)
        return Terms(
            {which: length // _MS for which, length in promised.items() if length is not None},
            timeline(calendar) if calendar is not None and kept.runs is Runs.OPENING else None,
        )


def _place(box: str, due: int | None, last_at: int, snoozed_until: int | None) -> int:
    """Return the sort key within a box (``domain.priority.urgency`` in milliseconds): the smallest comes first.

    Open: by deadline or commitment, then the answered ones, most recent first. Snoozed: the next to come back first. Done: the
    most recent first.
    """
    if box == _OPEN and due is not None:
        return due
    if box == _SNOOZED and snoozed_until is not None:
        return snoozed_until
    return AFTER_ALL_DEADLINES - last_at
