"""What lies ahead, in words: what the day still holds, the wait clock, warnings, kinds of cases. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from socialdesk.domain.calendars import DAY
from socialdesk.domain.consequences import Holds, Warned
from socialdesk.domain.models import QueueRow
from socialdesk.domain.promises import Policy, Runs, kept_for
from socialdesk.domain.waitclock import Expected
from socialdesk.i18n import _, ngettext
from socialdesk.screens.panes import Pieces
from socialdesk.screens.picks import Pick
from socialdesk.wording import clock_time, moment, number, promise_text, wait_text


def share_hours(policy: Policy, day: Sequence[Holds]) -> bool:
    """Say whether all brands open and close together: only then one wait can be told for all of them."""
    calendars = [policy.calendars.get(each.brand) for each in day]
    return all(calendar == calendars[0] for calendar in calendars)


def pieces(
    day: Sequence[Holds], expected: Expected | None, brand: str | None, now: datetime
) -> tuple[Pieces, ...]:
    """Return what the top line says of the day, in more words and in fewer; of one brand under its filter."""
    holds = [each for each in day if each.due and brand in (None, each.brand)]
    long, short = _held(holds, now, brief=False), _held(holds, now, brief=True)
    wait = "" if expected is None else _wait(expected, now)
    ways = [(long, wait), (short, wait), (long,), (short,), (wait,)]
    found = [" · ".join(filter(None, way)) for way in ways]
    return tuple(((f"  {text}", "soft"),) for text in dict.fromkeys(found) if text)


def _held(holds: list[Holds], now: datetime, *, brief: bool) -> str:
    """Return how many promises fall due today, or before the next closing where all that is left of the day has one.

    What falls due before a closing of another day is told, with that day, where today holds nothing more.
    """
    today = [each for each in holds if each.closes_at is None or _is_today(each.closes_at, now)]
    if any(each.closes_at is None for each in today):
        due = sum(each.due for each in today)
        return ngettext("{n} due today", "{n} due today", due).format(n=number(due))
    closing = sorted((each.closes_at, each.due) for each in today or holds if each.closes_at is not None)
    if not closing:
        return ""
    first = closing[0][0]
    due = sum(due for closes_at, due in closing if closes_at == first)
    if not today:
        later = ngettext("{n} due before closing on {when}", "{n} due before closing on {when}", due)
        return later.format(n=number(due), when=moment(first, now))
    words = (
        ngettext("{n} before {time}", "{n} before {time}", due)
        if brief
        else ngettext("{n} due before {time}, closing", "{n} due before {time}, closing", due)
    )
    return words.format(n=number(due), time=clock_time(first))


def _is_today(when: datetime, now: datetime) -> bool:
    return when.astimezone().date() == now.astimezone().date()


def _wait(expected: Expected, now: datetime) -> str:
    """Return the wait clock: how long who writes now will wait."""
    if not expected.open_now:
        if expected.opens_at is None:
            return ""
        return _("opens {when}").format(when=moment(expected.opens_at, now))
    if expected.expected is None:
        return ""
    return _("wait now {time}").format(time="~" + wait_text(_rounded(expected.expected)))


def _rounded(seconds: float) -> float:
    """Return a wait no finer than it can be known: minutes, then five, then quarters."""
    for below, step in ((600, 60), (3600, 300), (6 * 3600, 900)):
        if seconds < below:
            return max(60, round(seconds / step) * step)
    return round(seconds / 3600) * 3600


def warning_text(warned: Sequence[Warned], now: datetime) -> str:
    """Return the warning of promises that are about to be broken; the most urgent is named."""
    first = warned[0]
    words = _("{name} ({brand}): {share} % of the promise has passed, due {when}").format(
        name=first.name, brand=first.brand, share=round(first.share * 100), when=moment(first.due_at, now)
    )
    more = len(warned) - 1
    return words + ("; " + ngettext("and {n} more", "and {n} more", more).format(n=more) if more else "")


def is_quiet(policy: Policy, now: datetime) -> bool:
    """Say whether it is quiet hours, by the wall clock of this machine."""
    local = now.astimezone()
    minute = local.hour * 60 + local.minute
    return any(s.start <= at < s.end for s in policy.quiet for at in (minute, minute + DAY))


def situation_picks(policy: Policy, row: QueueRow) -> tuple[list[Pick[str]], int]:
    """Return the kinds of case to choose from, with what each promises, and the number of the present one."""
    picks = [
        Pick(_(label), _promised(policy, row, situation), situation)
        for situation, label in policy.kinds().items()
    ]
    picks.append(Pick(_("Nothing special: as the rules say"), _promised(policy, row, ""), ""))
    here = next((n for n, pick in enumerate(picks) if pick.value == row.situation), len(picks) - 1)
    return picks, here


def _promised(policy: Policy, row: QueueRow, situation: str) -> str:
    kept = kept_for(policy, row.brand, row.channel, situation)
    length = (kept.next if row.promise == "next" else kept.first) or kept.first
    in_hours = kept.runs is Runs.OPENING
    text = promise_text(length, in_hours=in_hours) if length else ""
    clock = _("in opening hours") if in_hours else _("around the clock")
    mark = "✓ " if situation == row.situation else ""
    return f"{mark}{text}, {clock}"


def situation_said(policy: Policy, row: QueueRow, now: datetime, undo: str) -> str:
    """Return what is told once a conversation has another situation."""
    name = _(policy.kinds().get(row.situation, row.situation)) if row.situation else _("nothing special")
    words = f"{row.name or row.handle}: {name}"
    if row.due_at is not None:
        words += " · " + _("due {when}").format(when=moment(row.due_at, now))
    return words + " · " + _("{key} undoes").format(key=undo)
