"""Marks in the answer (C2): painting a text that has grown since it was marked breaks nothing."""

from __future__ import annotations

from socialdesk.widgets.marks import Mark, Starts


def test_c2_a_line_that_was_begun_since_has_no_marks_yet() -> None:
    """A key that begins a line may be painted before the marks are moved."""
    mark = Mark(0, 2, "warn", "", "")
    starts = Starts("AM")
    assert starts.in_line([mark], 0) == [(0, 2, mark)]
    assert starts.in_line([mark], 1) == []
