"""What a row of the queue says, column by column, and how wide: pure, without Textual."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from rich.cells import set_cell_size

from socialdesk.channels import channel_name, short_channel_name
from socialdesk.domain.models import Delivery, QueueRow, State
from socialdesk.domain.timers import HOUR, LEFT_WIDTH, WAITED_WIDTH, left, waited
from socialdesk.domain.windows import MATTERS
from socialdesk.i18n import N_, _
from socialdesk.widgets.wrapping import cells
from socialdesk.windowwords import window_left
from socialdesk.wording import said


class Marks(NamedTuple):
    """The characters that stand for states; each is one cell wide."""

    cursor: str
    late: str
    states: dict[State, str]
    deliveries: dict[Delivery, str]
    draft: str


_ON_THE_WAY = (
    Delivery.QUEUED,
    Delivery.AWAITING_APPROVAL,
    Delivery.SENDING,
    Delivery.RETRY_WAIT,
    Delivery.UNKNOWN,
    Delivery.NEEDS_PERSON,
    Delivery.FAILED,
)


def _marks(cursor: str, states: str, deliveries: str, draft: str) -> Marks:
    """Build a set of marks from strings in the order of ``State`` and ``_ON_THE_WAY``."""
    return Marks(
        cursor,
        "!",
        dict(zip(State, states, strict=True)),
        dict(zip(_ON_THE_WAY, deliveries, strict=True)),
        draft,
    )


UNICODE = _marks("▶", "●○z✓", "→=↑~?!✗", "✎")
"""The terminal's own letters stand in for these where it has few (terminal/letters.py)."""

GUTTER = 2
"""Cells before the state mark: the cursor's mark and a blank."""


class Column(NamedTuple):
    """One column: its name, its heading (to be translated) and its width, the blank after it included."""

    name: str
    heading: str
    width: int


class Timers(NamedTuple):
    """What time makes of a row: the texts of its two timers and whether it is late or soon will be.

    ``promised`` takes the place of both where what we said we would do is due first. ``window`` is how long the network
    still takes an answer, where that is worth a word.
    """

    wait: str
    left: str
    late: bool
    soon: bool
    promised: str = ""
    window: str = ""


class Moments(NamedTuple):
    """A row's moments in whole seconds since 1970, so that a tick costs no date arithmetic.

    ``commit`` is when what we promised is due, where that is before ``due``; ``commit_time`` and ``commit_day`` are that
    moment as it is written near it and far from it. ``until`` is when the network stops taking an answer to whoever waits.
    """

    since: int | None
    due: int | None
    commit: int | None = None
    commit_time: str = ""
    commit_day: str = ""
    until: int | None = None


NEAR_BEHIND, NEAR_AHEAD = 6 * HOUR, 18 * HOUR
"""Within these a time of day says which day is meant; beyond, the day is written instead."""

_NEAR_ITS_END = int(MATTERS.total_seconds())

NO_TIMERS = Timers(" " * WAITED_WIDTH, " " * LEFT_WIDTH, False, False)

_STATE = Column("state", "", 2)
_WAIT = Column("wait", N_("Wait"), WAITED_WIDTH + 1)
_LEFT = Column("left", N_("Left"), LEFT_WIDTH + 2)
_NUDGES = Column("nudges", "", 4)
_MARK = Column("mark", "", 2)
_WIDE, _MEDIUM, _NARROW = 96, 78, 50
_ROOMY = 126
"""Cells from which on names get more room as well, not only the text."""


@lru_cache(maxsize=16)
def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a queue that many cells wide; the text takes what is left."""
    chosen = _chosen(width)
    rest = max(0, width - GUTTER - sum(column.width for column in chosen))
    return (*chosen, Column("text", N_("Message"), rest))


def _chosen(width: int) -> tuple[Column, ...]:
    timers = (_STATE, _WAIT, _LEFT)
    if width >= _WIDE:
        more = max(0, width - _ROOMY)
        brand = Column("brand", N_("Brand"), 13 + min(7, more // 6))
        channel = Column("channel", N_("Channel"), 10)
        customer = Column("customer", N_("Customer"), 19 + min(12, more // 4))
        return (*timers, brand, channel, customer, Column("language", N_("Lang"), 5), _NUDGES, _MARK)
    if width >= _MEDIUM:
        brand = Column("brand", N_("Brand"), 10)
        channel = Column("channel_code", N_("Chan"), 7)
        customer = Column("customer", N_("Customer"), 15)
        return (*timers, brand, channel, customer, Column("language", "", 3), _NUDGES, _MARK)
    if width >= _NARROW:
        return (*timers, Column("customer", N_("Customer"), 14), _MARK)
    return (_STATE, _LEFT)


def moments(row: QueueRow) -> Moments:
    """Return the row's moments as whole seconds since 1970."""
    since = None if row.waiting_since is None else int(row.waiting_since.timestamp())
    end = deadline(row)
    due = None if end is None else int(end.timestamp())
    until = None if since is None or row.answer_until is None else int(row.answer_until.timestamp())
    if row.commit_at is None or not owes(row):
        return Moments(since, due, until=until)
    local = row.commit_at.astimezone()
    return Moments(since, due, int(row.commit_at.timestamp()), f"{local:%H:%M}", f"{local:%d/%m}", until)


