"""Sending (NEEDS A1, B1): never lost, never twice, whatever the network or the machine does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import httpx
import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Proof
from socialdesk.errors import AuthRequired, OutcomeUnknown, RateLimited, Rejected, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
def make(clock: ManualClock) -> Iterator[type[Bench]]:
    made: list[Bench] = []

    class Made(Bench):
        def __post_init__(self) -> None:
            super().__post_init__()
            made.append(self)

    yield Made
    for bench in made:
        bench.close()


async def asked(bench: Bench, count: int = 1) -> None:
    """Let customers ask, so that there are conversations to answer."""
    for n in range(1, count + 1):
        bench.network.customer("shop", str(n), f"question {n}", bench.clock.now())
    async with bench.running():
        pass


async def test_a_reply_leaves_and_its_timer_stops(make: type[Bench], clock: ManualClock) -> None:
    """B1: it is on the network once, under the message answered; the conversation waits no more."""
    bench = make(clock)
    bench.add()
    await asked(bench)
    bench.reply("a las nueve")
    async with bench.running():
        pass
    assert bench.network.posts() == ["a las nueve"]
    assert bench.states() == ["sent"]
    assert bench.all("SELECT waiting_since FROM conversation") == [(None,)]
    assert bench.all("SELECT text, from_desk, agent, url FROM message WHERE direction = 'out'") == [
        ("a las nueve", 1, "me", "https://net.example/reply-1")
    ]
    assert bench.all("SELECT message_id IS NOT NULL, sent_at IS NOT NULL FROM outbox") == [(1, 1)]


async def test_the_hold_is_kept_and_a_reply_taken_back_never_leaves(
    make: type[Bench], clock: ManualClock
) -> None:
    """C2: there is time to think."""
    bench = make(clock)
    bench.add()
    await asked(bench, 2)
    async with bench.running():
        bench.reply("first", at=clock.now() + timedelta(seconds=10))
        bench.reply("second", conversation=2, at=clock.now() + timedelta(seconds=10))
        await bench.advance(8)
        assert bench.network.posts() == []
        bench.write("UPDATE outbox SET state = 'cancelled' WHERE text = 'first'")
        await bench.advance(3)
        assert bench.network.posts() == ["second"]


@pytest.mark.parametrize(
    ("proof", "fault", "state", "reason"),
    [
        (Proof.KEY, Temporary("503", code="temporary"), "retry_wait", "temporary"),
        (Proof.KEY, RateLimited("slow"), "retry_wait", "rate_limited"),
        (Proof.KEY, AuthRequired("revoked"), "retry_wait", "auth_required"),
        (Proof.KEY, Rejected("too long", code="too_long"), "failed", "too_long"),
        (Proof.KEY, httpx.ConnectError("refused"), "retry_wait", "offline"),
        (Proof.KEY, httpx.ReadTimeout("slow"), "unknown", "outcome_unknown"),
        (Proof.READ_BACK, OutcomeUnknown("500"), "unknown", "outcome_unknown"),
        (Proof.READ_BACK, KeyError("uri"), "unknown", "outcome_unknown"),
        (Proof.NEITHER, httpx.ReadTimeout("slow"), "needs_person", "outcome_unknown"),
    ],
)
async def test_each_failure_has_its_state(
    make: type[Bench], clock: ManualClock, proof: Proof, fault: Exception, state: str, reason: str
) -> None:
    bench = make(clock, proof)
    script = bench.add()
    await asked(bench)
    script.sends.append(fault)
    bench.reply("hola")
    async with bench.running():
        assert bench.all("SELECT state, reason, text FROM outbox") == [(state, reason, "hola")]
        assert bench.network.posts() == []
        await bench.advance(timedelta(minutes=16))
    final = state if state in ("failed", "needs_person") else "sent"
    assert bench.states() == [final]
    assert len(bench.network.posts()) == (1 if final == "sent" else 0)


async def test_a_repeat_brings_the_same_key_bytes_and_moment(make: type[Bench], clock: ManualClock) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    script.sends.extend([httpx.ReadTimeout(""), Temporary(""), httpx.ConnectError("")])
    bench.reply("hola")
    async with bench.running():
        await bench.advance(60)
    keys = {call for call in script.calls if call.startswith("send")}
    assert len(keys) == 1
    assert bench.network.posts() == ["hola"]


async def test_a_repeat_that_is_refused_stays_a_person_s_question(
    make: type[Bench], clock: ManualClock
) -> None:
    """A refusal of the second attempt says nothing of the first."""
    bench = make(clock)
    script = bench.add(lose_after=1.0)
    await asked(bench)
    bench.reply("hola")
    async with bench.running():
        script.sends.append(Rejected("parent gone", code="parent_gone"))
        await bench.advance(30)
    assert bench.all("SELECT state, reason FROM outbox") == [("needs_person", "parent_gone")]
    assert bench.network.posts() == ["hola"]


async def test_a_key_that_has_lived_too_long_is_a_person_s_question(
    make: type[Bench], clock: ManualClock
) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    bench.reply("hola")
    script.sends.extend([httpx.ReadTimeout("")] * 100)
    async with bench.running():
        await bench.advance(timedelta(minutes=75))
    assert bench.states() == ["needs_person"]


async def test_read_back_waits_for_the_settle_time(make: type[Bench], clock: ManualClock) -> None:
    """A reply that the network shows late is not sent a second time."""
    bench = make(clock, Proof.READ_BACK)
    script = bench.add(late=1.0, lateness=timedelta(seconds=20))
    await asked(bench)
    bench.reply("hola")
    async with bench.running():
        await bench.advance(25)
        assert not [call for call in script.calls if call.startswith("look")]
        await bench.advance(10)
        assert bench.states() == ["sent"]
    assert bench.network.posts() == ["hola"]


async def test_a_look_that_fails_is_repeated_and_proves_nothing(
    make: type[Bench], clock: ManualClock
) -> None:
    bench = make(clock, Proof.READ_BACK)
    script = bench.add(lose_after=1.0)
    await asked(bench)
    script.looks.extend([httpx.ConnectError(""), Temporary(""), KeyError("x")])
    bench.reply("hola")
    async with bench.running():
        await bench.advance(120)
    assert bench.states() == ["sent"]
    assert bench.network.posts() == ["hola"]


async def test_one_conversation_s_replies_leave_in_order(make: type[Bench], clock: ManualClock) -> None:
    """An unsettled reply holds back the later ones of its conversation, and only those."""
    bench = make(clock, Proof.READ_BACK)
    script = bench.add()
    await asked(bench, 2)
    script.sends.append(httpx.ReadTimeout(""))
    bench.reply("one")
    bench.reply("two")
    bench.reply("other", conversation=2)
    async with bench.running():
        assert bench.network.posts() == ["other"]
        await bench.advance(60)
    assert bench.network.posts() == ["other", "one", "two"]


async def test_a_failed_reply_and_one_scheduled_for_later_hold_nothing_back(
    make: type[Bench], clock: ManualClock
) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    script.sends.append(Rejected("no"))
    bench.reply("refused")
    bench.reply("tomorrow", at=clock.now() + timedelta(days=1))
    bench.reply("now")
    async with bench.running():
        pass
    assert bench.states() == ["failed", "queued", "sent"]


async def test_replies_stay_queued_while_the_account_is_paused_or_signed_out(
    make: type[Bench], clock: ManualClock
) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    script.fails_always = AuthRequired("revoked")
    async with bench.running() as engine:
        await bench.advance(2)
        bench.reply("hola")
        await bench.advance(60)
        assert bench.states() == ["queued"]
        script.fails_always = None
        engine.nudge()
        await bench.advance(1)
        assert bench.states() == ["sent"]
        bench.write("UPDATE account SET paused = 1")
        await bench.advance(2)
        bench.reply("adiós")
        await bench.advance(60)
        assert bench.states() == ["sent", "queued"]


async def test_replies_leave_as_soon_as_the_network_is_back(make: type[Bench], clock: ManualClock) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    down = httpx.ConnectError("no route")
    async with bench.running():
        script.fails_always = down
        script.sends.extend([down] * 20)
        bench.reply("hola")
        await bench.advance(timedelta(minutes=8))
        assert bench.states() == ["retry_wait"]
        script.fails_always = None
        script.sends.clear()
        await bench.advance(timedelta(minutes=10))
        assert bench.states() == ["sent"]


async def test_a_reply_that_is_being_sent_when_the_power_goes_is_looked_up(
    make: type[Bench], clock: ManualClock
) -> None:
    bench = make(clock, Proof.READ_BACK)
    script = bench.add()
    await asked(bench)
    script.sends.append("hang")
    bench.reply("hola")
    async with bench.killed():
        assert bench.states() == ["sending"]
    async with bench.running():
        assert bench.states() == ["unknown"]
        await bench.advance(60)
    assert bench.states() == ["sent"]
    assert bench.network.posts() == ["hola"]


async def test_a_plugin_without_a_key_holds_up_only_that_reply(
    make: type[Bench], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make(clock)
    bench.add()
    await asked(bench, 2)
    keys = iter(["", "key-2"])

    def new_key(*_: object) -> str:
        key = next(keys, "key-1")
        if not key:
            raise KeyError("no key")
        return key

    monkeypatch.setattr(bench.kind, "new_key", new_key)
    bench.reply("one")
    bench.reply("two", conversation=2)
    async with bench.running():
        assert bench.all("SELECT state, reason FROM outbox") == [("retry_wait", "plugin"), ("sent", "")]
        await bench.advance(10)
    assert bench.network.posts() == ["two", "one"]


async def test_after_the_machine_has_slept_what_is_due_leaves_at_once(
    make: type[Bench], clock: ManualClock
) -> None:
    """Timers stand still while a machine sleeps; the scheduled reply must not."""
    bench = make(clock)
    bench.add()
    await asked(bench)
    bench.reply("mañana", at=clock.now() + timedelta(hours=8))
    async with bench.running():
        await bench.advance(2)
        clock.moment += timedelta(hours=9)
        bench.pace.shift(timedelta(hours=9))
        await bench.advance(3)
        assert bench.states() == ["sent"]


async def test_a_paused_account_shows_no_reply_as_under_way(make: type[Bench], clock: ManualClock) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    script.sends.append("hang")
    bench.reply("hola")
    async with bench.killed():
        pass
    bench.write("UPDATE account SET paused = 1")
    async with bench.running():
        await bench.advance(2)
        assert bench.states() == ["unknown"]


async def test_leaving_waits_for_a_reply_that_is_being_sent(make: type[Bench], clock: ManualClock) -> None:
    bench = make(clock)
    script = bench.add()
    await asked(bench)
    script.latency = lambda: 0.01
    bench.reply("hola")
    async with bench.running():
        pass
    assert bench.states() == ["sent"]


async def test_a_conversation_that_cannot_take_the_sent_reply_does_not_unsend_it(
    make: type[Bench], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make(clock)
    bench.add()
    await asked(bench)
    bench.reply("hola")

    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("socialdesk.storage.outbox.ingest", broken)
    async with bench.running():
        pass
    assert bench.states() == ["sent"]


async def test_what_the_network_said_is_stored_even_if_the_disk_is_full_for_a_while(
    make: type[Bench], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = make(clock)
    bench.add()
    await asked(bench)
    bench.reply("hola")
    from socialdesk.storage import outbox

    real, full = outbox.sent, [OSError("disk full")] * 3

    def sometimes(*args: object) -> object:
        if full:
            raise full.pop()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "sent", sometimes)
    async with bench.running():
        assert bench.states() == ["sending"]
        await bench.advance(60)
        assert bench.states() == ["sent"]
    assert bench.network.posts() == ["hola"]


@pytest.mark.parametrize("proof", list(Proof))
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_on_a_bad_network_nothing_is_lost_and_nothing_doubled(
    make: type[Bench], clock: ManualClock, proof: Proof, seed: int
) -> None:
    """5 % of the requests are lost before, 5 % after, 5 % arrive late."""
    bench = make(clock, proof, Config())
    script = bench.add(lose_before=0.05, lose_after=0.05, late=0.05)
    script.random = Random(seed)
    await asked(bench, 60)
    for n in range(1, 61):
        bench.reply(f"reply {n}", conversation=n)
    async with bench.running(seed):
        await bench.advance(timedelta(minutes=5))
    posts, states = bench.network.posts(), bench.states()
    assert len(set(posts)) == len(posts), f"seed {seed}: doubled"
    by_state = dict(bench.all("SELECT text, state FROM outbox"))
    assert set(by_state.values()) <= ({"sent", "needs_person"} if proof is Proof.NEITHER else {"sent"})
    assert {text for text, state in by_state.items() if state == "sent"} <= set(posts), f"seed {seed}: lost"
    assert states.count("sent") >= 40
