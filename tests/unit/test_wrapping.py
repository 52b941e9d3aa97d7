"""Lines of cells: exact widths for every script, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from socialdesk.widgets.wrapping import cut, wrap

# Whole clusters: a joiner on its own does not survive the scrub.
texts = st.lists(st.sampled_from([*"ab ñé字 \n", "👩🏽‍💻"]), max_size=80).map("".join)


@given(texts, st.integers(2, 30))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(texts, st.integers(1, 30))
def test_cut_fits(text: str, width: int) -> None:
    assert cell_len(cut(text.replace("\n", " "), width)) <= width


def test_words_stay_whole() -> None:
    assert wrap("uno dos tres", 8) == ["uno dos", "tres"]
    assert wrap("a\n\nb", 5) == ["a", "", "b"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
