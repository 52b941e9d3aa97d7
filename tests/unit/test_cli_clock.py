"""``socialdesk clock``: the expected wait for people, programs and web pages (NEEDS A5, A6)."""

from __future__ import annotations

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from helpers.commands import Run
from socialdesk import clockpages
from socialdesk.clock import ManualClock
from socialdesk.clockphrases import LANGUAGES
from socialdesk.domain.calendars import Calendar
from socialdesk.domain.waitclock import Expected, Reading
from socialdesk.storage import clocks
from socialdesk.storage.database import Database

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 11:00 in Madrid
HOURS = """
[calendars."Panadería Sol"]
zone = "Europe/Madrid"
mon = "10:00-14:00, 17:00-20:00"
tue = "10:00-14:00, 17:00-20:00"
wed = "10:00-14:00, 17:00-20:00"
thu = "10:00-14:00, 17:00-20:00"
fri = "10:00-14:00, 17:00-20:00"
sat = "closed"
sun = "closed"
"""
HOSTILE = 'Bicis <script>alert("x")</script> & "Luna"'


def line(key: str, who: str, at: datetime, way: str = "in", **more: str) -> str:
    message = {
        "account": "sol-x",
        "channel": "x",
        "brand": "Panadería Sol",
        "conversation": f"c-{who}",
        "id": key,
        "direction": way,
        "at": at.isoformat(),
        "text": "hola",
        "author": {"handle": who, "name": who.title()},
    }
    return json.dumps(message | more)


def busy_morning(now: datetime) -> list[str]:
    """Twenty customers answered after 20 minutes each, one every five minutes by Ana; four wait."""
    lines = []
    for number in range(20):
        at = now - timedelta(minutes=5 * number + 1)
        lines.append(line(f"q{number}", f"u{number}", at - timedelta(minutes=20)))
        lines.append(line(f"a{number}", f"u{number}", at, "out", agent="Ana"))
    return lines + [
        line(f"w{number}", f"w{number}", now - timedelta(minutes=number + 1)) for number in range(4)
    ]


def take(run: Run, folder: Path, lines: list[str]) -> None:
    path = folder / "history.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run("import", str(path)).code == 0


@pytest.fixture
def desk(run: Run, clock: ManualClock, sealed_home: Path, tmp_path: Path) -> Run:
    """A bakery on a busy Monday at 11:00, its opening hours written in the settings."""
    clock.moment = MONDAY
    sealed_home.mkdir(parents=True, exist_ok=True)
    (sealed_home / "config.toml").write_text(HOURS, encoding="utf-8")
    take(run, tmp_path, busy_morning(MONDAY))
    return run


def test_a6_the_clock_says_how_long_it_takes_now(desk: Run) -> None:
    found = desk("clock", "--json", "--channel", "x").json
    assert list(found[0]) == [
        "brand",
        "channel",
        "at",
        "now_waiting",
        "expected_seconds",
        "low_seconds",
        "high_seconds",
        "open_now",
        "opens_at",
        "answers_from",
        "words",
        "kept_share",
        "customers",
    ]
    (sol,) = found
    assert (sol["brand"], sol["channel"], sol["now_waiting"]) == ("Panadería Sol", "x", 4)
    assert (sol["open_now"], sol["opens_at"]) == (True, None)
    assert 600 <= sol["low_seconds"] <= sol["expected_seconds"] <= sol["high_seconds"] <= 3600
    assert tuple(sol["words"]) == LANGUAGES and "minutos" in sol["words"]["es"]


def test_a5_a6_out_of_hours_the_clock_says_when_somebody_answers(desk: Run, clock: ManualClock) -> None:
    clock.moment = MONDAY + timedelta(hours=10)  # 21:00 in Madrid
    assert desk("clock", "--text", "--in", "es").out == "Responderemos mañana a partir de las 10:00.\n"
    found = desk("clock", "--json", "--brand", "Panadería Sol").json[0]
    assert (found["open_now"], found["opens_at"]) == (False, "2026-11-24T09:00:00.000+00:00")
    assert found["channel"] is None, "the brand's own clock comes first, then those of its channels"


def test_a6_a_person_reads_a_line_a_brand(desk: Run) -> None:
    result = desk("clock")
    assert result.code == 0 and len(result.out.splitlines()) == 2, (
        "its only channel has the brand's own clock"
    )
    assert "Panadería Sol" in result.out and "Waiting time: " in result.out


def test_a6_a_brand_that_does_not_exist_is_said_so(desk: Run) -> None:
    result = desk("clock", "--brand", "Nobody")
    assert result.code == 1 and "Nobody" in result.err and not result.out


def test_a6_a_page_is_whole_and_escaped(desk: Run, tmp_path: Path) -> None:
    take(desk, tmp_path, [line("h", "eva", MONDAY, account="luna", channel="mail", brand=HOSTILE)])
    html = desk("clock", "--html", "--in", "ca").out
    assert html.startswith("<!doctype html>") and '<html lang="ca">' in html
    assert (
        "<script" not in html
        and "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &quot;Luna&quot;" in html
    )
    assert not re.search(r"https?://|src=|@import|url\(", html), "nothing is fetched from anywhere"
    assert "prefers-color-scheme: dark" in html and "viewport" in html
    assert html.count("<h1 ") == 1 and html.count("<h2 ") == 1
    assert 'lang="eu"' in html and 'lang="es"' in html, "the other languages are marked as such"


