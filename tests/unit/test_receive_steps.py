"""What is stored before it is understood, and at which pace an account is asked (NEEDS A1, promises 2, 3 and 16)."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Identity, Page, Raw
from socialdesk.domain.models import Account, Direction
from socialdesk.domain.priority import to_ms
from socialdesk.errors import AuthRequired, RateLimited, Temporary
from socialdesk.storage import inbox, standing
from socialdesk.storage.accounts import accounts
from socialdesk.storage.inbox import BATCH, Given, Stored, Understood, as_json
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.sync import receive

SECOND = timedelta(seconds=1)
ANA = Person("ana", "@ana")


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    made.add()
    yield made
    made.close()


# What is stored -------------------------------------------------------------------


def page(bench: Bench, *items: tuple[str, str], cursor: str = "c", number: int = 1) -> int:
    with bench.database.write() as c:
        given = [Given(*item) for item in items]
        return inbox.store_page(c, number, given, cursor, bench.clock.now())


def take_in(bench: Bench, *batch: Understood, version: str = "v1") -> set[int]:
    with bench.database.write() as c:
        return inbox.take_in(c, account(bench), batch, version, bench.clock.now())


def account(bench: Bench) -> Account:
    return accounts(bench.database.read())[0]


def said(name: str, text: str = "hola", **more: Any) -> Incoming:
    return Incoming(name, f"c-{name}", Direction.IN, more.pop("at"), ANA, ANA, text, **more)


def raw(bench: Bench) -> list[tuple[Any, ...]]:
    return bench.all(
        "SELECT remote_id, payload, state, error, parsed_by, received_at FROM raw_item ORDER BY id"
    )


def test_a_payload_is_the_same_text_whatever_the_order_of_its_keys() -> None:
    assert (
        as_json({"b": [1, "é"], "a": None})
        == as_json({"a": None, "b": [1, "é"]})
        == '{"a":null,"b":[1,"\\u00e9"]}'
    )


def test_a_page_is_kept_as_it_came_with_its_cursor(bench: Bench) -> None:
    bench.add("other")
    assert page(bench, ("1", "{}"), ("2", "[]"), cursor="next") == 2
    now = to_ms(bench.clock.now())
    assert raw(bench) == [("1", "{}", "stored", "", "", now), ("2", "[]", "stored", "", "", now)]
    assert bench.all("SELECT cursor FROM account ORDER BY id") == [("next",), ("",)]
    assert page(bench, ("1", "{}"), number=2) == 1, "another account's is another item"


def test_the_same_again_is_nothing_new_and_another_content_is_looked_at_anew(bench: Bench) -> None:
    page(bench, ("1", "{}"), ("2", "{}"))
    bench.write("UPDATE raw_item SET state = 'quarantined', error = 'x', parsed_by = 'v1'")
    before, first = raw(bench), to_ms(bench.clock.now())
    bench.clock.moment += SECOND
    assert page(bench, ("1", "{}"), cursor="c2") == 0
    assert raw(bench) == before
    assert page(bench, ("1", "{}"), ("2", '{"a":1}'), cursor="c2") == 1
    assert raw(bench) == [
        ("1", "{}", "quarantined", "x", "v1", first),
        ("2", '{"a":1}', "stored", "", "v1", first + 1000),
    ]
    assert bench.all("SELECT cursor FROM account") == [("c2",)]


def test_what_waits_to_be_understood_is_fresh_or_another_version_s(bench: Bench) -> None:
    bench.add("other")
    page(bench, *((str(n), "{}") for n in range(4)))
    page(bench, ("theirs", "{}"), number=2)
    for name, state, version in (
        ("1", "parsed", "v0"),
        ("2", "quarantined", "v1"),
        ("3", "quarantined", "v0"),
    ):
        bench.write("UPDATE raw_item SET state = ?, parsed_by = ? WHERE remote_id = ?", state, version, name)
    assert inbox.pending(bench.database.read(), 1, "v1") == [Stored(1, "0", "{}"), Stored(4, "3", "{}")]
    assert [one.id for one in inbox.pending(bench.database.read(), 2, "v1")] == ["theirs"]


def test_no_more_is_taken_in_at_once_than_lets_a_person_s_own_action_through(bench: Bench) -> None:
    page(bench, *((f"{n:03}", "{}") for n in range(BATCH + 9)))
    found = [one.id for one in inbox.pending(bench.database.read(), 1, "v1")]
    assert found == [f"{n:03}" for n in range(50)]


def test_what_was_understood_is_marked_and_its_conversations_are_told(bench: Bench) -> None:
    page(bench, ("1", "{}"), ("2", "{}"), ("3", "{}"))
    at = bench.clock.now()
    bench.write("UPDATE raw_item SET error = 'old'")
    touched = take_in(
        bench, Understood(1, (said("1", at=at), said("1b", at=at))), Understood(2, error="KeyError")
    )
    assert touched == {1, 2}
    assert [row[2:5] for row in raw(bench)] == [
        ("parsed", "", "v1"), ("quarantined", "KeyError", "v1"), ("stored", "old", ""),
    ]  # fmt: skip


def test_an_item_that_cannot_be_stored_keeps_no_other_out(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Promise 3."""
    page(bench, ("1", "{}"), ("2", "{}"), ("3", "{}"))
    at = bench.clock.now()
    bad = said("2", at=at, remote={"uri": object()})
    touched = take_in(
        bench, *(Understood(n, (m,)) for n, m in ((1, said("1", at=at)), (2, bad), (3, said("3", at=at))))
    )
    assert len(touched) == 2 and len(bench.texts()) == 2
    assert [row[2:5] for row in raw(bench)] == [
        ("parsed", "", "v1"), ("quarantined", "store: TypeError", "v1"), ("parsed", "", "v1"),
    ]  # fmt: skip
    assert take_in(bench, Understood(2, (bad,)), version="v2") == set()
    assert raw(bench)[1][2:5] == ("quarantined", "store: TypeError", "v2")


