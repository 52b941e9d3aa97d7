"""Writes runs of cells with as few bytes as a plain xterm needs."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.terminal.cells import PLAIN, Cell, Pen, same_on_blanks, switch

_ERASE_FROM = 9
"""Blanks from which erasing them is shorter than writing them."""


class Pencil:
    """Collects what the terminal is to read; it starts at an unknown place with the plain pen.

    ``erases_in_colour`` says that the terminal erases with the background of the pen, as nearly all do.
    """

    def __init__(self, width: int, erases_in_colour: bool = True) -> None:
        self._width = width
        self._in_colour = erases_in_colour
        self._out: list[str] = []
        self._pen: Pen = PLAIN
        self._at: tuple[int, int] | None = None  # line, column

    def text(self) -> str:
        """Return all that was collected."""
        return "".join(self._out)

    def pen(self, pen: Pen) -> None:
        """Change the pen."""
        self._out.append(switch(self._pen, pen))
        self._pen = pen

    def go(self, y: int, x: int) -> None:
        """Move to a cell by the shortest way."""
        if self._at == (y, x):
            return
        self._out.append(self._way(y, x))
        self._at = (y, x)

    def _way(self, y: int, x: int) -> str:
        if self._at is not None:
            down, right = y - self._at[0], x - self._at[1]
            if down == 0 and right > 0:
                return f"\x1b[{right}C" if right > 1 else "\x1b[C"
            if down in (0, 1) and -3 <= right <= 0:
                return "\x1b[B" * down + "\b" * -right
        return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"

    def scroll(self, top: int, bottom: int, lines: int) -> None:
        """Let the terminal move the lines from ``top`` to ``bottom``, both included, up by ``lines`` (down if negative).

        Deleting or inserting lines inside margins is understood by every terminal, unlike SU and SD.
        """
        self.pen(PLAIN)
        count = "" if abs(lines) == 1 else abs(lines)
        self._out.append(
            f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H\x1b[{count}{'M' if lines > 0 else 'L'}\x1b[r"
        )
        self._at = None

    def run(self, y: int, row: Sequence[Cell], first: int, last: int) -> None:
        """Write the cells of a line from ``first`` to ``last``, both included."""
        self.go(y, first)
        x = first
        while x <= last:
            x = (self._blanks if row[x].text == " " else self._letters)(y, row, x, last)

    def _letters(self, y: int, row: Sequence[Cell], x: int, last: int) -> int:
        """Write what comes from ``x`` on until a blank; return the column after it."""
        put = self._out.append
        while x <= last and (cell := row[x]).text != " ":
            if cell.pen is not self._pen:
                self.pen(cell.pen)
            put(cell.text)
            x += cell.width or 1
            if not cell.sure and x <= last:
                put(f"\x1b[{x + 1}G")
        self._at = (y, x) if x < self._width else None
        return x

    def wipe(self, y: int, row: Sequence[Cell], first: int) -> None:
        """Blank a line from ``first`` on, so that no half of a character of doubtful width stays."""
        self.go(y, first)
        self.pen(PLAIN._replace(background=row[first].pen.background))
        self._out.append("\x1b[K")

    def _blanks(self, y: int, row: Sequence[Cell], x: int, last: int) -> int:
        """Write equal blanks from ``x`` on; return the column after them."""
        blank, end = row[x], x
        while end <= last and (row[end] is blank or row[end] == blank):
            end += 1
        if not same_on_blanks(self._pen, blank.pen):
            self.pen(blank.pen)
        count = end - x
        to_the_edge = end == self._width
        erasable = same_on_blanks(self._pen, PLAIN._replace(background=self._pen.background)) and (
            self._in_colour or not self._pen.background
        )
        if erasable and to_the_edge and count > 3:
            self._out.append("\x1b[K")
        elif erasable and count >= _ERASE_FROM:
            self._out.append(f"\x1b[{count}X")
            if end <= last:
                self._out.append(f"\x1b[{count}C")
                self._at = (y, end)
            return end
        else:
            self._out.append(" " * count)
            self._at = (y, end) if not to_the_edge else None
        return end
