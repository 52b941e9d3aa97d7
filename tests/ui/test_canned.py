"""Canned replies and facts put into an answer by a few letters (NEEDS C1, C6, C7)."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from socialdesk.app import DeskApp
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.paths import find
from socialdesk.screens.chooser import Chooser

from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, notice, screen_text, settle, write

pytestmark = pytest.mark.anyio

HEAD = (
    'situation = "bike_late"\nlanguage = "es"\ntitle = "La bici no está lista"\nkeywords = "taller arreglo"\n'
)
REPLY = (
    HEAD
    + '[[understand]]\ntext = "Qué rabia, {customer}."\n[[understand]]\ntext = "Lo siento, {customer}."\n'
    + '[[solve]]\ntext = "Tu bici [modelo] sale el [día]; si quieres, en el {fact:phone}."\n'
)
FACTS = (
    'brand = "Café Luna"\n[[fact]]\nname = "returns"\nlabel = "Devoluciones"\ntext = "30 días con el tique"\n'
    "confirmed = 2020-01-01\n"
)


@pytest.fixture
def shelf() -> Path:
    """A person's own reply and facts."""
    folder = find().config
    for name, text in {"replies/late.toml": REPLY, "facts/luna.toml": FACTS}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("size", [WIDE, SMALL])
@pytest.mark.usefixtures("shelf")
async def test_c1_three_letters_put_a_whole_answer_in_and_the_first_blank_is_typed_over(
    desk: TestDesk, app_of: Maker, size: tuple[int, int]
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(app.screen, Chooser)
        await pilot.press(*"bic")
        await settle(pilot)
        assert "Qué rabia, Marta." in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*"Faro")
        assert main_of(app).answer.text.endswith("Tu bici Faro sale el [día]; si quieres, en el [phone].")
        await pilot.press("ctrl+n")
        await pilot.press(*"lunes")
        assert "sale el lunes;" in main_of(app).answer.text


@pytest.mark.usefixtures("shelf")
async def test_c1_the_next_customer_reads_other_words(desk: TestDesk, app_of: Maker) -> None:
    for customer in ("marta", "luis"):
        desk.hear(customer, "¿Y mi bici?", name=customer.title())
    said = []
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        for _customer in range(2):
            await pilot.press("c")
            await settle(pilot)
            await pilot.press(*"bic under", "enter")
            await settle(pilot)
            said.append(main_of(app).answer.text.partition(",")[0])
            await pilot.press("ctrl+s")
            await settle(pilot)
    assert sorted(said) == ["Lo siento", "Qué rabia"]


@pytest.mark.usefixtures("shelf")
async def test_c1_inserting_deletes_nothing_that_was_typed_and_parts_can_be_stacked(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press(*"Hola")
        await pilot.press("ctrl+t")
        await settle(pilot)
        await pilot.press(*"understand bic", "tab", "escape")
        await settle(pilot)
        assert main_of(app).answer.text.startswith("Hola")
        assert "Marta" in main_of(app).answer.text


@pytest.mark.usefixtures("shelf")
async def test_c7_a_fact_is_inserted_and_one_confirmed_long_ago_is_marked(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Puedo devolverlo?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("ctrl+f")
        await settle(pilot)
        assert "still true" in screen_text(app)
        await pilot.press("ctrl+y")
        await settle(pilot)
        assert "is it still true" not in screen_text(app)
        await pilot.press(*"devol", "enter")
        await settle(pilot)
        assert main_of(app).answer.text == "30 días con el tique"


@pytest.mark.usefixtures("shelf")
async def test_c1_replies_are_stacked_below_one_another_whatever_blank_is_chosen(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil", private=True)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press(*"bic", "enter")
        await settle(pilot)
        answer = main_of(app).answer
        first = answer.text
        assert answer.answer.selected_text == "[modelo]"
        await pilot.press("ctrl+t")
        await settle(pilot)
        await pilot.press(*"bic", "enter")
        await settle(pilot)
        assert answer.text.startswith(f"{first}\n\n") and answer.text.count("[modelo]") == 2


@pytest.mark.usefixtures("shelf")
async def test_c7_a_fact_takes_the_place_of_the_blank_that_is_chosen(desk: TestDesk, app_of: Maker) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await write(pilot, "Son [plazo].")
        await pilot.press("ctrl+n", "ctrl+f")
        await settle(pilot)
        await pilot.press(*"devol", "enter")
        await settle(pilot)
        assert main_of(app).answer.text == "Son 30 días con el tique."


async def test_a_broken_file_of_replies_is_told_and_the_others_are_offered(
    desk: TestDesk, app_of: Maker, shelf: Path, clock: ManualClock
) -> None:
    (shelf / "replies" / "broken.toml").write_text("situation = 3\n")
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk, Config(theme="mono"))
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press(*"bici")
        await settle(pilot)
        assert "La bici no está lista" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "broken.toml" in notice(app)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c1_a_reply_is_changed_from_the_list_as_a_copy_of_ones_own_and_offered_as_it_is_now(
    desk: TestDesk,
    app_of: Maker,
    shelf: Path,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DeskApp, "suspend", lambda _app: nullcontext())
    monkeypatch.setenv("VISUAL", "sed -i s/rabia/lata/")
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press(*"bic", "ctrl+e")
        await settle(pilot)
        await pilot.press(*"bic")
        await settle(pilot)
        assert "Qué lata, Marta." in screen_text(app), "one's own file is changed, and read again"
    assert "lata" in (shelf / "replies" / "late.toml").read_text()
    assert len(list((shelf / "replies").rglob("*.toml"))) == 1


@pytest.mark.usefixtures("shelf")
async def test_c1_a_wrong_canned_reply_is_emptied_with_one_key_and_brought_back_with_another(
    desk: TestDesk, app_of: Maker
) -> None:
    desk.hear("marta", "¿Y mi bici?", name="Marta Gil")
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press(*"bic", "enter")
        await settle(pilot)
        answer = main_of(app).answer
        before = answer.text
        assert before
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert answer.text == "" and not answer.uses
        await pilot.press("ctrl+z")
        await settle(pilot)
        assert answer.text == before
