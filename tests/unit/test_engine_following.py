"""Replies that leave one after the other: numbered threads, and a private message with its public line (needs A1, B3, C2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from helpers.bench import Bench
from helpers.network import Script
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Proof
from socialdesk.desk import Desk
from socialdesk.domain.answers import Promise
from socialdesk.domain.models import Delivery, Kind, State, View
from socialdesk.errors import Refused, Rejected, Temporary

pytestmark = pytest.mark.anyio
PARTS = ["una (1/3)", "dos (2/3)", "tres (3/3)"]
WHOLE = "una dos tres"


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    bench = Bench(clock)
    yield bench
    bench.close()


def desk_of(bench: Bench) -> Desk:
    return Desk(bench.database, bench.clock, Config(agent="eva"), connectors=lambda: ["scripted"])


async def asked(bench: Bench) -> Desk:
    bench.network.customer("shop", "1", "question", bench.clock.now())
    async with bench.running():
        pass
    return desk_of(bench)


def told(bench: Bench) -> list[tuple[str, str]]:
    return [(state, reason) for state, reason in bench.all("SELECT state, reason FROM outbox ORDER BY id")]


async def test_c2_the_parts_of_a_thread_leave_in_order_each_under_the_one_before(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    promise = Promise("dos", bench.clock.now() + timedelta(days=1))
    first = desk.reply(1, WHOLE, split=PARTS, commitments=[promise])
    assert [item.after_id for item in desk.outbox()] == [None, first.id, first.id + 1]
    async with bench.running():
        assert bench.network.posts() == []
        await bench.pace.advance(11)
    assert bench.network.posts() == PARTS
    assert script.parents == ["1", "reply-1", "reply-2"]
    assert [m.text for m in desk.thread(1).messages] == ["question", *PARTS]
    assert (desk.row(1).state, desk.row(1).commitment) == (State.ANSWERED, "dos")
    assert bench.all("SELECT reply_to FROM message WHERE direction = 'out' ORDER BY id") == [
        ("1",),
        ("reply-1",),
        ("reply-2",),
    ]


async def test_c2_undo_takes_back_the_whole_thread_as_it_was_written(bench: Bench) -> None:
    bench.add()
    desk = await asked(bench)
    desk.reply(1, WHOLE, split=PARTS)
    last = desk.last_undoable()
    assert last is not None
    assert desk.undo_reply(last.id) == WHOLE
    assert desk.outbox() == []
    assert desk.thread(1).draft == WHOLE


async def test_c2_undo_in_the_middle_takes_back_the_parts_that_have_not_left(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    first = desk.reply(1, WHOLE, split=PARTS, now=True)
    script.latency = first_only(script)
    async with bench.running():
        pass
    assert bench.states() == ["sent", "retry_wait", "queued"]
    assert desk.undo_reply(first.id) == "dos (2/3)\n\ntres (3/3)"
    async with bench.running():
        await bench.pace.advance(60)
    assert bench.network.posts() == PARTS[:1]
    with pytest.raises(Refused):
        desk.undo_reply(first.id)


def first_only(script: Script) -> Callable[[], float]:
    """Let everything after the first reply meet passing trouble."""

    def latency() -> float:
        if not script.sends:
            script.sends.append(Temporary("busy"))
        return 0.0

    return latency


async def test_c2_a_part_that_fails_stops_the_rest_and_says_so(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    first = desk.reply(1, WHOLE, split=PARTS, now=True)
    script.sends.append(Rejected("no", code="too_long"))
    async with bench.running():
        await bench.pace.advance(60)
    assert told(bench) == [
        ("failed", "too_long"),
        ("needs_person", "part_before"),
        ("needs_person", "part_before"),
    ]
    assert bench.network.posts() == []
    for part in (first.id + 1, first.id + 2):
        with pytest.raises(Refused) as caught:
            desk.resend(part)
        assert caught.value.code == "part_before"
        with pytest.raises(Refused):
            desk.mark_sent(part)
    desk.resend(first.id)
    async with bench.running():
        pass
    assert bench.network.posts() == PARTS


async def test_c2_what_has_stopped_can_be_taken_back_or_given_up(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    for _ in range(2):
        script.sends.append(Rejected("no"))
        desk.reply(1, WHOLE, split=PARTS, now=True)
        async with bench.running():
            pass
    failed = [item.id for item in desk.outbox() if item.state is Delivery.FAILED]
    assert desk.undo_reply(failed[0] + 1) == "dos (2/3)\n\ntres (3/3)"
    desk.discard(failed[1])
    assert [(item.id, item.state) for item in desk.outbox()] == [(failed[0], Delivery.FAILED)]


async def test_a1_a_part_of_unknown_outcome_holds_the_rest_until_it_is_known(clock: ManualClock) -> None:
    bench = Bench(clock, Proof.NEITHER)
    script = bench.add()
    desk = await asked(bench)
    first = desk.reply(1, WHOLE, split=PARTS, now=True)
    script.lose_after = 1.0
    async with bench.running():
        await bench.pace.advance(60)
    assert told(bench)[0] == ("needs_person", "outcome_unknown")
    assert told(bench)[1:] == [("needs_person", "part_before")] * 2
    script.lose_after = 0.0
    desk.mark_sent(first.id)
    async with bench.running():
        pass
    assert bench.network.posts() == PARTS
    assert script.parents[1:] == ["1", "reply-2"], (
        "where the network told nothing of a part, the customer is answered"
    )
    bench.close()


async def test_a1_a_crash_between_two_parts_loses_and_doubles_nothing(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    desk.reply(1, WHOLE, split=PARTS, now=True)
    script.sends.append(httpx.ReadTimeout("gone"))
    async with bench.running():
        pass
    assert told(bench)[0][0] == "unknown"
    bench.write("UPDATE outbox SET state = 'sending' WHERE id = 1")  # as a kill -9 leaves it
    async with bench.running():
        await bench.pace.advance(120)
    assert bench.network.posts() == PARTS
    assert bench.states() == ["sent"] * 3


async def test_c2_a_scheduled_thread_is_held_as_a_whole_when_the_customer_writes(bench: Bench) -> None:
    bench.add()
    desk = await asked(bench)
    first = desk.reply(1, WHOLE, split=PARTS, at=bench.clock.now() + timedelta(hours=1))
    bench.network.customer("shop", "2", "otra cosa", bench.clock.now(), conversation="c-1")
    async with bench.running():
        pass
    assert told(bench) == [
        ("needs_person", "written_meanwhile"),
        ("needs_person", "part_before"),
        ("needs_person", "part_before"),
    ]
    desk.resend(first.id)
    async with bench.running():
        pass
    assert bench.network.posts() == PARTS


async def test_c2_a_thread_that_is_leaving_is_not_held_halfway(bench: Bench) -> None:
    script = bench.add()
    desk = await asked(bench)
    desk.reply(1, WHOLE, split=PARTS, at=bench.clock.now() + timedelta(seconds=30))
    script.latency = first_only(script)
    async with bench.running():
        await bench.pace.advance(31)
    assert bench.states()[0] == "sent"
    script.latency = None
    script.sends.clear()
    bench.network.customer("shop", "2", "gracias", bench.clock.now(), conversation="c-1")
    async with bench.running():
        await bench.pace.advance(60)
    assert bench.network.posts() == PARTS


# Taking to private


def private_kind(bench: Bench) -> Desk:
    bench.kind.capabilities = replace(bench.kind.capabilities, private_reply=True)
    return desk_of(bench)


async def test_b3_the_private_message_leaves_first_and_opens_a_conversation_joined_to_the_public_one(
    bench: Bench,
) -> None:
    bench.add()
    await asked(bench)
    desk = private_kind(bench)
    private, public = desk.take_private(1, "Te escribimos en privado", "Hola, ¿nos das el número de pedido?")
    assert (private.private, public.private, public.public_of) == (True, False, private.id)
    async with bench.running():
        await bench.pace.advance(11)
    assert bench.network.posts() == ["Hola, ¿nos das el número de pedido?", "Te escribimos en privado"]
    assert desk.row(1).state is State.ANSWERED
    (row,) = desk.joined(1)
    assert (row.private, row.joined_to, row.name) == (True, 1, "Ana")
    assert [one.id for one in desk.joined(row.id)] == [1]
    assert desk.thread(1).joined == (row.id,)
    assert [m.text for m in desk.thread(1).messages] == ["question", "Te escribimos en privado"]
    (line,) = desk.thread(row.id).messages
    assert (line.text, line.delivery, line.private, line.kind) == (
        "Hola, ¿nos das el número de pedido?",
        Delivery.SENT,
        True,
        Kind.DIRECT,
    )
    assert {one.id for one in desk.queue(View("all")).rows} == {1, row.id}


async def test_b3_the_customers_private_answer_lands_in_the_joined_conversation(bench: Bench) -> None:
    bench.add()
    await asked(bench)
    desk = private_kind(bench)
    desk.take_private(1, "Te escribimos", "Hola")
    async with bench.running():
        await bench.pace.advance(11)
    bench.network.customer("shop", "9", "es el 1234", bench.clock.now(), conversation="private-c-1")
    async with bench.running():
        pass
    (row,) = desk.joined(1)
    assert (row.state, row.joined_to, row.preview) == (State.WAITING, 1, "es el 1234")


async def test_b3_the_customer_is_never_told_of_a_private_message_that_did_not_leave(bench: Bench) -> None:
    script = bench.add()
    await asked(bench)
    desk = private_kind(bench)
    private, public = desk.take_private(1, "Te escribimos", "Hola")
    script.sends.append(Rejected("no", code="not_followed"))
    async with bench.running():
        await bench.pace.advance(60)
    assert bench.network.posts() == []
    assert told(bench) == [("failed", "not_followed"), ("needs_person", "private_failed")]
    with pytest.raises(Refused) as caught:
        desk.resend(public.id)
    assert caught.value.code == "private_failed"
    assert desk.undo_reply(public.id) == "Te escribimos"
    desk.discard(private.id)
    assert desk.outbox() == []


async def test_b3_both_are_taken_back_together(bench: Bench) -> None:
    bench.add()
    await asked(bench)
    desk = private_kind(bench)
    private, _ = desk.take_private(1, "Te escribimos", "Hola")
    assert desk.undo_reply(private.id) == "Hola\n\nTe escribimos"
    assert desk.outbox() == []
