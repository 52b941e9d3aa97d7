"""What is seen of findings: the marks in the answer, the lines of the list. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from socialdesk.checkchild import Found
from socialdesk.i18n import _, ngettext
from socialdesk.screens.families import family_name
from socialdesk.screens.review import Review
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.marks import Mark
from socialdesk.widgets.wrapping import cut, wrap
from socialdesk.wording import moment

_PARTS = {"stop": "bad", "advice": "warn"}
SHORT = 40
"""Cells of an excerpt in a line."""


def part_of(found: Found) -> str:
    """Return how a finding looks."""
    return _PARTS.get(found.weight, "ours")


def marks(review: Review, now: datetime) -> list[Mark]:
    """Return the places to be underlined: those about which there is something left to decide, and promises."""
    return [
        Mark(
            found.start,
            found.end,
            part_of(found),
            head(review, found),
            message(review, found, now),
            whole=review.is_whole(found),
        )
        for found in review.found
        if not review.reason(found) and (found.family != "commitment" or review.is_promised(found))
    ]


def message(review: Review, found: Found, now: datetime) -> str:
    """Return what a finding says; of a promise that was given another date, that date."""
    due_at = review.due_at(found)
    if found.family != "commitment" or due_at is None or due_at == found.due_at:
        return found.message
    return _("This is a promise. Once sent, it is kept in the queue as promised for {when}.").format(
        when=moment(due_at, now)
    )


def head(review: Review, found: Found) -> str:
    """Return a finding in few words: its family, the words it is about and what to write instead."""
    name = family_name(found.family)
    if review.is_whole(found) or found.start == found.end:
        return name
    words = cut(" ".join(review.excerpt(found).split()), SHORT)
    if found.mend is None:
        return _("{family}: “{words}”").format(family=name, words=words)
    mend = cut(" ".join(found.mend.split()), SHORT) or "∅"
    return _("{family}: “{words}” → “{mend}”").format(family=name, words=words, mend=mend)


def item(review: Review, found: Found, now: datetime, width: int, split: int) -> list[Line]:
    """Return the lines of a finding in the list; ``split`` is how many parts a text too long would have."""
    settled = review.is_settled(found)
    mark = ("✓ ", "good") if settled else ("! ", part_of(found))
    first = Line((mark, (head(review, found), "soft" if settled else "strong")))
    return [
        first,
        *_said(message(review, found, now), "text", width),
        *_decided(review, found, width, split),
        Line(),
    ]


def _said(words: str, part: str, width: int) -> Iterator[Line]:
    for piece in wrap(words, width - 2):
        yield Line((("  ", "text"), (piece, part)))


def _decided(review: Review, found: Found, width: int, split: int) -> Iterator[Line]:
    """Yield what was decided, or what can be."""
    reason = review.reason(found)
    if reason:
        yield from _said(_("Let stand: {reason}").format(reason=reason), "soft", width)
    elif found.family == "commitment":
        yield from _said(_promise(review, found), "soft", width)
    elif found.family == "length" and review.parts:
        for number, part in enumerate(review.parts, 1):
            label: Piece = (f"  {number} │ ", "ours")
            yield from (
                Line((label if nth == 0 else ("    │ ", "ours"), (piece, "text")))
                for nth, piece in enumerate(wrap(part, width - 6))
            )
    elif found.family == "length" and split > 1:
        words = ngettext(
            "enter: send it as a thread of {n} part", "enter: send it as a thread of {n} parts", split
        )
        yield from _said(words.format(n=split), "soft", width)


def _promise(review: Review, found: Found) -> str:
    if not review.is_promised(found):
        return _("No promise: it does not go to the queue.")
    if review.due_at(found) is None:
        return _("No date: it will be due a day after it has left.")
    return _("enter gives it another date, x keeps it out of the queue")
