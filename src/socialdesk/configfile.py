"""Reads config.toml; whatever is wrong in it is told with its file, line, key and what would be right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from socialdesk.calendars.spec import PolicySpec
from socialdesk.config import Config
from socialdesk.domain.models import Box, View
from socialdesk.domain.promises import PRESETS, Kept, Rule
from socialdesk.errors import ConfigError
from socialdesk.i18n import LANGUAGES, _

THEMES = ("dark", "light", "contrast", "mono")
DRAWINGS = ("changes", "plain")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST_UNDO = timedelta(hours=1)

Check = Callable[[Any], Any]


class _WrongError(Exception):
    """A value that cannot be used; says what can."""


def read(path: Path) -> Config:
    """Return the settings of that file. Raises ``ConfigError``."""
    return parse(path, text_of(path))


def parse(path: Path, text: str) -> Config:
    """Return the settings that a text of that file means. Raises ``ConfigError``."""
    return _Reading(path, text).config(values_of(path, text))


def text_of(path: Path) -> str:
    """Return what the file says. Raises ``ConfigError``."""
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(_place(path, line, _("this is not text in UTF-8"))) from error


def values_of(path: Path, text: str) -> dict[str, Any]:
    """Return the values of a TOML text. Raises ``ConfigError``, which names the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(path, text, str(error))) from error


def duration(value: Any) -> timedelta:
    """Return the length of time that "30s", "45m", "5h" or "2d" means. Raises ``ValueError``."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*([smhd])\s*", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(value)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongError(_("a text in quotes is expected"))
    return value


def _named(value: Any) -> str:
    if not _string(value).strip():
        raise _WrongError(_("it must not be empty"))
    return str(value).strip()


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(_("true or false is expected, without quotes"))
    return value


def _one_of(*choices: str) -> Check:
    def check(value: Any) -> str:
        if value not in choices:
            raise _WrongError(_("it can be {choices}").format(choices=", ".join(f'"{c}"' for c in choices)))
        return str(value)

    return check


def _length(value: Any) -> timedelta:
    try:
        return duration(value)
    except ValueError:
        raise _WrongError(_('a length of time is expected, such as "30s", "45m", "5h" or "2d"')) from None


def _undo(value: Any) -> timedelta:
    if _length(value) > _LONGEST_UNDO:
        raise _WrongError(_("at most one hour"))
    return _length(value)


def _promise(value: Any) -> timedelta:
    if not _length(value):
        raise _WrongError(_("it must be longer than nothing"))
    return _length(value)


TOP: Mapping[str, Check] = {"language": _one_of(*LANGUAGES), "theme": _one_of(*THEMES), "agent": _string}
SECTIONS: Mapping[str, Mapping[str, Check]] = {
    "desk": {"undo": _undo, "drawing": _one_of(*DRAWINGS)},
    "signals": {"bell": _switch, "notify": _switch, "title": _switch},
    "network": {"allow_private_hosts": _switch},
}
TABLES: Mapping[str, Check] = {"keys": _named, "promises": _promise}
VIEW: Mapping[str, Check] = {
    "name": _named,
    "brand": _named,
    "channel": _named,
    "late": _switch,
    "waiting_only": _switch,
    "box": _one_of(*Box),
}


class _Reading:
    """One file being read: knows where things stand in it."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def config(self, values: Mapping[str, Any]) -> Config:
        self._known("", values, [*TOP, *SECTIONS, *TABLES, "views"])
        settings = {
            key: self._value("", key, check, values[key]) for key, check in TOP.items() if key in values
        }
        for section, checks in SECTIONS.items():
            table = self._table(section, values.get(section, {}))
            settings |= self._checked(section, table, checks)
        for section, check in TABLES.items():
            table = self._table(section, values.get(section, {}))
            settings[section] = {key: self._value(section, key, check, table[key]) for key in table}
        own = tuple(
            Rule(Kept(first=length), channel=None if channel == "default" else channel)
            for channel, length in settings.pop("promises").items()
        )
        promised = PolicySpec(rules=PRESETS + own) if own else None
        return Config(**settings, promised=promised, views=self._views(values.get("views", [])))

    def _views(self, entries: Any) -> tuple[View, ...]:
        if not isinstance(entries, list):
            raise self._error("views", "", _("write each view under its own [[views]] line"))
        views: list[View] = []
        for number, entry in enumerate(entries):
            table = self._table("views", entry, number)
            if "name" not in table:
                raise self._error("views", "", _('each view needs a name = "..."'), number)
            fields = self._checked("views", table, VIEW, number)
            if fields["name"] in (view.name for view in views):
                raise self._error("views", "name", _("two views have this name"), number)
            views.append(View(**fields | {"box": Box(fields.get("box", Box.OPEN))}))
        return tuple(views)

    def _checked(
        self, section: str, table: Mapping[str, Any], checks: Mapping[str, Check], nth: int = 0
    ) -> Any:
        self._known(section, table, checks, nth)
        return {key: self._value(section, key, checks[key], value, nth) for key, value in table.items()}

    def _table(self, section: str, value: Any, nth: int = 0) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self._error("", section, _("write it as a section: [{name}]").format(name=section), nth)
        return value

    def _value(self, section: str, key: str, check: Check, value: Any, nth: int = 0) -> Any:
        try:
            return check(value)
        except _WrongError as wrong:
            raise self._error(section, key, str(wrong), nth) from None

    def _known(self, section: str, table: Iterable[str], known: Iterable[str], nth: int = 0) -> None:
        known = list(known)
        for key in table:
            if key not in known:
                raise self._error(section, key, _unknown(key, known), nth)

    def _error(self, section: str, key: str, problem: str, nth: int = 0) -> ConfigError:
        name = ".".join(part for part in (section, key) if part)
        return ConfigError(_place(self._path, self._line(section, key, nth), f"{name}: {problem}"))

    def _line(self, section: str, key: str, nth: int) -> int:
        """Return the line of a key, else that of its section, else 1; ``nth`` counts repeated sections."""
        here, count, found = "", -1, 1
        for number, line in enumerate(self._lines, 1):
            header = re.match(r"\s*\[+\s*\"?([^]\"]+?)\"?\s*\]", line)
            if header:
                here = header[1]
                count = count + 1 if here == section else count
                if (here == section and count == nth) or (here == key and not section):
                    found = number
            elif here == section and (not section or count == nth) and _names(line, key):
                return number
            elif not here and _names(line, section):
                found = number
        return found


def _names(line: str, key: str) -> bool:
    return bool(key) and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""", line) is not None


def _unknown(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    for near in get_close_matches(key, known, 1):
        return _("there is no such setting; did you mean {name}?").format(name=near)
    return _("there is no such setting; there are {names}").format(names=", ".join(known))


def _place(path: Path, line: int, problem: str) -> str:
    return _("{file}, line {line}: {problem}").format(file=path, line=line, problem=problem)


def _syntax(path: Path, text: str, message: str) -> str:
    found = re.search(r"\s*\(at (?:line (\d+)|end).*\)$", message)
    line = int(found[1]) if found and found[1] else max(len(text.splitlines()), 1)
    reason = message[: found.start()] if found else message
    return _place(path, line, _("this is not valid TOML: {reason}").format(reason=reason))
