"""Knows what the terminal shows, and writes only what is different.

Textual writes every line of a region that may have changed. Here its updates only say what the screen is wanted to
show; ``flush`` compares that with what the terminal already shows and returns the cells that differ. A queue of
ticking timers then costs a few hundred bytes a second instead of ten thousand, which a slow line can carry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import is_not
from typing import NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from socialdesk.terminal.cells import PLAIN, Cell, Pen, cells_of, pen_of
from socialdesk.terminal.pencil import Pencil

_BLANK = cells_of(" ", PLAIN)[0]
_UNKNOWN = Cell("", PLAIN, 0, True)
"""Stands for a cell of which nothing is known; it is never wanted."""

_GAP = 4
"""Up to this many unchanged cells are written again rather than jumped over."""

_SCROLL_FROM = 4
"""Lines that must be saved before the terminal is asked to scroll."""

_FEW = 240
"""Up to this many cells are written in the order of their pens; of more, lines that moved are scrolled."""


class Run(NamedTuple):
    """Cells to write: line, first and last column; ``wipe`` blanks the rest of the line before."""

    y: int
    first: int
    last: int
    wipe: bool = False


class Changes:
    """The screen as it is wanted and as it is shown."""

    def __init__(
        self, width: int, height: int, system: ColorSystem, *, erases_in_colour: bool = True
    ) -> None:
        self.size = (width, height)
        self._system = system
        self._in_colour = erases_in_colour
        self._known: dict[tuple[str, Style | None], tuple[list[Cell], bool]] = {}
        self._unsure: set[int] = set()  # lines that may hold characters of doubtful width
        self._dirty: set[int] = set()
        self._wanted = [[_BLANK] * width for _ in range(height)]
        self._shown: list[list[Cell]] = []
        self.forget()

    def forget(self) -> None:
        """Take nothing for granted any more: the terminal was cleared, resized or used by another program."""
        width, height = self.size
        self._shown = [[_UNKNOWN] * width for _ in range(height)]
        self._dirty.update(range(height))

    def take(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Note what an update of Textual wants on the screen."""
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in strips:
                    self._put(y, x, strip)
                    x += strip.cell_length
            return
        for y, start, end in update.spans:
            for (x, chop), stop in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
                if chop is not None and x < end and stop > start:
                    self._put(y, x, chop)

    def flush(self, cursor: tuple[int, int] | None = None) -> str:
        """Return what the terminal has to read to show what is wanted; "" if it does already.

        ``cursor`` (line, column) is where the terminal's own cursor is left, for input methods and screen readers.
        """
        pencil = Pencil(self.size[0], self._in_colour)
        changed = self._changed(sorted(self._dirty))
        self._dirty.clear()
        few = sum(sum(map(is_not, self._wanted[y], self._shown[y])) for y in changed) <= _FEW
        if not few:
            changed = self._scroll(changed, pencil)
        runs = [run for y in changed for run in self._runs(y)]
        if few:
            runs = self._by_pen(runs)
        for run in runs:
            self._write(run, pencil)
        if runs and cursor is not None:
            pencil.go(*cursor)
        pencil.pen(PLAIN)
        return pencil.text()

    # Taking ---------------------------------------------------------------------------------------

    def _put(self, y: int, x: int, strip: Strip) -> None:
        width, height = self.size
        if not 0 <= y < height:
            return
        row = self._wanted[y]
        for segment in strip:
            if segment.control:
                continue
            cells, sure = self._cells(segment)
            if not sure:
                self._unsure.add(y)
            end = min(width, x + len(cells))
            if x < end:
                row[x:end] = cells[: end - x]
            x += len(cells)
        self._dirty.add(y)

    def _cells(self, segment: Segment) -> tuple[list[Cell], bool]:
        """Return the cells of a segment, and whether their widths are sure."""
        key = (segment.text, segment.style)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > 8192:
                self._known.clear()
            cells = cells_of(segment.text, pen_of(segment.style, self._system))
            known = self._known[key] = (cells, all(cell.sure for cell in cells))
        return known

    # Comparing ------------------------------------------------------------------------------------

    def _changed(self, lines: Iterable[int]) -> list[int]:
        """Return those of the lines on which anything differs."""
        return [y for y in lines if self._wanted[y] != self._shown[y]]

    def _runs(self, y: int) -> list[Run]:
        """Return the runs of a line that must be written."""
        wanted, shown = self._wanted[y], self._shown[y]
        runs: list[Run] = []
        first = last = -1
        for x in compress(range(len(wanted)), map(is_not, wanted, shown)):
            if last < 0 or x - last > _GAP + 1:
                if last >= 0:
                    runs.append(Run(y, first, last))
                first = _start_of(wanted, x)
            last = x
        if last >= 0:
            runs.append(Run(y, first, last))
        return self._with_doubt(y, runs) if y in self._unsure else runs

    def _with_doubt(self, y: int, runs: list[Run]) -> list[Run]:
        """Write the whole rest of a line on which terminals may disagree with us about what stands where."""
        pairs = enumerate(zip(self._wanted[y], self._shown[y], strict=True))
        doubtful = next((x for x, (one, other) in pairs if not (one.sure and other.sure)), None)
        if doubtful is None:
            self._unsure.discard(y)
        if doubtful is None or not runs or runs[-1].last < doubtful:
            return runs
        before = [run for run in runs if run.last < doubtful]
        first = min(runs[len(before)].first, _start_of(self._shown[y], doubtful))
        return [*before, Run(y, _start_of(self._wanted[y], first), self.size[0] - 1, wipe=True)]

    def _by_pen(self, runs: list[Run]) -> list[Run]:
        """Put runs of one pen, and then of one column, together: the way to the next is then shortest."""
        order: dict[Pen, int] = {}

        def place(run: Run) -> tuple[int, int, int]:
            pen = self._wanted[run.y][run.first].pen
            return (order.setdefault(pen, len(order)), run.first // 8, run.y)

        return sorted(runs, key=place)

    def _write(self, run: Run, pencil: Pencil) -> None:
        row, span = self._wanted[run.y], slice(run.first, run.last + 1)
        if run.wipe:
            pencil.wipe(run.y, row, run.first)
        pencil.run(run.y, row, run.first, run.last)
        self._shown[run.y][span] = row[span]

    # Scrolling ------------------------------------------------------------------------------------

    def _scroll(self, changed: list[int], pencil: Pencil) -> list[int]:
        """Let the terminal move lines that are wanted elsewhere than they are shown; return the lines left to do."""
        shift = self._best_shift(changed)
        if shift is None:
            return changed
        moved = [y for y in changed if self._is_moved(y, shift)]
        top, bottom = min(min(moved), min(moved) + shift), max(max(moved), max(moved) + shift)
        lines = range(top, bottom + 1)
        before = sum(self._wanted[y] == self._shown[y] for y in lines)
        after = sum(self._is_moved(y, shift) for y in lines if y + shift in lines)
        if after - before < _SCROLL_FROM:
            return changed
        pencil.scroll(top, bottom, shift)
        width, part = self.size[0], self._shown[top : bottom + 1]
        fresh = [[_BLANK] * width for _ in range(abs(shift))]
        self._shown[top : bottom + 1] = part[shift:] + fresh if shift > 0 else fresh + part[:shift]
        self._unsure.update(lines)
        return self._changed(sorted({*changed, *lines}))

    def _best_shift(self, changed: list[int]) -> int | None:
        """Return by how many lines most of the changed ones have moved up (negative: down)."""
        places: dict[tuple[int, ...], list[int]] = {}
        for y in changed:
            places.setdefault(_identity(self._shown[y]), []).append(y)
        shifts: Counter[int] = Counter()
        for y in changed:
            shifts.update(other - y for other in places.get(_identity(self._wanted[y]), ()) if other != y)
        best = shifts.most_common(1)
        return best[0][0] if best and best[0][1] >= _SCROLL_FROM else None

    def _is_moved(self, y: int, shift: int) -> bool:
        return 0 <= y + shift < len(self._shown) and self._wanted[y] == self._shown[y + shift]


def _start_of(row: Sequence[Cell], x: int) -> int:
    """Return the column where the character at ``x`` begins."""
    while x and not row[x].text:
        x -= 1
    return x


def _identity(row: Sequence[Cell]) -> tuple[int, ...]:
    """Return a key that lines of the same cells share (equal cells are nearly always the same object)."""
    return tuple(map(id, row))
