"""Canned replies as a table: exported to CSV for a spreadsheet, and read back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import IO, Any
from zlib import crc32

from socialdesk.configreading import Reading, place
from socialdesk.errors import ConfigError
from socialdesk.i18n import _
from socialdesk.replies import library
from socialdesk.replies.canned import Attitude, Reply, Wording

_LONGEST_NAME = 40
COLUMNS = ("situation", "attitude", "language", "brand", "title", "keywords", *Wording._fields)

_FORMULA = ("=", "+", "-", "@", "\t")
"""What a spreadsheet would take for a formula; a text that begins so is exported behind an apostrophe."""


def write(replies: Iterable[Reply], out: IO[str]) -> int:
    """Write a line for each wording; returns how many."""
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    count = 0
    for reply in replies:
        head = (reply.situation, reply.attitude, reply.language, reply.brand, reply.title, reply.keywords)
        for wording in reply.wordings:
            sheet.writerow([_harmless(text) for text in (*head, *wording)])
            count += 1
    return count


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def _as_meant(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text.strip()


def read(path: Path, lines: Iterable[str]) -> list[Reply]:
    """Return the replies of a CSV file with those columns, in any order. Raises ``ConfigError``, which names the line."""
    rows = iter(lines)
    first = next(rows, "")
    sheet = csv.DictReader(chain((first,), rows), strict=True, delimiter=_delimiter(first))
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    try:
        _check_columns(path, sheet.fieldnames)
        for row in sheet:
            _take(found, row, path, sheet.line_num)
    except csv.Error as error:
        raise ConfigError(place(path, sheet.line_num, str(error))) from error
    return [reply for values in found.values() for reply in library.read(Reading(path, ""), values)]


def _delimiter(first: str) -> str:
    """Return what parts the columns: in Spain and most of Europe a spreadsheet writes semicolons."""
    return max(",", ";", "\t", key=first.count)


def _check_columns(path: Path, names: Iterable[str] | None) -> None:
    given = set(names or ())
    lacking = {"situation", "attitude", "language", "title"} - given
    if lacking:
        problem = _("the first line has to name the columns; these are missing: {names}")
        raise ConfigError(place(path, 1, problem.format(names=", ".join(sorted(lacking)))))
    if strange := sorted(str(name) for name in given - set(COLUMNS)):
        problem = _("there is no such column: {names}")
        raise ConfigError(place(path, 1, problem.format(names=", ".join(strange))))


def _take(
    found: dict[tuple[str, ...], dict[str, Any]], row: Mapping[str, Any], path: Path, line: int
) -> None:
    if None in row or any(value is None for value in row.values()):
        raise ConfigError(place(path, line, _("it has more or fewer columns than the first line")))
    cells = {key: _as_meant(value) for key, value in row.items()}
    if cells["attitude"] not in list(Attitude):
        choices = ", ".join(Attitude)
        raise ConfigError(place(path, line, _("attitude: it can be {choices}").format(choices=choices)))
    head = {key: cells[key] for key in COLUMNS[2:6] if cells.get(key)}
    values = found.setdefault(_key(cells), {"situation": cells["situation"], **head})
    wording = {key: cells[key] for key in Wording._fields if cells.get(key)}
    values.setdefault(cells["attitude"], []).append(wording)
    try:
        list(library.read(Reading(path, ""), {**_head(values), cells["attitude"]: [wording]}))
    except ConfigError as error:
        raise ConfigError(place(path, line, error.detail.partition(": ")[2])) from error


def _head(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in list(Attitude)}


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return (cells["situation"], cells["language"], cells.get("brand", ""))


def files(replies: Iterable[Reply]) -> Iterator[tuple[str, list[Reply]]]:
    """Return, for each situation, language and brand, the name of its file and what belongs in there."""
    by_file: dict[tuple[str, str, str], list[Reply]] = {}
    for reply in replies:
        by_file.setdefault((reply.brand, reply.language, reply.situation), []).append(reply)
    for (brand, language, situation), own in by_file.items():
        folder = f"{file_name(brand)}/" if brand else ""
        yield f"{folder}{language}/{situation}.toml", own


def file_name(brand: str) -> str:
    """Return a brand's name as a file or folder can be called: one that had to be changed has a number of its own."""
    spaced = brand.casefold().replace(" ", "-")
    plain = "".join(letter if letter.isalnum() else "-" for letter in spaced).strip("-")[:_LONGEST_NAME]
    if plain == spaced and "-" not in brand:
        return plain
    return f"{plain}-{crc32(brand.encode(errors='replace')):08x}".lstrip("-")


def as_toml(replies: list[Reply]) -> str:
    """Return the text of the file that holds these replies of one situation, language and brand."""
    import tomlkit

    document = tomlkit.document()
    first = replies[0]
    for key in ("situation", "language", "title", "keywords", "brand"):
        if value := getattr(first, key):
            document.add(key, value)
    for reply in replies:
        tables = tomlkit.aot()
        for wording in reply.wordings:
            table = tomlkit.table()
            for key, text in wording._asdict().items():
                if text:
                    table.add(key, tomlkit.string(text, multiline="\n" in text))
            tables.append(table)
        document.add(reply.attitude.value, tables)
    return tomlkit.dumps(document)
