"""The changes of promises, calendars and closures that are made on the screen, as changes of config.toml.

Each function gives a ``configedit.Change``. What they write is checked by whoever reads the file, never here.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple

from socialdesk.configedit import Change

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The keys of a week in a calendar."""

PLAIN = "default"
"""The line of ``[promises]`` that stands for every channel without its own."""


class Scope(NamedTuple):
    """The cases a promise is for; None stands for any."""

    brand: str | None = None
    channel: str | None = None
    situation: str | None = None

    def given(self) -> dict[str, str]:
        """Return what it names."""
        return {key: value for key, value in self._asdict().items() if value is not None}


def set_calendar(brand: str, values: Mapping[str, str | bool]) -> Change:
    """Set settings of a brand's calendar; an empty text takes one away."""

    def change(document: TOMLDocument) -> None:
        calendar = _calendar(document, brand)
        for key, value in values.items():
            _set(calendar, key, value)

    return change


def add_day(brand: str, kind: str, text: str) -> Change:
    """Add a day to a calendar's ``closed``, ``open`` or ``local_days``."""

    def change(document: TOMLDocument) -> None:
        calendar = _calendar(document, brand)
        if kind in calendar:
            calendar[kind].append(text)
        else:
            calendar[kind] = [text]

    return change


def remove_day(brand: str, kind: str, text: str) -> Change:
    """Take a day out of a calendar's ``closed``, ``open`` or ``local_days``."""

    def change(document: TOMLDocument) -> None:
        calendar = _calendar(document, brand)
        if text in calendar.get(kind, ()):
            calendar[kind].remove(text)
        if not calendar.get(kind, True):
            del calendar[kind]

    return change


def days_of(values: Mapping[str, Any], brand: str) -> list[tuple[str, str]]:
    """Return the closures and openings that a calendar names itself: kind and text, as written."""
    calendar = values.get("calendars", {}).get(brand, {})
    return [(kind, text) for kind in ("closed", "open", "local_days") for text in calendar.get(kind, ())]


def set_promise(scope: Scope, values: Mapping[str, str]) -> Change:
    """Set the promise of a scope: ``first``, ``next``, ``resolution``, ``runs``; an empty text takes one away."""

    def change(document: TOMLDocument) -> None:
        left = dict(values)
        if not scope.brand and not scope.situation and _plain(document, scope) is not None:
            _set(_section(document, "promises"), scope.channel or PLAIN, left.pop("first", ""))
        rule = _rule(document, scope, make=any(left.values()))
        for key, value in left.items():
            if rule is not None:
                _set(rule, key, value)

    return change


def _plain(document: TOMLDocument, scope: Scope) -> Any:
    """Return the short line of ``[promises]`` for a scope, or None where there is none."""
    return document.get("promises", {}).get(scope.channel or PLAIN)


def _rule(document: TOMLDocument, scope: Scope, *, make: bool) -> MutableMapping[str, Any] | None:
    """Return the last ``[[promise]]`` for exactly this scope, the ``[[situation]]`` that it is, or a new one."""
    import tomlkit

    wanted = scope.given()
    for rule in reversed(document.get("promise", [])):
        if {key: rule[key] for key in Scope._fields if key in rule} == wanted:
            return rule  # type: ignore[no-any-return]
    for own in document.get("situation", []):
        if wanted == {"situation": own.get("id")}:
            return own  # type: ignore[no-any-return]
    if not make:
        return None
    made = tomlkit.table()
    for key, value in wanted.items():
        made[key] = value
    if "promise" not in document:
        document["promise"] = tomlkit.aot()
    document["promise"].append(made)
    return made


def _calendar(document: TOMLDocument, brand: str) -> Any:
    import tomlkit

    calendars = _section(document, "calendars", is_super_table=True)
    if brand not in calendars:
        calendars[brand] = tomlkit.table()
    return calendars[brand]


def _section(document: TOMLDocument, name: str, *, is_super_table: bool = False) -> Any:
    import tomlkit

    if name not in document:
        document[name] = tomlkit.table(is_super_table)
    return document[name]


def _set(table: MutableMapping[str, Any], key: str, value: str | bool) -> None:
    if value != "":
        table[key] = value
    elif key in table:
        del table[key]
