"""What can be changed about promises and calendars: which lines are asked, and what the answers change. Pure."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from socialdesk.calendars import notation
from socialdesk.calendars.spec import CalendarSpec, Closure
from socialdesk.configedit import Change
from socialdesk.domain.calendars import Calendar
from socialdesk.domain.promises import Policy, Runs, kept_for
from socialdesk.errors import ConfigError
from socialdesk.i18n import _
from socialdesk.policyedit import DAYS, Scope, add_day, days_of, set_calendar, set_promise
from socialdesk.screens.draft import Draft
from socialdesk.screens.form import Field, Values
from socialdesk.screens.promise_lines import scope_name
from socialdesk.wording import weekday_name


class Asked(NamedTuple):
    """A form: its lines, and the changes that their values make; ``ValueError`` says in words what is wrong."""

    title: str
    fields: Sequence[Field]
    hint: str
    changes: Callable[[Values], Sequence[Change]]
    begin: int = 0


def problem(draft: Draft, year: int, asked: Asked, values: Values) -> str:
    """Return what is wrong with what was filled in, or ""; ``year`` is one whose holidays must be known."""
    try:
        changed = draft.changed(*asked.changes(values))
        if changed.brings_in_other(draft):
            changed.policy(year)
    except ConfigError as error:
        asked_for = {field.id: field.label for field in asked.fields}
        about = asked_for.get(error.where[-1], "") if error.where else ""
        return ": ".join(filter(None, (about, error.problem))) or error.detail
    except ValueError as error:
        return str(error)
    return ""


def local_day(calendar: Calendar, now: datetime) -> date:
    """Return what day it is where the brand is."""
    return now.astimezone(ZoneInfo(calendar.zone)).date()


def region_text(spec: CalendarSpec | None) -> str:
    """Return country and region as they are written: "ES-MD"."""
    return "-".join(filter(None, (spec.country, spec.region))) if spec else ""


def own_days(values: Mapping[str, Any], brand: str, today: date) -> dict[date, tuple[str, str]]:
    """Return the days off that the person wrote, by the first of them from today on: kind and text."""
    found: dict[date, tuple[str, str]] = {}
    for kind, text in days_of(values, brand):
        if kind == "closed":
            closure = notation.closure(text)
            found[max(closure.first, today)] = (kind, text)
        elif kind == "open":
            found[notation.opening(text).day] = (kind, text)
        else:
            local = notation.local_day(text)
            for year in (today.year, today.year + 1) if local.year is None else (local.year,):
                if (local.month, local.day) != (2, 29):
                    found[date(year, local.month, local.day)] = (kind, text)
    return found


# The week ---------------------------------------------------------------------------------------------


def week_form(draft: Draft, brand: str, day: int) -> Asked:
    """Return the form of a brand's week, at one of its days."""
    spec, zone = draft.spec.calendars.get(brand, CalendarSpec()), _zone(draft, brand)
    before = [notation.shifts_text(shifts) for shifts in spec.week]
    fields = [
        Field(name, weekday_name(n), _shown(before[n]), "10:00-14:00, 17:00-20:00")
        for n, name in enumerate(DAYS)
    ]

    def changes(values: Values) -> list[Change]:
        wanted = {name: _hours(values[name]) for name in DAYS}
        differing = {name: hours for n, (name, hours) in enumerate(wanted.items()) if hours != before[n]}
        if not differing:
            return []
        # A brand that was always open has no week yet: one day of it says nothing of the others.
        return [set_calendar(brand, differing if brand in draft.spec.calendars else {**zone, **wanted})]

    hint = _('such as "10:00-14:00, 17:00-20:00", "00:00-24:00", "closed"; "=" is the day above')
    return Asked(_("Opening hours of {brand}").format(brand=brand), fields, hint, _with_same(changes), day)


