"""What one cell of a terminal holds, and how a styled text becomes cells.

This is also the last line of defence against hostile text: whatever control character is still in a text when it
comes here is dropped, so that nothing but what this package writes itself can steer the terminal.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.style import Style

STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""C0, DEL and C1 controls, line separators, and the marks that reorder a line or hide in it."""

_JOINERS = re.compile("[\u1100-\u11ff\u2000-\u206f\u2300-\u23ff\u2600-\u27bf\ufe00-\ufe0f]")


class Pen(NamedTuple):
    """How a cell is drawn, as SGR parameters; the empty pen is the terminal's own."""

    attributes: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""


class Cell(NamedTuple):
    """One cell: a cluster of characters, "" for the right half of a wide one.

    ``sure`` is False where terminals disagree on the width of the cluster.
    """

    text: str
    pen: Pen
    width: int
    sure: bool


PLAIN = Pen()
_NARROW = frozenset(
    chr(code)
    for low, high in (
        (0x20, 0x7E),
        (0xA1, 0xAC),
        (0xAE, 0x2FF),
        (0x370, 0x377),
        (0x388, 0x482),
        (0x2500, 0x25FC),
    )
    for code in range(low, high + 1)
)
"""Letters and lines that are one cell wide everywhere: the short cut for nearly all texts."""

_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
)
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29", "21": "24"}
_SEEN_ON_BLANKS = frozenset({"4", "5", "7", "9", "21"})


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return the pen that draws a style with the colours that the terminal has."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code in _ATTRIBUTES if getattr(style, name))
    front = ";".join(style.color.downgrade(system).get_ansi_codes()) if style.color else ""
    back = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(False)) if style.bgcolor else ""
    return Pen(attributes, "" if front == "39" else front, "" if back == "49" else back)


@lru_cache(maxsize=4096)
def same_on_blanks(one: Pen, other: Pen) -> bool:
    """Say whether a blank looks the same drawn by either."""
    return one.background == other.background and not (
        _SEEN_ON_BLANKS.intersection(one.attributes) or _SEEN_ON_BLANKS.intersection(other.attributes)
    )


@lru_cache(maxsize=4096)
def switch(before: Pen, after: Pen) -> str:
    """Return the shortest sequence that changes the pen."""
    if before == after:
        return ""
    if after == PLAIN:
        return "\x1b[m"
    anew = ["0", *after.attributes, after.foreground, after.background]
    gone = {_OFF[code] for code in before.attributes if code not in after.attributes}
    steps = [*sorted(gone)]
    steps += [code for code in after.attributes if code not in before.attributes or _OFF[code] in gone]
    if after.foreground != before.foreground:
        steps.append(after.foreground or "39")
    if after.background != before.background:
        steps.append(after.background or "49")
    return "\x1b[" + min(";".join(part for part in anew if part), ";".join(steps), key=len) + "m"


def cells_of(text: str, pen: Pen) -> list[Cell]:
    """Return the cells of a text; what could steer the terminal is dropped."""
    if _NARROW.issuperset(text):
        return [_cell(character, pen, 1, True) for character in text]
    cells: list[Cell] = []
    text = STEERING.sub("", text)
    for start, end, width in split_graphemes(text)[0]:
        cluster = text[start:end]
        if width == 0 or (cells and _second_letter_of_flag(cells[-1].text, cluster)):
            _append_to_last(cells, cluster, width)
        else:
            cells.append(_cell(cluster, pen, width, _sure(cluster, width)))
            cells.extend([_cell("", pen, 0, True)] * (width - 1))
    return cells


@lru_cache(maxsize=16384)
def _cell(text: str, pen: Pen, width: int, sure: bool) -> Cell:
    """Return the one cell object with these values, so that equal cells are also identical."""
    return Cell(text, pen, width, sure)


def _append_to_last(cells: list[Cell], cluster: str, width: int) -> None:
    """Add characters to the cluster before them; at the start of a text there is none, and they are dropped."""
    number = next((n for n in range(len(cells) - 1, -1, -1) if cells[n].text), None)
    if number is not None:
        last = cells[number]
        cells[number] = _cell(last.text + cluster, last.pen, last.width + width, False)
        cells.extend([_cell("", last.pen, 0, True)] * width)


def _second_letter_of_flag(before: str, cluster: str) -> bool:
    return len(before) == 1 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (before, cluster[0]))


def _sure(cluster: str, width: int) -> bool:
    """Say whether every terminal gives this cluster that width.

    Not so for clusters of several characters, for emoji (their width depends on the Unicode version, the variation
    selector and the terminal), nor for wide signs outside the East Asian blocks.
    """
    if len(cluster) > 1 or cluster >= "\U0001f000":
        return False
    return width == 1 or not _JOINERS.match(cluster)
