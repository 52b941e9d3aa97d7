"""How a section of config.toml is read: each value checked, and a wrong one named with its line and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from socialdesk.domain.text import one_line
from socialdesk.errors import ConfigError
from socialdesk.i18n import _, quoted

Check = Callable[[Any], Any]
Where = tuple[str, ...]
"""The names on the way to a value: ("calendars", "Panadería Sol", "mon")."""

_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
_LONGEST_HOLD = timedelta(hours=1)
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.|=|\]|$)""")


class WrongError(Exception):
    """A value that cannot be used; says what can."""


def duration(value: Any) -> timedelta:
    """Return the length of time that "30s", "45m", "5h" or "2d" means. Raises ``ValueError``."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*(s|m|min|h|d)\s*", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(value)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def string(value: Any) -> str:
    """Take a text."""
    if not isinstance(value, str):
        raise WrongError(_("a text in quotes is expected"))
    return value


def named(value: Any) -> str:
    """Take a text that says something."""
    if not string(value).strip():
        raise WrongError(_("it must not be empty"))
    return str(value).strip()


def located(value: Any) -> Path:
    """Take the name of a file; one that begins with ~ lies in a home folder."""
    try:
        path = Path(named(value)).expanduser()
    except RuntimeError:
        raise WrongError(_("there is no such home folder")) from None
    if "\0" in str(path):
        raise WrongError(_("no file has such a name"))
    return path


def switch(value: Any) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise WrongError(_("true or false is expected, without quotes"))
    return value


def up_to(most: int) -> Check:
    """Take a whole number from 0 on."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise WrongError(_("a whole number from 0 to {most} is expected").format(most=most))
        return value

    return check


def one_of(*choices: str) -> Check:
    """Take one of some texts."""

    def check(value: Any) -> str:
        if value not in choices:
            raise WrongError(_("it can be {choices}").format(choices=", ".join(map(quoted, choices))))
        return str(value)

    return check


def length(value: Any) -> timedelta:
    """Take a length of time."""
    try:
        return duration(value)
    except ValueError:
        raise WrongError(_('a length of time is expected, such as "30s", "45m", "5h" or "2d"')) from None


def held(value: Any) -> timedelta:
    """Take how long a reply may be held."""
    if length(value) > _LONGEST_HOLD:
        raise WrongError(_("at most one hour"))
    return length(value)


def some_length(value: Any) -> timedelta:
    """Take a length of time that is not nothing."""
    if not length(value):
        raise WrongError(_("it must be longer than nothing"))
    return length(value)


def listed(check: Check) -> Check:
    """Take a list of values, each one checked; which one is wrong is said by itself."""

    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise WrongError(_("a list in square brackets is expected"))
        return tuple(check(item) for item in value)

    return checked


def understood(read: Callable[[str], Any]) -> Check:
    """Take a text that a function understands; what it does not, it says in a ``ValueError``."""

    def check(value: Any) -> Any:
        try:
            return read(string(value))
        except ValueError as error:
            raise WrongError(str(error)) from None

    return check


class Reading:
    """One file being read: knows where things stand in it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._places = places(text)

    def checked(
        self, where: Where, values: Mapping[str, Any], checks: Mapping[str, Check], nth: int = 0
    ) -> dict[str, Any]:
        """Return the values of a section, all of them known and checked."""
        self.known(where, values, checks, nth)
        return {key: self.value((*where, key), checks[key], value, nth) for key, value in values.items()}

    def table(self, where: Where, value: Any, nth: int = 0) -> Mapping[str, Any]:
        """Return a section."""
        if not isinstance(value, dict):
            raise self.error(where, _("write it as a section: [{name}]").format(name=_dotted(where)), nth)
        return value

    def tables(self, name: str, value: Any) -> Sequence[Mapping[str, Any]]:
        """Return the sections of one name, each under its own [[name]]."""
        if not isinstance(value, list):
            raise self.error((name,), _("write each one under its own [[{name}]] line").format(name=name))
        return [self.table((name,), entry, number) for number, entry in enumerate(value)]

    def value(self, where: Where, check: Check, value: Any, nth: int = 0) -> Any:
        """Return one value, checked."""
        try:
            return check(value)
        except WrongError as wrong:
            raise self.error(where, str(wrong), nth) from None

    def known(self, where: Where, table: Iterable[str], known: Iterable[str], nth: int = 0) -> None:
        """Refuse keys that mean nothing."""
        known = list(known)
        for key in table:
            if key not in known:
                raise self.error((*where, key), _unknown(key, known), nth)

    def error(self, where: Where, problem: str, nth: int = 0) -> ConfigError:
        """Return the error to raise for what stands there; ``nth`` counts the sections of one name."""
        told_of = f"{_dotted(where)}: {problem}" if where else problem
        told = place(self.path, self.line(where, nth), one_line(told_of))
        return ConfigError(told, where=where, problem=one_line(problem))

    def line(self, where: Where, nth: int = 0) -> int:
        """Return the line of a setting, or of the section that it would be in."""
        for end in range(len(where), 0, -1):
            if found := self._places.get((where[:end], nth)) or self._places.get((where[:end], 0)):
                return found
        return 1


def places(text: str) -> dict[tuple[Where, int], int]:
    """Return the lines of sections and keys, from 1; the number beside each counts the sections of one name."""
    found: dict[tuple[Where, int], int] = {}
    counts: dict[Where, int] = {}
    here: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)", line):
            here = _names(line[header.end() :])
            counts[here] = counts.get(here, -1) + 1
            found[here, counts[here]] = number
        elif (names := _names(line)) and "=" in line:
            for end in range(1, len(names) + 1):
                found.setdefault(((*here, *names[:end]), counts.get(here, 0)), number)
    return found


def _names(text: str) -> Where:
    """Return the dotted names that a line begins with."""
    names: list[str] = []
    at = 0
    while part := _KEY.match(text, at):
        names.append(next(name for name in part.groups()[:3] if name is not None))
        at = part.end()
        if part[4] != ".":
            break
    return tuple(names)


def _dotted(where: Where) -> str:
    return ".".join(where)


def _unknown(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    for near in get_close_matches(key, known, 1):
        return _("there is no such setting; did you mean {name}?").format(name=near)
    return _("there is no such setting; there are {names}").format(names=", ".join(known))


def place(path: Path, line: int, problem: str) -> str:
    """Return what is wrong with its place."""
    return _("{file}, line {line}: {problem}").format(file=path, line=line, problem=problem)