def _with_same(changes: Callable[[Values], Sequence[Change]]) -> Callable[[Values], Sequence[Change]]:
    """Let "=" stand for the day above."""

    def filled(values: Values) -> Sequence[Change]:
        made: dict[str, str] = {}
        above = ""
        for name, value in values.items():
            above = made[name] = above if value == "=" else value
        return changes(made)

    return filled


def _zone(draft: Draft, brand: str) -> dict[str, str]:
    """Return what a calendar must begin with: the zone of a brand that has none yet."""
    return {} if brand in draft.spec.calendars else {"zone": own_zone()}


def own_zone() -> str:
    """Return this machine's zone by its IANA name; Madrid's where it does not tell."""
    place = os.environ.get("TZ", "").removeprefix(":") or str(Path("/etc/localtime").resolve())
    name = place.rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "Europe/Madrid"


def _shown(hours: str) -> str:
    return _("closed") if hours == notation.CLOSED else hours


def _hours(text: str) -> str:
    """Return hours as the settings have them. Raises ``ValueError``."""
    plain = text.strip().casefold()
    if plain in ("", _("closed"), notation.CLOSED):
        return notation.CLOSED
    if plain in ("24", "24 h", "24h", _("24 hours")):
        return notation.OPEN_ALL_DAY
    return notation.shifts_text(notation.shifts(text.replace("–", "-").replace(" y ", ", ")))


# Days off ---------------------------------------------------------------------------------------------


def closure_form(draft: Draft, brand: str, today: date) -> Asked:
    """Return the form of a day or some days that differ from the week."""
    fields = [
        Field("day", _("Day"), "", _("24/12, or 1/8 - 15/8")),
        Field("hours", _("Hours"), "", _("nothing: closed all day")),
        Field("name", _("Name"), "", _("Christmas Eve")),
    ]

    def changes(values: Values) -> list[Change]:
        first, last = days(values["day"], today)
        begun = set_calendar(brand, _zone(draft, brand))
        if not values["hours"]:
            closure = notation.closure_text(Closure(first, last, values["name"]))
            return [begun, add_day(brand, "closed", closure)]
        if first != last:
            raise ValueError(_("One day at a time can have its own hours."))
        return [begun, add_day(brand, "open", f"{first} {_hours(values['hours'])}")]

    hint = _("A day of its own wins over holidays and the usual week.")
    return Asked(_("A day off, or with its own hours, at {brand}").format(brand=brand), fields, hint, changes)


def days(text: str, today: date) -> tuple[date, date]:
    """Return the first and the last day meant: "24/12", "2026-12-24", "1/8 - 15/8". Raises ``ValueError``."""
    parts = [part for part in re.split(r"\s+[-a–]\s+|(?<=\d)/(?=\d{4}-)", text.strip()) if part]
    if len(parts) not in (1, 2):
        raise ValueError(_("Which day? Write 24/12, or 1/8 - 15/8."))
    first = _date(parts[0], today)
    last = _date(parts[-1], first)
    return first, last


def _date(text: str, after: date) -> date:
    """Return a day; without a year, the next one from ``after`` on."""
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)(?:/(\d{4}))?", text.strip())
    try:
        if found is None:
            raise ValueError(text)
        if found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        day, month = int(found[4]), int(found[5])
        if found[6]:
            return date(int(found[6]), month, day)
        this = date(after.year, month, day)
        return this if this >= after else date(after.year + 1, month, day)
    except ValueError:
        raise ValueError(_("{text} is not a day. Write 24/12, or 1/8 - 15/8.").format(text=text)) from None


# The calendar's settings ------------------------------------------------------------------------------


