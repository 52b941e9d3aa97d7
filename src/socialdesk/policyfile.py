"""The sections of config.toml that say what the desk promises: promises, situations, warnings, calendars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

from socialdesk.calendars import notation
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.configreading import (
    Check,
    Reading,
    WrongError,
    listed,
    located,
    named,
    one_of,
    some_length,
    string,
    switch,
    understood,
)
from socialdesk.domain.calendars import ALWAYS, Shift, zone
from socialdesk.domain.promises import CASES, PRESETS, SITUATIONS, Guess, Kept, Rule, Runs
from socialdesk.i18n import _, quoted

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of an iCalendar file."""


def _runs(value: Any) -> Runs:
    return Runs(one_of(*Runs)(value))


def _zone(value: Any) -> str:
    try:
        zone(named(value))
    except ValueError:
        example = _('there is no such time zone; one is "Europe/Madrid", another "Atlantic/Canary"')
        raise WrongError(example) from None
    return named(value)


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1:
        raise WrongError(_("shares of the promise are expected, such as 0.5 for the half of it"))
    return float(value)


def identifier(value: Any) -> str:
    """Take the name under which something is known to the files."""
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", string(value)):
        raise WrongError(_("small letters, digits, - and _ are expected, 40 at most"))
    return str(value)


def language(value: Any) -> str:
    """Take a language code (ISO 639-1)."""
    if not re.fullmatch(r"[a-z]{2}", string(value)):
        raise WrongError(_('a language is expected as two letters, such as "es"'))
    return str(value)


KEPT: Mapping[str, Check] = {
    "first": some_length,
    "next": some_length,
    "resolution": some_length,
    "runs": _runs,
}
PROMISE: Mapping[str, Check] = {"brand": named, "channel": named, "situation": identifier, **KEPT}
GUESS: Mapping[str, Check] = {
    "words": listed(named),
    "language": language,
    "channel": named,
    "tag": named,
}
SITUATION: Mapping[str, Check] = {"id": identifier, "label": named, **GUESS, **KEPT}
WARNINGS: Mapping[str, Check] = {"at": listed(_share), "quiet": understood(notation.shifts)}
CALENDAR: Mapping[str, Check] = {
    "zone": _zone,
    **dict.fromkeys(DAYS, understood(notation.shifts)),
    "holidays": understood(notation.region),
    "language": language,
    "local_days": listed(understood(notation.local_day)),
    "closed": listed(understood(notation.closure)),
    "open": listed(understood(notation.opening)),
    "ical": named,
    "runs": _runs,
    "acknowledge": switch,
}


class _Own(NamedTuple):
    """The situations that the file speaks of."""

    rules: tuple[Rule, ...]
    guesses: tuple[Guess, ...]
    labels: Mapping[str, str]


def policy(reading: Reading, values: Mapping[str, Any]) -> PolicySpec:
    """Return what the sections of the file say, on top of the presets. Raises ``ConfigError``.

    Of two rules that are as special, the later one holds: a ``[[promise]]`` wins over all others.
    """
    own = _situations(reading, values.get("situation", []))
    situations = {**SITUATIONS, **own.labels}
    warnings = reading.checked(
        ("warnings",), reading.table(("warnings",), values.get("warnings", {})), WARNINGS
    )
    named_calendars = reading.table(("calendars",), values.get("calendars", {}))
    tables = {brand: _calendar_values(reading, brand, table) for brand, table in named_calendars.items()}
    defaults = PolicySpec()
    return PolicySpec(
        rules=(
            *PRESETS,
            *_by_channel(reading, values.get("promises", {})),
            *own.rules,
            *_promises(reading, values.get("promise", []), {**situations, **CASES}),
        ),
        calendars={brand: _calendar(reading, brand, table) for brand, table in tables.items()},
        runs={brand: table["runs"] for brand, table in tables.items() if "runs" in table},
        guesses=own.guesses,
        situations=situations,
        warn=tuple(sorted(set(warnings.get("at", defaults.warn)))),
        quiet=warnings.get("quiet", ()),
        acknowledge=frozenset(brand for brand, table in tables.items() if table.get("acknowledge")),
    )


