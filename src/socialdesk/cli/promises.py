"""``socialdesk promises``: what the desk promises, its calendars, and what changed settings would do to those who wait."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from socialdesk.channels import channel_name
from socialdesk.cli.context import Context
from socialdesk.cli.output import cells, iso, print_json, print_table
from socialdesk.domain.consequences import Preview
from socialdesk.domain.text import one_line
from socialdesk.i18n import _, ngettext
from socialdesk.wording import day_and_month, moment, promise_text, weekday_name

if TYPE_CHECKING:
    from socialdesk.domain.calendars import Calendar
    from socialdesk.domain.promises import Policy, Rule, Runs

AHEAD = timedelta(days=60)
"""How far ahead closed days are listed."""


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--apply", action="store_true", help=_("put what the settings say in force"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run)


def run(context: Context, options: argparse.Namespace) -> int:
    """Print the promises of the settings and what they would change, or put them in force."""
    from socialdesk.storage.policies import compiled

    now, wanted = context.clock.now(), context.config.policy
    policy, change = compiled(wanted, now), context.desk.policy_change(wanted)
    if options.apply and change is not None:
        context.desk.adopt_policy(wanted)
    if options.json:
        in_force = change is None or options.apply
        print_json({**policy_json(policy), "in_force": in_force, "change": change_json(change)})
        return 0
    _print_rules(policy)
    for brand, calendar in policy.calendars.items():
        _print_calendar(brand, calendar, policy.runs.get(brand), now)
    print()
    _print_change(change, options.apply, now)
    return 0


def policy_json(policy: Policy) -> dict[str, Any]:
    """Return what is promised as scripts see it; lengths are whole seconds."""
    return {
        "promises": [
            {
                "brand": rule.brand,
                "channel": rule.channel,
                "situation": rule.situation,
                **{name: _seconds(getattr(rule.kept, name)) for name in ("first", "next", "resolution")},
                "runs": rule.kept.runs,
            }
            for rule in policy.rules
        ],
        "situations": {name: _(label) for name, label in policy.kinds().items()},
        "calendars": {
            brand: {
                "zone": calendar.zone,
                "week": [[list(shift) for shift in shifts] for shifts in calendar.week],
                "closed": {str(day): name for day, name in calendar.closed.items()},
            }
            for brand, calendar in policy.calendars.items()
        },
    }


def change_json(change: Preview | None) -> dict[str, Any] | None:
    """Return what a change does as scripts see it."""
    if change is None:
        return None
    examples = [
        {"conversation": one.conversation_id, "before": iso(one.before), "after": iso(one.after)}
        for one in change.examples
    ]
    return {**change._asdict(), "examples": examples}


def _seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def _print_rules(policy: Policy) -> None:
    headings = (_("BRAND"), _("CHANNEL"), _("SITUATION"), _("FIRST"), _("NEXT"), _("SOLVED"), _("RUNS"))
    print_table(headings, (_cells(policy, rule) for rule in _in_use(policy.rules)))


def _in_use(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yield the rules, without those that a later one for the same cases replaces."""
    for number, rule in enumerate(rules):
        later = [other.kept for other in rules[number + 1 :] if other[1:] == rule[1:]]
        given = [name for name, value in rule.kept._asdict().items() if value is not None]
        if not all(any(getattr(kept, name) is not None for kept in later) for name in given):
            yield rule


def _cells(policy: Policy, rule: Rule) -> tuple[str, ...]:
    runs = {"wall": _("wall clock"), "opening": _("opening hours"), "": ""}[rule.kept.runs or ""]
    lengths = (rule.kept.first, rule.kept.next, rule.kept.resolution)
    situation = rule.situation or ""
    in_hours = _in_hours(policy, rule)
    return (
        rule.brand or _("any"),
        channel_name(rule.channel) if rule.channel else _("any"),
        f"{situation} ({_(policy.kinds().get(situation, situation))})" if situation else _("any"),
        *("" if length is None else promise_text(length, in_hours=in_hours) for length in lengths),
        runs,
    )


def _in_hours(policy: Policy, rule: Rule) -> bool:
    """Say whether a promise may run in opening hours, of its brand or of any."""
    from socialdesk.domain.promises import kept_for

    if rule.kept.runs is not None:
        return rule.kept.runs == "opening"
    brands = policy.calendars if rule.brand is None else (rule.brand,)
    return any(kept_for(policy, brand, "", "").runs == "opening" for brand in brands)


def _print_calendar(brand: str, calendar: Calendar, runs: Runs | None, now: datetime) -> None:
    from socialdesk.calendars.notation import shift_text

    clock = _("around the clock") if runs == "wall" else _("in opening hours")
    print(f"\n{one_line(brand)}  ·  {calendar.zone}  ·  {clock}")
    for number, shifts in enumerate(calendar.week):
        hours = ", ".join(shift_text(shift) for shift in shifts) or _("closed")
        print(f"  {weekday_name(number):<10} {hours}")
    ahead = {day_and_month(day): calendar.closed[day] for day in sorted(_ahead(calendar.closed, now))}
    width = max(map(cells, ahead), default=0)
    for day, name in ahead.items():
        print(f"  {day}{' ' * (width - cells(day))}  {one_line(name) or _('closed')}")


def _ahead(days: Iterable[date], now: datetime) -> Iterator[date]:
    today = now.astimezone().date()
    return (day for day in days if today <= day <= today + AHEAD)


def _print_change(change: Preview | None, applied: bool, now: datetime) -> None:
    if change is None:
        print(_("These promises are in force."))
        return
    print(_("The settings say other promises than those in force.") if not applied else _("Now in force."))
    print(changes_text(change))
    for one in change.examples:
        before, after = (moment(at, now) if at else _("never") for at in (one.before, one.after))
        print(f"  #{one.conversation_id}  {one_line(one.name)}  {one_line(one.brand)}  {before} → {after}")
    if not applied:
        print(_('"socialdesk promises --apply" puts them in force.'))


def changes_text(change: Preview) -> str:
    """Return what a change of policy does, in one sentence or several."""
    parts = [
        ngettext("{n} customer waits.", "{n} customers wait.", change.open).format(n=change.open),
        _("Due earlier: {earlier}; due later: {later}.").format(earlier=change.earlier, later=change.later),
    ]
    if change.newly_late or change.no_longer_late:
        text = _("Late at once: {newly}; late no longer: {relieved}.")
        parts.append(text.format(newly=change.newly_late, relieved=change.no_longer_late))
    return " ".join(parts)
