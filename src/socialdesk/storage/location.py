"""Which file is the desk: the one of this home, or the one that ``SOCIALDESK_DATABASE_URL`` names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from socialdesk.errors import ConfigError
from socialdesk.i18n import _
from socialdesk.paths import Paths

VARIABLE = "SOCIALDESK_DATABASE_URL"
_PREFIX = "sqlite:///"


def locate(paths: Paths, environ: Mapping[str, str]) -> Path:
    """Return the absolute path of the desk file; raises ``ConfigError`` for a URL that we cannot serve."""
    url = environ.get(VARIABLE, "").strip()
    if not url:
        return paths.database.absolute()
    name = url.removeprefix(_PREFIX)
    if not url.startswith(_PREFIX) or not name or "?" in name or name == ":memory:":
        raise ConfigError(
            _(
                "{variable} must look like sqlite:////folder/desk.db; other databases are not supported."
            ).format(variable=VARIABLE),
            code="database_url",
        )
    return Path(name).absolute()
