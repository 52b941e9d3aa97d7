"""Which panes are seen at which size, and what their titles say: pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from socialdesk.channels import channel_name
from socialdesk.commands import Where
from socialdesk.domain import silence
from socialdesk.domain.models import Account, AccountState, Box, Counts, QueueRow, State, View
from socialdesk.domain.windows import is_shown
from socialdesk.i18n import N_, _, ngettext
from socialdesk.screens.views import title
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.thread_lines import at_name
from socialdesk.wording import account_state_name, moment, nudges_text, number, state_name, window_text

WIDE = (100, 30)
"""From this size on everything is seen together."""

SMALLEST = (60, 16)
"""Below this size there is only a notice."""


class Place(StrEnum):
    """The pane that has the focus."""

    QUEUE = "queue"
    THREAD = "thread"
    PROTOCOL = "protocol"  # before the answer, in whose room it lies
    COMPOSE = "compose"


class Hearing(StrEnum):
    """What is known of the news from the networks."""

    LIVE = "live"
    LOADING = "loading"  # an account has not been heard yet
    STARTING = "starting"  # the engine is not there yet
    DEAF = "deaf"  # there is no engine
    OFFLINE = "offline"  # no network is reached since a short while
    FULL = "desk_full"  # nothing can be stored or sent
    DAMAGED = "desk_damaged"  # nothing is stored or sent any more
    DOUBTFUL = "desk_doubtful"  # its content does not agree with itself


FRESH = timedelta(minutes=5)
"""For so long after an account was heard, a desk that is opened knows enough of it."""

KEYS = {
    Place.QUEUE: (Where.DESK, Where.APP),
    Place.THREAD: (Where.DESK, Where.APP),
    Place.PROTOCOL: (Where.PROTOCOL, Where.APP),
    Place.COMPOSE: (Where.WRITE,),
}
"""The commands that the key bar shows in each place."""


def is_single(width: int, height: int) -> bool:
    """Say whether the screen shows one thing at a time."""
    return width < WIDE[0] or height < WIDE[1]


def is_tiny(width: int, height: int) -> bool:
    """Say whether the screen is too small for anything."""
    return width < SMALLEST[0] or height < SMALLEST[1]


def hearing(
    accounts: tuple[Account, ...], now: datetime, *, syncing: bool, starting: bool, obstacle: str = ""
) -> Hearing:
    """Return what is known of the news; ``starting``: the desk has just been opened, and so has its engine.

    ``obstacle`` is ``Desk.obstacle``.
    """
    if obstacle:
        return Hearing(obstacle)
    if not syncing:
        return Hearing.STARTING if starting else Hearing.DEAF
    if silence.is_offline(accounts, now):
        return Hearing.OFFLINE
    oldest = now - FRESH if starting else None
    heard = (_heard(account, oldest) for account in accounts if account.state in _HEARABLE)
    return Hearing.LIVE if all(heard) else Hearing.LOADING


_HEARABLE = frozenset({AccountState.OK, AccountState.NEW})


def _heard(account: Account, since: datetime | None) -> bool:
    last = account.last_success_at
    return last is not None and (since is None or last >= since)


def thread_notes(row: QueueRow, now: datetime, situation: str = "") -> list[str]:
    """Return what the title of a conversation says after the customer's name; ``situation`` is its own in words."""
    handle = at_name(row.handle) if row.handle != row.name else ""
    promised = ""
    if row.commit_at is not None:
        promised = _("promised for {when}").format(when=moment(row.commit_at, now))
    notes = [
        situation,
        promised,
        _("private") if row.private else _("public"),
        channel_name(row.channel),
        row.brand,
        handle,
    ]
    if row.state is State.SNOOZED and row.snoozed_until is not None:
        notes.append(_("snoozed until {when}").format(when=moment(row.snoozed_until, now)))
    elif row.state is not State.WAITING:
        notes.append(state_name(row.state))
    if row.nudges:
        notes.append(nudges_text(row.nudges))
    waits = row.state in (State.WAITING, State.SNOOZED) and row.waiting_since is not None
    if row.answer_until is not None and waits and is_shown(row.answer_until, row.due_at, now):
        notes.insert(0, window_text(row.answer_until, now))
    return notes


Pieces = tuple[Piece, ...]


def status(
    view: View,
    counts: Counts | None,
    shown: int,
    accounts: tuple[Account, ...] | None,
    news: Hearing,
    ahead: tuple[Pieces, ...] = (),
) -> list[Line]:
    """Return the top line, and what is said of it where room is short: the numbers matter more than names.

    There are no numbers while they are unknown; under a filter ``shown`` of all. ``ahead`` is what the day still
    holds, in more words and in fewer.
    """
    brand, left = (" socialdesk ", "brand"), _status_left(view, counts, shown, news)
    full = () if accounts is None else status_right(accounts, news)
    brief = () if accounts is None else status_right(accounts, news, brief=True)
    named = [Line((*name, *left, *more), full) for more in (*ahead, ()) for name in ((brand,), ())]
    return [*named, Line(left, brief)]


