"""Receiving (NEEDS A1): nothing lost, nothing twice, one account's trouble stays its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState
from socialdesk.errors import AuthRequired, RateLimited, Rejected, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    yield made
    made.close()


async def test_a_message_is_in_the_queue_with_its_own_clock(bench: Bench) -> None:
    """A1: the wait runs from when the customer wrote."""
    bench.add()
    written = bench.clock.now() - timedelta(minutes=7)
    bench.network.customer("shop", "1", "¿Abrís hoy?", written)
    async with bench.running():
        pass
    assert bench.texts() == ["¿Abrís hoy?"]
    assert bench.all("SELECT waiting_since FROM conversation") == [(int(written.timestamp() * 1000),)]
    assert bench.account() == ("ok", "")


async def test_pages_are_read_to_the_end_and_a_replay_changes_nothing(bench: Bench) -> None:
    bench.add()
    bench.kind.page = 3
    for n in range(10):
        bench.network.customer("shop", str(n), f"message {n}", bench.clock.now() - timedelta(minutes=60 - n))
    async with bench.running():
        pass
    before = bench.all("SELECT * FROM message"), bench.all("SELECT * FROM conversation")
    assert len(bench.texts()) == 10
    bench.write("UPDATE account SET cursor = ''")
    async with bench.running():
        pass
    assert (bench.all("SELECT * FROM message"), bench.all("SELECT * FROM conversation")) == before


async def test_a_part_of_a_network_that_fails_is_seen_beside_its_account_until_it_works(bench: Bench) -> None:
    """A1: the account works, and yet something does not come in; the desk is written only when that changes."""
    script = bench.add()
    desk = Desk(bench.database, bench.clock, bench.config)

    async def lacking(codes: tuple[str, ...] | None) -> tuple[str, ...]:
        script.lacking = codes
        await bench.advance(40)
        [account] = desk.accounts()
        assert account.state is AccountState.OK
        return account.lacking

    async with bench.running():
        assert await lacking(None) == ()
        assert await lacking(("dm_failing",)) == ("dm_failing",)
        assert await lacking(None) == ("dm_failing",), "nothing said, nothing changed"
        assert await lacking(()) == ()


async def test_a_poison_item_blocks_nothing_and_is_tried_again_by_another_version(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A1: what cannot be understood is kept, seen, and understood later."""
    bench.add()
    for n in range(5):
        bench.network.customer("shop", str(n), f"message {n}", bench.clock.now(), poison=n == 2)
    async with bench.running():
        pass
    assert len(bench.texts()) == 4
    assert bench.all("SELECT remote_id, error FROM raw_item WHERE state = 'quarantined'") == [
        ("2", "KeyError: 'author'")
    ]
    monkeypatch.setattr(bench.kind, "parse", lambda self, raw: fixed(self, raw))
    real = bench.kind.__mro__[1].parse  # type: ignore[attr-defined]

    def fixed(self: object, raw: object) -> object:
        raw.payload.pop("poison", None)  # type: ignore[attr-defined]
        return real(self, raw)

    async with bench.running():
        pass
    assert len(bench.texts()) == 4  # the same version does not try in vain
    monkeypatch.setattr("socialdesk.sync.understand.__version__", "99.0")
    async with bench.running():
        pass
    assert len(bench.texts()) == 5


async def test_what_a_crash_left_unread_is_understood_at_the_start(bench: Bench) -> None:
    bench.add()
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        pass
    bench.write("DELETE FROM message")
    bench.write("UPDATE raw_item SET state = 'stored'")
    bench.scripts["shop"].fails_always = Temporary()
    async with bench.running():
        pass
    assert bench.texts() == ["hola"]


