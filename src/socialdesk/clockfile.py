"""The section [clock] of config.toml: where the public wait clock is shown (NEEDS A6)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socialdesk.clockphrases import LANGUAGES
from socialdesk.config import ClockSettings
from socialdesk.configreading import Check, Reading, WrongError, located, named, one_of
from socialdesk.i18n import _

ENDS = (".html", ".svg", ".json", ".txt")
"""What a file of the clock may be; the end of its name says it."""


def clock(reading: Reading, section: Any) -> ClockSettings:
    """Return the settings of that section. Raises ``ConfigError``."""
    table = reading.table(("clock",), section)
    given = reading.checked(
        ("clock",), {key: value for key, value in table.items() if key != "files"}, CHECKS
    )
    own = reading.table(("clock", "files"), table.get("files", {}))
    files = {
        brand: reading.value(("clock", "files", brand), CHECKS["file"], value) for brand, value in own.items()
    }
    if "file" in given:
        files[""] = given.pop("file")
    folder = reading.path.parent
    return ClockSettings(**given, files={brand: _placed(folder, names) for brand, names in files.items()})


def _placed(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(folder / name) for name in names)


def _several(check: Check) -> Check:
    """Take one value or a list of them, as a tuple without repeats."""

    def checked(value: Any) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(check(one) for one in (value if isinstance(value, list) else [value])))

    return checked


def _file(value: Any) -> str:
    if not named(value).endswith(ENDS):
        raise WrongError(_("its name has to end in {ends}").format(ends=", ".join(ENDS)))
    return str(located(value))


CHECKS: Mapping[str, Check] = {
    "publish": _several(named),
    "languages": _several(one_of(*LANGUAGES)),
    "file": _several(_file),
}
