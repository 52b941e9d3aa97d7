"""Changes single settings of config.toml and leaves every other character of it alone: comments, order, blanks.

The one way to write that file. Nothing is written that the program would then refuse to read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import configfile
from socialdesk.errors import ConfigError
from socialdesk.privatefile import replace

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Change = Callable[["TOMLDocument"], None]


def keep(path: Path, key: str, value: str) -> None:
    """Write a setting of the file's top (``theme``, ``language``), where it stands or below those that are there.

    The file is made where there is none. Raises ``ConfigError`` and leaves it as it is where it cannot be written or
    cannot be understood.
    """

    write(path, changed(path, text_of(path), lambda document: _put(document, key, value)))


def text_of(path: Path) -> str:
    """Return what the file says, "" where there is none. Raises ``ConfigError``."""
    return configfile.text_of(path) if path.exists() else ""


def changed(path: Path, text: str, change: Change) -> str:
    """Return the text with a change made; ``path`` only names it in what goes wrong. Raises ``ConfigError``."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    configfile.values_of(path, text)  # names the line of what is not TOML
    newline = "\r\n" if "\r\n" in text else "\n"
    last = text.rpartition("\n")[2]  # a new line would go on where it ends
    try:
        document = tomlkit.parse(text + newline if last else text)
        change(document)
        made = tomlkit.dumps(document).replace("\r\n", "\n").replace("\n", newline)
        _agree(made, document)
    except (TOMLKitError, ValueError) as error:
        raise ConfigError(f"{path}: {error}", code="setting_not_kept") from error
    return made.removesuffix(newline) if last and made.endswith("\n" + last + newline) else made


def write(path: Path, text: str) -> None:
    """Replace the file, which stays a link where it is one. Raises ``ConfigError``."""
    configfile.parse(path, text)
    try:
        replace(path.resolve(), text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", code="setting_not_kept") from error


def _put(document: TOMLDocument, key: str, value: str) -> None:
    """Set a top-level key; a new one goes below those that are there, not below the comment of the first section."""
    from tomlkit.items import AbstractTable, AoT

    plain = [name for name, item in document.body if name and not isinstance(item, (AbstractTable, AoT))]
    if key in document or not document.body:
        document[key] = value
    elif plain:
        document._insert_after(plain[-1], key, value)
    else:
        document._insert_at(0, key, value)


def _agree(text: str, document: Any) -> None:
    """Raise ``ValueError`` unless the text, read by others, means what was meant."""
    import tomllib

    if tomllib.loads(text) != document.unwrap():
        raise ValueError(text)
