"""Time to reflect: how long an answer is held, when it leaves, and whose word it waits for (needs C2, C4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.config import Answering, ApprovalSettings, Config
from socialdesk.desk import Desk
from socialdesk.domain.answers import Overruled, Promise
from socialdesk.domain.models import Delivery, Direction, Seek, View
from socialdesk.errors import NotFound, Refused
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

SECONDS = timedelta(seconds=1)
TWO = ApprovalSettings(("Marta", "Luis"), ("insult",))
ANGRY = "¡Sois unos sinvergüenzas! ¡Llevo tres semanas esperando y nadie contesta, es una vergüenza!"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def desk_of(shop: Shop, agent: str, approval: ApprovalSettings = TWO, **settings: Answering) -> Desk:
    config = Config(agent=agent, approval=approval, answering=settings)
    return Desk(shop.database, shop.clock, config)


def insulted(shop: Shop) -> int:
    """Return a conversation whose answers need approval."""
    conversation = shop.write("hola", ago=HOUR)
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE conversation SET situation = 'insult', situation_by = 'agent'")
    return conversation


def test_c2_the_window_is_the_brands_and_longer_where_many_will_read_it(shop: Shop) -> None:
    conversation = shop.write("hola")
    desk = desk_of(shop, "eva", Lola=Answering(undo=20 * SECONDS))
    assert desk.hold_for(conversation) == 20 * SECONDS
    assert desk.reply(conversation, "sí").next_attempt_at == NOW + 20 * SECONDS
    with shop.database.write() as connection:
        connection.exec_driver_sql("UPDATE contact SET reach = 10000")
    assert desk.hold_for(conversation) == 60 * SECONDS


def test_c2_a_scheduled_answer_is_listed_as_such_can_be_taken_back_and_never_lies_in_the_past(
    shop: Shop,
) -> None:
    conversation = shop.write()
    for past in (NOW, NOW - HOUR):
        with pytest.raises(Refused) as caught:
            shop.desk.reply(conversation, "ayer", at=past)
        assert caught.value.code == "past"
    reply = shop.desk.reply(conversation, "mañana", at=NOW + 20 * HOUR)
    assert reply.scheduled
    assert not shop.desk.reply(conversation, "ya").scheduled
    assert shop.desk.thread(conversation).messages[-2].scheduled
    shop.later(19)
    assert shop.desk.undo_reply(reply.id) == "mañana"


def test_c2_a_scheduled_answer_does_not_leave_blindly_once_the_customer_has_written_again(shop: Shop) -> None:
    conversation = shop.write("¿Abrís mañana?")
    reply = shop.desk.reply(conversation, "Sí, abrimos a las 9", at=NOW + 20 * HOUR)
    held = shop.desk.reply(conversation, "un momento")
    shop.later(1)
    shop.write("Da igual, ya lo he visto")
    states = {item.id: (item.state, item.reason) for item in shop.desk.outbox()}
    assert states == {
        reply.id: (Delivery.NEEDS_PERSON, "written_meanwhile"),
        held.id: (Delivery.QUEUED, ""),
    }
    assert shop.desk.row(conversation).delivery is Delivery.QUEUED
    assert shop.desk.counts().unsettled == 1
    with pytest.raises(Refused):
        shop.desk.mark_sent(reply.id)
    assert shop.desk.undo_reply(reply.id) == "Sí, abrimos a las 9"
    assert shop.desk.thread(conversation).draft == "Sí, abrimos a las 9"


def test_c2_a_person_may_let_a_held_answer_leave_after_all(shop: Shop) -> None:
    conversation = shop.write("¿Abrís mañana?")
    reply = shop.desk.reply(conversation, "Sí", at=NOW + 20 * HOUR)
    shop.write("Por favor")
    shop.desk.resend(reply.id)
    (item,) = shop.desk.outbox()
    assert (item.state, item.scheduled, item.next_attempt_at) == (Delivery.QUEUED, False, NOW)
    shop.write("Gracias")
    assert shop.desk.outbox()[0].state is Delivery.QUEUED


def test_c4_only_brands_and_situations_that_ask_for_it_need_approval(shop: Shop) -> None:
    conversation = shop.write()
    assert desk_of(shop, "Marta").needs_approval(conversation) == ""
    assert desk_of(shop, "Marta", Lola=Answering(approval=True)).needs_approval(conversation) == "person"
    insulted(shop)
    assert desk_of(shop, "Marta").needs_approval(conversation) == "person"
    assert desk_of(shop, "Marta", Lola=Answering(approval=False)).needs_approval(conversation) == ""
    for people in ((), ("Marta",)):
        alone = ApprovalSettings(people, ("insult",))
        assert desk_of(shop, "Marta", alone).needs_approval(conversation) == "cool_down"


def test_c4_a_reply_waits_for_somebody_elses_word_and_what_they_changed_is_kept(shop: Shop) -> None:
    conversation = insulted(shop)
    marta, luis = desk_of(shop, "Marta"), desk_of(shop, "Luis")
    reply = marta.reply(conversation, "Ni hablar", now=True)
    assert (reply.state, reply.approval, reply.next_attempt_at) == (
        Delivery.AWAITING_APPROVAL,
        "person",
        None,
    )
    shop.later(5)
    for desk, code in (
        (marta, "own_reply"),
        (desk_of(shop, " marta "), "own_reply"),
        (desk_of(shop, "Eva"), "not_approver"),
    ):
        with pytest.raises(Refused) as caught:
            desk.approve(reply.id)
        assert caught.value.code == code
    sent = luis.approve(reply.id, "Lo sentimos mucho", "más amable")
    assert (sent.state, sent.text) == (Delivery.QUEUED, "Lo sentimos mucho")
    assert sent.next_attempt_at == shop.clock.now() + 10 * SECONDS
    (kept,) = marta.approvals(conversation)
    assert kept[1:] == (
        reply.id, "Luis", shop.clock.now(), "changed", "Ni hablar", "Lo sentimos mucho", "más amable",
    )  # fmt: skip
    with pytest.raises(Refused):
        luis.approve(reply.id)


def test_b1_c4_an_approved_reply_does_not_leave_past_a_customer_who_has_written_again(shop: Shop) -> None:
    conversation = insulted(shop)
    marta, luis = desk_of(shop, "Marta"), desk_of(shop, "Luis")
    reply = marta.reply(conversation, "Lo miramos")
    before = luis.thread(conversation).seen
    shop.write("Ya no hace falta, me voy", ago=0 * HOUR)
    for seen in (None, before):
        with pytest.raises(Refused) as caught:
            luis.approve(reply.id, seen=seen)
        assert caught.value.code == "written_since"
    assert luis.approve(reply.id, seen=luis.thread(conversation).seen).state is Delivery.QUEUED


def test_c4_a_refused_reply_is_a_draft_again_and_says_why(shop: Shop) -> None:
    conversation = insulted(shop)
    reply = desk_of(shop, "Marta").reply(conversation, "Ni hablar")
    desk_of(shop, "Marta").save_draft(conversation, "otra")
    assert desk_of(shop, "Luis").refuse_approval(reply.id, "esto no") == "Ni hablar\n\notra"
    assert shop.desk.outbox() == []
    (kept,) = shop.desk.approvals(conversation)
    assert (kept.verdict, kept.note, kept.before) == ("refused", "esto no", "Ni hablar")


def test_c4_an_approved_reply_leaves_at_its_own_time_unless_that_has_passed(shop: Shop) -> None:
    conversation = insulted(shop)
    marta, luis = desk_of(shop, "Marta"), desk_of(shop, "Luis")
    early = marta.reply(conversation, "mañana", at=NOW + 20 * HOUR)
    late = marta.reply(conversation, "pronto", at=NOW + HOUR)
    shop.later(2)
    assert luis.approve(early.id).next_attempt_at == NOW + 20 * HOUR
    assert luis.approve(late.id).next_attempt_at == NOW + 2 * HOUR + 10 * SECONDS


def test_c4_who_works_alone_gets_time_to_cool_down_even_when_in_a_hurry(shop: Shop) -> None:
    conversation = insulted(shop)
    alone = desk_of(shop, "Marta", ApprovalSettings((), ("insult",)))
    assert alone.hold_for(conversation) == timedelta(minutes=2)
    for reply in (alone.reply(conversation, "ya"), alone.reply(conversation, "ya", now=True)):
        assert (reply.state, reply.approval) == (Delivery.QUEUED, "cool_down")
        assert reply.next_attempt_at == NOW + timedelta(minutes=2)


def test_c2_what_was_overruled_is_kept_with_its_reason(shop: Shop) -> None:
    conversation = shop.write()
    finding = Overruled("channel-switch", "phone", "llámanos", "lo pidió el cliente")
    reply = shop.desk.reply(conversation, "llámanos", overrules=[finding])
    (kept,) = shop.desk.overrules(conversation)
    assert kept[1:] == (conversation, reply.id, *finding, "eva", NOW)


def test_c1_canned_replies_are_counted_by_brand(shop: Shop) -> None:
    lola = shop.write()
    shop.desk.reply(lola, "gracias", uses=["delay/thank", "delay/solve"])
    shop.later(1)
    shop.desk.note_use(lola, "delay/thank")
    used = shop.desk.used("Lola")
    assert (used["delay/thank"].times, used["delay/thank"].last) == (2, NOW + HOUR)
    assert used["delay/solve"].times == 1
    assert shop.desk.used("Luna") == {}


def test_c2_what_another_brand_has_answered_is_no_repetition(shop: Shop) -> None:
    shop.account("luna", brand="Luna")
    shop.desk.reply(shop.write(account="luna"), "Hola, Leo")
    lola = shop.write(who="eva")
    assert shop.desk.checking(lola).previous == ()
    shop.desk.reply(lola, "Hola, Eva")
    assert shop.desk.checking(lola).previous == ("Hola, Eva",)


def test_d4_a_protocol_is_followed_step_by_step(shop: Shop) -> None:
    conversation = shop.write()
    run = shop.desk.start_protocol(conversation, "insult")
    assert shop.desk.start_protocol(conversation, "insult", "rule") == run
    shop.desk.tick(run.id, 0)
    shop.desk.tick(run.id, 2)
    shop.desk.tick(run.id, 2, on=False)
    (now,) = shop.desk.runs(conversation)
    assert (now.started_by, now.agent, list(now.ticks)) == ("agent", "eva", [0])
    assert now.ticks[0] == ("eva", NOW)
    shop.desk.end_protocol(run.id)
    assert shop.desk.runs(conversation)[0].ended_at == NOW
    assert shop.desk.start_protocol(conversation, "insult").id != run.id


def test_c2_a_draft_is_checked_against_what_the_customer_wrote_and_what_was_said_before(shop: Shop) -> None:
    other = shop.write("buenas", who="leo")
    shop.desk.reply(other, "Hola, Leo")
    conversation = shop.write("una", ago=3 * HOUR)
    shop.write("respondida", out=True, ago=2 * HOUR)
    shop.write("dos", ago=HOUR)
    shop.write("tres")
    desk = desk_of(shop, "eva", Lola=Answering(address="usted", words=("candeal",)))
    draft = desk.checking(conversation)
    assert (draft.text, draft.reply_to, draft.previous) == ("", "dos\ntres", ("Hola, Leo",))
    assert (draft.address, draft.public, draft.channel) == ("usted", True, "demo")
    assert {"ana", "Lola", "eva", "candeal"} <= set(draft.names)


def test_c2_an_upset_customer_makes_the_window_longer(shop: Shop) -> None:
    conversation = shop.write(ANGRY)
    assert shop.desk.hold_for(conversation) == 30 * SECONDS
    shop.write("Perdonad, ya está", out=True)
    assert shop.desk.hold_for(conversation) == 10 * SECONDS


def test_queue_rows_carry_what_they_did_before(shop: Shop) -> None:
    shop.write()
    (row,) = shop.desk.queue(View("all"), Seek(), 10).rows
    assert (row.commit_at, row.commitment, row.joined_to) == (None, "", None)


def test_c2_a_customers_reach_is_kept_and_brought_up_to_date(shop: Shop) -> None:
    conversation = shop.write()
    for reach, held in ((9_999, 10), (12_000, 30), (None, 30), (500, 10)):
        ana = Person("ana", "ana", reach=reach)
        source = shop.account("lola")
        item = Incoming(f"r{reach}", "ana", Direction.IN, NOW, ana, ana, "hola")
        with shop.database.write() as connection:
            ingest(connection, source, [item], NOW)
        assert shop.desk.hold_for(conversation) == held * SECONDS


def test_c4_one_word_decides_for_all_that_leave_together(shop: Shop) -> None:
    conversation = insulted(shop)
    marta, luis = desk_of(shop, "Marta"), desk_of(shop, "Luis")
    first = marta.reply(conversation, "una dos", split=["una (1/2)", "dos (2/2)"])
    assert [item.state for item in marta.outbox()] == [Delivery.AWAITING_APPROVAL] * 2
    assert luis.refuse_approval(first.id, "más corto") == "una dos"
    private, public = marta.take_private(conversation, "Te escribimos", "Hola")
    luis.approve(private.id, "Hola, Ana")
    assert [(item.id, item.state, item.text) for item in luis.outbox()] == [
        (private.id, Delivery.QUEUED, "Hola, Ana"),
        (public.id, Delivery.QUEUED, "Te escribimos"),
    ]


def test_c7_a_promise_that_the_approver_takes_out_is_not_owed_and_one_put_in_is(shop: Shop) -> None:
    conversation = insulted(shop)
    marta, luis = desk_of(shop, "Marta"), desk_of(shop, "Luis")
    call, write = "Te llamamos mañana.", "Te escribimos el viernes."
    promises = [Promise(call, NOW + 20 * HOUR), Promise("Y una carta.", NOW + 90 * HOUR)]
    reply = marta.reply(conversation, f"{call} Y una carta.", commitments=promises)
    found = [Promise(write, NOW + 50 * HOUR), Promise("Y una carta.", NOW + HOUR)]
    luis.approve(reply.id, f"Y una carta. {write}", commitments=found)
    owed = [(one.text, one.due_at, one.agent) for one in marta.commitments(conversation)]
    assert owed == [(write, NOW + 50 * HOUR, "Luis"), ("Y una carta.", NOW + 90 * HOUR, "Marta")]


def test_c4_a_reply_that_waits_for_a_word_can_be_taken_back_by_its_author(shop: Shop) -> None:
    conversation = insulted(shop)
    marta = desk_of(shop, "Marta")
    assert marta.undo_reply(marta.reply(conversation, "Ni hablar").id) == "Ni hablar"


def test_c4_who_works_alone_has_the_cool_down_for_an_insult_without_any_setting(shop: Shop) -> None:
    conversation = shop.write("hola")
    desk = desk_of(shop, "eva", ApprovalSettings())
    assert (desk.needs_approval(conversation), desk.hold_for(conversation)) == ("", 10 * SECONDS)
    desk.set_situation(conversation, "insult")
    assert (desk.needs_approval(conversation), desk.hold_for(conversation)) == ("cool_down", 120 * SECONDS)
    assert not desk_of(shop, "eva", ApprovalSettings(situations=())).needs_approval(conversation)


def test_c4_somebody_written_down_twice_is_still_alone(shop: Shop) -> None:
    desk = desk_of(shop, "eva", ApprovalSettings(("eva", "Eva "), ("insult",)))
    assert desk.needs_approval(insulted(shop)) == "cool_down"


def test_c2_an_answer_for_the_end_of_all_days_hinders_nothing_else(shop: Shop) -> None:
    conversation = shop.write()
    desk = desk_of(shop, "eva")
    desk.reply(conversation, "sí", at=datetime.max.replace(tzinfo=timezone(-12 * HOUR)))
    assert len(desk.outbox()) == 1 and desk.thread(conversation).messages


def test_c1_words_from_several_hands_all_come_into_the_draft(shop: Shop) -> None:
    from concurrent.futures import ThreadPoolExecutor

    conversation = shop.write()
    shop.desk.save_draft(conversation, "Hola:\n")
    words = [f"Frase {number}." for number in range(8)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda word: shop.desk.add_to_draft(conversation, word), words))
    first, *others = shop.desk.thread(conversation, limit=1).draft.split("\n\n")
    assert (first, sorted(others)) == ("Hola:", words)


@pytest.mark.parametrize("step", [-1, 99])
def test_d4_a_step_that_a_protocol_does_not_have_is_refused(shop: Shop, step: int) -> None:
    run = shop.desk.start_protocol(shop.write(), "insult")
    for on in (True, False):
        with pytest.raises(Refused) as caught:
            shop.desk.tick(run.id, step, on)
        assert caught.value.code == "no_step"
    with pytest.raises(NotFound):
        shop.desk.tick(run.id + 1, 0)
    (run,) = shop.desk.runs(run.conversation_id)
    assert not run.ticks


def test_d4_a_persons_own_protocol_has_the_steps_that_its_file_says(shop: Shop) -> None:
    desk = Desk(shop.database, shop.clock, Config(), steps={"returns": 2}.get)
    run = desk.start_protocol(shop.write(), "returns")
    desk.tick(run.id, 1)
    with pytest.raises(Refused):
        desk.tick(run.id, 2)
