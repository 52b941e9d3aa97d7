"""Ids that grow with time (NEEDS B3: a conversation reads in its order)."""

from __future__ import annotations

from socialdesk.storage.ids import first_id, message_id

AT = 1_795_417_380_000


def test_two_lines_of_one_second_keep_their_order() -> None:
    """Networks that tell whole seconds number their messages; without that number chance decided."""
    ids = [message_id(AT, 1, f"-1001234567890:{number}") for number in range(200, 1200)]
    assert ids == sorted(ids) and len(set(ids)) == len(ids)


def test_an_id_stays_within_its_millisecond_and_is_always_the_same() -> None:
    """Whatever the network's id ends with."""
    for remote in ("1", "9" * 400, "at://did:plc:x/post/3kabc", "<a@b>", "", "ñ٣", "-5"):
        found = message_id(AT, 1, remote)
        assert first_id(AT) <= found < first_id(AT + 1) and found == message_id(AT, 1, remote)


def test_two_accounts_with_the_same_numbers_seldom_meet() -> None:
    """Each counts from one."""
    assert len({message_id(AT, account, "55") for account in range(1, 9)}) > 4
