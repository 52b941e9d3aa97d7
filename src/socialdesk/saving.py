"""Writes what a stranger has sent into a file: under a name that can do no harm, and over nothing that is there."""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path

from socialdesk.domain.models import Attachment
from socialdesk.domain.text import one_line
from socialdesk.errors import Refused
from socialdesk.i18n import _, language

MOST = 50_000_000
"""Bytes that are fetched of an attachment."""

LONGEST = 120
"""Characters of a name; in UTF-8 it stays below the 255 bytes of a folder's entry."""
_MOST_BYTES = 200
_ENDING = 20
"""Characters from the last dot on that are kept whole when a name is shortened: what it claims to be must be seen."""

_SEPARATORS = re.compile(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]+")
_UNSAFE = re.compile(r'[:*?"<>|%$`\'\x00]+')
# Names that mean devices on Windows, whatever follows the first dot: shared folders end up there
# (https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file).
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def safe_name(attachment: Attachment) -> str:
    """Return the name for an attachment's file: one part, visible from its first letter to its last ending."""
    name = _SEPARATORS.split(unicodedata.normalize("NFC", one_line(attachment.name)).rstrip("/\\ "))[-1]
    name = _UNSAFE.sub("_", name)
    name = name.lstrip(" .-~").rstrip(" .")
    if not any(map(str.isalnum, name)):
        name = attachment.media.value + _ending_of(attachment.type)
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def save(folder: Path, name: str, content: bytes) -> Path:
    """Write a new file that only its owner can read; one that is there keeps its name. Raises ``Refused``."""
    stem, ending = _parts(name)
    for turn in range(1, 10_000):
        path = folder / (name if turn == 1 else f"{stem} ({turn}){ending}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise _unwritable(folder, error) from error
        _fill(path, handle, content)
        return path
    raise Refused(str(folder), code="folder_unwritable")


def _fill(path: Path, handle: int, content: bytes) -> None:
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path.parent, error) from error
        raise


def _unwritable(folder: Path, error: OSError) -> Refused:
    code = "no_folder" if isinstance(error, FileNotFoundError | NotADirectoryError) else "folder_unwritable"
    return Refused(f"{folder}: {error.strerror}", code=code)


def downloads() -> Path:
    """Return the person's folder for downloads, made where there is none."""
    from platformdirs import user_downloads_path

    home = Path.home()
    names = ("Descargas", "Downloads") if language() == "es" else ("Downloads", "Descargas")
    known = [user_downloads_path(), *(home / name for name in names)]
    folder = next((one for one in known if one.is_dir()), home / names[0])
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def _ending_of(kind: str) -> str:
    from mimetypes import guess_extension

    return guess_extension(kind) or ""


def _parts(name: str) -> tuple[str, str]:
    """Return a name and its ending from the last dot on, "" where that is no ending."""
    stem, dot, ending = name.rpartition(".")
    if not stem or not ending or len(ending) >= _ENDING:
        return name, ""
    return stem, dot + ending


def _shortened(name: str) -> str:
    stem, ending = _parts(name)
    stem = stem[: LONGEST - len(ending)]
    while len((stem + ending).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(" .") or _("attachment")) + ending
