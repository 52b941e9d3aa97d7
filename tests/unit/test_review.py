"""What is decided about findings, and marks that follow the text (NEEDS C2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checkchild import Found
from socialdesk.domain.answers import Overruled, Promise
from socialdesk.screens.review import Review
from socialdesk.widgets.marks import Mark, moved, nearest

DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def mark(text: str, words: str) -> Mark:
    """Return a mark on these words of a text."""
    start = text.index(words)
    return Mark(start, start + len(words), "bad", "", "")


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        ("uno dos tres", "Hola uno dos tres", True),
        ("uno dos tres", "uno dos tres cuatro", True),
        ("uno dos tres", "uno dos", True),
        ("uno dos", "uno dos más", True),
        ("uno dos", "uno dosx", False),
        ("uno dos tres", "uno des tres", False),
        ("uno dos tres", "uno tres", False),
        ("uno dos tres", "", False),
        ("dos dos", "dos", True),
        ("¡dos! 👩‍👧", "Ay ¡dos! 👩‍👧", True),
    ],
)
def test_a_mark_follows_its_words_and_goes_with_them(before: str, after: str, stays: bool) -> None:
    found = moved([mark(before, "dos")], before, after)
    assert [after[one.start : one.end] for one in found] == (["dos"] if stays else [])


def test_the_mark_at_the_cursor_or_after_it_is_told_else_the_first() -> None:
    text = "uno dos tres"
    marks = [mark(text, "uno"), mark(text, "tres")]
    assert [nearest(marks, cursor) for cursor in (0, 3, 5, 12)] == [0, 0, 1, 1]
    assert nearest(marks[:1], 9) == 0
    assert nearest([marks[0]._replace(part="warn"), marks[1]._replace(end=9)], 12) == 1
    assert nearest([], 0) is None


def test_the_list_begins_with_what_holds_the_answer_back() -> None:
    spelling, coarse = Found("spelling", "a", 0, 3, "", "que"), Found("coarse", "b", 4, 8, "", weight="stop")
    review = review_of("qeu caca", spelling, coarse)
    assert review.first() == 1
    review.overrule(coarse, "una cita")
    assert review.first() == 0


def review_of(text: str, *found: Found) -> Review:
    """Return the review of a text."""
    review = Review(1)
    review.take(text, found)
    return review


def test_c2_a_reason_holds_while_its_words_stand_and_only_for_them() -> None:
    coarse = Found("coarse", "word", 5, 9, "", weight="stop")
    review = review_of("vaya caca esto", coarse)
    assert review.stops() == [coarse]
    review.overrule(coarse, "una cita")
    review.take("pues caca esto", [coarse])
    assert review.stops() == []
    assert review.overrules() == (Overruled("coarse", "word", "caca", "una cita"),)
    review.take("pues puta esto", [coarse])
    assert review.stops() == [coarse] and review.overrules() == ()


def test_c2_what_is_said_of_the_whole_answer_is_decided_once_for_it() -> None:
    text = "Su solicitud ha sido registrada"
    cold = Found("cold", "no_understanding", 0, len(text), "", weight="stop")
    review = review_of(text, cold)
    review.overrule(cold, "lo pidió así")
    review.take(f"{text}.", [cold._replace(end=len(text) + 1)])
    assert review.stops() == []


def test_a_decision_to_part_a_text_is_for_that_text_only() -> None:
    long = Found("length", "too_long", 2, 4, "", weight="stop")
    review = review_of("abcd", long)
    review.parts = ("ab 1/2", "cd 2/2")
    assert review.sending("abcd", ["delay"]).split == ("ab 1/2", "cd 2/2")
    review.take("abcde", [long])
    assert review.stops() == [long] and review.sending("abcde", ()).split is None


def test_c7_promises_go_along_with_their_sentence_unless_they_are_none() -> None:
    text = "Hola. Mañana te llamamos. Un saludo."
    promise = Found("commitment", "dated", 13, 24, "", weight="note", due_at=DUE)
    review = review_of(text, promise)
    assert review.sending(text, ()).commitments == (Promise("Mañana te llamamos.", DUE),)
    assert not review.is_news()
    review.turn(promise)
    assert review.sending(text, ()).commitments == ()


def test_what_was_found_in_another_text_does_not_go_along() -> None:
    promise = Found("commitment", "dated", 0, 4, "", weight="note", due_at=DUE)
    assert review_of("hoy!", promise).sending("otra cosa", ["delay"])[1:4] == ((), (), ("delay",))


def test_advice_is_news_until_it_was_seen() -> None:
    review = review_of("qeu", Found("spelling", "unknown", 0, 3, "", "que"))
    assert review.is_news() and not review.stops()
    review.look()
    assert not review.is_news()
