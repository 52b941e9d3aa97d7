"""Answers that a network would not take any more are not put on their way (issue 7, points 2, 3, 5; NEEDS A1, C2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.config import ApprovalSettings, Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Delivery
from socialdesk.domain.windows import in_time, is_closed, is_shown
from socialdesk.errors import Refused
from socialdesk.storage.database import Database

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def refused(shop: Shop, number: int, at: datetime | None = None) -> str:
    """The code with which an answer is refused."""
    with pytest.raises(Refused) as error:
        shop.desk.reply(number, "Ya está", at=at)
    return error.value.code


def test_an_answer_after_the_end_is_refused_and_its_words_are_kept(shop: Shop) -> None:
    number = shop.write(private=True, answer_until=NOW + HOUR)
    shop.later(1)
    assert refused(shop, number) == "window_closed"
    assert shop.desk.outbox() == [] and shop.desk.thread(number).draft == "Ya está"


def test_an_answer_for_later_than_the_end_is_refused_and_a_sooner_one_taken(shop: Shop) -> None:
    number = shop.write(private=True, answer_until=NOW + HOUR)
    assert refused(shop, number, at=NOW + 2 * HOUR) == "window_ends"
    assert shop.desk.thread(number).draft == "Ya está"
    assert shop.desk.reply(number, "Ya está", at=NOW + HOUR / 2).next_attempt_at == NOW + HOUR / 2


def test_the_time_to_undo_is_cut_short_so_that_the_answer_leaves_in_time(shop: Shop) -> None:
    number = shop.write(private=True, answer_until=NOW + MINUTE + timedelta(seconds=4))
    assert shop.desk.hold_for(number) > timedelta(seconds=4)
    assert shop.desk.reply(number, "Ya está").next_attempt_at == NOW + timedelta(seconds=4)


def test_in_the_last_minute_it_leaves_at_once(shop: Shop) -> None:
    number = shop.write(private=True, answer_until=NOW + MINUTE / 2)
    assert shop.desk.reply(number, "Ya está").next_attempt_at == NOW


def test_nothing_changes_where_there_is_no_end(shop: Shop) -> None:
    number = shop.write(private=True)
    item = shop.desk.reply(number, "Ya está")
    assert item.next_attempt_at == NOW + shop.desk.hold_for(number)


def test_the_next_message_of_the_customer_opens_it_again(shop: Shop) -> None:
    number = shop.write(private=True, answer_until=NOW + HOUR)
    shop.later(2)
    assert refused(shop, number) == "window_closed"
    shop.write(private=True, answer_until=NOW + 26 * HOUR)
    assert shop.desk.reply(number, "Ya está").text == "Ya está"


def test_other_settings_of_the_account_leave_the_last_word_to_the_network(shop: Shop) -> None:
    """A template that WhatsApp takes at any time, say: what was told without it is not true any more."""
    number = shop.write(private=True, answer_until=NOW + HOUR)
    shop.write(who="luis", private=True, account="other", answer_until=NOW + HOUR)
    shop.desk.set_options("lola", {"template": "hola/es"})
    assert (shop.desk.row(number).answer_until, shop.desk.row(number).due_at) == (None, NOW + 5 * HOUR)
    shop.later(2)
    assert shop.desk.reply(number, "Ya está").text == "Ya está"
    assert refused(shop, number + 1) == "window_closed"


def test_whoever_agrees_to_an_answer_too_late_is_told_so(shop: Shop) -> None:
    """It waits on, so that it can be refused with a note, or go out once the customer has written again."""
    two = ApprovalSettings(("Marta", "Luis"), ("insult",))
    marta, luis = (Desk(shop.database, shop.clock, Config(agent=who, approval=two)) for who in two.people)
    number = shop.write(private=True, answer_until=NOW + HOUR)
    marta.set_situation(number, "insult")
    item = marta.reply(number, "Ya está")
    shop.later(2)
    with pytest.raises(Refused) as error:
        luis.approve(item.id)
    assert error.value.code == "window_closed"
    assert [one.state for one in marta.outbox()] == [Delivery.AWAITING_APPROVAL]


def test_a_snooze_does_not_sleep_through_the_end(shop: Shop) -> None:
    """It comes back an hour before, unless that is over already; whoever was answered waits for nothing."""
    number = shop.write(private=True, answer_until=NOW + 3 * HOUR)
    shop.desk.snooze(number, NOW + 20 * HOUR)
    assert shop.desk.row(number).snoozed_until == NOW + 2 * HOUR
    shop.desk.snooze(number, NOW + HOUR)
    assert shop.desk.row(number).snoozed_until == NOW + HOUR
    shop.later(2.5)
    shop.desk.snooze(number, NOW + 20 * HOUR)
    assert shop.desk.row(number).snoozed_until == NOW + 20 * HOUR
    answered = shop.write(who="luis", ago=HOUR, private=True, answer_until=NOW + 6 * HOUR)
    shop.write(who="luis", private=True, out=True)
    shop.desk.snooze(answered, NOW + 20 * HOUR)
    assert shop.desk.row(answered).snoozed_until == NOW + 20 * HOUR


def test_when_a_window_is_worth_a_word() -> None:
    end = NOW + 10 * HOUR
    assert not is_shown(None, NOW, NOW)
    assert not is_shown(end, NOW + HOUR, NOW), "the promise is sooner, and there is time"
    assert is_shown(end, NOW + 24 * HOUR, NOW), "it decides the place in the queue"
    assert is_shown(end, None, NOW)
    assert is_shown(end, NOW + HOUR, NOW + 3 * HOUR)
    assert is_shown(end, NOW + HOUR, end + HOUR)
    assert is_closed(end, end) and not is_closed(end, end - MINUTE) and not is_closed(None, NOW)


def test_what_leaves_anyway_keeps_its_moment() -> None:
    assert in_time(NOW + MINUTE, None, NOW) == NOW + MINUTE
    assert in_time(NOW + MINUTE, NOW + HOUR, NOW) == NOW + MINUTE
    assert in_time(NOW + HOUR, NOW - HOUR, NOW) == NOW, "whether it may leave at all is another question"
