"""Acts on a customer's message (B1, D5, D6): held, done by the engine, taken back, named where they fail; a report once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from helpers.bench import Bench
from socialdesk.actwords import act_text
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act
from socialdesk.desk import Desk
from socialdesk.domain.models import Acted, ActState
from socialdesk.errors import AuthRequired, OutcomeUnknown, RateLimited, Refused, Rejected, Temporary
from socialdesk.storage import restoring
from socialdesk.storage.backup import back_up
from socialdesk.storage.database import Database

pytestmark = pytest.mark.anyio
UNDO = timedelta(seconds=10)


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    yield made
    made.close()


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return Desk(bench.database, bench.clock, bench.config, connectors=lambda: ("scripted",))


async def asked(bench: Bench, count: int = 1) -> None:
    """Let customers write."""
    for n in range(1, count + 1):
        bench.network.customer("shop", str(n), f"question {n}", bench.clock.now())
    async with bench.running():
        pass


def acts(bench: Bench) -> list[str]:
    """Return what the network was asked to do."""
    kinds = {act.value for act in Act}
    return [call for call in bench.scripts["shop"].calls if kinds & set(call.split())]


def line(desk: Desk, conversation: int = 1) -> tuple[Acted, ...]:
    """Return what the conversation shows below the customer's message."""
    return desk.thread(conversation).messages[0].acts


