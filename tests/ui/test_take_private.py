"""A conversation is taken to private in one gesture; where it cannot be, the person hears why and what to do (NEED B3)."""

from __future__ import annotations

import pytest

from socialdesk.app import DeskApp
from socialdesk.config import ApprovalSettings, Config
from socialdesk.connectors.demo import DemoConnector
from socialdesk.desk import Desk
from socialdesk.screens import standing

from .checkers import Slow, Words
from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, screen_text, settle

pytestmark = pytest.mark.anyio


def on(desk: TestDesk, channel: str) -> TestDesk:
    """Let customers write on this network."""
    options = {"channel": channel}
    desk.account = desk.desk.add_account("demo", f"luna-{channel}", "Café Luna", options, {}, None)
    return desk


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_b3_one_gesture_writes_in_private_and_says_so_in_public(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    on(desk, "facebook").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    able = DemoConnector.limits({"channel": "facebook"})
    app = DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _account: able)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        text = screen_text(app)
        assert "Everybody reads this" in text and "One private message to a public one" in text
        await pilot.press(*"Pedido 7", "ctrl+s")
        await settle(pilot)
        private, public = desk.desk.outbox()
        assert (private.private, private.text) == (True, "Pedido 7")
        assert not public.private and public.text and public.public_of == private.id
        await pilot.press("u")
        await settle(pilot)
        assert not desk.desk.outbox()


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c2_the_private_message_is_checked_too_and_its_promise_goes_to_the_queue(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    number = on(desk, "facebook").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    able = DemoConnector.limits({"channel": "facebook"})
    words = Words(
        coarse=("joder", "stop", "vaya"),
        spelling=("te|ll", "advice", None),
        commitment=("te llamo", "note", None),
    )
    app = DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _account: able, checker=words)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press(*"te", "space", *"llamo,", "space", *"joder", "ctrl+s")
        await pilot.pause(0.5)
        assert "In private: coarse: “joder” → “vaya”" in " ".join(screen_text(app).split())
        assert not desk.desk.outbox()
        assert [asked["public"] for asked in words.asked[-2:]] == [False, True]
        await pilot.press("ctrl+s")
        await pilot.pause(0.5)
        assert "Why?" in screen_text(app) and not desk.desk.outbox(), "it does not leave without a reason"
        await pilot.press("escape")
        await pilot.pause(0.5)
        assert "Only the customer reads this" in screen_text(app) and not desk.desk.outbox()
        await pilot.press("ctrl+s")
        await pilot.pause(0.5)
        await pilot.press(*"quoted", "enter")
        await settle(pilot)
    (kept,) = desk.desk.overrules(number)
    assert (kept.family, kept.excerpt, kept.reason) == ("coarse", "joder", "quoted")
    assert [one.text for one in desk.desk.outbox() if one.private] == ["te llamo, joder"]
    assert [one.text for one in desk.desk.commitments(number)] == ["te llamo, joder"]


async def test_c2_both_texts_do_not_leave_unseen_where_the_check_is_slow(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be checked in time is said once; the second key sends."""
    monkeypatch.setattr(standing, "AT_MOST", 0.1)
    on(desk, "facebook").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    able = DemoConnector.limits({"channel": "facebook"})
    slow = Slow(coarse=("joder", "stop", "vaya"))
    app = DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _account: able, checker=slow)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press(*"joder", "ctrl+s")
        await pilot.pause(0.4)
        assert "Not checked yet" in screen_text(app) and not desk.desk.outbox()
        await pilot.press("ctrl+s")
        await pilot.pause(0.4)
        slow.go.set()
        await settle(pilot)
    assert [one.text for one in desk.desk.outbox() if one.private] == ["joder"]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c4_the_steps_that_must_be_done_are_asked_for_and_the_texts_wait(
    desk: TestDesk, size: tuple[int, int]
) -> None:
    number = on(desk, "facebook").hear("marta", "Sois unos sinvergüenzas", name="Marta Gil")
    config = Config(approval=ApprovalSettings(situations=("insult",)))
    office = Desk(desk.database, desk.clock, config)
    office.set_situation(number, "insult")
    office.start_protocol(number, "insult")
    app = DeskApp(office, config, desk.clock, limits=lambda _a: DemoConnector.limits({"channel": "facebook"}))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press(*"Hola", "ctrl+s")
        await pilot.pause(0.5)
        assert "must be done" in screen_text(app) and not office.outbox()
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press("ctrl+s")
        await pilot.pause(0.5)
        await pilot.press("down", "enter")
        await pilot.pause(0.5)
        await pilot.press(*"urgente", "enter")
        await settle(pilot)
    assert [one.text for one in office.outbox() if one.private] == ["Hola"], "what was written is still there"
    assert {one.reason for one in office.overrules(number) if one.family == "protocol"} == {"urgente"}


async def test_c1_two_customers_in_a_row_do_not_read_the_same_public_line(desk: TestDesk) -> None:
    on(desk, "facebook")
    for customer in ("marta", "luis"):
        desk.hear(customer, "Me habéis cobrado dos veces", name=customer.title())
    able = DemoConnector.limits({"channel": "facebook"})
    app = DeskApp(desk.desk, desk.config, desk.clock, limits=lambda _account: able)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for _customer in range(2):
            await pilot.press("m")
            await pilot.pause(0.5)
            await pilot.press(*"Hola", "ctrl+s")
            await settle(pilot)
            await pilot.press("j")
            await settle(pilot)
    lines = [one.text for one in desk.desk.outbox() if not one.private]
    assert len(set(lines)) == 2 and all("privado" in line for line in lines)


async def test_b3_an_empty_message_is_not_sent_and_the_keys_say_what_is_missing(
    desk: TestDesk, app_of: Maker
) -> None:
    on(desk, "facebook").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Write the private message first" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert not desk.desk.outbox(all_states=True)


async def test_b3_where_it_cannot_be_the_reason_is_told_and_the_next_best_way_offered(
    desk: TestDesk, app_of: Maker
) -> None:
    on(desk, "google").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await pilot.pause(0.5)
        assert "no private replies" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        asks = main_of(app).answer.text
        assert "mensaje privado" in asks or "por privado" in asks
        assert "hemos escrito" not in asks, "nobody has"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_b3_the_joined_conversation_is_named_and_one_key_away(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    public = on(desk, "facebook").hear("marta", "Me habéis cobrado dos veces", name="Marta Gil")
    secret = desk.hear("luis", "Aquí estoy", name="Marta Gil", private=True)
    with desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET joined_to = ? WHERE id = ?", (public, secret))
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        main_of(app).visit(public)
        await settle(pilot)
        assert "goes on in private: m" in screen_text(app)
        await pilot.press("m")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await settle(pilot)
        selected = main_of(app).queue.selected
        assert selected is not None and selected.id == secret
        assert "began in public: m" in screen_text(app)
