"""Words from strangers are shown exactly, and only words (DESIGN 6)."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialdesk.domain.measuring import Count, measure
from socialdesk.domain.text import MAX_BYTES, MAX_LINES, one_line, preview, scrub

FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ue000-\uf8ff]"
)
NASTY = "\x00\t\n\r\x07\x1b[]P\\;0m\x85\x90\x9b\x9c\x9dé\u0301\u0336\u200b\u200c\u200d\u202e\u2066\ue000\ud800\ufffe🏴\U000e0067\U000e0062\U000e007f👩️"

nasty_text = st.text(st.sampled_from(NASTY), max_size=60)
any_text = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mrojo\x1b[0m", "rojo"),
        ("\x9b31mrojo", "rojo"),
        ("\x1b]0;clave\x07hola", "hola"),
        ("\x1b]0;clave\x1b\\hola", "hola"),
        ("\x9d0;clave\x9chola", "hola"),
        ("\x1bPq#0\x1b\\hola", "hola"),
        ("\x1b]52;c;Zm9v\x07\x1b[?1049lhola", "hola"),
        ("\x1b(Bhola\x1bc", "hola"),
        ("\x1b]0;sin final, pero legible", "0;sin final, pero legible"),
        ("uno\r\ndos\rtres\u2028cuatro\x0bcinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("uno\tdos", "uno dos"),
        ("a\u202eb\u2066c\u200fd\u061ce\u200bf\ufeffg\xadh", "abcdefgh"),
        ("a\ud800b\ufffec\ue000d", "abc\ufffdd"),
        ("p\u200da\u200dss", "pass"),
        ("z" + "\u0336" * 40 + "a", "z" + "\u0336" * 8 + "a"),
        ("x\U000e0068\U000e0069", "x"),
    ],
)
def test_what_could_command_or_deceive_is_gone(raw: str, shown: str) -> None:
    assert scrub(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "[urgente] ¿Dónde está mi pedido? [/x] [@click=app.quit]",
        "España, açò, niño, ü; 100 % de 3 €",
        "👩‍👩‍👧 ❤️ 👍🏽 🏳️‍🌈 🇪🇸",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می‌خواهم क्‍ष",
        "cafe\u0301",
        "línea\n\notra",
        "",
    ],
)
def test_plain_text_is_left_exactly_as_written(text: str) -> None:
    assert scrub(text) == text


@settings(deadline=None)
@given(nasty_text | any_text)
def test_nothing_dangerous_ever_passes_and_twice_is_once(text: str) -> None:
    clean = scrub(text)
    assert not FORBIDDEN.search(clean)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Co") or c == "\n" for c in clean)
    assert scrub(clean) == clean


@settings(max_examples=30, deadline=None)
@given(nasty_text.filter(bool), st.integers(MAX_LINES, 5 * MAX_LINES))
def test_a_long_text_is_cut_once(piece: str, times: int) -> None:
    clean = scrub(piece * times)
    assert len(clean.encode()) <= MAX_BYTES and clean.count("\n") < MAX_LINES
    assert scrub(clean) == clean


def test_a_cut_text_says_so() -> None:
    assert scrub("á" * MAX_BYTES).endswith("á\n…")
    assert scrub("hola\n" * 5_000).count("\n") == MAX_LINES - 1
    assert scrub("\u200b" * 1_000_000 + "hola") == "\n…"


@pytest.mark.parametrize(
    "piece", ["\x1b]", "\x1b[", "\x1bP0\x1b", "\u200d", "\u0301", "\x9d", "🏴\U000e0067", "a\u200b"]
)
def test_a_megabyte_of_malice_takes_no_time(piece: str) -> None:
    start = time.perf_counter()
    scrub(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - start < 1


def test_names_and_previews_stay_on_one_line() -> None:
    assert one_line(" Ana\r\n\tde \u202eRonda\x1b[2J ") == "Ana de Ronda"
    assert preview("hola\nmundo") == "hola mundo"
    long = preview("palabra " * 100)
    assert len(long) <= 200 and long.endswith("a…")
    assert preview("x" * 198 + "👩‍👧").endswith("x👩…")


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("hola", (4, 4, 4, 4)),
        ("café", (4, 4, 4, 5)),
        ("👩‍👧", (1, 3, 5, 11)),
        ("e\u0301", (1, 2, 2, 3)),
        ("a\r\nb", (3, 4, 4, 4)),
    ],
)
def test_each_network_counts_its_own_way(text: str, sizes: tuple[int, int, int, int]) -> None:
    units = (Count.GRAPHEMES, Count.CODE_POINTS, Count.UTF16, Count.BYTES)
    assert tuple(measure(text, unit) for unit in units) == sizes