def calendar_form(draft: Draft, brand: str) -> Asked:
    """Return the form of a calendar's zone, holidays and ways."""
    spec = draft.spec.calendars.get(brand, CalendarSpec())
    runs = draft.spec.runs.get(brand, Runs.OPENING)
    before = {
        "zone": spec.zone if brand in draft.spec.calendars else own_zone(),
        "holidays": region_text(spec),
        "runs": _runs_shown(runs),
        "ical": spec.ical,
        "acknowledge": _("yes") if brand in draft.spec.acknowledge else _("no"),
    }
    fields = [
        Field("zone", _("Time zone"), before["zone"], "Europe/Madrid"),
        Field("holidays", _("Public holidays"), before["holidays"], "ES-MD"),
        Field("runs", _("Promises run"), before["runs"], _("opening")),
        Field("ical", _("Closures file"), before["ical"], "cierres.ics"),
        Field("acknowledge", _("Acknowledge"), before["acknowledge"], _("no")),
    ]

    def changes(values: Values) -> list[Change]:
        wanted = {key: value for key, value in values.items() if value != before[key]}
        settings: dict[str, str | bool] = dict(wanted)
        if "runs" in wanted:
            settings["runs"] = _runs(wanted["runs"])
        if "acknowledge" in wanted:
            settings["acknowledge"] = _yes(wanted["acknowledge"])
        return [set_calendar(brand, {**_zone(draft, brand), **settings})] if settings else []

    hint = "\n".join(
        (
            _('Promises run in opening hours ("opening") or around the clock ("wall").'),
            _("Acknowledge: out of hours, customers are told when they will be answered."),
        )
    )
    return Asked(_("Calendar of {brand}").format(brand=brand), fields, hint, changes)


def _runs_shown(runs: Runs | None) -> str:
    if runs is None:
        return ""
    return _("opening") if runs is Runs.OPENING else _("wall")


def _runs(text: str) -> str:
    return {_("opening"): Runs.OPENING.value, _("wall"): Runs.WALL.value}.get(text.casefold(), text)


def _yes(text: str) -> bool:
    plain = text.casefold()
    if plain in (_("yes"), "yes", "true"):
        return True
    if plain in ("", _("no"), "no", "false"):
        return False
    raise ValueError(_("Acknowledge: yes or no?"))


# Promises ---------------------------------------------------------------------------------------------


def promise_form(draft: Draft, policy: Policy, scope: Scope) -> Asked:
    """Return the form of one promise; empty lines leave it to the more general ones."""
    kept = next((rule.kept for rule in reversed(policy.rules) if Scope(*rule[1:]) == scope), None)
    lengths = [
        _written(kept and kept.first),
        _written(kept and kept.next),
        _written(kept and kept.resolution),
    ]
    before = dict(
        zip(
            ("first", "next", "resolution", "runs"),
            (*lengths, _runs_shown(kept.runs if kept else None)),
            strict=True,
        )
    )
    now = kept_for(policy, scope.brand or "", scope.channel or "", scope.situation or "")
    fields = [
        Field("first", _("First answer"), before["first"], _written(now.first)),
        Field("next", _("Next answers"), before["next"], _written(now.next)),
        Field("resolution", _("Solved"), before["resolution"], _written(now.resolution) or "2d"),
        Field("runs", _("Runs"), before["runs"], _runs_shown(now.runs)),
        Field("brands", _("For"), _("this brand"), _("this brand, or all")),
    ]

    def changes(values: Values) -> list[Change]:
        wide = values["brands"].casefold() in (_("all"), "all", _("all brands"))
        where = scope._replace(brand=None) if wide else scope
        wanted = {key: values[key] for key in before if (values[key] if wide else values[key] != before[key])}
        if "runs" in wanted:
            wanted["runs"] = _runs(wanted["runs"])
        return [set_promise(where, {key: value.replace(" ", "") for key, value in wanted.items()})]

    hint = _('Lengths such as "30m", "5h", "2d"; nothing leaves it to the more general promise.')
    title = _("Promise of {brand}: {case}").format(brand=scope.brand, case=scope_name(policy, scope))
    return Asked(title, fields, hint, changes)


def _written(length: Any) -> str:
    """Return a length as the settings have it: "90m", "24h"."""
    if not length:
        return ""
    seconds = int(length.total_seconds())
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
