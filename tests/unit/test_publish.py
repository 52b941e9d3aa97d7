"""A6: the wait clock is shown where it is switched on, only when its words change, and taken away again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.bench import Bench
from helpers.network import Script
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clock import ManualClock
from socialdesk.config import ClockSettings, Config
from socialdesk.desk import Desk
from socialdesk.domain.calendars import Shift
from socialdesk.errors import AuthRequired, RateLimited, Temporary

pytestmark = pytest.mark.anyio

MORNINGS = tuple((Shift(600, 840),) if day < 5 else () for day in range(7))
TOMORROW = "Responderemos mañana a partir de las 10:00."
OWN = "Pan de masa madre\r\n"
SHOWN = f"{OWN}\n·⏱ {TOMORROW} ⏱·"
MINUTES = 60


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A shop that opens on Monday at ten; it is Sunday, eleven o'clock."""
    made = Bench(clock, config=Config(language="es", clock=ClockSettings(publish=("shop",))))
    hours = PolicySpec(calendars={"Brand": CalendarSpec("Europe/Madrid", MORNINGS)})
    Desk(made.database, clock, made.config).adopt_policy(hours)
    yield made
    made.close()


def notices(script: Script) -> list[str]:
    return [call for call in script.calls if call.startswith("notice")]


def lacking(bench: Bench) -> tuple[str, ...]:
    [account] = Desk(bench.database, bench.clock, bench.config).accounts()
    return account.lacking


async def test_it_is_shown_and_written_again_only_when_the_words_change(bench: Bench) -> None:
    """A6: within minutes of the start; then nothing until the words are others."""
    script = bench.add(profile=OWN)
    async with bench.running():
        await bench.advance(MINUTES)
        assert script.profile == SHOWN
        await bench.hours(12)
        assert notices(script) == [f"notice {TOMORROW}"]
        await bench.advance(65 * MINUTES)
        assert script.profile == f"{OWN}\n·⏱ Responderemos hoy a partir de las 10:00. ⏱·"
        assert len(notices(script)) == 2
    assert lacking(bench) == ()


async def test_nobody_keeps_it_up_to_date_and_it_goes(bench: Bench) -> None:
    """A6: what is shown is true or it is not there; a kill leaves it, and the next start puts it right."""
    script = bench.add(profile=OWN)
    async with bench.running():
        await bench.advance(MINUTES)
        assert script.profile == SHOWN
    assert script.profile == OWN
    async with bench.killed():
        await bench.advance(MINUTES)
    assert script.profile == SHOWN
    bench.config = Config(language="es")
    async with bench.running():
        await bench.advance(MINUTES)
        assert script.profile == OWN


async def test_only_accounts_that_are_switched_on(bench: Bench) -> None:
    """A6: nobody's profile is written to unasked."""
    script, other = bench.add(profile=OWN), bench.add("other", profile=OWN)
    async with bench.running():
        await bench.advance(20 * MINUTES)
        assert (script.profile, other.profile) == (SHOWN, OWN)
    assert notices(other) == []


async def test_it_is_switched_off_in_the_settings_while_it_runs(bench: Bench) -> None:
    """A6: saving config.toml is enough; one that cannot be read changes nothing."""
    script = bench.add(profile=OWN)
    file = bench.paths.config_file
    async with bench.running():
        await bench.advance(MINUTES)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("[clock]\npublish = oh\n", encoding="utf-8")
        await bench.advance(6 * MINUTES)
        assert script.profile == SHOWN
        file.write_text("[clock]\npublish = []\n", encoding="utf-8")
        await bench.advance(6 * MINUTES)
        assert script.profile == OWN


