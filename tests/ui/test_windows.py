"""A network that takes answers for a while only: seen in the queue, in the conversation and before one writes (issue 7, points 2, 3, 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialdesk.domain.models import Direction, Kind
from socialdesk.storage.incoming import Incoming, Person

from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio

ANA = Person("ana", "ana", "Ana")


def hear(desk: TestDesk, hours: float, hours_ago: float = 1, rating: int | None = None) -> int:
    """Let Ana have written, to be answered within so many hours from now; returns the conversation."""
    now = desk.clock.now()
    asked = Incoming(
        "w1",
        "c-ana",
        Direction.IN,
        now - timedelta(hours=hours_ago),
        ANA,
        ANA,
        "¿Llegará hoy?",
        Kind.DIRECT,
        True,
        answer_until=now + timedelta(hours=hours) if rating is None else None,
        rating=rating,
    )
    return desk.take([asked])[0]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_row_counts_down_to_the_end_in_words_of_its_own(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    hear(desk, 3.5)
    desk.hear("luis", "Nothing hurries here", 1)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        queue = main_of(app).queue
        first = queue.render_line(0).text
        assert "window 3 h 30" in first and "window" not in queue.render_line(1).text
        desk.clock.moment += timedelta(minutes=31)
        queue.tick(desk.clock.now())
        assert "window 2 h 59" in queue.render_line(0).text
        desk.clock.moment += timedelta(hours=3)
        queue.tick(desk.clock.now())
        assert "window closed" in queue.render_line(0).text and "!" in queue.render_line(0).text


async def test_a_row_with_much_time_left_says_nothing_of_it(desk: TestDesk, app_of: Maker) -> None:
    hear(desk, 20)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "window" not in screen_text(app) and "can be answered" not in screen_text(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_conversation_and_the_answer_say_until_when(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    hear(desk, 3.5)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "can be answered until" in screen_text(app)
        await write(pilot, "Si")
        await settle(pilot)
        assert "can be answered until" in main_of(app).answer.info


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_closed_window_is_told_before_a_word_is_written_and_nothing_is_lost(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    number = hear(desk, -1, hours_ago=25)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        said = " ".join(screen_text(app).split())
        assert "window closed" in said
        assert "window closed until the customer writes again" in main_of(app).answer.info
        assert "in the network's own app or in the browser" in str(main_of(app).answer.answer.placeholder)
        assert "The network takes no more answers" in said
        await pilot.press(*"Si")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert desk.texts() == []
        assert "it is over" in notice(app)
        assert desk.desk.thread(number).draft == "Si"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2, "sooner than the promise, so it decides the place in the queue"),
        (6, "later than the promise"),
        (4, "just as long as the promise runs"),
        (-1, "until the customer writes again it takes none"),
    ],
)
async def test_the_page_of_a_deadline_tells_what_the_window_does(
    desk: TestDesk, app_of: Maker, hours: float, words: str
) -> None:
    hear(desk, hours)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("w")
        await settle(pilot)
        assert words in " ".join(screen_text(app).split())


async def test_an_answer_for_after_the_end_is_refused_and_stays(desk: TestDesk, app_of: Maker) -> None:
    number = hear(desk, 3.5)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Si")
        main_of(app).send(desk.clock.now() + timedelta(hours=5))
        await settle(pilot)
        assert desk.texts() == []
        assert "By then this network takes no answer" in notice(app)
        assert desk.desk.thread(number).draft == "Si"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_stars_are_seen_in_the_queue_and_in_the_conversation(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    hear(desk, 0, rating=2)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "2★" in main_of(app).queue.render_line(0).text
        await pilot.press("enter")
        await settle(pilot)
        assert "★★☆☆☆ 2 of 5" in screen_text(app)
