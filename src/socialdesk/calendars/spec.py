"""A policy as it is written in the configuration, before holidays and files are looked up; and both as JSON.

Light enough for the start: what is heavy is done by ``calendars.compile``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from socialdesk.domain.calendars import ALWAYS, Shift, Week
from socialdesk.domain.promises import PRESETS, SITUATIONS, Guess, Policy, Rule, Runs


class LocalDay(NamedTuple):
    """A town's own holiday, each year or in one year only."""

    month: int
    day: int
    name: str = ""
    year: int | None = None


class Closure(NamedTuple):
    """Closed days, the last one included."""

    first: date
    last: date
    name: str = ""


class Opening(NamedTuple):
    """The hours of one day, whatever else would hold for it."""

    day: date
    shifts: tuple[Shift, ...]


class CalendarSpec(NamedTuple):
    """A brand's calendar as written.

    ``country`` is an ISO 3166 code ("" is no public holidays), ``region`` one of its parts ("MD" in ES), ``language``
    that of the holidays' names. ``ical`` is the name of the file of closures, ``ical_text`` what it held when the
    configuration was read, so that a spec says all by itself.
    """

    zone: str = "UTC"
    week: Week = ALWAYS
    country: str = ""
    region: str = ""
    language: str = "es"
    local_days: tuple[LocalDay, ...] = ()
    closed: tuple[Closure, ...] = ()
    opens: tuple[Opening, ...] = ()
    ical: str = ""
    ical_text: str = ""


class PolicySpec(NamedTuple):
    """A ``Policy`` whose calendars are not looked up yet; the fields mean the same."""

    rules: tuple[Rule, ...] = PRESETS
    calendars: Mapping[str, CalendarSpec] = MappingProxyType({})
    runs: Mapping[str, Runs] = MappingProxyType({})
    guesses: tuple[Guess, ...] = ()
    situations: Mapping[str, str] = SITUATIONS
    warn: tuple[float, ...] = (0.5, 0.8)
    quiet: tuple[Shift, ...] = ()
    acknowledge: frozenset[str] = frozenset()


def dump(policy: Policy | PolicySpec) -> str:
    """Return a policy as JSON, everything in its own order: to know whether two are equal, compare them and not this."""
    import json

    from socialdesk.calendars.codec import plain

    return json.dumps(plain(policy), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Policy:
    """Return the policy in force that ``dump`` wrote; ``ValueError`` where the text is none."""
    from socialdesk.calendars.codec import policy, read

    return read(text, policy)


def load_spec(text: str) -> PolicySpec:
    """Return the policy as written that ``dump`` wrote; ``ValueError`` where the text is none."""
    from socialdesk.calendars.codec import policy_spec, read

    return read(text, policy_spec)
