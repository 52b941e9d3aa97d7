"""Each kind of character that a stranger may send, from the first of its range to the last (promises 9 and 16)."""

from __future__ import annotations

import pytest

from socialdesk.domain.text import MAX_BYTES, MAX_LINES, MAX_MARKS, preview, scrub

FLAG, ENDED = "\U0001f3f4", "\U000e007f"
ESCAPE, BELL = "\x1b", "\x07"

GONE = [
    # control characters, but for the ends of lines and the tab; the introducers of sequences stand alone here
    *[(0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F)],
    # soft hyphen, direction marks, overrides and isolates, zero width, invisible operators, annotations
    *[(0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E)],
    *[(0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB)],
    # no characters: halves of pairs, and the two last of each plane
    *[
        (0xD800, 0xDFFF),
        (0xFDD0, 0xFDEF),
        *((plane << 16 | 0xFFFE, plane << 16 | 0xFFFF) for plane in range(17)),
    ],
    # tags and what is to be ignored beside them
    *[(0xE0000, 0xE007F), (0xE0080, 0xE00FF), (0xE01F0, 0xE0FFF)],
]
STACKED = [
    *[(0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670)],
    *[(0x6D6, 0x6DC), (0x6DF, 0x6E4), (0xE31, 0xE31), (0xE34, 0xE3A), (0xE47, 0xE4E), (0xEB1, 0xEB1)],
    *[(0xEB4, 0xEBC), (0xF71, 0xF84), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)],
    *[(0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF)],
]


