"""Writes a person's own files: a reply of theirs begins as a copy of the one that is in use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from socialdesk.configfile import text_of
from socialdesk.errors import ConfigError, NotFound
from socialdesk.i18n import _
from socialdesk.privatefile import replace
from socialdesk.replies import facts, files, library, sheets
from socialdesk.replies.canned import Reply


def write_replies(folder: Path, replies: Iterable[Reply]) -> list[Path]:
    """Write replies into files of one's own, a file a situation, language and brand; replaces those of that name."""
    written = []
    for name, text in sheets.files(replies):
        _write(folder / name, text)
        written.append(folder / name)
    return written


def reply_file(folder: Path, replies: Iterable[Reply], brand: str = "") -> Path:
    """Return one's own file of a situation, to be edited; made from the replies in use where there is none.

    Raises ``NotFound`` where there are no such replies.
    """
    own = [reply._replace(brand=brand) for reply in replies]
    if not own:
        raise NotFound(_("there is no such reply"), code="canned")
    name, text = next(sheets.files(own))
    if not (folder / name).exists():
        _write(folder / name, text)
    return folder / name


def check_replies(path: Path) -> None:
    """Raise ``ConfigError``, with line and reason, where a file of replies cannot be used."""
    files.read_one(path, library.read)


_EXAMPLE = """\
# {about}
{brand}
# [[fact]]
# name = "phone"
# label = "{phone}"
# text = "..."
# confirmed = {today}
"""
"""A fact must say something: the example stays a comment until it does."""


def facts_file(folder: Path, brand: str, today: date) -> Path:
    """Return the file with the facts of a brand; begun where there is none."""
    for path in files.below(folder) if folder.is_dir() else []:
        found = files.read([path], facts.read)
        if any(fact.brand == brand for fact in found.values):
            return path
    path = folder / f"{sheets.file_name(brand) if brand else 'all'}.toml"
    if not path.exists():
        about = _("What is true of the brand: inserted into answers instead of retyped.")
        head = f"brand = {_quoted(brand)}\n" if brand else ""
        _write(path, _EXAMPLE.format(about=about, brand=head, phone=_("Phone"), today=today))
    return path


def _quoted(text: str) -> str:
    import tomlkit

    return tomlkit.item(text).as_string()


def confirm(path: Path, name: str, today: date) -> None:
    """Write into a file of facts that one of them was looked at today and still holds.

    Everything else of the file stays as it is. Raises ``ConfigError`` and ``NotFound``.
    """
    import tomlkit

    files.read_one(path, facts.read)
    document = tomlkit.parse(text_of(path))
    for table in document.get("fact", []):
        if table.get("name") == name:
            table["confirmed"] = today
            _write(path, tomlkit.dumps(document))
            return
    raise NotFound(name, code="fact")


def _write(path: Path, text: str) -> None:
    try:
        replace(path, text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", code="setting_not_kept") from error
