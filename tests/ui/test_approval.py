"""An answer that waits for a second person's word: given, changed or refused, and the writer hears why (NEED C4)."""

from __future__ import annotations

import pytest

from socialdesk.config import ApprovalSettings, Config
from socialdesk.desk import Desk
from socialdesk.errors import Refused

from .checkers import Words
from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle

pytestmark = pytest.mark.anyio

PEOPLE = ApprovalSettings(("Ana", "Luis"), ("insult",))


def of(desk: TestDesk, agent: str) -> TestDesk:
    """Let the desk be used by somebody."""
    desk.config = Config(theme="dark", agent=agent, approval=PEOPLE)
    desk.desk = Desk(desk.database, desk.clock, desk.config)
    return desk


def answered_by_luis(desk: TestDesk) -> int:
    """Let Luis answer an insult; returns the conversation, the desk being Ana's from then on."""
    number = desk.hear("marta", "Sois unos idiotas", name="Marta Gil")
    of(desk, "Luis").desk.start_protocol(number, "insult")
    desk.desk.reply(number, "Lo miramos.")
    of(desk, "Ana")
    return number


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c4_an_answer_waits_for_the_other_person_who_approves_it(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    answered_by_luis(desk)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Luis wrote it" in " ".join(screen_text(app).split())
        await pilot.press("x")
        await settle(pilot)
        assert "awaiting approval" in screen_text(app) and "by Luis" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert desk.texts() == [("queued", "Lo miramos.")]
        assert "Approved" in notice(app)


async def test_c4_who_leaves_is_told_that_an_answer_waits_for_somebody(desk: TestDesk, app_of: Maker) -> None:
    """It does not leave by itself once a socialdesk runs: that would be untrue of it."""
    answered_by_luis(desk)
    app = app_of(of(desk, "Luis"))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("q")
        await pilot.pause()
        assert app.is_running
        assert "somebody else approves it" in notice(app) and "on hold" not in notice(app)


async def test_c4_the_other_person_changes_it_first_and_that_is_kept(desk: TestDesk, app_of: Maker) -> None:
    number = answered_by_luis(desk)
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert "Luis answers Marta Gil" in screen_text(app) and "Sois unos idiotas" in screen_text(app)
        await pilot.press(*" Gracias", "ctrl+s")
        await settle(pilot)
        assert desk.texts() == [("queued", "Lo miramos. Gracias")]
        (kept,) = desk.desk.approvals(number)
        assert (kept.agent, kept.verdict, kept.before) == ("Ana", "changed", "Lo miramos.")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c4_a_refusal_gives_the_draft_back_with_the_note_beside_it(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    answered_by_luis(desk)
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("n")
        await pilot.pause(0.3)
        await pilot.press(*"Muy seco", "enter")
        await settle(pilot)
        assert desk.texts() == [("cancelled", "Lo miramos.")]
    app = app_of(of(desk, "Luis"))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert main_of(app).answer.text == "Lo miramos."
        assert "Ana did not approve it" in screen_text(app) and "Muy seco" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "did not approve" not in screen_text(app)


async def test_c4_nobody_approves_what_they_wrote_themselves(desk: TestDesk, app_of: Maker) -> None:
    answered_by_luis(desk)
    app = app_of(of(desk, "Luis"))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "y Approve" not in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert "somebody else" in notice(app)
        assert desk.texts() == [("awaiting_approval", "Lo miramos.")]
    with pytest.raises(Refused):
        desk.desk.approve(desk.desk.outbox()[0].id)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c4_whoever_approves_one_part_sees_all_that_leaves_with_it(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    number = desk.hear("marta", "Sois unos idiotas", name="Marta Gil")
    of(desk, "Luis").desk.start_protocol(number, "insult")
    desk.desk.reply(number, "Una. Dos.", split=["Una. (1/2)", "Dos. (2/2)"])
    app = app_of(of(desk, "Ana"))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("y")
        await pilot.pause(0.5)
        assert desk.texts()[0][0] == "awaiting_approval"
        assert "This leaves with it" in screen_text(app) and "Dos. (2/2)" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert [state for state, _text in desk.texts()] == ["queued", "queued"]


async def test_c2_c4_what_the_approver_changes_is_checked_before_it_leaves(
    desk: TestDesk, app_of: Maker
) -> None:
    number = answered_by_luis(desk)
    words = Words(coarse=("joder", "stop", "vaya"), commitment=("te llamo", "note", None))
    app = app_of(desk, checker=words)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("enter")
        await pilot.pause(0.3)
        await pilot.press(*" te llamo joder", "ctrl+s")
        await pilot.pause(0.5)
        assert "coarse: “joder”" in screen_text(app) and desk.texts()[0][0] == "awaiting_approval"
        await pilot.press("ctrl+s")
        await pilot.pause(0.5)
        assert "Why?" in screen_text(app) and desk.texts()[0][0] == "awaiting_approval"
        await pilot.press(*"cita", "enter")
        await settle(pilot)
    assert desk.texts() == [("queued", "Lo miramos. te llamo joder")]
    assert [(one.agent, one.reason) for one in desk.desk.overrules(number)] == [("Ana", "cita")]
    assert [one.text for one in desk.desk.commitments(number)] == ["te llamo joder"]


async def test_c4_a_private_message_is_measured_by_the_private_limit(desk: TestDesk, app_of: Maker) -> None:
    number = desk.hear("marta", "Sois unos idiotas", name="Marta Gil")
    of(desk, "Luis").desk.start_protocol(number, "insult")
    desk.desk.reply(number, "Largo. " * 60, private=True)  # 420 characters; in public there are 300
    app = app_of(of(desk, "Ana"))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("enter")
        await pilot.pause(0.3)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert desk.texts()[0][0] == "queued"