def test_a6_no_control_character_of_a_name_arrives_in_a_badge_or_a_page() -> None:
    """XML has no way to write most of them, and a browser would show nothing of the badge."""
    controls = "".join(map(chr, [*range(32), 0x7F, *range(0x80, 0xA0), 0x202E, 0x2066, 0xFFFE]))
    expected = Expected(4, 600, 300, 900, True, None, None)
    readings = [Reading(f"Sol{controls}Luna", f"x{controls}", MONDAY, UTC, expected)]
    for made in (clockpages.badge(readings, "es"), clockpages.page(readings, "es")):
        assert "Sol" in made and "Luna" in made
        assert not set(controls) - {"\n"} & set(made)
    assert ElementTree.fromstring(clockpages.badge(readings, "es")).tag.endswith("svg")


def test_a6_a_badge_is_a_picture_with_its_words_in_a_title(desk: Run, tmp_path: Path) -> None:
    take(desk, tmp_path, [line("h", "eva", MONDAY, account="luna", channel="mail", brand=HOSTILE)])
    svg = desk("clock", "--svg", "--in", "de").out
    root = ElementTree.fromstring(svg)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert root.get("role") == "img" and title is not None and root.get("aria-labelledby") == title.get("id")
    assert title.text is not None and HOSTILE in title.text and "Wartezeit: " in title.text


def test_a6_files_are_written_in_one_step_for_a_web_server_to_read(desk: Run, tmp_path: Path) -> None:
    page = tmp_path / "web.html"
    page.write_text("old")
    reader = page.open()
    assert desk("clock", "--html", "--out", str(page)).code == 0
    assert reader.read() == "old", "who was reading the old page reads it to its end"
    reader.close()
    assert page.read_text(encoding="utf-8").endswith("</html>\n")
    assert stat.S_IMODE(page.stat().st_mode) & 0o444 == 0o444
    assert [path.name for path in tmp_path.glob(".*")] == []
    data = tmp_path / "clock.json"
    assert desk("clock", "--json", "--out", str(data)).out == ""
    assert json.loads(data.read_text(encoding="utf-8"))[0]["brand"] == "Panadería Sol"
    missing = desk("clock", "--svg", "--out", str(tmp_path / "nowhere" / "badge.svg"))
    assert missing.code == 1 and "nowhere" in missing.err


def test_a6_a_new_desk_promises_nothing(run: Run, tmp_path: Path) -> None:
    take(run, tmp_path, [line("only", "ana", datetime(2026, 11, 22, 9, 0, tzinfo=UTC))])
    found = run("clock", "--json").json[0]
    assert (found["now_waiting"], found["expected_seconds"]) == (1, None)
    assert found["words"]["en"] == "We will answer as soon as we can."


def reading(at: datetime, high: int = 1200, brand: str | None = "Panadería Sol") -> Reading:
    return Reading(brand, None, at, None, Expected(1, 300, 600, high, True, None))


def test_a6_the_clocks_own_honesty_is_shown(desk: Run, sealed_home: Path) -> None:
    """Twenty minutes were said all morning; who came before it was said is not counted, the four wait still."""
    database = Database(next(sealed_home.rglob("*.db")))
    with database.write() as connection:
        for minutes in range(60, 0, -10):
            clocks.keep(connection, reading(MONDAY - timedelta(minutes=minutes)))
    found = desk("clock", "--json", "--brand", "Panadería Sol").json[0]
    assert (found["customers"], found["kept_share"]) == (8, 1.0)
    assert "100 % of 8 customers" in desk("clock").out
    database.close()


def test_a6_what_was_said_is_kept_when_it_changes_or_has_stood_for_long(desk: Run, sealed_home: Path) -> None:
    database = Database(next(sealed_home.rglob("*.db")))
    with database.write() as connection:
        assert clocks.keep(connection, reading(MONDAY))
        assert not clocks.keep(connection, reading(MONDAY + timedelta(minutes=10)))
        assert clocks.keep(connection, reading(MONDAY + timedelta(minutes=20), 1500))
        assert clocks.keep(connection, reading(MONDAY + timedelta(minutes=50), 1500))
        assert clocks.keep(connection, reading(MONDAY, brand=None)), "the clock of all brands is another one"
    said = clocks.history(database.read(), "Panadería Sol", None, MONDAY - timedelta(days=1))
    assert [promise.high for promise in said] == [1200, 1500, 1500]
    database.close()


def test_a4_a6_the_wait_of_an_answered_customer_began_with_the_first_message(
    desk: Run, tmp_path: Path, sealed_home: Path
) -> None:
    """A nudge does not make a wait shorter; what came after an answer is a wait of its own; context is none."""
    start = MONDAY - timedelta(hours=2)
    minute = timedelta(minutes=1)
    told = (("in", 0), ("in", 20), ("out", 30), ("out", 31), ("in", 40), ("out", 70))
    lines = [
        line(f"e{number}", "eva", start + at * minute, way, account="luna", brand="Luna", agent="Luis")
        for number, (way, at) in enumerate(told)
    ]
    take(desk, tmp_path, lines)
    database = Database(next(sealed_home.rglob("*.db")))
    answers = clocks.answered(database.read(), "Luna", None, start - minute)
    assert [(answer.at - answer.since, answer.agent) for answer in answers] == [(30 * minute, "Luis")] * 2
    assert clocks.answered(database.read(), "Luna", "facebook", start - minute) == []
    assert len(clocks.answered(database.read(), None, None, start - minute)) == 22
    database.close()


def test_a5_a6_all_brands_have_a_common_clock_where_they_share_their_hours(
    desk: Run, sealed_home: Path
) -> None:
    from socialdesk.domain.promises import Policy

    database = Database(next(sealed_home.rglob("*.db")))
    closed = Policy(calendars={"Panadería Sol": Calendar("Europe/Madrid", ((),) * 7)})
    assert not clocks.reading(database.read(), closed, None, None, MONDAY).expected.open_now
    assert clocks.reading(database.read(), Policy(), None, None, MONDAY).expected.open_now
    database.close()
