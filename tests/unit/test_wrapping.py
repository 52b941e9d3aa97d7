"""Lines of cells: exact widths for every script, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from socialdesk.widgets import wrapping
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


def test_a_word_without_end_is_not_measured_anew_for_each_of_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Promise 10: 64 KB of ideograms kept the screen busy for three quarters of a second."""
    measured = 0

    def counting(text: str) -> int:
        nonlocal measured
        measured += len(text)
        return cell_len(text)

    monkeypatch.setattr(wrapping, "cell_len", counting)
    for endless in ("語" * 20_000, "e\u0301\u0335" * 10_000):
        measured = 0
        assert "".join(wrap(endless, 66)) == endless
        assert measured < 40 * len(endless)