def _status_left(view: View, counts: Counts | None, shown: int, news: Hearing) -> tuple[Piece, ...]:
    pieces: list[Piece] = [(f" {title(view)} ", "text")]
    if counts is None:
        return tuple(pieces)
    known = counts.waiting > 0 or news in (Hearing.LIVE, Hearing.DEAF, Hearing.OFFLINE)
    if is_filtered(view) and known:
        every = {Box.OPEN: counts.waiting + counts.answered, Box.SNOOZED: counts.snoozed}.get(
            view.box, counts.done
        )
        part = _("{n} of {total}").format(n=number(shown), total=number(every))
        pieces.append((f"  {part}", "text"))
    if known:
        waiting = ngettext("{n} waiting", "{n} waiting", counts.waiting).format(n=number(counts.waiting))
        pieces.append((f"  {waiting}", "soft"))
    if counts.late:
        late = ngettext("{n} late", "{n} late", counts.late).format(n=number(counts.late))
        pieces += [(" · ", "soft"), (f"! {late}", "bad")]
    if counts.unsettled:
        need = ngettext("{n} answer needs you: x", "{n} answers need you: x", counts.unsettled)
        pieces += [(" · ", "soft"), (need.format(n=number(counts.unsettled)), "bad")]
    if counts.snoozed_late:
        late = ngettext("{n} snoozed late", "{n} snoozed late", counts.snoozed_late)
        pieces += [(" · ", "soft"), (f"! {late.format(n=number(counts.snoozed_late))}", "bad")]
    return tuple(pieces)


def is_filtered(view: View) -> bool:
    """Say whether a view shows a part of its box only."""
    return bool(view.brand or view.channel or view.late or view.waiting_only)


FINE = frozenset({AccountState.OK, AccountState.NEW, AccountState.PAUSED})
"""How an account is where nobody needs to be told."""


_OBSTACLES = {
    Hearing.FULL: N_("disk full: nothing leaves"),
    Hearing.DAMAGED: N_("damaged: socialdesk restore"),
    Hearing.DOUBTFUL: N_("in doubt: socialdesk doctor"),
}


def status_right(accounts: tuple[Account, ...], news: Hearing, *, brief: bool = False) -> tuple[Piece, ...]:
    """Return the right part of the top line: the worst that can be said of the desk and the accounts."""
    if news in _OBSTACLES:
        return ((f"! {_(_OBSTACLES[news])} ", "bad"),)
    if not accounts:
        return ((_("no accounts yet: a") + " ", "warn"),)
    if news is Hearing.OFFLINE:
        text = _("offline") if brief else _("offline: answers wait until it is back")
        return ((text + " ", "warn"),)
    troubled = [account for account in accounts if account.state not in FINE]
    if troubled:
        first = troubled[0]
        if brief:
            text = ngettext("! {n} account: a", "! {n} accounts: a", len(troubled))
            return ((text.format(n=len(troubled)) + " ", "bad"),)
        more = f" (+{len(troubled) - 1})" if len(troubled) > 1 else ""
        return ((f"! {first.name}: {account_state_name(first.state)}{more} ", "bad"),)
    if news is Hearing.STARTING:
        return ((_("starting…") + " ", "soft"),)
    if news is Hearing.LOADING:
        return ((_("loading…") + " ", "soft"),)
    if news is Hearing.DEAF:
        return ((_("not receiving") + " ", "warn"),)
    return _working(sum(account.state is AccountState.PAUSED for account in accounts), len(accounts))


def _working(paused: int, count: int) -> tuple[Piece, ...]:
    """Return how many accounts are served, and how many are not because a person wanted it so."""
    pieces: list[Piece] = []
    if count > paused:
        text = ngettext("✓ {n} account", "✓ {n} accounts", count - paused)
        pieces.append((text.format(n=count - paused) + " ", "good"))
    if paused:
        text = ngettext("{n} account paused", "{n} accounts paused", paused)
        pieces.append((("· " if pieces else "") + text.format(n=paused) + " ", "warn"))
    return tuple(pieces)


def empty_notice(view: View, accounts: tuple[Account, ...], news: Hearing) -> str:
    """Return what an empty queue says; that nobody waits only where it is known."""
    if not accounts:
        return _("No accounts yet. a shows how to add the first one.")
    if view.box is Box.OPEN and news in (Hearing.STARTING, Hearing.LOADING):
        return _("Loading what your customers have written…")
    if is_filtered(view):
        return _("Nothing here. esc takes the filter away.")
    if view.box == "snoozed":
        return _("Nothing is put away.")
    if view.box == "done":
        return _("Nothing is settled yet.")
    if news is Hearing.OFFLINE:
        return _("Nobody waits, as far as is known: there is no connection now.")
    if news is Hearing.DEAF:
        return _("Nobody waits, as far as is known: nothing is being received now.")
    return _("Nobody waits. New messages appear here by themselves.")