async def test_a_paused_account_shows_nothing(bench: Bench) -> None:
    """A6: whoever does not answer promises nothing; resumed, it is back."""
    script = bench.add(profile=OWN)
    async with bench.running():
        await bench.advance(MINUTES)
        bench.write("UPDATE account SET paused = 1")
        await bench.advance(5)
        assert script.profile == OWN
        bench.write("UPDATE account SET paused = 0")
        await bench.advance(6 * MINUTES)
        assert script.profile == SHOWN


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Temporary("off"), "notice_failed"),
        (AuthRequired("no"), "notice_refused"),
        (OSError(), "notice_failed"),
    ],
)
async def test_a_failure_is_seen_beside_the_account_and_retried(
    bench: Bench, error: Exception, code: str
) -> None:
    """A6: with pauses that grow; a success ends it."""
    script = bench.add(profile=OWN)
    script.notices.extend([error] * 4)
    async with bench.running():
        await bench.advance(20)
        assert lacking(bench) == (code,)
        assert bench.account() == ("ok", ""), "the account itself works"
        await bench.advance(2 * MINUTES)
        assert script.profile == SHOWN
        assert lacking(bench) == ()
        assert len(notices(script)) == 5
    rows = bench.all("SELECT words, published, error FROM clock_notice ORDER BY id")
    assert rows == [(TOMORROW, 1, ""), ("", 1, "")]


async def test_a_network_that_asks_for_patience_gets_it(bench: Bench) -> None:
    script = bench.add(profile=OWN)
    script.notices.append(RateLimited("slow", until=bench.clock.now() + timedelta(minutes=30)))
    async with bench.running():
        await bench.advance(29 * MINUTES)
        assert len(notices(script)) == 1
        await bench.advance(8 * MINUTES)
        assert script.profile == SHOWN


async def test_it_hangs_and_nothing_else_does(bench: Bench) -> None:
    """A1: messages come in meanwhile."""
    script = bench.add(profile=OWN)
    script.notices.append("hang")
    async with bench.running():
        await bench.advance(20)
        bench.network.customer("shop", "1", "¿Hola?", bench.clock.now())
        await bench.advance(35)
        assert bench.texts() == ["¿Hola?"]
        await bench.advance(2 * MINUTES)
        assert script.profile == SHOWN


async def test_as_many_languages_as_there_is_room_for(bench: Bench) -> None:
    """C6: the first one first; without room for any, the person is told and the text is whole."""
    bench.config = Config(clock=ClockSettings(publish=("shop",), languages=("es", "en", "ca")))
    english = "We will answer tomorrow from 10:00."
    script = bench.add(profile=OWN, room=len(f"{SHOWN} · {english}"))
    async with bench.running():
        await bench.advance(MINUTES)
        assert script.profile == f"{OWN}\n·⏱ {TOMORROW} · {english} ⏱·"
        await bench.advance(20 * MINUTES)
        assert len(notices(script)) == 2
        script.room = 20
        await bench.hours(13)
        assert lacking(bench) == ("notice_no_room",)


async def test_a_crash_in_the_middle_is_put_right(bench: Bench) -> None:
    """A6: it was on its way when the machine lost power; the words are the same, and yet it is written again."""
    script = bench.add(profile=OWN)
    script.notices.append("hang")
    async with bench.killed():
        await bench.advance(20)
    assert bench.all("SELECT words, published FROM clock_notice") == [(TOMORROW, 0)]
    async with bench.running():
        await bench.advance(20)
        assert script.profile == SHOWN


async def test_files_for_the_business_s_own_page(bench: Bench, tmp_path: Path) -> None:
    """A6: a page, a picture, data and words, for everybody to read; one that cannot be written stops no other."""
    names = tuple(str(tmp_path / name) for name in ("no/where.html", "w.html", "w.svg", "w.json", "w.txt"))
    bench.config = Config(
        language="es", clock=ClockSettings(files={"Brand": names, "": (str(tmp_path / "all.txt"),)})
    )
    bench.add()
    async with bench.running():
        await bench.advance(MINUTES)
    assert TOMORROW.rstrip(".") in (tmp_path / "w.html").read_text(encoding="utf-8")
    assert (tmp_path / "w.svg").read_text(encoding="utf-8").startswith("<svg")
    [data] = json.loads((tmp_path / "w.json").read_text(encoding="utf-8"))
    assert (data["brand"], data["open_now"], data["words"]["es"]) == ("Brand", False, TOMORROW)
    assert (tmp_path / "w.txt").read_text(encoding="utf-8") == f"{TOMORROW}\n"
    assert (tmp_path / "all.txt").read_text(encoding="utf-8") == f"{TOMORROW}\n"
    assert (tmp_path / "w.html").stat().st_mode & 0o777 == 0o644
