"""What a row of the queue says at each width (issue 2: 120x36 all, 80x24 still a pleasure)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len

from helpers.rows import NOW, make_row
from socialdesk import i18n
from socialdesk.channels import _NAMES
from socialdesk.domain.models import Delivery, QueueWindow, State
from socialdesk.terminal.letters import PlainLetters
from socialdesk.widgets.queue_columns import GUTTER, UNICODE, cell, columns, fit, moments, timers
from socialdesk.widgets.queue_place import near_edge, place_of


def said(name: str, at: datetime = NOW, **changes: Any) -> str:
    each = make_row(**{"due_at": NOW + timedelta(minutes=30), "nudges": 2, **changes})
    return cell(name, each, timers(each, moments(each), int(at.timestamp())), UNICODE)


@pytest.mark.parametrize("width", [20, 50, 60, 79, 80, 109, 110, 119, 200])
def test_columns_fill_the_width_exactly(width: int) -> None:
    assert GUTTER + sum(column.width for column in columns(width)) == width


def test_the_narrower_the_fewer_columns_but_the_deadline_always() -> None:
    names = [[column.name for column in columns(width)] for width in (120, 80, 60, 30)]
    assert [len(each) for each in names] == sorted((len(each) for each in names), reverse=True)
    assert all("left" in each and "state" in each for each in names)
    assert all("wait" in each and "customer" in each for each in names[:3])


def test_late_is_told_by_a_mark_and_a_sign_not_by_colour_alone() -> None:
    later = NOW + timedelta(hours=2)
    assert (said("state"), said("left").strip()) == ("●", "30:00")
    assert (said("state", later), said("left", later).strip()) == ("!", "-1h 30")


@pytest.mark.parametrize("written", [str, PlainLetters("utf-8").plain, PlainLetters("ascii").plain])
def test_every_state_and_every_delivery_has_its_own_mark_on_every_terminal(
    written: Callable[[str], str],
) -> None:
    marks = UNICODE
    assert len({written(mark) for mark in (*marks.states.values(), marks.late)}) == len(State) + 1
    shown = [written(marks.deliveries[each]) for each in Delivery if each not in ("sent", "cancelled")]
    assert len({*shown, written(marks.draft)}) == len(shown) + 1
    every = [marks.cursor, marks.late, marks.draft, *marks.states.values(), *marks.deliveries.values()]
    assert {cell_len(written(mark)) for mark in every} == {1}
    assert written is str or all(written(mark).isascii() for mark in every)


def test_nudges_the_reply_on_its_way_and_the_draft_are_seen() -> None:
    """NEEDS A4: a customer who insists is seen at once."""
    assert said("nudges") == "+2"
    assert said("nudges", nudges=0) == ""
    assert said("mark", draft=True) == "✎"
    assert said("mark", draft=True, delivery=Delivery.NEEDS_PERSON) == "!"


def test_who_waits_for_nothing_has_no_timer() -> None:
    assert said("left", state=State.ANSWERED, waiting_since=None).strip() == ""


def test_a_snoozed_customer_still_waits_and_the_row_says_when_it_comes_back() -> None:
    """NEEDS A1: out of sight is not forgotten."""
    until = NOW + timedelta(minutes=5)
    later = NOW + timedelta(hours=2)
    snoozed: dict[str, Any] = {"state": State.SNOOZED, "snoozed_until": until}
    assert said("left", later, **snoozed).strip() == "-1h 30"
    assert said("text", **snoozed).startswith(f"back {until.astimezone():%d/%m %H:%M} · ")


def test_names_are_cut_with_a_mark_and_channels_have_their_own_names() -> None:
    assert fit("Recepción, Hotel Miramar", 14) == "Recepción, H… "
    assert (said("channel", channel="x"), said("channel_code", channel="facebook")) == ("X", "FB")
    assert said("text", preview="") == "(nothing to read)"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_at_80_columns_every_channel_is_named_whole(language: str) -> None:
    i18n.choose(language)
    (room,) = (each.width - 1 for each in columns(80) if each.name == "channel_code")
    names = [said("channel_code", channel=channel) for channel in _NAMES]
    assert len(set(names)) == len(names) and all(cell_len(name) <= room for name in names)


def test_at_80_columns_the_language_is_still_there() -> None:
    assert {"brand", "channel_code", "customer", "language", "nudges"} <= {each.name for each in columns(80)}


@pytest.mark.parametrize(
    "text", ["", "abc", "x" * 50, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "日本語テキスト", "🇪🇸🇪🇸🇪🇸🇪🇸", "á" * 12, "❤️❤️❤️❤️❤️"]
)
@pytest.mark.parametrize("width", [1, 2, 7, 8])
def test_wide_characters_do_not_shift_the_columns(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width


def window(*numbers: int, first: int = 0, total: int | None = None) -> QueueWindow:
    rows = tuple(make_row(number) for number in numbers)
    return QueueWindow(first, len(rows) if total is None else total, rows)


def test_the_cursor_belongs_to_a_conversation() -> None:
    assert place_of(window(1, 2, 3), 2, make_row(2)) == 1
    assert place_of(window(8, 9, 2), 2, make_row(2)) == 2


def test_when_the_conversation_has_gone_the_next_one_takes_the_cursor() -> None:
    assert place_of(window(1, 3, 4), 2, make_row(2)) == 1
    assert place_of(window(1), 2, make_row(2)) == 0
    assert place_of(window(), 2, make_row(2)) is None
    assert place_of(window(5, 6), None, None) == 0


def test_more_rows_are_wanted_before_the_window_ends_and_never_beyond_the_view() -> None:
    rows = window(*range(1, 101), first=50, total=1000)
    assert [near_edge(rows, number) for number in (50, 74, 75, 124, 125, 149)] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]
    assert not near_edge(window(1, 2, 3), 2)


def test_a_row_without_words_says_why() -> None:
    assert said("text", preview="", messages=1) == "(nothing to read)"
    assert said("text", preview="", messages=0) == "(deleted by its author)"