# At which pace ---------------------------------------------------------------------


def fetches(bench: Bench) -> int:
    return bench.scripts["shop"].calls.count("fetch")


@pytest.mark.anyio
async def test_an_account_in_order_is_asked_about_once_a_poll_and_never_in_step(bench: Bench) -> None:
    """Thirty seconds, a tenth more or less, so that many accounts do not ask at once."""
    times: list[float] = []
    began = bench.clock.now()
    async with bench.running():
        for _ in range(1200):
            count = fetches(bench)
            await bench.advance(0.5)
            if fetches(bench) > count:
                times.append((bench.clock.now() - began).total_seconds())
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert 17 <= len(pauses) <= 22
    assert all(26 < pause < 34 for pause in pauses) and max(pauses) - min(pauses) > 2


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fault", "minutes"), [(AuthRequired("no"), 15), (KeyError("uri"), 10)], ids=["signed out", "broken"]
)
async def test_where_only_a_person_helps_it_is_tried_seldom(
    bench: Bench, fault: Exception, minutes: int
) -> None:
    bench.scripts["shop"].fails_always = fault
    async with bench.running():
        assert fetches(bench) == 1
        [(at, failures)] = bench.all("SELECT next_attempt_at, failures FROM account")
        assert failures == 1
        assert abs(at - to_ms(bench.clock.now()) - minutes * 60_000) <= 1_000
        await bench.advance(minutes * 60 - 5)
        assert fetches(bench) == 1
        await bench.advance(10)
        assert fetches(bench) == 2
    assert bench.all("SELECT failures FROM account") == [(2,)]


@pytest.mark.anyio
async def test_trouble_is_stored_with_what_is_known_of_it_and_is_over_with_the_next_success(
    bench: Bench,
) -> None:
    bench.scripts["shop"].fails_always = Temporary("the network says 503")
    columns = "SELECT state, problem, detail, failures, last_success_at IS NULL, next_attempt_at IS NULL FROM account"
    async with bench.running():
        assert bench.all(columns) == [("trouble", "temporary", "the network says 503", 1, 1, 0)]
        bench.scripts["shop"].fails_always = None
        await bench.advance(20)
        assert bench.all(columns) == [("ok", "", "", 0, 0, 1)]


@pytest.mark.anyio
async def test_a_first_failure_is_logged_once_and_a_plugin_s_fault_each_time(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "socialdesk.sync.receive")
    bench.scripts["shop"].fails_always = Temporary("the network says 503")
    async with bench.running():
        await bench.advance(120)
    assert [r.getMessage() for r in caplog.records] == ["account shop: temporary: the network says 503"]
    caplog.clear()
    bench.scripts["shop"].fails_always = KeyError("uri")
    async with bench.running():
        await bench.advance(1300)
    assert {r.getMessage().split(" (")[0] for r in caplog.records} == {"account shop: the connector"}
    assert len(caplog.records) == 3 and all(r.exc_info for r in caplog.records)


@pytest.mark.anyio
async def test_a_success_is_written_down_once_a_minute_while_nothing_changes(bench: Bench) -> None:
    """Each one would cost the disk a commit; the age of the last success stays true to a minute and a poll."""
    seen = set()
    async with bench.running():
        for _ in range(600):
            await bench.advance(1)
            [(at,)] = bench.all("SELECT last_success_at FROM account")
            assert at is not None and 0 <= to_ms(bench.clock.now()) - at <= 100_000
            seen.add(at)
    later = sorted(seen)
    assert all(b - a >= 60_000 for a, b in itertools.pairwise(later)) and 6 <= len(later) <= 11


