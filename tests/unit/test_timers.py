"""The words of a running timer (NEEDS A1: a clock seen ticking; A2: against a promise)."""

import pytest

from socialdesk.domain.timers import DAY, HOUR, LEFT_WIDTH, WAITED_WIDTH, left, waited


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-5, "0:00"),
        (65, "1:05"),
        (HOUR - 1, "59:59"),
        (HOUR, "1h 00"),
        (3 * HOUR + 5 * 60 + 59, "3h 05"),
        (DAY - 1, "23h 59"),
        (2 * DAY + 4 * HOUR + 59 * 60, "2d 04h"),
        (10 * DAY, "10d"),
        (10**12, "99999d"),
    ],
)
def test_a_wait_shows_seconds_in_its_first_hour_only(seconds: int, text: str) -> None:
    assert waited(seconds) == text.rjust(WAITED_WIDTH)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-1, "-0:01"),
        (HOUR - 1, "59:59"),
        (HOUR, "1h 00"),
        (1 - HOUR, "-59:59"),
        (-HOUR, "-1h 00"),
    ],
)
def test_the_time_left_shows_seconds_within_an_hour_of_the_deadline_and_a_sign_after_it(
    seconds: int, text: str
) -> None:
    assert left(seconds) == text.rjust(LEFT_WIDTH)


def test_no_span_is_wider_than_its_column() -> None:
    spans = [0, 59, HOUR - 1, HOUR, DAY - 1, DAY, 10 * DAY - 1, 10 * DAY, 10**9, 10**13]
    assert {len(waited(s)) for s in spans} == {WAITED_WIDTH}
    assert {len(left(s)) for s in [*spans, *(-s for s in spans)]} == {LEFT_WIDTH}