async def test_text_is_scrubbed_before_it_is_stored(bench: Bench) -> None:
    bench.add()
    bench.network.customer("shop", "1", "a\x1b[2Jb\u202e", bench.clock.now(), who="e\x1b]0;x\x07ve")
    async with bench.running():
        pass
    assert bench.texts() == ["ab"]
    assert bench.all("SELECT handle FROM contact") == [("@eve",)]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (httpx.ConnectError("no route"), ("offline", "offline")),
        (httpx.ReadTimeout("slow"), ("trouble", "timeout")),
        (Temporary("503"), ("trouble", "temporary")),
        (RateLimited("slow down"), ("limited", "rate_limited")),
        (AuthRequired("bad password"), ("auth", "auth_required")),
        (AuthRequired(code="keyring_mute"), ("auth", "keyring_mute")),
        (httpx.RemoteProtocolError("garbage"), ("trouble", "bad_answer")),
        (httpx.DecodingError("garbage"), ("trouble", "bad_answer")),
        (Rejected("taken down"), ("trouble", "request_refused")),
        (KeyError("uri"), ("broken", "plugin")),
        (RecursionError(), ("broken", "plugin")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_each_trouble_shows_its_state_and_passes(
    bench: Bench, fault: Exception, expected: tuple[str, str]
) -> None:
    bench.add().fetches.append(fault)
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        assert bench.account() == expected
        assert bench.texts() == []
        await bench.advance(timedelta(minutes=15))
        assert bench.account() == ("ok", "")
        assert bench.texts() == ["hola"]


@pytest.mark.parametrize("code", ["keyring_mute", "keyring_locked"])
async def test_a_keyring_is_asked_again_soon(bench: Bench, code: str) -> None:
    """Promise 12: it was locked before its person had signed in; a refused password waits for a person much longer."""
    bench.add().fetches.append(AuthRequired(code=code))
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        assert bench.account() == ("auth", code)
        await bench.advance(5)
        assert bench.texts() == ["hola"]


async def test_html_instead_of_json_is_a_bad_answer(bench: Bench) -> None:
    try:
        httpx.Response(200, text="<html>").json()
    except ValueError as error:
        bench.add().fetches.append(error)
    async with bench.running():
        assert bench.account() == ("trouble", "bad_answer")


async def test_back_off_grows_and_the_network_s_own_time_is_obeyed(bench: Bench) -> None:
    script = bench.add()
    script.fails_always = Temporary("down")
    async with bench.running():
        tries = []
        for _ in range(60):
            await bench.advance(10)
            tries.append(len(script.calls))
    first, last = tries[5] - 0, tries[-1] - tries[-6]
    assert first >= 4 > last
    until = bench.clock.now() + timedelta(minutes=30)
    script.fails_always = None
    script.fetches.append(RateLimited(until=until))
    async with bench.running() as engine:
        count = len(script.calls)
        engine.nudge()
        await bench.advance(timedelta(minutes=28))
        assert len(script.calls) == count
        await bench.advance(timedelta(minutes=3))
        assert len(script.calls) > count


async def test_one_account_that_hangs_delays_no_other(bench: Bench) -> None:
    bench.add("slow").fetches.extend(["hang"] * 100)
    bench.add("bad").fails_always = ZeroDivisionError()
    bench.add("missing", connector="gone")
    bench.add("good")
    async with bench.running():
        bench.network.customer("good", "1", "hola", bench.clock.now())
        await bench.advance(40)
        assert bench.texts() == ["hola"]
        await bench.advance(60)
    assert bench.account("good") == ("ok", "")
    assert bench.account("slow") == ("trouble", "timeout")
    assert bench.account("bad") == ("broken", "plugin")
    assert bench.account("missing") == ("broken", "plugin")


async def test_a_changed_password_is_tried_at_once_when_the_engine_is_nudged(bench: Bench) -> None:
    script = bench.add()
    script.fails_always = AuthRequired("wrong")
    async with bench.running() as engine:
        await bench.advance(60)
        assert bench.account() == ("auth", "auth_required")
        script.fails_always = None
        await bench.advance(60)
        assert bench.account() == ("auth", "auth_required")
        engine.nudge()
        await bench.advance(1)
        assert bench.account() == ("ok", "")


async def test_signing_in_again_under_the_same_settings_is_noticed_by_a_running_engine(bench: Bench) -> None:
    """A command or a variable that gives the password stays the same when the password changes."""
    script = bench.add()
    script.fails_always = AuthRequired("wrong")
    async with bench.running():
        await bench.advance(60)
        assert bench.account() == ("auth", "auth_required")
        script.fails_always = None
        bench.write("UPDATE account SET state = 'ok', problem = '', failures = 0, next_attempt_at = NULL")
        bench.network.customer("shop", "1", "hola", bench.clock.now())
        await bench.advance(2)
        assert bench.texts() == ["hola"]


async def test_a_network_that_asks_for_a_year_is_asked_again_after_a_day(bench: Bench) -> None:
    script = bench.add()
    script.fetches.append(RateLimited(until=bench.clock.now() + timedelta(days=400)))
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        assert bench.account() == ("limited", "rate_limited")
        await bench.hours(23)
        assert bench.texts() == []
        await bench.hours(2)
        assert bench.texts() == ["hola"]


async def test_accounts_that_come_pause_and_return_are_noticed(bench: Bench) -> None:
    async with bench.running():
        bench.add()
        bench.network.customer("shop", "1", "hola", bench.clock.now())
        await bench.advance(2)
        assert bench.texts() == ["hola"]
        bench.write("UPDATE account SET paused = 1")
        await bench.advance(2)
        bench.network.customer("shop", "2", "otra vez", bench.clock.now())
        await bench.advance(120)
        assert bench.texts() == ["hola"]
        bench.write("UPDATE account SET paused = 0")
        await bench.advance(2)
        assert bench.texts() == ["hola", "otra vez"]


async def test_snoozes_that_are_over_come_back(bench: Bench) -> None:
    """A1: what was put off returns by itself."""
    bench.add()
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        until = int((bench.clock.now() + timedelta(minutes=5)).timestamp() * 1000)
        bench.write("UPDATE conversation SET box = 'snoozed', urgency = ?, snoozed_until = ?", until, until)
        await bench.advance(290)
        assert bench.all("SELECT box FROM conversation") == [("snoozed",)]
        await bench.advance(15)
        assert bench.all("SELECT box FROM conversation") == [("open",)]


async def test_once_visits_each_account_and_says_how_it_went(bench: Bench) -> None:
    bench.add("good")
    bench.add("bad").fails_always = AuthRequired("revoked")
    bench.network.customer("good", "1", "hola", bench.clock.now())
    visits = {visit.account: visit for visit in await bench.engine().once()}
    assert visits["good"].ok and visits["good"].received == 1
    assert not visits["bad"].ok and visits["bad"].problem == "auth_required"


async def test_once_obeys_a_network_that_asked_to_wait(bench: Bench) -> None:
    script = bench.add()
    script.fetches.append(RateLimited(until=bench.clock.now() + timedelta(hours=1)))
    first = await bench.engine().once()
    again = await bench.engine().once()
    assert [visit.problem for visit in (*first, *again)] == ["rate_limited", "rate_limited"]
    assert script.calls.count("fetch") == 1
