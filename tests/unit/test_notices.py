"""A6: a notice of ours in the owner's text, whose own words are never touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.connectors.contract import Count, Limit, Rejected, measure
from socialdesk.connectors.notices import CLOSES, NO_ROOM, OPENS, put, take_away

WORDS = "Ahora respondemos en unos 20 min"
PIECES = [
    OPENS, CLOSES, "⏱", "·", "·⏱", "⏱·", "⏱️", "⏱︎", " ", "\n", "\r\n", "\r", "\t", "\u2028", "\u0085", "\x1c", "abc",
    "ñ", "n\u0303", "\u200d", "👩‍👩‍👧", "🇪🇸", "\u0301", "\x00", f"{OPENS}viejo{CLOSES}", f"\n{OPENS}otro{CLOSES}",
]  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
owned = texts.filter(lambda text: take_away(text) == text)


@given(owned, texts)
def test_the_owner_s_text_comes_back_byte_for_byte(text: str, words: str) -> None:
    """A6: whatever it is and whatever was published, however often."""
    published = put(text, words)
    assert published.startswith(text)
    assert take_away(published).encode("utf-8", "surrogatepass") == text.encode("utf-8", "surrogatepass")
    assert put(published, words) == published
    assert take_away(put(published, WORDS)) == text


@given(texts, texts)
def test_there_is_one_notice_at_most(text: str, words: str) -> None:
    """A6: also in a text that holds blocks already, or halves of them."""
    own = take_away(text)
    assert take_away(own) == own
    assert put(text, words) == put(own, words)
    assert take_away(put(text, words)) == own


@given(owned, texts, st.integers(0, 60), st.sampled_from(Count), st.none() | st.integers(0, 200))
def test_a_limit_is_kept_and_nothing_is_cut(
    text: str, words: str, size: int, count: Count, octets: int | None
) -> None:
    """A6: the notice is whole and the owner's text is whole, or nothing is published."""
    limit = Limit(size, count, octets)
    try:
        published = put(text, words, limit)
    except Rejected as refused:
        assert refused.code == NO_ROOM
        whole = put(text, words)
        assert measure(whole, count) > size or (octets is not None and measure(whole, Count.BYTES) > octets)
        return
    assert take_away(published) == text
    if published != text:
        assert measure(published, count) <= size
        assert octets is None or measure(published, Count.BYTES) <= octets


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pan de masa madre",
        "con espacio al final ",
        "con líneas\r\nde otro sistema\r\n",
        "\n\n",
        "⏱ abierto",
        "⏱ rápido ⏱",
        "·⏱ a medias",
        "a medias ⏱·",
        "·⏱⏱·",
        "punto ·",
    ],
)
def test_the_texts_of_owners(text: str) -> None:
    """A6: stopwatches of their own, halves of a mark, blanks and line ends stay."""
    published = put(text, WORDS)
    assert published == (f"{text}\n" if text else "") + f"{OPENS}{WORDS}{CLOSES}"
    assert take_away(published) == text


def test_it_fits_exactly() -> None:
    """Counted in what readers see as characters: a family is one."""
    text, words = "👩‍👩‍👧" * 10, "20 min"
    size = 10 + 1 + len(OPENS) + len(words) + len(CLOSES)
    assert put(text, words, Limit(size)).endswith(CLOSES)
    with pytest.raises(Rejected) as refused:
        put(text, words, Limit(size - 1))
    assert refused.value.code == NO_ROOM


def test_a_block_that_was_moved_or_coloured_is_found() -> None:
    """The owner edits the text around it on a phone."""
    assert take_away("Antes ·⏱️ 20 min ⏱️· después") == "Antes  después"
    assert put("·⏱ 20 min ⏱·\nPan", "5 min") == "\nPan\n·⏱ 5 min ⏱·"


def test_words_are_one_line_without_our_mark() -> None:
    """Nothing in the words can end the block."""
    assert put("Pan", " 5 min ⏱· \n y más ") == "Pan\n·⏱ 5 min · y más ⏱·"
    assert put("Pan\n·⏱ 5 min ⏱·", " \n") == "Pan"