def _by_channel(reading: Reading, value: Any) -> tuple[Rule, ...]:
    table = reading.table(("promises",), value)
    lengths = {key: reading.value(("promises", key), some_length, given) for key, given in table.items()}
    return tuple(
        Rule(Kept(first=given), channel=None if channel == "default" else channel)
        for channel, given in lengths.items()
    )


def _promises(reading: Reading, value: Any, situations: Mapping[str, str]) -> tuple[Rule, ...]:
    rules = []
    for number, table in enumerate(reading.tables("promise", value)):
        given = reading.checked(("promise",), table, PROMISE, number)
        situation = given.get("situation")
        if situation is not None and situation not in situations:
            known = ", ".join(map(quoted, situations))
            problem = _("there is no such situation; there are {names}").format(names=known)
            raise reading.error(("promise", "situation"), problem, number)
        rules.append(Rule(_kept(given), given.get("brand"), given.get("channel"), situation))
    return tuple(rules)


def _situations(reading: Reading, value: Any) -> _Own:
    rules: list[Rule] = []
    guesses: list[Guess] = []
    labels: dict[str, str] = {}
    for number, table in enumerate(reading.tables("situation", value)):
        if "id" not in table:
            raise reading.error(("situation",), _('each situation needs an id = "..."'), number)
        given = reading.checked(("situation",), table, SITUATION, number)
        name = given["id"]
        labels[name] = given.get("label") or labels.get(name) or {**SITUATIONS, **CASES}.get(name, name)
        if _kept(given) != Kept():
            rules.append(Rule(_kept(given), situation=name))
        if given.keys() & GUESS.keys():
            guesses.append(Guess(name, **{key: given[key] for key in GUESS if key in given}))
    return _Own(tuple(rules), tuple(guesses), labels)


def _kept(given: Mapping[str, Any]) -> Kept:
    return Kept(**{key: given[key] for key in KEPT if key in given})


def _calendar_values(reading: Reading, brand: str, value: Any) -> dict[str, Any]:
    where = ("calendars", brand)
    table = reading.checked(where, reading.table(where, value), CALENDAR)
    if "zone" not in table:
        raise reading.error(where, _('each calendar needs a zone = "Europe/Madrid" or another one'))
    return table


def _calendar(reading: Reading, brand: str, table: Mapping[str, Any]) -> CalendarSpec:
    country, region = table.get("holidays", ("", ""))
    ical = table.get("ical", "")
    return CalendarSpec(
        zone=table["zone"],
        week=_week(table),
        country=country,
        region=region,
        language=table.get("language", CalendarSpec().language),
        local_days=table.get("local_days", ()),
        closed=table.get("closed", ()),
        opens=table.get("open", ()),
        ical=ical,
        ical_text=_text(reading, ("calendars", brand, "ical"), ical) if ical else "",
    )


def _week(table: Mapping[str, Any]) -> tuple[tuple[Shift, ...], ...]:
    """Return the week's hours: a day that is left out is closed, but without any day it is always open."""
    if not any(day in table for day in DAYS):
        return ALWAYS
    return tuple(table.get(day, ()) for day in DAYS)


def _text(reading: Reading, where: tuple[str, ...], name: str) -> str:
    """Return what a file beside the settings says."""
    path: Path = reading.path.parent / reading.value(where, located, name)
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):  # a device or a pipe may never end
            raise reading.error(where, _("{path} is not a plain file").format(path=path))
        if found.st_size > LARGEST_FILE:
            raise reading.error(where, _("{path} is too large for a calendar").format(path=path))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = _("{path} cannot be read: {reason}").format(path=path, reason=error.strerror)
        raise reading.error(where, problem) from error
    except UnicodeDecodeError as error:
        raise reading.error(where, _("{path} is not text in UTF-8").format(path=path)) from error
