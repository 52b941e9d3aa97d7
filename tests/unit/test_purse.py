"""What an account spends is kept in the desk: no restart, no crash and no second look makes it more than the limit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from helpers.bench import Bench
from helpers.manual import Inline
from socialdesk.clock import ManualClock
from socialdesk.connectors.metering import Period, Tariff, charged
from socialdesk.domain.models import AccountState
from socialdesk.errors import DeskBusy, OutcomeUnknown, RateLimited, Rejected, Temporary
from socialdesk.storage import spending as kept
from socialdesk.storage import standing
from socialdesk.sync.purse import AccountPurse
from socialdesk.sync.storeroom import Storeroom

pytestmark = pytest.mark.anyio
MONTHLY = Tariff(1_000, Period.MONTH, euros=1.0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def bench(clock: ManualClock) -> AsyncIterator[Bench]:
    clock.moment = datetime(2026, 11, 16, tzinfo=UTC)
    made = Bench(clock)
    made.add()
    yield made
    made.close()


def purse(bench: Bench, tariff: Tariff = MONTHLY) -> AccountPurse:
    """What a new start of the engine has."""
    account = standing.enrolled(bench.database.read())[0].account
    return AccountPurse(account, tariff, Storeroom(bench.database, Inline(1)), bench.clock)


async def test_what_was_spent_outlasts_a_restart_and_a_new_month_begins_anew(bench: Bench) -> None:
    before = await purse(bench).left()
    async with charged(purse(bench), 100) as charge:
        charge.cost = 60
    assert await purse(bench).left() == before - 60
    bench.clock.moment += timedelta(days=20)
    assert await purse(bench).left() > before - 60, "December"
    assert bench.all("SELECT day, reading, answering FROM spending") == [("2026-11-16", 60, 0)]


async def test_reading_leaves_something_for_answers(bench: Bench) -> None:
    mine = purse(bench)
    left = await mine.left()
    assert 890 < left < 930
    async with charged(mine, left) as charge:
        charge.cost = left
    with pytest.raises(RateLimited) as refusal:
        await mine.take(1)
    assert (refusal.value.code, refusal.value.until) == ("budget_spent", datetime(2026, 12, 1, tzinfo=UTC))
    async with charged(mine, 50, answer=True) as charge:
        charge.cost = 50
    with pytest.raises(Rejected) as no:
        await mine.take(1_000, answer=True)
    assert no.value.code == "budget_spent"
    assert bench.all("SELECT reading + answering FROM spending") == [(left + 50,)]


async def test_two_calls_at_once_do_not_spend_the_same_money(bench: Bench) -> None:
    """What another has set aside mostly comes back: it is waited for, and no reason to say that all is spent."""
    mine = purse(bench)
    left = await mine.left()
    await mine.take(left - 10)
    waiting = asyncio.create_task(mine.take(20))
    answer = asyncio.create_task(mine.take(120, answer=True))
    await asyncio.sleep(0.01)
    assert not waiting.done() and not answer.done()
    await mine.pay(left - 10, 5)
    await asyncio.wait_for(asyncio.gather(waiting, answer), 2)
    await mine.pay(20, 0)
    with pytest.raises(RateLimited):
        await mine.take(left)


async def test_a_desk_that_cannot_be_read_or_written_keeps_no_money_aside_and_forgets_no_cost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = purse(bench)
    left = await mine.left()

    def busy(*_args: object) -> None:
        raise DeskBusy

    with monkeypatch.context() as trouble:
        trouble.setattr(kept, "between", busy)
        for _ in range(3):
            with pytest.raises(DeskBusy):
                await mine.take(left)
    assert await mine.left() == left
    await mine.take(100)
    with monkeypatch.context() as trouble:
        trouble.setattr(kept, "add", busy)
        with pytest.raises(DeskBusy):
            await mine.pay(100, 60)
    assert await mine.left() == left - 60
    async with charged(mine, 10) as charge:
        charge.cost = 5
    assert await purse(bench).left() == left - 65


async def test_a_day_that_a_wrong_clock_wrote_counts_in_no_other_month(bench: Bench) -> None:
    before = await purse(bench).left()
    bench.clock.moment += timedelta(days=420)
    async with charged(purse(bench), 100) as charge:
        charge.cost = 100
    bench.clock.moment -= timedelta(days=420)
    assert await purse(bench).left() == before
    async with charged(purse(bench), 50) as charge:
        charge.cost = 50
    assert await purse(bench).left() == before - 50


async def test_an_answer_is_paid_before_it_leaves(bench: Bench) -> None:
    """A crash in the middle of it forgets nothing."""
    await purse(bench).take(200, answer=True)
    assert bench.all("SELECT answering FROM spending") == [(200,)]
    assert await purse(bench).left() < 730


@pytest.mark.parametrize(
    ("error", "answer", "spent"),
    [
        (Temporary("no line"), True, 0),
        (Temporary("no line"), False, 0),
        (OutcomeUnknown("no answer"), True, 100),
        (KeyboardInterrupt(), True, 100),
        (KeyboardInterrupt(), False, 0),
    ],
)
async def test_what_did_not_happen_costs_nothing(
    bench: Bench, error: BaseException, answer: bool, spent: int
) -> None:
    mine = purse(bench)
    whole = await mine.left()
    with pytest.raises(type(error)):
        async with charged(mine, 100, answer=answer):
            raise error
    assert whole - await mine.left() == spent


async def test_a_quota_that_would_not_last_slows_the_looks_down(bench: Bench) -> None:
    tariff = Tariff(200, Period.DAY, "America/Los_Angeles", look=2)
    mine = purse(bench, tariff)
    slow = await mine.pause(MINUTE, 3)
    assert slow > 5 * MINUTE
    assert bench.all("SELECT pause >= 300, look FROM allowance") == [(1, 2)]
    assert await purse(bench, Tariff(20_000, Period.DAY, look=2)).pause(MINUTE, 3) == MINUTE
    assert bench.all("SELECT pause FROM allowance") == [(0,)]


async def test_a_look_costs_what_it_turns_out_to_cost(bench: Bench) -> None:
    mine = purse(bench, Tariff(2_000, Period.DAY, look=2))
    quick = await mine.pause(MINUTE, 1)
    for _ in range(20):
        async with charged(mine, 10) as charge:
            charge.cost = 10
        slow = await mine.pause(MINUTE, 0)
    assert slow > 3 * quick


class Charges:
    """Mixed into a connector whose visits and answers cost more than half of the first month's limit."""

    limit = 500

    @classmethod
    def tariff(cls, _options: object) -> Tariff:
        return Tariff(cls.limit, Period.MONTH, euros=1.0)


