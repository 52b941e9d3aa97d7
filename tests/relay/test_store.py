"""What the relay keeps, and for how long."""

from __future__ import annotations

import fcntl
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from socialdesk.clock import ManualClock
from socialdesk.errors import Refused
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import CONFIRMED, UNCONFIRMED, Incoming, Item, Store

MOMENT = timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "relay.db")
    made.create("shop", Kind.META, "env:META")
    yield made
    made.close()


def put(store: Store, clock: ManualClock, *bodies: bytes) -> None:
    store.keep([Incoming("shop", clock.now(), "", body) for body in bodies])


def items(store: Store) -> list[Item]:
    return store.after("shop", 0, 100, 1 << 20)[0]


def there(store: Store) -> list[bytes]:
    return [one.body for one in items(store)]


def test_a_restart_forgets_nothing(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    put(store, clock, b"a", b"b")
    store.confirm("shop", items(store)[0].position, clock.now())
    again = Store(tmp_path / "relay.db")
    assert there(again) == [b"a", b"b"] and again.mailboxes() == store.mailboxes()
    again.close()


def test_what_is_confirmed_stays_for_a_day_for_a_desk_that_was_restored(
    store: Store, clock: ManualClock
) -> None:
    put(store, clock, b"a", b"b")
    store.confirm("shop", items(store)[0].position, clock.now())
    clock.moment += CONFIRMED
    assert store.clean(clock.now()) == 0
    clock.moment += MOMENT
    assert (store.clean(clock.now()), there(store)) == (1, [b"b"])


def test_what_nobody_fetches_stays_for_two_weeks(store: Store, clock: ManualClock) -> None:
    put(store, clock, b"a")
    clock.moment += UNCONFIRMED
    assert store.clean(clock.now()) == 0
    clock.moment += MOMENT
    assert store.clean(clock.now()) == 1


def test_a_position_is_never_given_twice(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    put(store, clock, b"a", b"b")
    newest = items(store)[-1].position
    store.confirm("shop", newest, clock.now())
    clock.moment += 2 * CONFIRMED
    store.clean(clock.now())
    again = Store(tmp_path / "relay.db")
    clock.moment -= 20 * CONFIRMED  # a clock that was wrong
    put(again, clock, b"c")
    assert there(again) == [b"c"] and items(again)[0].position > newest
    again.close()


def test_confirming_what_has_not_come_yet_says_nothing_of_it(store: Store, clock: ManualClock) -> None:
    """A desk that fetched from another relay before knows other positions."""
    store.confirm("shop", 1 << 60, clock.now())
    put(store, clock, b"a")
    clock.moment += 2 * CONFIRMED
    assert store.clean(clock.now()) == 0 and there(store) == [b"a"] and store.waiting("shop")[0] == 1
    store.confirm("shop", items(store)[0].position, clock.now())
    clock.moment += 2 * CONFIRMED
    assert store.clean(clock.now()) == 1


def test_a_late_confirmation_takes_none_back(store: Store, clock: ManualClock) -> None:
    put(store, clock, b"a", b"b")
    first, second = items(store)
    store.confirm("shop", second.position, clock.now())
    clock.moment += CONFIRMED / 2
    store.confirm("shop", first.position, clock.now())
    assert store.waiting("shop")[0] == 0
    clock.moment += CONFIRMED / 2 + MOMENT
    assert store.clean(clock.now()) == 2


def test_who_writes_is_alone_among_the_processes(store: Store, tmp_path: Path) -> None:
    """The commands write beside the service; one moves the log into the file while another commits."""
    with (tmp_path / ".relay.db.lock").open("r+") as other:
        with store._file.writing(), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_same_bytes_are_something_new_after_a_day(store: Store, clock: ManualClock) -> None:
    put(store, clock, b"a", b"a")
    clock.moment += timedelta(days=1) + MOMENT
    put(store, clock, b"a")
    assert there(store) == [b"a", b"a"]


def test_what_came_for_a_mailbox_that_is_gone_is_dropped(store: Store, clock: ManualClock) -> None:
    store.remove("shop")
    put(store, clock, b"a")
    assert store.after("shop", 0, 9, 99) == ([], 0, 0)


def test_an_answer_stays_small_but_never_empty(store: Store, clock: ManualClock) -> None:
    put(store, clock, b"x" * 100, b"y" * 100, b"z")
    first = items(store)[0].position
    assert [one.position for one in store.after("shop", 0, 9, 150)[0]] == [first]
    assert [one.position for one in store.after("shop", 0, 9, 10)[0]] == [first]
    assert [one.body[:1] for one in store.after("shop", first, 9, 101)[0]] == [b"y", b"z"]


def test_names_are_taken_once_and_unknown_ones_refused(store: Store) -> None:
    for act, code in (
        (lambda: store.create("shop", Kind.X, "env:X"), "relay_taken"),
        (lambda: store.renew("shopp"), "relay_unknown"),
        (lambda: store.remove("shopp"), "relay_unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == code


def test_the_file_is_its_owners_and_holds_no_key(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "relay.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = store.renew("shop")
    assert store.opened_by(key) == "shop" and store.opened_by("") == ""
    assert all(key.encode() not in one.read_bytes() for one in tmp_path.glob("relay.db*"))


def test_a_newer_file_and_one_that_is_none_are_left_alone(tmp_path: Path, store: Store) -> None:
    store.setting("user_version = 99")
    (tmp_path / "bad.db").write_bytes(b"no database at all, but long enough to look like one" * 50)
    for name, code in (("relay.db", "relay_newer"), ("bad.db", "relay_file"), (".", "relay_file")):
        with pytest.raises(Refused) as refusal:
            Store(tmp_path / name)
        assert refusal.value.code == code