def deadline(row: QueueRow) -> datetime | None:
    """Return when an answer is due: as promised, or as long as the network takes one, whichever ends first."""
    if row.waiting_since is None or row.answer_until is None:
        return row.due_at
    return row.answer_until if row.due_at is None else min(row.due_at, row.answer_until)


def owes(row: QueueRow) -> bool:
    """Say whether what we promised is due before an answer is."""
    due = None if row.waiting_since is None else deadline(row)
    return row.commit_at is not None and not (due is not None and due < row.commit_at)


def timers(row: QueueRow, times: Moments, now: int) -> Timers:
    """Return what the row's timers say at ``now`` (whole seconds since 1970).

    A snoozed customer waits all the same (NEEDS A1); one who has been answered has no timer, unless we promised them
    something (NEEDS C7).
    """
    window = "" if times.until is None else _window(times, times.until, now)
    if times.commit is not None:
        return _promised(times, times.commit - now, window)
    if times.since is None:
        return NO_TIMERS
    wait = waited(now - times.since)
    if times.due is None:
        return Timers(wait, NO_TIMERS.left, False, False)
    seconds = times.due - now
    return Timers(wait, left(seconds), seconds < 0, 0 <= seconds < HOUR, "", window)


def _window(times: Moments, until: int, now: int) -> str:
    """Return how long the network still takes an answer: near its end, or where an answer has to hurry for it."""
    shown = until - now < _NEAR_ITS_END or until == times.due
    return window_left(until - now) if shown else ""


def _promised(times: Moments, seconds: int, window: str) -> Timers:
    near = -NEAR_BEHIND < seconds < NEAR_AHEAD
    words = _("promised {when}").format(when=times.commit_time if near else times.commit_day)
    return Timers(NO_TIMERS.wait, left(seconds), seconds < 0, 0 <= seconds < HOUR, words, window)


def cell(name: str, row: QueueRow, state: Timers, marks: Marks) -> str:
    """Return what a row says in a column, not yet cut to its width."""
    match name:
        case "state":
            return marks.late if state.late else marks.states[row.state]
        case "wait":
            return state.wait
        case "left":
            return state.left
        case "promised":
            return state.promised.rjust(WAITED_WIDTH + LEFT_WIDTH + 1)
        case "brand":
            return row.brand
        case "channel":
            return channel_name(row.channel)
        case "channel_code":
            return short_channel_name(row.channel)
        case "customer":
            return row.name or row.handle
        case "language":
            return row.language
        case "nudges":
            return f"+{min(row.nudges, 99)}" if row.nudges else ""
        case "mark":
            return outbox_mark(row, marks)
        case _:
            return f"{state.window} · {_text(row)}" if state.window else _text(row)


def _text(row: QueueRow) -> str:
    text = row.commitment if row.state is State.ANSWERED and row.commitment else said(row)
    if row.rating:
        text = f"{row.rating}★ {text}"
    if row.state is not State.SNOOZED or row.snoozed_until is None:
        return text
    back = row.snoozed_until.astimezone().strftime("%d/%m %H:%M")
    return _("back {when} · {text}").format(when=back, text=text)


def outbox_mark(row: QueueRow, marks: Marks) -> str:
    """Return the mark of the reply on its way, else that of a draft, else nothing."""
    if row.delivery is not None:
        return marks.deliveries.get(row.delivery, "")
    return marks.draft if row.draft else ""


def fit(text: str, width: int) -> str:
    """Cut, with an ellipsis, or fill to that many cells, the last one blank, whatever the width of its characters."""
    if width < 2:
        return " " * width
    size = cells(text)
    if size < width:
        return text + " " * (width - size)
    return (set_cell_size(text, width - 2) + "…" if width > 2 else set_cell_size(text, 1)) + " "