@pytest.mark.anyio
async def test_a_nudge_is_for_an_account_in_trouble_that_was_not_tried_just_now(bench: Bench) -> None:
    async with bench.running() as engine:
        engine.nudge()
        await bench.advance(1)
        assert fetches(bench) == 1, "in order: the poll will do"
        bench.scripts["shop"].fails_always = AuthRequired("no")
        await bench.advance(40)
        tried = fetches(bench)
        engine.nudge()
        await bench.advance(0)
        assert fetches(bench) == tried + 1
        for seconds, more in ((4, 1), (1, 2)):
            await bench.advance(seconds)
            engine.nudge()
            await bench.advance(0)
            assert fetches(bench) == tried + more, "five seconds after the last attempt"


@pytest.mark.anyio
async def test_a_network_s_wish_outlives_the_engine(bench: Bench) -> None:
    """A restart, or a nudge, is no reason to ask before the time that a network has named."""
    bench.scripts["shop"].fetches.append(RateLimited(until=bench.clock.now() + timedelta(minutes=10)))
    async with bench.running():
        pass
    await bench.advance(60)
    async with bench.running() as engine:
        engine.nudge()
        await bench.advance(500)
        assert fetches(bench) == 1
        await bench.advance(60)
        assert fetches(bench) >= 2


@pytest.mark.anyio
async def test_who_the_account_is_is_asked_once_and_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(self: Any) -> Identity:
        self.script.calls.append("check")
        return Identity("id-1", "@shop\x1b[2J\n", lacking=("dm_missing",))

    monkeypatch.setattr(bench.kind, "check", check)
    for _ in range(2):
        async with bench.running():
            await bench.advance(60)
    assert bench.scripts["shop"].calls.count("check") == 1
    assert bench.all("SELECT remote_id, handle, lacking FROM account") == [
        ("id-1", "@shop", '["dm_missing"]')
    ]


@pytest.mark.anyio
async def test_a_plugin_that_never_comes_to_an_end_is_at_fault(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def same(self: Any, cursor: str) -> Page:
        return Page([Raw("1", {"poison": True})], "1", more=True)

    async def endless(self: Any, cursor: str) -> Page:
        return Page([], str(int(cursor or 0) + 1), more=True)

    monkeypatch.setattr(bench.kind, "fetch", same)
    async with bench.running():
        assert bench.account() == ("broken", "plugin")
        [(told,)] = bench.all("SELECT detail FROM account")
        assert "nothing new" in told
    monkeypatch.setattr(bench.kind, "fetch", endless)
    monkeypatch.setattr(receive, "MAX_PAGES", 20)
    async with bench.running():
        [(told, cursor)] = bench.all("SELECT detail, cursor FROM account")
        assert "never ends" in told and cursor == "21"


@pytest.mark.anyio
async def test_items_without_another_cursor_are_news_enough(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some networks page by what was read already; the next page is asked for as long as something comes."""
    left = [2, 1, 0]

    async def fetch(self: Any, cursor: str) -> Page:
        number = left.pop(0) if left else 0
        return Page([Raw(str(number), {"poison": True})], "", more=number > 0)

    monkeypatch.setattr(bench.kind, "fetch", fetch)
    visits = await bench.engine().once()
    assert [(visit.ok, visit.received) for visit in visits] == [(True, 3)]
    assert [row[0] for row in raw(bench)] == ["2", "1", "0"]


@pytest.mark.anyio
async def test_a_page_without_news_writes_nothing(bench: Bench) -> None:
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        await bench.advance(2)
        version = bench.database.version()
        before = fetches(bench)
        await bench.advance(40)
        assert fetches(bench) > before
        assert bench.database.version() == version


@pytest.mark.anyio
async def test_a_desk_that_cannot_note_its_success_is_trouble_and_asked_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, broken = standing.note_success, [OSError("disk full")]

    def sometimes(*args: Any) -> None:
        if broken:
            raise broken.pop()
        real(*args)

    monkeypatch.setattr(standing, "note_success", sometimes)
    async with bench.running():
        assert bench.account()[0] == "trouble"
        await bench.advance(10)
        assert bench.account() == ("ok", "")


@pytest.mark.anyio
async def test_a_language_told_by_the_network_is_kept(bench: Bench) -> None:
    bench.network.customer("shop", "1", "👍", bench.clock.now(), language="GL")
    async with bench.running():
        pass
    assert bench.all("SELECT language FROM conversation") == [("gl",)]
