"""The arithmetic of a deadline in words: what started it, what was counted, what was skipped, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo

from socialdesk.domain import calendars
from socialdesk.domain.folding import Alike, folded
from socialdesk.domain.promises import Policy, Step
from socialdesk.domain.text import one_line
from socialdesk.i18n import _, ngettext, quoted
from socialdesk.wording import day_and_month, moment_of_day, promise_text

_MIDNIGHT = time()
_A_DAY = timedelta(days=1)


def why_lines(
    steps: Iterable[Step], zone: str = "", now: datetime | None = None, case: str = ""
) -> list[str]:
    """Return one line a step; times are of ``zone`` (an IANA name, the brand's), without one of this machine.

    Of many steps those of days and weeks that are alike make one line. A year is named where it is not that of ``now``.
    ``case`` is what the conversation's situation is called, where that is known.
    """
    told = list(steps)
    where = calendars.zone(zone) if zone else None
    times = _Times(where, (now or datetime.now(UTC)).astimezone(where).year)
    in_hours = not any(step.kind == "wall" for step in told)
    return [
        _alike(each, times) if isinstance(each, Alike) else _line(each, times, in_hours, case)
        for each in (told if where is None else folded(told, where))
    ]


def exact(seconds: int) -> str:
    """Return a length of time to the second: "29 h 30 min", "45 s"."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    parts = ((hours, "h"), (minute, "min"), (second, "s"))
    return " ".join(f"{value} {unit}" for value, unit in parts if value) or "0 min"


class _Times:
    """Writes moments and spans in one zone."""

    def __init__(self, where: tzinfo | None, year: int) -> None:
        self._where = where
        self._year = year

    def at(self, moment: datetime) -> str:
        local = moment.astimezone(self._where)
        return f"{self._day(local)}, {moment_of_day(local.time())}"

    def span(self, start: datetime, end: datetime | None) -> str:
        """Return a span; whole days without their hours."""
        first = start.astimezone(self._where)
        if end is None:
            return self.at(start)
        last = end.astimezone(self._where)
        if first.time() == last.time() == _MIDNIGHT and first < last:
            shown = last - _A_DAY
            same = shown.date() == first.date()
            return self._day(first) if same else f"{self._day(first)} – {self._day(shown)}"
        if first.date() == last.date():
            return f"{self.at(start)}–{moment_of_day(last.time())}"
        return f"{self.at(start)} – {self.at(end)}"

    def _day(self, local: datetime) -> str:
        day = day_and_month(local.date())
        return day if local.year == self._year else f"{day} {local.year}"


def case_name(policy: Policy, situation: str) -> str:
    """Return what a situation is called; "": none, or nothing special."""
    return one_line(_(policy.kinds().get(situation, situation))) if situation else ""


def _line(step: Step, times: _Times, in_hours: bool, case: str) -> str:
    match step.kind:
        case "started":
            return _("{time}: the first message without an answer; the clock starts").format(
                time=times.at(step.start)
            )
        case "promise":
            return _promise(step, in_hours, case)
        case "shift":
            return _shift(step, times)
        case "wall":
            text = _("{span}: {length} on the wall clock, nights and closed days included")
            return text.format(span=times.span(step.start, step.end), length=exact(step.seconds))
        case "closed":
            return _("{span}: closed").format(span=times.span(step.start, step.end))
        case "day_off":
            text = _("{span}: {name}, closed")
            return text.format(span=times.span(step.start, step.end), name=step.note)
        case "clock_change":
            return _change(step, times)
        case "due":
            return _due(step, times)


def _promise(step: Step, in_hours: bool, case: str) -> str:
    if not step.seconds:
        return _("Promise: none")
    text = _("Promise: {length} in opening hours, set for {what}")
    if not in_hours:
        text = _("Promise: {length} on the wall clock, set for {what}")
    length = promise_text(timedelta(seconds=step.seconds), in_hours=in_hours)
    situation = _("the case {name}").format(name=quoted(case)) if case else _("this situation")
    names = {"situation": situation, "brand": _("this brand"), "channel": _("this channel")}
    what = " + ".join(names[name] for name in step.note.split("+") if name in names)
    return text.format(length=length, what=what or _("everything"))


def _shift(step: Step, times: _Times) -> str:
    span, used = times.span(step.start, step.end), exact(step.seconds)
    if step.note:
        number = int(step.note)
        text = ngettext(
            "{span}: {n} opening time, {used} counted, {left} left",
            "{span}: {n} opening times, {used} counted, {left} left",
            number,
        )
        return text.format(span=span, n=number, used=used, left=exact(step.left))
    if not step.left:
        return _("{span}: open, {used} counted, nothing left").format(span=span, used=used)
    return _("{span}: open, {used} counted, {left} left").format(span=span, used=used, left=exact(step.left))


def _alike(each: Alike, times: _Times) -> str:
    """Return days or weeks in a row that have the same hours."""
    days = ngettext(
        "{span}: {n} day of {each}, {used} counted, {left} left",
        "{span}: {n} days of {each}, {used} counted, {left} left",
        each.number,
    )
    weeks = ngettext(
        "{span}: {n} week of {each}, {used} counted, {left} left",
        "{span}: {n} weeks of {each}, {used} counted, {left} left",
        each.number,
    )
    return (days if each.unit == "day" else weeks).format(
        span=times.span(each.start, each.end),
        n=each.number,
        each=exact(each.each),
        used=exact(each.each * each.number),
        left=exact(each.left),
    )


def _change(step: Step, times: _Times) -> str:
    text = _("{time}: the clocks go forward by {length}")
    if step.seconds < 0:
        text = _("{time}: the clocks go back by {length}")
    return text.format(time=times.at(step.start), length=exact(abs(step.seconds)))


def _due(step: Step, times: _Times) -> str:
    if step.note == "never":
        return _("It never falls due: the business does not open for so long, or nothing is promised")
    return _("{time}: due").format(time=times.at(step.start))
