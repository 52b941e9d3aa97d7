"""The part of the conformance suite about what customers write: hostile, odd, and at any hour of any time zone."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from socialdesk.connectors.contract import Connector
from socialdesk.connectors.standin import Network, asked, latest, read, understood, well_formed
from socialdesk.domain.text import one_line

PLAIN = (
    "[urgente] ¿abren [/b] el lunes? [@click=app.quit]salir[/]",
    "2 < 3 & 3 > 2, &lt;b&gt; no es <b>negrita</b>",
    "Ñandú, coração, žluťoučký; déjà vu cafe\u0301",
    "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 می‌خواهم שלום",
    "100 % {name} %s $HOME `id` \\n \\u001b",
)
"""What has to come through as it was written."""
HOSTILE = (
    "antes \x1b[2J\x1b]0;otro\x07 después",
    "antes \u202egnp.exe\u202c después",
    "antes \u200b\ufeff\u2066 después",
)
"""What commands a terminal, turns the direction or hides: the host takes that out, and leaves what was written."""
NAME = "Ana [/x] \x1b[31mroja\u202e ..: <b>"


class ContentSuite:
    """What a connector must do with words and times; part of ``testing.ConnectorSuite``."""

    @pytest.mark.parametrize("text", PLAIN)
    async def test_words_come_through(self, network: Network, connector: Connector, text: str) -> None:
        """Brackets, entities, accents and emoji are the customer's, and survive the host's scrub."""
        assert one_line((await asked(network, connector, text)).text) == one_line(text)

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_hostile_words_are_only_words(
        self, network: Network, connector: Connector, text: str
    ) -> None:
        """They break nothing, and what can be read of them is read."""
        seen = one_line((await asked(network, connector, text)).text)
        assert seen.startswith("antes") and seen.endswith("después")

    async def test_hostile_names_are_only_names(self, network: Network, connector: Connector) -> None:
        """A stranger's name, subject or file name is text like any other, never markup and never a fault."""
        if not network.hostile(NAME):
            pytest.skip("customers choose no names on this network")
        raws, _ = await read(connector)
        item = latest(understood(connector, raws))
        well_formed(item)
        names = [item.author.name, item.title, *(one.name for one in item.attachments)]
        assert any("Ana" in one_line(name) and "[/x]" in one_line(name) for name in names)

    async def test_times_are_the_network_s(self, network: Network, connector: Connector) -> None:
        """A message bears the moment at which it was written, not that at which it was fetched."""
        network.arrive("¿Hola?")
        written = network.clock.now()
        network.clock.moment += timedelta(hours=3)
        raws, _ = await read(connector)
        found = [item for item in understood(connector, raws) if item.text == "¿Hola?"]
        assert [abs(item.at - written) <= timedelta(seconds=2) for item in found] == [True]

    async def test_the_machine_s_zone_does_not_matter(
        self, network: Network, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The hour that a clock shows twice is two hours, wherever the machine stands."""
        begun = network.clock.now().astimezone(UTC)
        try:
            _set_zone(monkeypatch, _clock_goes_back_an_hour_after(begun))
            for words in ("la primera", "la segunda"):
                network.clock.moment = begun + timedelta(minutes=30 if words == "la primera" else 90)
                network.arrive(words)
            raws, _ = await read(connector)
            at = {item.text: item.at for item in understood(connector, raws)}
            _set_zone(monkeypatch, "AAA-14")
            assert {item.text: item.at for item in understood(connector, raws)} == at
        finally:
            monkeypatch.undo()
            time.tzset()
        apart = at["la segunda"] - at["la primera"]
        assert abs(apart - timedelta(hours=1)) <= timedelta(seconds=2)


def _clock_goes_back_an_hour_after(moment: datetime) -> str:
    """Return a time zone (POSIX TZ) an hour before UTC's until then, and UTC's from then on; the next day at the latest."""
    return f"AAA0BBB-1,J1/0,J{_day(moment)}/{moment.hour + 2}"


def _day(moment: datetime) -> int:
    """Return the day of the year as POSIX counts it: the 29th of February is never counted."""
    return (
        (moment.replace(year=2001) if (moment.month, moment.day) != (2, 29) else moment).timetuple().tm_yday
    )


def _set_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
