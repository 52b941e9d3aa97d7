"""The ways to look at the queue: the built-in views, the person's own, and filters on top of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from socialdesk.channels import channel_name
from socialdesk.domain.models import Box, Counts, QueueRow, State, View
from socialdesk.i18n import _, ngettext
from socialdesk.screens.picks import Pick
from socialdesk.views import ALL, BUILT_IN, DONE, LATE, SNOOZED, WAITING


def title(view: View) -> str:
    """Return a view's name, with its filters."""
    name = _capital(_(view.name)) if view.name in {known.name for known in BUILT_IN} else view.name
    filters = [part for part in (view.brand, channel_name(view.channel or "")) if part]
    if view.late and view.name != LATE.name:
        filters.append(_("late only"))
    return " · ".join([name, *filters])


def picks(own: tuple[View, ...], counts: Counts, keys: Sequence[str]) -> list[Pick[View] | Pick[str]]:
    """Return every view to choose from, with the key of each; a person's own come after the built-in ones.

    "brand" and "channel" stand for the choice of one of them.
    """
    numbers = {
        ALL.name: counts.waiting + counts.answered,
        LATE.name: counts.late,
        WAITING.name: counts.waiting,
        SNOOZED.name: counts.snoozed,
        DONE.name: counts.done,
    }
    key_of = {ALL.name: keys[0], LATE.name: keys[1], SNOOZED.name: keys[4], DONE.name: keys[5]}

    def built_in(view: View) -> Pick[View]:
        note = f"{_late(counts.snoozed_late)} · " if view == SNOOZED and counts.snoozed_late else ""
        return Pick(
            _capital(_(view.name)), f"{note}{numbers[view.name]}   {key_of.get(view.name, ' ')}", view
        )

    narrower = [Pick(_("By brand…"), keys[2], "brand"), Pick(_("By channel…"), keys[3], "channel")]
    mine = [Pick(view.name, _("yours") + "    ", view) for view in own]
    return [*map(built_in, (ALL, LATE)), *narrower, *map(built_in, (SNOOZED, DONE, WAITING)), *mine]


def brand_picks(view: View, counts: Counts) -> list[Pick[View]]:
    """Return the view narrowed to each brand, and not narrowed."""
    found = [Pick(_("All brands"), "", view._replace(brand=None))]
    return found + [
        Pick(name, _waiting(n), view._replace(brand=name)) for name, n in sorted(counts.brands.items())
    ]


def channel_picks(view: View, counts: Counts) -> list[Pick[View]]:
    """Return the view narrowed to each channel, and not narrowed."""
    found = [Pick(_("All channels"), "", view._replace(channel=None))]
    named = sorted((_capital(channel_name(channel)), channel, n) for channel, n in counts.channels.items())
    return found + [Pick(name, _waiting(n), view._replace(channel=channel)) for name, channel, n in named]


def filter_picks(view: View, counts: Counts) -> list[Pick[View]]:
    """Return everything that one more filter, or one less, can make of the view."""
    late = view._replace(late=not view.late)
    number = counts.snoozed_late if view.box is Box.SNOOZED else counts.late
    picks = [Pick(_("Late only") if late.late else _("Late or not"), str(number), late)]
    if view.brand or view.channel or view.late:
        picks.append(Pick(_("No filter"), "", without_filters(view)))
    brands = [p for p in brand_picks(view, counts)[1:] if p.value != view]
    channels = [p for p in channel_picks(view, counts)[1:] if p.value != view]
    return picks + brands + channels


def without_filters(view: View) -> View:
    """Return the built-in view of that box without filters."""
    return next((known for known in BUILT_IN if known.name == view.name), ALL)


def box_of(row: QueueRow) -> Box:
    """Return where a row's conversation lies."""
    return {State.SNOOZED: Box.SNOOZED, State.DONE: Box.DONE}.get(row.state, Box.OPEN)


def fits(view: View, row: QueueRow, now: datetime) -> bool:
    """Say whether a view shows a row."""
    waits = row.state in (State.WAITING, State.SNOOZED) and row.waiting_since is not None
    until = row.answer_until if row.state is State.WAITING else None
    dues = [row.due_at if waits else None, row.commit_at, until]
    late = any(due is not None and due < now for due in dues)
    waits = waits or (row.commit_at is not None and row.state is not State.SNOOZED)
    return (
        box_of(row) is view.box
        and (late or not view.late)
        and (waits or not view.waiting_only)
        and view.brand in (None, row.brand)
        and view.channel in (None, row.channel)
    )


def home_of(row: QueueRow) -> View:
    """Return the built-in view that shows a row."""
    return {Box.SNOOZED: SNOOZED, Box.DONE: DONE}.get(box_of(row), ALL)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _late(number: int) -> str:
    return ngettext("{n} late", "{n} late", number).format(n=number)


def _waiting(number: int) -> str:
    return ngettext("{n} waiting", "{n} waiting", number).format(n=number)