async def test_b1_a_like_is_held_then_done_and_shown_below_the_message(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    desk.act(1, Act.LIKE)
    async with bench.running():
        await bench.advance(8)
        assert acts(bench) == []
        assert line(desk)[0].state is ActState.QUEUED
        await bench.advance(4)
    assert acts(bench) == ["like 1"]
    assert line(desk)[0].state is ActState.DONE
    assert "liked" in act_text(line(desk)[0], bench.clock.now())


async def test_c2_what_is_taken_back_in_time_is_never_done(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    done = desk.act(1, Act.BLOCK)
    assert desk.last_undoable_act() == done
    assert desk.take_back(done.id, ()).state is ActState.CANCELLED
    async with bench.running():
        await bench.advance(60)
    assert acts(bench) == []
    assert line(desk) == ()
    assert desk.last_undoable_act() is None


async def test_b1_what_may_have_been_done_is_taken_back_over_there_too(bench: Bench, desk: Desk) -> None:
    """A block whose outcome was lost waits to be repeated: to stop it is not enough."""
    bench.add().acts.append(httpx.ReadTimeout("slow"))
    await asked(bench)
    block = desk.act(1, Act.BLOCK, now=True)
    async with bench.running():
        assert desk.take_back(block.id, bench.kind.capabilities.undoable).undo
        await bench.advance(60)
    assert acts(bench) == ["block 1", "undo block 1"]
    assert line(desk) == ()


async def test_b1_what_is_done_is_taken_back_over_there_where_the_network_lets_one(
    bench: Bench, desk: Desk
) -> None:
    bench.add()
    await asked(bench)
    like, report = desk.act(1, Act.LIKE, now=True), desk.act(1, Act.REPORT, now=True)
    able = bench.kind.capabilities.undoable
    async with bench.running():
        await bench.advance(2)
        desk.take_back(like.id, able)
        with pytest.raises(Refused) as refused:
            desk.take_back(report.id, able)
        await bench.advance(2)
    assert refused.value.code == "act_final"
    assert acts(bench) == ["like 1", "report 1", "undo like 1"]
    assert [done.act for done in line(desk)] == [Act.REPORT]


async def test_b1_the_same_again_is_refused_and_so_is_what_makes_no_sense(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    bench.reply("hola")
    desk.act(1, Act.LIKE)
    with pytest.raises(Refused) as refused:
        desk.act(1, Act.LIKE)
    assert refused.value.code == "act_done"
    with pytest.raises(Refused) as refused:
        desk.undo_act(1, Act.BLOCK)
    assert refused.value.code == "act_not_done"
    async with bench.running():
        await bench.advance(2)
    ours = desk.thread(1).messages[-1]
    with pytest.raises(Refused) as refused:
        desk.act(1, Act.LIKE, ours.id)
    assert refused.value.code == "act_ours"


@pytest.mark.parametrize(
    "fault",
    [
        Temporary("503"),
        RateLimited("slow"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        OutcomeUnknown("500"),
        AuthRequired("revoked"),
    ],
)
async def test_b1_an_act_is_repeated_until_it_is_done(bench: Bench, desk: Desk, fault: Exception) -> None:
    """The same again changes nothing, so an unknown outcome is simply repeated."""
    script = bench.add()
    await asked(bench)
    script.acts.append(fault)
    desk.act(1, Act.BLOCK, now=True)
    async with bench.running():
        assert line(desk)[0].state is ActState.QUEUED
        assert line(desk)[0].reason
        await bench.advance(timedelta(minutes=16))
    assert acts(bench) == ["block 1", "block 1"]
    assert line(desk)[0].state is ActState.DONE


@pytest.mark.parametrize("act", [Act.REPORT, Act.SPAM])
async def test_d6_a_report_whose_outcome_is_unknown_is_never_repeated(
    bench: Bench, desk: Desk, act: Act
) -> None:
    script = bench.add()
    await asked(bench)
    script.acts.append(httpx.ReadTimeout("slow"))
    desk.act(1, act, now=True)
    async with bench.running():
        await bench.advance(timedelta(minutes=30))
    assert acts(bench) == [f"{act} 1"]
    assert (line(desk)[0].state, line(desk)[0].reason) == (ActState.FAILED, "report_unknown")
    assert "Nobody knows" in act_text(line(desk)[0], bench.clock.now())


async def test_d6_a_report_that_certainly_did_not_leave_is_tried_again(bench: Bench, desk: Desk) -> None:
    script = bench.add()
    await asked(bench)
    script.acts.append(httpx.ConnectError("no route"))
    desk.act(1, Act.REPORT, now=True)
    async with bench.running():
        await bench.advance(60)
    assert acts(bench) == ["report 1", "report 1"]
    assert line(desk)[0].state is ActState.DONE


@pytest.mark.parametrize(("act", "calls"), [(Act.REPORT, 1), (Act.SPAM, 1), (Act.BLOCK, 2)])
async def test_a1_after_a_crash_in_the_middle_only_what_may_be_repeated_is(
    bench: Bench, desk: Desk, act: Act, calls: int
) -> None:
    script = bench.add()
    await asked(bench)
    script.acts.append("hang")
    desk.act(1, act, now=True)
    async with bench.killed():
        assert line(desk)[0].state is ActState.DOING
    async with bench.running():
        await bench.advance(60)
    assert acts(bench) == [f"{act.value} 1"] * calls
    assert line(desk)[0].state is (ActState.FAILED if calls == 1 else ActState.DONE)


async def test_b1_a_refusal_is_named_and_the_act_may_be_asked_for_again(bench: Bench, desk: Desk) -> None:
    script = bench.add()
    await asked(bench)
    script.acts.append(Rejected("gone", code="rejected"))
    desk.act(1, Act.LIKE, now=True)
    async with bench.running():
        await bench.advance(2)
        assert "refuses" in act_text(line(desk)[0], bench.clock.now())
        desk.act(1, Act.LIKE, now=True)
        await bench.advance(2)
    assert line(desk)[0].state is ActState.DONE


async def test_promise_14_who_is_just_being_blocked_is_not_erased_at_that_moment(
    bench: Bench, desk: Desk
) -> None:
    bench.add().acts.append("hang")
    await asked(bench)
    desk.act(1, Act.BLOCK, now=True)
    async with bench.killed():
        with pytest.raises(Refused) as refused:
            desk.erase(desk.people("ana"))
    assert refused.value.code == "erase_sending"


async def test_promise_8_after_a_restore_no_act_is_done_by_itself(
    bench: Bench, desk: Desk, tmp_path: Path
) -> None:
    bench.add()
    await asked(bench)
    desk.act(1, Act.REPORT)
    copy = tmp_path / "copy.db"
    back_up(bench.database.path, copy)
    bench.database.close()
    restoring.restore(bench.paths.database, copy, bench.clock.now())
    bench.database = Database(bench.paths.database)
    async with bench.running():
        await bench.advance(60)
    assert acts(bench) == []
    after = Desk(bench.database, bench.clock, bench.config)
    assert (line(after)[0].state, line(after)[0].reason) == (ActState.FAILED, "act_restored")


async def test_b1_an_account_that_is_removed_does_nothing_more(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    desk.act(1, Act.BLOCK)
    desk.remove_account("shop")
    assert line(desk) == ()
    with pytest.raises(Refused) as refused:
        desk.act(1, Act.BLOCK)
    assert refused.value.code == "account_removed"


async def test_b1_what_the_network_does_not_offer_is_not_asked_of_it(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    desk.act(1, Act.HIDE, now=True)
    async with bench.running():
        await bench.advance(2)
    assert acts(bench) == []
    assert (line(desk)[0].state, line(desk)[0].reason) == (ActState.FAILED, "act_not_here")


async def test_b1_an_act_that_never_succeeds_is_given_up_after_a_day(bench: Bench, desk: Desk) -> None:
    script = bench.add()
    await asked(bench)
    script.acts.extend([Temporary("503")] * 1_000)
    desk.act(1, Act.LIKE, now=True)
    async with bench.running():
        await bench.hours(27)
    assert line(desk)[0].state is ActState.FAILED


async def test_promise_15_the_audit_tells_who_did_what_without_a_word_of_it(bench: Bench, desk: Desk) -> None:
    bench.add()
    await asked(bench)
    desk.act(1, Act.BLOCK, now=True)
    async with bench.running():
        await bench.advance(2)
    (told,) = desk.audit(what="acted")
    assert (told.what, told.detail, told.conversation_id) == ("acted", "block", 1)
    assert "question" not in str(told)


async def test_a1_a_plugin_at_fault_stops_neither_replies_nor_other_acts(bench: Bench, desk: Desk) -> None:
    script = bench.add()
    await asked(bench, 2)
    script.acts.append(KeyError("uri"))
    desk.act(1, Act.LIKE, now=True)
    desk.act(2, Act.LIKE, now=True)
    bench.reply("hola", conversation=2)
    async with bench.running():
        await bench.advance(1)
        assert bench.network.posts() == ["hola"]
        assert line(desk, 2)[0].state is ActState.DONE
        await bench.advance(60)
    assert line(desk)[0].state is ActState.DONE
