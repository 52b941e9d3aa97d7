"""Acts and attachments by keys (B1, D5, D6): offered where the network has them, shown quietly, taken back with u."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialdesk.app import DeskApp
from socialdesk.connectors.contract import Capabilities, Limit
from socialdesk.domain.models import Act, ActState, Attachment, Direction, Media
from socialdesk.fetchchild import FetchFailed
from socialdesk.screens.shell import Fetch
from socialdesk.storage import acts
from socialdesk.storage.incoming import Incoming, Person

from .desks import TestDesk
from .helpers import SMALL, WIDE, main_of, notice, screen_text, settle, settle_modal, thread_text

pytestmark = pytest.mark.anyio
ABLE = Capabilities(
    public_limit=Limit(300),
    private_limit=Limit(1000),
    acts=frozenset({Act.LIKE, Act.BLOCK, Act.REPORT}),
    undoable=frozenset({Act.LIKE, Act.BLOCK}),
)
PHOTO = Attachment(Media.IMAGE, description="una tarta con velas", remote={"id": "1"})
BILL = Attachment(Media.FILE, name="factura.pdf", size=120_000, remote={"id": "2"})


def app_of(desk: TestDesk, able: Capabilities = ABLE, fetch: Fetch | None = None) -> DeskApp:
    """Return the app on a network that lets one do something."""
    return DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _account: able, fetch=fetch)


def carrying(desk: TestDesk, *attachments: Attachment, text: str = "mirad") -> int:
    """Let a customer have sent something."""
    ana = Person("ana", "ana", "Ana")
    at = desk.clock.now() - timedelta(minutes=3)
    item = Incoming(
        "a1", "c-ana", Direction.IN, at, ana, ana, text, title="Aviso: nueces", attachments=attachments
    )
    return desk.take([item])[0]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_d6_a_customer_is_blocked_by_two_keys_and_let_back_in_by_u(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    number = desk.hear("troll", "tonterías", name="Troll")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("M")
        await settle_modal(pilot)
        shown = screen_text(app)
        assert "Like it" in shown and "Block who wrote it" in shown and "It is spam" not in shown
        await pilot.press(*"block", "enter")
        await settle(pilot)
        (done,) = desk.desk.thread(number).messages[0].acts
        assert (done.act, done.state) == (Act.BLOCK, ActState.QUEUED)
        assert "Block who wrote it: in" in thread_text(main_of(app))
        await pilot.press("u")
        await settle(pilot)
        assert desk.desk.thread(number).messages[0].acts == ()
        assert "Taken back before it was done" in notice(app)


async def test_d5_what_is_done_is_a_quiet_line_and_u_takes_it_back_over_there(desk: TestDesk) -> None:
    number = desk.hear("ana", "¡qué rico!", name="Ana")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("M")
        await settle_modal(pilot)
        await pilot.press("enter")
        await settle(pilot)
        desk.clock.moment += timedelta(minutes=1)
        job = acts.next_job(desk.database.read(), desk.account.id, desk.clock.now())
        assert job is not None
        with desk.database.write() as connection:
            assert acts.begin(connection, job)
            acts.settle(connection, job, ActState.DONE, desk.clock.now())
        await pilot.pause(1.2)
        await settle(pilot)
        assert "· liked" in thread_text(main_of(app))
        await pilot.press("u")
        await settle(pilot)
        (back,) = desk.desk.thread(number).messages[0].acts
        assert (back.undo, back.state) == (True, ActState.QUEUED)


async def test_d6_a_report_cannot_be_taken_back_and_the_person_hears_so(desk: TestDesk) -> None:
    number = desk.hear("troll", "tonterías", name="Troll")
    done = desk.desk.act(number, Act.REPORT, now=True)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        main_of(app).done.append(done)
        job = acts.next_job(desk.database.read(), desk.account.id, desk.clock.now())
        assert job is not None
        with desk.database.write() as connection:
            acts.settle(connection, job, ActState.DONE, desk.clock.now())
        await pilot.press("u")
        await settle(pilot)
        assert "lets nobody take that back" in notice(app)


async def test_b3_where_the_network_offers_nothing_that_is_said(desk: TestDesk) -> None:
    desk.hear("ana", "hola")
    app = app_of(desk, Capabilities(public_limit=Limit(300), private_limit=Limit(1000)))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("M")
        await settle(pilot)
        assert "offers no such thing" in notice(app)


async def test_d5_with_several_messages_another_one_can_be_chosen(desk: TestDesk) -> None:
    number = desk.hear("ana", "la primera", minutes_ago=9, name="Ana")
    desk.hear("ana", "la segunda", minutes_ago=2, name="Ana")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("M")
        await settle_modal(pilot)
        await pilot.press(*"another", "enter")
        await pilot.pause(0.5)
        await pilot.press(*"primera", "enter")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await settle(pilot)
        first, second = desk.desk.thread(number).messages
        assert [one.act for one in first.acts] == [Act.LIKE]
        assert second.acts == ()


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_b1_the_title_stands_above_and_what_was_attached_below(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    carrying(desk, PHOTO, BILL)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        lines = [line.strip(" │") for line in thread_text(main_of(app)).splitlines()]
        at = lines.index("Aviso: nueces")
        assert lines[at + 1 : at + 4] == [
            "mirad",
            "[photo: una tarta con velas]",
            "[file: factura.pdf, 120 kB]",
        ]


async def test_b1_one_of_several_attachments_is_chosen_and_saved(desk: TestDesk) -> None:
    number = carrying(desk, PHOTO, BILL)
    asked: list[tuple[int, int | None]] = []

    async def fetch(conversation: int, which: int | None) -> list[str]:
        asked.append((conversation, which))
        if len(asked) > 1:
            raise FetchFailed("The network does not have it any more.")
        return ["/home/eva/Descargas/factura.pdf"]

    app = app_of(desk, fetch=fetch)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("A")
        await settle_modal(pilot)
        await pilot.press(*"factura", "enter")
        await settle(pilot)
        assert asked == [(number, 2)]
        assert "Saved: /home/eva/Descargas/factura.pdf" in notice(app)
        await pilot.press("A")
        await settle_modal(pilot)
        await pilot.press(*"all", "enter")
        await settle(pilot)
        assert asked[-1] == (number, None)
        assert "does not have it any more" in notice(app)


async def test_b1_nothing_attached_is_said_and_nothing_is_fetched(desk: TestDesk) -> None:
    desk.hear("ana", "hola")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        assert "Nothing is attached" in notice(app)
