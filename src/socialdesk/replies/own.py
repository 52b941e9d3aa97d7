"""Writes a person's own files: a reply of theirs begins as a copy of the one that is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from socialdesk.configfile import text_of
from socialdesk.errors import ConfigError, NotFound
from socialdesk.i18n import _
from socialdesk.privatefile import replace
from socialdesk.replies import facts, files, library, sheets
from socialdesk.replies.canned import Attitude, Reply
from socialdesk.replies.facts import Fact


def write_replies(folder: Path, replies: Iterable[Reply]) -> list[Path]:
    """Write replies into files of one's own, a file a situation, language and brand.

    What such a file says of other attitudes stays. Raises ``ConfigError``, before anything is written, where one that
    is there cannot be read.
    """
    texts = {
        folder / name: sheets.as_toml(_beside(folder / name, new)) for name, new in sheets.files(replies)
    }
    for path, text in texts.items():
        _write(path, text)
    return list(texts)


def _beside(path: Path, new: list[Reply]) -> list[Reply]:
    """Return these replies and those of the other attitudes in a file, in the order in which they are said."""
    there: list[Reply] = files.read_one(path, library.read) if path.exists() else []
    told, head = {reply.attitude for reply in new}, new[0]
    kept = [
        reply._replace(title=head.title, keywords=head.keywords)
        for reply in there
        if reply.attitude not in told
    ]
    order = list(Attitude)
    return sorted([*new, *kept], key=lambda reply: order.index(reply.attitude))


def edit_replies(
    folder: Path, replies: Iterable[Reply], edit: Callable[[Path], None], brand: str = ""
) -> Path | None:
    """Let one's own file of a situation be edited, whatever it is called; made from the replies in use where there is none.

    Returns the file, or None where nothing was changed: a copy that says what it was made from would only hide what
    the program ships later, and does not stay. Raises ``NotFound`` where there are no such replies, ``ConfigError``
    with line and reason where the file cannot be used, and what ``edit`` raises.
    """
    own = [reply._replace(brand=brand) for reply in replies]
    if not own:
        raise NotFound(_("there is no such reply"), code="canned")
    name, own = next(sheets.files(own))
    there = library.Library(folder).own_file(own[0].situation, own[0].language, brand)
    path = there or folder / name
    if _edited(path, sheets.as_toml(own), edit):
        files.read_one(path, library.read)
        return path
    return None


def _edited(path: Path, begin: str, edit: Callable[[Path], None]) -> bool:
    """Let a file be edited, begun with a text where there is none; one that then says just this does not stay."""
    fresh = not path.exists()
    if fresh:
        _write(path, begin)
    try:
        edit(path)
    finally:
        if fresh and path.exists() and text_of(path) == begin:
            path.unlink()
    return path.exists()


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


def edit_facts(
    folder: Path, brand: str, today: date, edit: Callable[[Path], None], path: Path | None = None
) -> Path | None:
    """Let the file with the facts of a brand be edited, or the one named; begun with an example where there is none.

    Returns it, or None where nothing was written. Raises ``ConfigError`` where it cannot be used, and what ``edit``
    raises.
    """
    path = path or facts_file(folder, brand)
    about = _("What is true of the brand: inserted into answers instead of retyped.")
    head = f"brand = {_quoted(brand)}\n" if brand else ""
    if not _edited(path, _EXAMPLE.format(about=about, brand=head, phone=_("Phone"), today=today), edit):
        return None
    files.read_one(path, facts.read)
    return path


def facts_file(folder: Path, brand: str) -> Path:
    """Return the file with the facts of a brand, or where they are to be written: that need not be there."""
    for path in files.below(folder) if folder.is_dir() else []:
        found = files.read([path], facts.read)
        if any(fact.brand == brand for fact in found.values):
            return path
    return folder / f"{sheets.file_name(brand) if brand else 'all'}.toml"


def _quoted(text: str) -> str:
    import tomlkit

    return tomlkit.item(text).as_string()


def confirm(known: Iterable[Fact], name: str, today: date) -> None:
    """Write into the file of the fact of that name, among those of a brand, that it was looked at and still holds.

    Everything else of the file stays as it is. Raises ``ConfigError`` and ``NotFound``.
    """
    import tomlkit

    path = next((fact.path for fact in known if fact.name == name), None)
    if path is None:
        raise NotFound(name, code="fact")
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
