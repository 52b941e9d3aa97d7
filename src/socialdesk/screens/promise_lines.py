"""What the screen of promises says of one brand: its week, the days off ahead, and what is promised. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from socialdesk.channels import channel_name
from socialdesk.domain.calendars import Calendar, timeline
from socialdesk.domain.consequences import Preview
from socialdesk.domain.promises import PRESETS, Policy, Runs, calendar_of, kept_for, rule_for
from socialdesk.i18n import _, ngettext
from socialdesk.policyedit import Scope
from socialdesk.widgets.lines import Line, Piece
from socialdesk.widgets.week import day_line, scale, week
from socialdesk.widgets.wrapping import cells, cut
from socialdesk.wording import day_and_month, moment, moment_of_day, number, promise_text, weekday_and_day

AHEAD = timedelta(days=150)
"""How far ahead days off are shown."""

MOST, FEW = 6, 3
"""How many of them are shown, and in a small window."""


class Target(NamedTuple):
    """What a line is about, and so what a key on it changes."""

    kind: Literal["calendar", "day", "closure", "promise", "none"] = "none"
    number: int = 0
    own: tuple[str, str] = ("", "")  # a closure of the person's own: kind and text in the settings
    scope: Scope = Scope()


class Item(NamedTuple):
    """Some lines under one cursor."""

    lines: tuple[Line, ...]
    target: Target


class Off(NamedTuple):
    """Days that differ from the week: closed, or (``hours``) with hours of their own."""

    first: date
    last: date
    name: str


def calendar_items(
    policy: Policy, brand: str, region: str, first: date, now: datetime, width: int
) -> list[Item]:
    """Return the head of a brand's calendar and its week from ``first`` on."""
    calendar = calendar_of(policy, brand)
    local = now.astimezone(ZoneInfo(calendar.zone))
    state, part = _now(calendar, now, local)
    runs = kept_for(policy, brand, "", "").runs or Runs.WALL
    about = [calendar.zone, region or _("no public holidays")]
    ways = [runs_name(runs), *([_("acknowledges out of hours")] if brand in policy.acknowledge else [])]
    items = [Item((*_head(brand, about, ways, (state, part), width), scale(width)), Target("calendar"))]
    for day in week(calendar, first):
        minute = local.hour * 60 + local.minute if day.date == local.date() else None
        line = day_line(day, weekday_and_day(day.date), width, minute)
        items.append(Item((line,), Target("day", day.date.weekday())))
    return items


def _head(brand: str, about: list[str], ways: list[str], state: Piece, width: int) -> list[Line]:
    """Return what is said of a calendar: one line, or two where there is no room for that."""
    together = "  " + " · ".join((*about, *ways))
    if cells(brand + together + state[0]) < width:
        return [Line(((brand, "strong"), (together, "soft")), (state,))]
    place = "  " + " · ".join(about)
    name = cut(brand, max(12, width - cells(place + state[0]) - 1))
    return [Line(((name, "strong"), (place, "soft")), (state,)), Line(((" · ".join(ways), "soft"),))]


def _now(calendar: Calendar, now: datetime, local: datetime) -> tuple[str, str]:
    """Return whether a brand is open now, and until when that stays so."""
    line = timeline(calendar)
    if line.is_open(now):
        closes = line.closes(now)
        if closes is None:
            return _("always open"), "good"
        return _("open until {when}").format(when=_when(closes, local)), "good"
    opens = line.next_open(now)
    if opens is None:
        return _("closed for good"), "bad"
    return _("closed until {when}").format(when=_when(opens, local)), "warn"


def _when(at: datetime, local: datetime) -> str:
    """Return a moment on the brand's own wall."""
    there = at.astimezone(local.tzinfo)
    time = moment_of_day(there.time())
    days = (there.date() - local.date()).days
    if not days:
        return time
    return f"{(weekday_and_day if days < 8 else day_and_month)(there.date())}, {time}"


def off_items(calendar: Calendar, own: Mapping[date, tuple[str, str]], today: date, most: int) -> list[Item]:
    """Return the days off ahead, so many at most; ``own`` are those that can be taken away."""
    found = ahead(calendar, today)[:most]
    head = Line(((_("Holidays and closures ahead"), "theirs"),))
    items = [Item((Line(), head), Target("closure"))]
    if not found:
        return [*items, Item((Line(((_("None in the next months."), "soft"),)),), Target("closure"))]
    return items + [_off_item(off, own.get(off.first, ("", "")), today) for off in found]


def ahead(calendar: Calendar, today: date) -> list[Off]:
    """Return the days off from today on, neighbours of one name together."""
    from socialdesk.widgets.week import hours_text

    hours = {
        day: _("open {hours}").format(hours=hours_text(shifts)) if shifts else _("closed")
        for day, shifts in calendar.special.items()
    }
    named = {**calendar.closed, **hours}
    found: list[Off] = []
    for day in sorted(day for day in named if today <= day <= today + AHEAD):
        if found and found[-1].last == day - timedelta(days=1) and found[-1].name == named[day]:
            found[-1] = found[-1]._replace(last=day)
        else:
            found.append(Off(day, day, named[day]))
    return found


