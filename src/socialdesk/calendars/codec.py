"""Policies as JSON, as they are stored; ``spec.dump`` and ``spec.load`` are the doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from socialdesk.calendars.spec import CalendarSpec, Closure, LocalDay, Opening, PolicySpec
from socialdesk.domain.calendars import Calendar, Shift, Week
from socialdesk.domain.promises import Guess, Kept, Policy, Rule, Runs

Value = TypeVar("Value")
Json = Any
"""What ``json`` reads and writes."""


def plain(value: object) -> Json:
    """Return a policy, or a part of one, in JSON's own types: lengths in seconds, days in ISO 8601."""
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Mapping):
        return {plain(name): plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value


def read(text: str, made: Callable[[Json], Value]) -> Value:
    """Return what the text holds; ``ValueError`` where it is not such a policy."""
    import json

    try:
        return made(json.loads(text))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a policy: {error}") from error


def policy(data: Json) -> Policy:
    """Return the policy in force that was written so."""
    return Policy(
        **_common(data), calendars={brand: _calendar(one) for brand, one in data["calendars"].items()}
    )


def policy_spec(data: Json) -> PolicySpec:
    """Return the policy as written that was stored so."""
    return PolicySpec(
        **_common(data), calendars={brand: _spec(one) for brand, one in data["calendars"].items()}
    )


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


def _days(data: Json, made: Callable[[Json], Value]) -> dict[date, Value]:
    return {_day(day): made(one) for day, one in data.items()}


_day = date.fromisoformat
