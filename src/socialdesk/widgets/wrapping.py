"""Breaks text into lines of cells, fast enough to open a long conversation at once."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

_DENSEST = 16
"""No cell holds as many characters: a letter keeps eight marks at most (``domain.text``)."""


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines at most ``width`` cells wide, broken between words where that is possible."""
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if _up_to(paragraph, width) <= width:
            lines.append(paragraph.rstrip())
        else:
            lines += _broken(paragraph, width)
    return lines


def cells(text: str) -> int:
    """Return how many cells a text takes; ASCII is told by its length."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int) -> str:
    """Return at most ``width`` cells of a text, with an ellipsis where something was left out."""
    if cells(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]


def _broken(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in paragraph.split(" "):
        size = _up_to(word, width)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        while size > width:
            head, word = _split(word, width)
            lines.append(head)
            size = _up_to(word, width)
        line, used = word, size
    lines.append(line)
    return lines


def _up_to(text: str, width: int) -> int:
    """Return how many cells a text takes, or more than ``width``: a word without end is not measured for each of its lines."""
    return cells(text) if len(text) <= _DENSEST * width else width + 1


def _split(word: str, width: int) -> tuple[str, str]:
    """Cut a word that is wider than a line; at least one character goes into the first part."""
    used = 0
    for index, character in enumerate(word):
        used += (
            2 if "\u4e00" <= character <= "\u9fff" else cells(character)
        )  # ideograms are too many for a cache
        if used > width:
            cut_at = max(1, index)
            return word[:cut_at], word[cut_at:]
    return word, ""
