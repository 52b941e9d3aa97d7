"""Keys that arrive in one go, as over a slow line, each do what they would do one by one (NEEDS B1, C2, D1)."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from socialdesk.domain.models import State

from .desks import TestDesk, customers
from .helpers import WIDE, Maker, main_of, settle

pytestmark = pytest.mark.anyio
NAMES = {"\r": "enter", " ": "space", "+": "plus", "\x1b": "escape"}


async def burst(pilot: Pilot[str], keys: str) -> None:
    """Hand over all keys at once."""
    for key in keys:
        pilot.app.post_message(events.Key(NAMES.get(key, key), None if key == "\x1b" else key))
    await settle(pilot)


async def test_what_follows_r_is_the_answer(desk: TestDesk, app_of: Maker) -> None:
    """C2: "r" and the first words at once: no word of them is taken for a command that settles a conversation."""
    ids = customers(desk, 3)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "rene en zona e")
        assert main_of(app).answer.text == "ene en zona e"
        assert [desk.desk.row(number).state for number in ids] == [State.WAITING] * 3


async def test_what_follows_a_question_is_its_answer(desk: TestDesk, app_of: Maker) -> None:
    """A call is written down in one go: two keys, the words, the name."""
    ids = customers(desk, 2)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "+\rzanja en casa e\rEva\r\r\r")
        row = main_of(app).queue.selected
        assert row is not None and (row.name, row.preview) == ("Eva", "zanja en casa e")
        assert [desk.desk.row(number).state for number in ids] == [State.WAITING] * 2


async def test_leaving_and_moving_on_at_once(desk: TestDesk, app_of: Maker) -> None:
    """D1: escape and the next commands act on the queue, in their order."""
    ids = customers(desk, 4)
    app = app_of(desk)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await burst(pilot, "rhola\x1bjej")
        states = [desk.desk.row(number).state for number in ids]
        assert states == [State.WAITING, State.DONE, State.WAITING, State.WAITING]
        assert desk.desk.thread(ids[0]).draft == "hola"
