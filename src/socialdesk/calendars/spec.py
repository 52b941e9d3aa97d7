"""A policy as it is written in the configuration, before holidays and files are looked up; and both as JSON.

Light enough for the start: what is heavy is done by ``calendars.compile``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from socialdesk.domain.calendars import ALWAYS, Calendar, Shift, Week
from socialdesk.domain.promises import PRESETS, SITUATIONS, Guess, Kept, Policy, Rule, Runs

Value = TypeVar("Value")
Json = Any
"""What ``json`` reads and writes."""


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
    return json.dumps(_plain(policy), ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> Policy:
    """Return the policy in force that ``dump`` wrote; ``ValueError`` where the text is none."""
    return _read(text, lambda data: Policy(**_common(data), calendars=_each(data["calendars"], _calendar)))


def load_spec(text: str) -> PolicySpec:
    """Return the policy as written that ``dump`` wrote; ``ValueError`` where the text is none."""
    return _read(text, lambda data: PolicySpec(**_common(data), calendars=_each(data["calendars"], _spec)))


def _plain(value: object) -> Json:
    """Return a policy, or a part of one, in JSON's own types: lengths in seconds, days in ISO 8601."""
    if hasattr(value, "_asdict"):
        return {name: _plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {_plain(name): _plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value


def _read(text: str, made: Callable[[Json], Value]) -> Value:
    """Return what the text holds; ``ValueError`` where it is not such a policy."""
    try:
        return made(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a policy: {error}") from error


def _common(data: Json) -> dict[str, Any]:
    """Return what both have, all but the calendars."""
    return {
        "rules": tuple(
            Rule(_kept(one["kept"]), one["brand"], one["channel"], one["situation"]) for one in data["rules"]
        ),
        "runs": {brand: Runs(runs) for brand, runs in data["runs"].items()},
        "guesses": tuple(Guess(**{**one, "words": tuple(one["words"])}) for one in data["guesses"]),
        "situations": dict(data["situations"]),
        "warn": tuple(data["warn"]),
        "quiet": _shifts(data["quiet"]),
        "acknowledge": frozenset(data["acknowledge"]),
    }


def _kept(data: Json) -> Kept:
    def length(name: str) -> timedelta | None:
        return None if data[name] is None else timedelta(seconds=data[name])

    runs = None if data["runs"] is None else Runs(data["runs"])
    return Kept(length("first"), length("next"), length("resolution"), runs)


def _calendar(data: Json) -> Calendar:
    return Calendar(
        data["zone"], _week(data["week"]), _days(data["closed"], str), _days(data["special"], _shifts)
    )


def _spec(data: Json) -> CalendarSpec:
    named = {name: data[name] for name in ("zone", "country", "region", "language", "ical", "ical_text")}
    return CalendarSpec(
        **named,
        week=_week(data["week"]),
        local_days=tuple(LocalDay(**one) for one in data["local_days"]),
        closed=tuple(Closure(_day(one["first"]), _day(one["last"]), one["name"]) for one in data["closed"]),
        opens=tuple(Opening(_day(one["day"]), _shifts(one["shifts"])) for one in data["opens"]),
    )


def _week(data: Json) -> Week:
    return tuple(_shifts(day) for day in data)


def _shifts(data: Json) -> tuple[Shift, ...]:
    return tuple(Shift(one["start"], one["end"]) for one in data)


def _each(data: Json, made: Callable[[Json], Value]) -> dict[str, Value]:
    return {name: made(one) for name, one in data.items()}


def _days(data: Json, made: Callable[[Json], Value]) -> dict[date, Value]:
    return {_day(day): one for day, one in _each(data, made).items()}


_day = date.fromisoformat
