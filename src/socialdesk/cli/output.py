"""What commands print: stable JSON for scripts, aligned columns for people; never a control character."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from socialdesk.domain.text import one_line

_GAP = "  "
WIDEST = 40
"""Columns of a terminal for one cell of a table, the last one aside: a stranger's endless name makes no endless rows."""
_ESCAPED = {
    code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
"""What JSON lets stand and a terminal may obey."""


def iso(when: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with its offset, to the millisecond."""
    return None if when is None else when.isoformat(timespec="milliseconds")


def print_json(value: Any) -> None:
    """Print one JSON document."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=plain, indent=2).translate(_ESCAPED))


def say(text: str) -> None:
    """Print a sentence as what a command has to say."""
    print(_broken(text) if sys.stdout.isatty() else text)


def flowing(text: str, indent: str = "", hanging: int = 0) -> str:
    """Return a text for whoever sits at the terminal, its lines broken between words; as it is where nobody does.

    ``hanging`` is how much further in all lines but the first begin.
    """
    return _broken(text, indent, hanging) if sys.stderr.isatty() else f"{indent}{text}"


def _broken(text: str, indent: str = "", hanging: int = 0) -> str:
    width = max(20, shutil.get_terminal_size().columns - 1)
    import textwrap

    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print columns; numbers to the right. On a terminal the last column is cut at its edge; no other is very wide."""
    lines = [list(headings), *(_cells(row) for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(headings))]
    right = [all(_is_number(line[column]) for line in lines[1:]) for column in range(len(headings))]
    edge = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        padded = [_pad(cell, width, flush) for cell, width, flush in zip(line, widths, right, strict=True)]
        print(cut(_GAP.join(padded).rstrip(), edge))


def _cells(row: Sequence[object]) -> list[str]:
    *most, last = (one_line(str(cell)) for cell in row)
    return [*(cut(cell, WIDEST) for cell in most), last]


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_width(character) for character in text)


def cut(text: str, edge: int | None) -> str:
    """Return as much of a text as fits into that many columns; ``None`` is no limit."""
    if edge is None or cells(text) <= edge:
        return text
    kept, used = [], 1
    for character in text:
        used += _width(character)
        if used > edge:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - cells(text))
    return space + text if right else text + space


def _is_number(text: str) -> bool:
    return text.isdigit() or not text


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
