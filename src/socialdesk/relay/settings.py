"""The relay's settings, from ``relay.toml``; everything has a default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from socialdesk.errors import ConfigError
from socialdesk.i18n import _


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the relay keeps what comes, and where it listens; a reverse proxy stands before it. ``most_kb`` is that of one delivery."""

    file: Path = Path("relay.db")
    host: str = "127.0.0.1"
    port: int = 8787
    most_kb: int = 4096


def read(path: Path) -> Settings:
    """Return the settings of a file, which need not be there; ``file`` in it is meant from its folder. Raises ``ConfigError``."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        given = {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, str(error)) from error
    for strange in sorted(set(given) - {"file", "host", "port", "most_kb"}):
        raise _wrong(path, _("there is no setting {key}").format(key=strange))
    return Settings(
        path.parent / _text(path, given, "file", "relay.db"),
        _text(path, given, "host", "127.0.0.1"),
        _whole(path, given, "port", 8787, 65_535),
        _whole(path, given, "most_kb", 4096, 65_536),
    )


def _text(path: Path, given: dict[str, Any], name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or not value:
        raise _wrong(path, _("{key} is a text, between quotation marks").format(key=name))
    return value


def _whole(path: Path, given: dict[str, Any], name: str, default: int, most: int) -> int:
    value = given.get(name, default)
    if type(value) is not int or not 1 <= value <= most:
        raise _wrong(path, _("{key} is a whole number from 1 to {most}").format(key=name, most=most))
    return value


def _wrong(path: Path, problem: str) -> ConfigError:
    return ConfigError(f"{path}: {problem}", code="relay_setting")
