"""Places in the answer that are to be looked at again: underlined in the text, said below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from socialdesk.widgets.ink import Inks
from socialdesk.widgets.lines import Line, paint
from socialdesk.widgets.wrapping import cut, wrap

WORST = "bad"
"""The part of a mark that holds the answer back."""


class Mark(NamedTuple):
    """A place, in code points, and what is said of it; ``part`` is how that looks. A ``whole`` text is not underlined."""

    start: int
    end: int
    part: str
    head: str
    words: str
    whole: bool = False


def moved(marks: Sequence[Mark], before: str, after: str) -> tuple[Mark, ...]:
    """Return the marks where they lie after the text was changed, those left out whose words were changed."""
    start = _alike(before, after)
    rest = min(len(before), len(after)) - start
    tail = _alike(before[::-1][:rest], after[::-1][:rest])
    end, by = len(before) - tail, len(after) - len(before)
    kept = []
    for mark in marks:
        if mark.whole or mark.end < start or (mark.end == start and not after[start : start + 1].isalnum()):
            kept.append(mark)
        elif mark.start >= end:
            kept.append(mark._replace(start=mark.start + by, end=mark.end + by))
    return tuple(kept)


def _alike(one: str, other: str) -> int:
    """Return with how many equal characters both begin."""
    ends = min(len(one), len(other))
    return next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), ends)


def nearest(marks: Sequence[Mark], cursor: int) -> int | None:
    """Return the number of the mark at the cursor or after it, else of the first that weighs most; None: there is none."""
    if not marks:
        return None
    worst = next((n for n, mark in enumerate(marks) if mark.part == WORST), 0)
    return next((n for n, mark in enumerate(marks) if mark.end >= cursor), worst)


class Remarks(Widget):
    """What is to be said of one mark; a quiet word where there is none."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Remarks { height: 3; background: $background; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Mark | None, str] = (None, "")
        self._inks = Inks(self)

    def show(self, mark: Mark | None, count: str = "") -> None:
        """Say this; ``count`` is what number it has of how many, or without a mark all there is to say."""
        if (mark, count) != self._shown:
            self._shown = (mark, count)
            self.refresh()

    @property
    def text(self) -> str:
        """What it says where there is room."""
        mark, count = self._shown
        return " ".join(filter(None, (count, mark.head, mark.words) if mark else (count,)))

    def render_line(self, y: int) -> Strip:
        """Paint a line."""
        width, height = self.size
        if not width:
            return Strip([Segment("")])
        return paint(self._line(y, width, height), width, self._inks)

    def _line(self, y: int, width: int, height: int) -> Line:
        mark, count = self._shown
        if mark is None:
            return Line(((f" {count}", "soft"),)) if y == 0 and count else Line()
        head = (f" {count} ", "soft"), (mark.head, mark.part)
        if height == 1:
            return Line((*head, (f" · {mark.words}", "soft")))
        if y == 0:
            return Line(head)
        lines = wrap(mark.words, width - 2)
        if len(lines) > height - 1:
            lines[height - 2] = cut(" ".join(lines[height - 2 :]), width - 2)
        return Line(((f" {lines[y - 1]}", "soft"),)) if y <= len(lines) else Line()

    def notify_style_update(self) -> None:
        """Forget the old colours."""
        self._inks.forget()
        super().notify_style_update()


class Starts:
    """Where the lines of a text begin, to find a place of it."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def in_line(self, marks: Sequence[Mark], line: int) -> list[tuple[int, int, Mark]]:
        """Return from where to where each mark goes in a line; none in one that was begun after the text was marked."""
        if line + 1 >= len(self._starts):
            return []
        start, end = self._starts[line], self._starts[line + 1] - 1
        here = [mark for mark in marks if not mark.whole and mark.start < end and mark.end > start]
        return [(max(0, mark.start - start), min(end, mark.end) - start, mark) for mark in here]
