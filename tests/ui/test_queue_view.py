"""The queue as a person uses it: keys, mouse, ticking timers, rows that come and go."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from textual.app import App, ComposeResult

from helpers.rows import NOW, make_row
from socialdesk.domain.models import QueueRow, QueueWindow, Seek
from socialdesk.widgets.queue_line import QueueHeader
from socialdesk.widgets.queue_view import QueueView


class Desk(App[None]):
    """A queue over a list of rows, answering as the screen does."""

    CSS = "QueueView { height: 1fr; }"

    def __init__(self, rows: list[QueueRow], limit: int = 60) -> None:
        super().__init__()
        self.rows, self.limit = rows, limit
        self.highlighted: list[int | None] = []
        self.chosen: list[int] = []
        self.wanted: list[Seek] = []

    def compose(self) -> ComposeResult:
        yield QueueHeader()
        yield QueueView()

    @property
    def queue(self) -> QueueView:
        return self.query_one(QueueView)

    def on_mount(self) -> None:
        self.queue.focus()
        self.queue.tick(NOW)
        self.load(Seek())

    def load(self, seek: Seek) -> None:
        rows = self.rows
        first = {"top": 0, "bottom": len(rows) - self.limit}.get(seek.where)
        if first is None:
            assert seek.key is not None
            first = (
                next((n for n, row in enumerate(rows) if row.key >= seek.key), len(rows)) - self.limit // 2
            )
        first = max(0, min(first, len(rows) - self.limit))
        self.queue.show(QueueWindow(first, len(rows), tuple(rows[first : first + self.limit])))

    def on_queue_view_highlighted(self, event: QueueView.Highlighted) -> None:
        self.highlighted.append(event.row.id if event.row else None)

    def on_queue_view_chosen(self, event: QueueView.Chosen) -> None:
        self.chosen.append(event.row.id)

    def on_queue_view_wanted(self, event: QueueView.Wanted) -> None:
        self.wanted.append(event.seek)
        self.load(event.seek)

    def lines(self) -> list[str]:
        height = self.queue.size.height
        return [self.queue.render_line(y).text for y in range(height)]

    def cursor_line(self) -> int:
        return next(n for n, text in enumerate(self.lines()) if text.startswith("▶"))

    def current(self) -> int | None:
        return self.queue.selected.id if self.queue.selected else None


@pytest.fixture
def many() -> Iterator[Desk]:
    yield Desk([make_row(n) for n in range(1, 1001)])


pytestmark = pytest.mark.anyio


async def test_j_k_g_and_page_keys_move_through_a_view_far_larger_than_the_rows_at_hand(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.press("j", "j", "down", "k")
        assert many.current() == 3
        await pilot.press("G")
        assert many.current() == 1000
        await pilot.press("k")
        assert many.current() == 999
        await pilot.press("g")
        assert many.current() == 1
        for _ in range(10):
            await pilot.press("pagedown")
        await pilot.press("j")
        assert many.current() == 1 + 10 * (many.queue.size.height - 1) + 1
        assert many.queue.window.first > 100
        assert all(seek.where in ("around", "top", "bottom") for seek in many.wanted)


async def test_the_cursor_is_marked_on_one_line_only_and_told_to_the_screen(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.press("j")
        marked = [text for text in many.lines() if text.startswith("▶")]
        assert len(marked) == 1
        assert "Cliente 2" in marked[0]
        assert many.highlighted == [1, 2]
        await pilot.press("enter")
        assert many.chosen == [2]


async def test_new_messages_never_move_the_selection_nor_its_line(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.press("pagedown", "j", "j")
        line, told = many.cursor_line(), list(many.highlighted)
        key = many.queue.selected.key if many.queue.selected else None
        many.rows[:0] = [make_row(5000 + n, urgency=-n) for n in range(7, 0, -1)]
        many.load(Seek("around", key))
        await pilot.pause()
        assert many.current() == 21
        assert many.cursor_line() == line
        assert many.highlighted == told


async def test_when_the_selected_conversation_leaves_the_next_one_is_selected(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.press("j", "j")
        key = many.queue.selected.key if many.queue.selected else None
        del many.rows[2]
        many.load(Seek("around", key))
        await pilot.pause()
        assert many.current() == 4
        assert many.highlighted[-1] == 4
        many.rows.clear()
        many.load(Seek())
        await pilot.pause()
        assert many.current() is None
        assert many.highlighted[-1] is None


async def test_only_lines_whose_timer_changes_are_painted_again() -> None:
    """NEEDS A1: timers tick; a wait beyond its first hour changes once a minute."""
    old = {
        "waiting_since": NOW - timedelta(hours=2, seconds=5),
        "due_at": NOW + timedelta(hours=2, seconds=5),
    }
    desk = Desk([make_row(1), make_row(2, **old), make_row(3)])
    async with desk.run_test(size=(120, 10)) as pilot:
        await pilot.pause()
        desk.lines()
        for seconds, expected in ((1, [0, 2]), (1, [])):
            before = [desk.queue.render_line(y) for y in range(3)]
            desk.queue.tick(NOW + timedelta(seconds=seconds))
            await pilot.pause()
            assert [y for y in range(3) if desk.queue.render_line(y) is not before[y]] == expected
            assert "1:01" in desk.lines()[0]


async def test_a_click_selects_a_second_click_opens_and_the_wheel_takes_the_cursor_along(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.click(QueueView, offset=(30, 4))
        assert (many.current(), many.chosen) == (5, [])
        await pilot.click(QueueView, offset=(30, 4))
        assert many.chosen == [5]
        for _ in range(20):
            many.queue._scroll_down_for_pointer(animate=False)
            await pilot.pause()
        assert many.current() != 5
        assert any(text.startswith("▶") for text in many.lines())


async def test_an_empty_queue_says_why(many: Desk) -> None:
    many.rows.clear()
    async with many.run_test(size=(60, 9)) as pilot:
        many.queue.notice("Nobody is waiting.")
        await pilot.pause()
        assert "".join(many.lines()).strip() == "Nobody is waiting."
        await pilot.press("j", "k", "G", "g", "enter", "pagedown")
        assert many.current() is None


async def test_resizing_keeps_the_selection_in_sight(many: Desk) -> None:
    async with many.run_test(size=(120, 30)) as pilot:
        await pilot.press("pagedown")
        for size in ((80, 12), (50, 8), (140, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert many.current() == 29
            assert "Cliente 29" in many.lines()[many.cursor_line()]


async def test_a_shorter_view_shows_its_rows_from_the_cursor_on(many: Desk) -> None:
    async with many.run_test(size=(120, 20)) as pilot:
        await pilot.press("G")
        many.rows[:] = many.rows[:3]
        many.load(Seek())
        await pilot.pause()
        assert many.queue.scroll_offset.y == 0
        assert [text[30:].strip() != "" for text in many.lines()[:4]] == [True, True, True, False]


async def test_going_on_to_another_conversation_hides_no_row_above(many: Desk) -> None:
    async with many.run_test(size=(120, 20)):
        window = many.queue.window
        many.queue.show(window, select=window.rows[1].id)
        assert many.current() == window.rows[1].id
        assert many.cursor_line() == 1