async def test_the_engine_stops_before_the_limit_says_so_and_goes_on_when_more_is_given(bench: Bench) -> None:
    """Never more than the budget; the draft of an answer that cannot be paid is kept."""
    scripted = bench.kind

    class Shop(Charges, scripted):  # type: ignore[misc, valid-type]
        async def fetch(self, cursor: str) -> object:
            async with charged(self.host.purse, 300) as charge:
                charge.cost = 300
                return await super().fetch(cursor)

        async def send(self, outgoing: object) -> object:
            async with charged(self.host.purse, 300, answer=True) as charge:
                charge.cost = 300
                return await super().send(outgoing)

    bench.kind = Shop
    bench.network.customer("shop", "1", "¿Abrís hoy?", bench.clock.now())
    async with bench.running():
        await bench.pace.advance(3600)
        assert bench.account() == (AccountState.LIMITED.value, "budget_spent")
        assert bench.all("SELECT sum(reading + answering) FROM spending") == [(300,)]
        bench.reply("Hasta las ocho")
        await bench.pace.advance(60)
        assert bench.states() == ["failed"]
        assert bench.all("SELECT reason FROM outbox") == [("budget_spent",)]
    Shop.limit = 5_000
    bench.write("UPDATE account SET state = 'new', problem = '', next_attempt_at = NULL")
    async with bench.running():
        await bench.pace.advance(60)
        assert bench.account() == (AccountState.OK.value, "")