def each(ranges: list[tuple[int, int]]) -> list[str]:
    """Return the ends and the middle of each range."""
    return [chr(code) for first, last in ranges for code in sorted({first, (first + last) // 2, last})]


def test_every_invisible_or_commanding_character_is_gone() -> None:
    """Promise 9: each alone, so that nothing else in the text leads to it."""
    assert [ascii(c) for c in each(GONE) if scrub(f"á{c}é") != "áé"] == []


def test_private_characters_show_that_they_were_there() -> None:
    private = each([(0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)])
    assert [ascii(c) for c in private if scrub(f"á{c}é") != "á\ufffdé"] == []


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_end_of_a_line_is_one(end: str) -> None:
    assert scrub(f"á{end}é") == "á\né"
    assert scrub(f"á{end}{end}é") == "á\n\né"


def test_a_tab_is_one_space() -> None:
    assert scrub("á\té") == "á é"


def test_marks_of_every_writing_stay_until_they_spill_over() -> None:
    for mark in each(STACKED):
        assert scrub("x" + mark * MAX_MARKS + "y") == "x" + mark * 8 + "y", ascii(mark)
        assert scrub("x" + mark * 9 + "y") == "x" + mark * 8 + "y", ascii(mark)
    assert scrub("x" + "\u0336\u200d" * 20 + "y") == "x" + "\u0336\u200d" * 3 + "\u0336y"


@pytest.mark.parametrize("start", [f"{ESCAPE}{c}" for c in "]PX^_"] + list("\x90\x98\x9d\x9e\x9f"))
@pytest.mark.parametrize("end", [BELL, f"{ESCAPE}\\", "\x9c"])
def test_what_a_string_to_the_terminal_says_goes_with_it(start: str, end: str) -> None:
    """Promise 9: titles, clipboards, device settings; all between its beginning and its end."""
    assert scrub(f"á{start}52;c;Zm9v ñ{end}é") == "áé"


@pytest.mark.parametrize("start", [f"{ESCAPE}]", f"{ESCAPE}P", "\x90", "\x9d"])
@pytest.mark.parametrize("other", [ESCAPE, "\x80", "\x85", "\x9f"])
def test_a_string_without_an_end_hides_no_words(start: str, other: str) -> None:
    """Else what stands before another control character would be hidden from the reader."""
    assert scrub(f"á{start}title{other}").strip() == "átitle"


@pytest.mark.parametrize("start", [f"{ESCAPE}[", "\x9b"])
@pytest.mark.parametrize("rest", ["m", "31m", "?1049h", "0;1 q", "!p", "1/~", "@", "38:2::1:2:3m", "<0;1;1M"])
def test_a_control_sequence_goes_whole(start: str, rest: str) -> None:
    assert scrub(f"á{start}{rest}é") == "áé"


@pytest.mark.parametrize("start", [f"{ESCAPE}[", "\x9b"])
def test_a_control_sequence_without_an_end_takes_no_words(start: str) -> None:
    assert scrub(f"á{start}31é") == "áé"


@pytest.mark.parametrize("rest", ["c", "(B", "#8", " F", "~", "0", "/ A", "M", " "])
def test_other_escapes_go_whole(rest: str) -> None:
    assert scrub(f"á{ESCAPE}{rest}é") == "áé"


@pytest.mark.parametrize(
    "letters",
    ["\U000e0067\U000e0062\U000e0065", "\U000e0030\U000e0039\U000e0061\U000e007a\U000e0061\U000e007a"],
)
def test_flags_of_regions_stay(letters: str) -> None:
    assert scrub(f"a{FLAG}{letters}{ENDED}b") == f"a{FLAG}{letters}{ENDED}b"


@pytest.mark.parametrize(
    "tags",
    [
        "\U000e0067\U000e0062" + ENDED,  # too short
        "\U000e0067" * 7 + ENDED,  # too long
        "\U000e0067" * 5,  # without an end
        "\U000e0067\U000e0041\U000e0067" + ENDED,  # a capital
    ],
)
def test_tags_that_are_no_flag_say_nothing(tags: str) -> None:
    """Promise 9: whole sentences can be hidden in them."""
    assert scrub(f"a{FLAG}{tags}b") == f"a{FLAG}b"


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_a_joiner_stays_only_between_what_it_joins(joiner: str) -> None:
    assert scrub(f"👩{joiner}👧") == f"👩{joiner}👧"
    assert scrub(f"\x80é{joiner}\xa0") == f"é{joiner}\xa0"
    assert scrub(f"👩{joiner}\u200c\u200d👧") == f"👩{joiner}👧"
    for text in (f"a{joiner}👧", f"👩{joiner}a", f"{joiner}👧", f"👩{joiner}"):
        assert scrub(text) == text.replace(joiner, "")


@pytest.mark.parametrize("letter", ["x", "á", "€", "👍"])
def test_a_text_is_cut_where_it_is_too_large_and_not_before(letter: str) -> None:
    """Promise 10: both limits to the byte and to the line, the mark of the cut included."""
    many = letter * (MAX_BYTES // len(letter.encode()))
    assert scrub(many) == many
    cut = scrub(many + letter)
    assert cut.endswith(f"{letter}\n…")
    assert MAX_BYTES - len(letter.encode()) < len(cut.encode()) <= MAX_BYTES


def test_the_limits_are_those_that_are_promised() -> None:
    """Promise 10: the mark and the line end before it take four bytes of the 65,536."""
    assert (MAX_BYTES, MAX_LINES) == (65_536, 2_000)
    assert scrub("x" * 70_000) == "x" * 65_532 + "\n…"


def test_a_text_of_many_lines_is_cut_where_it_has_too_many_and_not_before() -> None:
    lines = "\n".join(["á"] * 2_000)
    assert scrub(lines) == lines
    assert scrub(f"{lines}\ná") == "á\n" * 1_999 + "…"


def test_no_more_is_looked_at_than_four_times_what_is_kept() -> None:
    nothing = "\u200b" * (4 * 65_536)
    assert scrub(nothing) == ""
    assert scrub(f"{nothing}a") == "\n…"


def test_a_cut_leaves_no_half_of_what_belongs_together() -> None:
    """What is cut within a flag or before what a joiner joins is mended: half of a flag is hidden text."""
    flag = f"{FLAG}\U000e0067\U000e0062\U000e0065{ENDED}"
    for before in range(65_532 - 24, 65_532):
        cut = scrub("x" * before + flag + "y" * 100)
        assert scrub(cut) == cut
        assert cut.removesuffix("\n…").lstrip("x") in ("", FLAG, flag, *(flag + "y" * n for n in range(25)))


def test_a_preview_is_as_long_as_it_may_be() -> None:
    assert preview("x" * 200) == "x" * 200
    assert preview("x" * 201) == "x" * 199 + "…"
    assert preview("abcdef", 5) == "abcd…"
    assert preview("abcde", 5) == "abcde"
    assert preview("abc def", 5) == "abc…"
    assert preview(" " * 39 + "a", 5) == "a"
    assert preview(" " * 40 + "a", 5) == ""
