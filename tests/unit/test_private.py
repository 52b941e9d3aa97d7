"""Why a conversation cannot be taken to private, said before anything is written (need B3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.domain.models import Delivery
from socialdesk.errors import Refused
from socialdesk.storage.database import Database
from socialdesk.wording import explain


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def on(shop: Shop, channel: str, **columns: object) -> None:
    """Let the account be on that network."""
    options: Mapping[str, object] = {"options": json.dumps({"channel": channel}), **columns}
    with shop.database.write() as connection:
        for column, value in options.items():
            connection.exec_driver_sql(f"UPDATE account SET {column} = ?", (value,))


def refused(shop: Shop, conversation: int) -> str:
    with pytest.raises(Refused) as caught:
        shop.desk.take_private(conversation, "Te escribimos", "Hola")
    assert explain(caught.value.code).todo, "it says the next best way"
    assert caught.value.code == shop.desk.private_way(conversation)
    return caught.value.code


def test_b3_a_network_without_private_messages_says_so(shop: Shop) -> None:
    conversation = shop.write()
    on(shop, "google")
    assert refused(shop, conversation) == "no_private_replies"


def test_b3_a_private_conversation_needs_no_taking(shop: Shop) -> None:
    assert refused(shop, shop.write(private=True)) == "already_private"


def test_b3_an_account_that_may_not_write_privately_says_so(shop: Shop) -> None:
    conversation = shop.write()
    on(shop, "x", lacking='["dm_not_allowed"]')
    assert refused(shop, conversation) == "dm_not_allowed"


def test_b3_one_private_message_to_a_public_one_where_the_network_allows_no_more(shop: Shop) -> None:
    conversation = shop.write()
    on(shop, "facebook")
    private, _ = shop.desk.take_private(conversation, "Te escribimos", "Hola")
    assert refused(shop, conversation) == "private_once"
    shop.desk.undo_reply(private.id)
    assert shop.desk.private_way(conversation) == ""
    on(shop, "x")
    shop.desk.take_private(conversation, "Te escribimos", "Hola")
    assert shop.desk.private_way(conversation) == ""


def test_b3_the_window_of_the_network_is_kept(shop: Shop) -> None:
    conversation = shop.write(ago=6 * 24 * HOUR)
    on(shop, "instagram")
    assert shop.desk.private_way(conversation) == ""
    shop.later(25)
    assert refused(shop, conversation) == "private_window"


def test_b3_nothing_empty_is_sent_and_both_wait_for_the_undo_window(shop: Shop) -> None:
    conversation = shop.write()
    for public, private in (("", "Hola"), ("Te escribimos", " ")):
        with pytest.raises(Refused) as caught:
            shop.desk.take_private(conversation, public, private)
        assert caught.value.code == "empty"
    private_item, public_item = shop.desk.take_private(conversation, "Te escribimos", "Hola")
    assert {private_item.state, public_item.state} == {Delivery.QUEUED}
    assert {private_item.next_attempt_at, public_item.next_attempt_at} == {NOW + timedelta(seconds=10)}


def test_b3_what_was_not_seen_stops_both_and_keeps_the_public_line_only(shop: Shop) -> None:
    conversation = shop.write(ago=HOUR)
    seen = shop.desk.thread(conversation).seen
    shop.write("¿y bien?")
    with pytest.raises(Refused) as caught:
        shop.desk.take_private(conversation, "Te escribimos", "Su IBAN", seen=seen)
    assert caught.value.code == "written_meanwhile"
    assert (shop.desk.outbox(), shop.desk.thread(conversation).draft) == ([], "Te escribimos")
