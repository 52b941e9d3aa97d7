"""From the arrival of a standard complaint to a checked, personalised answer in the outbox (NEEDS C1, C2)."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from socialdesk.clock import ManualClock
from socialdesk.config import Answering, Config
from socialdesk.screens.findings import FindingsScreen

from .checkers import Real
from .desks import TestDesk
from .helpers import SMALL, WIDE, Maker, main_of, settle

pytestmark = pytest.mark.anyio

MOST = 12
"""Keys beyond the words typed, as the need has it."""

COMPLAINTS = {
    "tarde": "Hola, pedí una lámpara hace dos semanas y sigue sin llegar. ¿Qué pasa? Estoy harta.",
    "roto": "El jarrón me ha llegado roto y era un regalo. Qué decepción.",
    "talla": "Me habéis enviado una talla que no es. Otra vez.",
}
OWN_WORDS = " La lámpara verde es preciosa."


class Fingers:
    """Press keys, and count those that are no words of the answer."""

    def __init__(self, pilot: Pilot[str]) -> None:
        self._pilot = pilot
        self.pressed = 0

    async def press(self, *keys: str) -> None:
        """Press keys that count, and see what they do before the next."""
        self.pressed += len(keys)
        for key in keys:
            await self._pilot.press(key)
        await settle(self._pilot)

    async def type(self, words: str) -> None:
        """Write words of the answer."""
        names = {" ": "space", ".": "full_stop", ",": "comma", ":": "colon"}
        await self._pilot.press(*[names.get(letter, letter) for letter in words])
        await settle(self._pilot)


@pytest.mark.parametrize("letters", COMPLAINTS)
@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_c1_c2_a_standard_complaint_is_answered_in_at_most_twelve_keys(
    desk: TestDesk, app_of: Maker, clock: ManualClock, size: tuple[int, int], private: bool, letters: str
) -> None:
    """In public the network takes 300 characters."""
    desk.hear("marta", COMPLAINTS[letters], name="Marta Gil", private=private)
    config = Config(theme="dark", answering={"": Answering(address="tu")})
    app = app_of(desk, config, Real(clock))
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        fingers = Fingers(pilot)
        await fingers.press("c")
        await fingers.press(*letters[:3])
        await fingers.press("enter")
        main = main_of(app)
        while "[" in main.answer.text:  # the blank is chosen: words go over it
            await fingers.type("mañana")
            await fingers.press("ctrl+n")
        await fingers.type(OWN_WORDS)
        await fingers.press("ctrl+s")
        if isinstance(app.screen, FindingsScreen):
            await fingers.press("ctrl+s")
        ((state, text),) = desk.texts()
    assert (state, fingers.pressed <= MOST) == ("queued", True), fingers.pressed
    assert "Marta" in text and "{" not in text
    whole = text.removesuffix(OWN_WORDS).endswith((".", "!", "?", "😉"))
    assert text.endswith(OWN_WORDS) and whole, "one's own words stand behind the last sentence"