def _off_item(off: Off, own: tuple[str, str], today: date) -> Item:
    when = day_and_month(off.first)
    if off.last != off.first:
        when += f" - {day_and_month(off.last)}"
    days = (off.first - today).days
    far = _("today") if days <= 0 else ngettext("in {n} day", "in {n} days", days).format(n=days)
    column = 14 if off.first == off.last else 26
    name = off.name or _("closed")
    left = (when + " " * max(2, column - cells(when)), "text"), (name, "text")
    mine: tuple[Piece, ...] = ((_("yours") + " · ", "soft"),) if own[1] else ()
    return Item((Line(left, (*mine, (far, "soft"))),), Target("closure", own=own))


# What is promised -------------------------------------------------------------------------------------

COLUMNS = (22, 9, 11, 10)
"""Cells of a promise's name, and of its three lengths."""


def promise_items(policy: Policy, brand: str, channels: Sequence[str]) -> list[Item]:
    """Return what is promised to a brand's customers, by channel and by situation."""
    titles = (_("Promises"), _("First"), _("Next"), _("Solved"))
    head = Line((*_cells(titles, "theirs"), (_("Counted"), "theirs")))
    scopes = [Scope(brand, channel) for channel in channels] + [Scope(brand)]
    scopes += [Scope(brand, None, situation) for situation in policy.situations]
    items = [_promise_item(policy, scope) for scope in scopes]
    return [Item((Line(), head), Target()), *items]


def _promise_item(policy: Policy, scope: Scope) -> Item:
    brand, channel, situation = scope.brand or "", scope.channel or "", scope.situation or ""
    kept = kept_for(policy, brand, channel, situation)
    in_hours = kept.runs is Runs.OPENING
    given = (kept.first, kept.next, kept.resolution)
    lengths = (promise_text(each, in_hours=in_hours) if each else "-" for each in given)
    rule = rule_for(policy, brand, channel, situation)
    source = _("usual") if rule in PRESETS else _("yours")
    left = (
        *_cells((scope_name(policy, scope), *lengths), "text"),
        (_short_runs(kept.runs or Runs.WALL), "text"),
    )
    return Item((Line(left, ((source, "soft"),)),), Target("promise", scope=scope))


def _cells(texts: Sequence[str], part: str) -> tuple[Piece, ...]:
    shown = [cut(text, width - 1) for text, width in zip(texts, COLUMNS, strict=True)]
    return tuple(
        (text + " " * (width - cells(text)), part) for text, width in zip(shown, COLUMNS, strict=True)
    )


def scope_name(policy: Policy, scope: Scope) -> str:
    """Return the cases of a promise in words, its brand aside."""
    if scope.situation is not None:
        return situation_name(policy, scope.situation)
    return channel_name(scope.channel) if scope.channel else _("Any other channel")


def situation_name(policy: Policy, situation: str) -> str:
    """Return what a situation is called; "" for none."""
    return _(policy.kinds().get(situation, situation)) if situation else ""


def runs_name(runs: Runs) -> str:
    """Return the clock of a promise in words."""
    return _("in opening hours") if runs is Runs.OPENING else _("around the clock")


def _short_runs(runs: Runs) -> str:
    """Return the same for a column that has to fit in 80 cells."""
    return _("opening hours") if runs is Runs.OPENING else _("24 hours")


# What a change does -----------------------------------------------------------------------------------


def preview_text(preview: Preview) -> str:
    """Return what a changed policy would do, in one line."""
    parts = [
        _count(ngettext("{n} due earlier", "{n} due earlier", preview.earlier), preview.earlier),
        _count(ngettext("{n} due later", "{n} due later", preview.later), preview.later),
        _count(ngettext("{n} late at once", "{n} late at once", preview.newly_late), preview.newly_late),
        _count(
            ngettext("{n} no longer late", "{n} no longer late", preview.no_longer_late),
            preview.no_longer_late,
        ),
    ]
    return ", ".join(filter(None, parts)) or _("nobody who waits now is affected")


def _count(text: str, n: int) -> str:
    return text.format(n=number(n)) if n else ""


def change_item(preview: Preview, changes: int, key: str, now: datetime) -> Item:
    """Return what is changed and not in force yet, with examples; ``key`` applies it."""
    head = _("Not in force yet: {changes} · {key} applies").format(
        changes=ngettext("{n} change", "{n} changes", changes).format(n=changes)
        if changes
        else _("config.toml was changed"),
        key=key,
    )
    lines = [Line(((head, "warn"),)), Line(((preview_text(preview), "text"),))]
    for one in preview.examples[:3]:
        was, then = (moment(at, now) if at else _("never") for at in (one.before, one.after))
        about = f"  {one.name} · {channel_name(one.channel)}: {was} → {then}"
        lines.append(Line(((about, "soft"),)))
    return Item((*lines, Line()), Target())
