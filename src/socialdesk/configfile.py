"""Reads config.toml; whatever is wrong in it is told with its file, line, key and what would be right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socialdesk.config import Config
from socialdesk.configreading import (
    Check,
    Reading,
    held,
    named,
    one_of,
    place,
    string,
    switch,
    up_to,
)
from socialdesk.configreading import duration as duration
from socialdesk.domain.models import Box, View
from socialdesk.errors import ConfigError
from socialdesk.i18n import LANGUAGES, _

THEMES = ("dark", "light", "contrast", "mono")
DRAWINGS = ("changes", "plain")
PROMISES = ("promises", "promise", "situation", "warnings", "calendars")
"""The sections that ``policyfile`` reads; without any of them it is not even loaded."""


def read(path: Path) -> Config:
    """Return the settings of that file. Raises ``ConfigError``."""
    return parse(path, text_of(path))


def parse(path: Path, text: str) -> Config:
    """Return the settings that a text of that file means. Raises ``ConfigError``."""
    return _config(Reading(path, text), values_of(path, text))


def placed(path: Path, error: ConfigError) -> ConfigError:
    """Return an error that was found once the file had been read, with the line that it is about; or as it is."""
    if not error.where or error.detail.startswith(str(path)):
        return error
    try:
        return Reading(path, text_of(path)).error(error.where, error.problem)
    except ConfigError:
        return error


def text_of(path: Path) -> str:
    """Return what the file says. Raises ``ConfigError``."""
    try:
        return path.read_bytes().decode().removeprefix("\ufeff")  # some editors of Windows begin with it
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(place(path, line, _("this is not text in UTF-8"))) from error


def values_of(path: Path, text: str) -> dict[str, Any]:
    """Return the values of a TOML text. Raises ``ConfigError``, which names the line."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits; nested too deeply
        raise ConfigError(_syntax(path, text, str(error))) from error


TOP: Mapping[str, Check] = {"language": one_of(*LANGUAGES), "theme": one_of(*THEMES), "agent": string}
SECTIONS: Mapping[str, Mapping[str, Check]] = {
    "desk": {"undo": held, "drawing": one_of(*DRAWINGS)},
    "signals": {"bell": switch, "notify": switch, "title": switch},
    "network": {"allow_private_hosts": switch},
}
BACKUP: Mapping[str, Check] = {"keep": up_to(365)}
VIEW: Mapping[str, Check] = {
    "name": named,
    "brand": named,
    "channel": named,
    "late": switch,
    "waiting_only": switch,
    "box": one_of(*Box),
}


def _config(reading: Reading, values: Mapping[str, Any]) -> Config:
    reading.known(
        (),
        values,
        [*TOP, *SECTIONS, "keys", "views", "clock", "answering", "approval", "privacy", "backup", *PROMISES],
    )
    settings = reading.checked((), {key: value for key, value in values.items() if key in TOP}, TOP)
    for section, checks in SECTIONS.items():
        if section in values:
            settings |= reading.checked((section,), reading.table((section,), values[section]), checks)
    keys = reading.table(("keys",), values.get("keys", {}))
    settings["keys"] = {key: reading.value(("keys", key), named, value) for key, value in keys.items()}
    if any(section in values for section in PROMISES):
        from socialdesk.policyfile import policy

        settings["promised"] = policy(reading, values)
    if "clock" in values:
        from socialdesk.clockfile import clock

        settings["clock"] = clock(reading, values["clock"])
    settings |= _answering(reading, values)
    if "backup" in values:
        backup = reading.checked(("backup",), reading.table(("backup",), values["backup"]), BACKUP)
        settings["backups"] = backup.get("keep", Config().backups)
    if "privacy" in values:
        from socialdesk.privacyfile import privacy

        settings["privacy"] = privacy(reading, values["privacy"])
    return Config(**settings, views=_views(reading, values.get("views", [])))


def _answering(reading: Reading, values: Mapping[str, Any]) -> dict[str, Any]:
    if not values.keys() & {"answering", "approval"}:
        return {}
    from socialdesk import answeringfile

    readers = {"answering": answeringfile.answering, "approval": answeringfile.approval}
    return {name: read(reading, values[name]) for name, read in readers.items() if name in values}


def _views(reading: Reading, entries: Any) -> tuple[View, ...]:
    views: list[View] = []
    for number, table in enumerate(reading.tables("views", entries)):
        if "name" not in table:
            raise reading.error(("views",), _('each view needs a name = "..."'), number)
        fields = reading.checked(("views",), table, VIEW, number)
        if fields["name"] in (view.name for view in views):
            raise reading.error(("views", "name"), _("two views have this name"), number)
        views.append(View(**fields | {"box": Box(fields.get("box", Box.OPEN))}))
    return tuple(views)


def _syntax(path: Path, text: str, message: str) -> str:
    found = re.search(r"\s*\(at (?:line (\d+)|end).*\)$", message)
    line = int(found[1]) if found and found[1] else max(len(text.splitlines()), 1)
    reason = message[: found.start()] if found else message
    return place(path, line, _("this is not valid TOML: {reason}").format(reason=reason))
