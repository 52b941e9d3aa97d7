"""What a network still shows of somebody erased does not come back; what they write later begins anew (promise 14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.privacy import Term
from socialdesk.errors import NotFound

pytestmark = pytest.mark.anyio
WORDS = ("verborrea", "ornitorrinco", "zascandil")


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A desk with an account on a scripted network."""
    made = Bench(clock)
    made.add()
    yield made
    made.close()


def desk(bench: Bench) -> Desk:
    """Return the desk."""
    return Desk(bench.database, bench.clock, bench.config, lambda: {"scripted"})


def customer(bench: Bench, number: str, text: str, who: str = "zoraida", **more: object) -> None:
    """Let a customer write now."""
    bench.network.customer("shop", number, text, bench.clock.now(), who=who, conversation=who, **more)


def found(bench: Bench) -> set[str]:
    """Return the words of the person that any file of the desk's folder holds."""
    files = [file.read_bytes() for file in bench.paths.data.rglob("*") if file.is_file()]
    return {word for word in (*WORDS, "zoraida") if any(word.encode() in content for content in files)}


async def test_the_network_s_old_messages_do_not_come_back_not_even_as_bytes(bench: Bench) -> None:
    """Promise 14: the whole history read again, edited and in quarantine too."""
    customer(bench, "1", WORDS[0])
    customer(bench, "2", WORDS[1], poison=True)
    customer(bench, "3", "hola", who="berta")
    async with bench.running():
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
        assert found(bench) == set()
        await bench.advance(60)
    bench.network._db.execute("UPDATE item SET payload = replace(payload, 'verborrea', 'zascandil')")
    bench.write("UPDATE account SET cursor = ''")
    async with bench.running():
        await bench.advance(120)
    assert bench.texts() == ["hola"]
    assert found(bench) == set()
    assert bench.account() == ("ok", "")


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_new_message_begins_anew(bench: Bench, at_once: bool) -> None:
    """Promise 14: erased or blocked, whoever writes again is a new customer."""
    customer(bench, "1", WORDS[0])
    async with bench.running():
        former = bench.all("SELECT id FROM conversation")
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=at_once)
        await bench.advance(60)
        customer(bench, "9", "vuelvo a escribir")
        await bench.advance(60)
    assert bench.texts() == ["vuelvo a escribir"]
    assert bench.all("SELECT id FROM conversation WHERE box = 'open'") != former
    assert desk(bench).row(bench.all("SELECT id FROM conversation WHERE box = 'open'")[0][0]).messages == 1
    with pytest.raises(NotFound):
        desk(bench).row(former[0][0])


async def test_an_item_that_was_being_understood_meanwhile_stays_out(bench: Bench) -> None:
    """Promise 14: erased between storing and understanding."""
    customer(bench, "1", WORDS[0])
    async with bench.running():
        pass
    people = desk(bench).people("@zoraida")
    bench.write(
        "INSERT INTO raw_item(account_id, remote_id, payload, state, error, parsed_by, received_at)"
        " SELECT 1, '7', replace(payload, 'verborrea', 'otra'), 'stored', '', '', 0 FROM raw_item"
    )
    former = bench.all("SELECT remote_id, payload FROM raw_item WHERE remote_id = '7'")[0]
    desk(bench).erase(people, at_once=True)
    bench.write(
        "INSERT INTO raw_item(account_id, remote_id, payload, state, error, parsed_by, received_at)"
        " VALUES (1, ?, ?, 'stored', '', '', 0)",
        *former,
    )
    async with bench.running():
        pass
    assert bench.texts() == []


async def test_the_engine_keeps_the_terms_once_a_day(bench: Bench) -> None:
    """Promise 14: retention per brand, run by the engine."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=30), "block": Term(days=10)}})
    customer(bench, "1", WORDS[0])
    async with bench.running():
        desk(bench).resolve(1)
        bench.clock.moment += timedelta(days=29)  # the machine slept
        await bench.advance(2)
        assert desk(bench).row(1).messages == 1
        bench.clock.moment += timedelta(days=2)  # the machine slept
        await bench.advance(2)
        with pytest.raises(NotFound):
            desk(bench).row(1)
        assert found(bench) != set()
        bench.clock.moment += timedelta(days=11)  # the machine slept
        await bench.advance(2)
        assert found(bench) == set()
    assert bench.texts() == []


async def test_what_was_written_while_the_desk_was_off_is_no_part_of_what_has_reached_its_term(
    bench: Bench,
) -> None:
    """Promises 2 and 14: the old conversation goes, the message that came meanwhile is received (A1)."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=30), "block": Term(days=10)}})
    customer(bench, "1", WORDS[0])
    async with bench.running():
        desk(bench).resolve(1)
    bench.clock.moment += timedelta(days=29)
    async with bench.running():
        await bench.advance(60)
    customer(bench, "2", "necesito ayuda")
    bench.clock.moment += timedelta(days=2)
    async with bench.running():
        await bench.advance(120)
    assert bench.texts() == ["necesito ayuda"]


async def test_whoever_wrote_while_the_desk_was_off_for_long_keeps_the_conversation(bench: Bench) -> None:
    """Promises 2 and 14: after a leap of the clock the networks are read before the terms are kept."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=30), "block": Term(days=10)}})
    customer(bench, "1", WORDS[0])
    async with bench.running():
        desk(bench).resolve(1)
    bench.clock.moment += timedelta(days=40)
    customer(bench, "2", "necesito ayuda")
    async with bench.running():
        await bench.advance(120)
    assert bench.texts() == [WORDS[0], "necesito ayuda"]


async def test_destroying_what_was_blocked_keeps_out_nothing_written_since(bench: Bench) -> None:
    """Promises 2 and 14: they came back, and were not read yet."""
    customer(bench, "1", WORDS[0])
    async with bench.running():
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=False)
    bench.clock.moment += timedelta(hours=1)
    customer(bench, "2", "vuelvo a escribir")
    bench.clock.moment += timedelta(hours=1)
    desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
    async with bench.running():
        await bench.advance(60)
    assert bench.texts() == ["vuelvo a escribir"]


@pytest.mark.parametrize("handle", ["24h", "100", "2024", "covid-19", "iphone15"])
async def test_a_handle_that_is_a_word_or_a_number_is_left_where_it_is_one(bench: Bench, handle: str) -> None:
    """Promise 14: others' prices, dates and hours are not the person; "@24h" is."""
    customer(bench, "1", "hola", who=handle)
    customer(bench, "2", f"Pagué 100 € con entrega en {handle}, lo dijo @{handle}", who="berta")
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people(f"@{handle}"), at_once=True)
    assert bench.texts() == [f"Pagué 100 € con entrega en {handle}, lo dijo […]"]


async def test_another_brand_s_customers_speak_of_somebody_else(bench: Bench) -> None:
    """Promise 14: who is erased for one business stays whoever they are for another."""
    bench.add("otra")
    bench.write("INSERT INTO brand(name, created_at) VALUES ('Otra', 0)")
    bench.write(
        "UPDATE account SET brand_id = (SELECT id FROM brand WHERE name = 'Otra') WHERE name = 'otra'"
    )
    customer(bench, "1", "hola")
    bench.network.customer("otra", "2", "soy amiga de @zoraida", bench.clock.now(), who="berta")
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people("@zoraida", "Brand"), at_once=True)
    assert bench.texts() == ["soy amiga de @zoraida"]


async def test_a_question_that_nobody_has_understood_yet_stays_its_author_s(bench: Bench) -> None:
    """Promise 14, A1: it names who was erased, and is another customer's; it is understood later, without the name."""
    customer(bench, "1", "hola")
    customer(bench, "2", "me lo dijo @zoraida, ayuda", who="berta", poison=True)
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
        assert bench.all("SELECT remote_id, state FROM raw_item") == [("2", "quarantined")]
        assert found(bench) == set()
    bench.write("UPDATE raw_item SET payload = json_remove(payload, '$.poison'), parsed_by = ''")
    async with bench.running():
        await bench.advance(30)
    assert bench.texts() == ["me lo dijo […], ayuda"]


async def test_whoever_came_back_is_not_erased_again(bench: Bench) -> None:
    """Promise 14: the ledger file is another copy than the desk's; what was written since the erasure stays."""
    customer(bench, "1", "uno")
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
        await bench.advance(60)
        customer(bench, "9", "vuelvo")
        await bench.advance(60)
    ledger = bench.database.path.with_name(f"{bench.database.path.name}.erased")
    ledger.write_bytes(ledger.read_bytes().replace(b'"asked"', b'"ask"'))
    async with bench.running():
        await bench.advance(60)
    assert bench.texts() == ["vuelvo"]


async def test_an_erasure_is_no_damage(bench: Bench) -> None:
    """Promise 8, 14: what keeps the numbers is in the index as every customer is."""
    customer(bench, "1", "uno")
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
    bench.write("INSERT INTO contact_fts(contact_fts, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("before", ["\n", "¡", "\t"])
async def test_a_name_after_an_escaped_letter_leaves_no_byte(bench: Bench, before: str) -> None:
    """Promise 14: in what a network gave, a new line is a backslash and a letter."""
    customer(bench, "1", "hola")
    customer(bench, "2", f"lo dijo{before}@zoraida", who="berta")
    async with bench.running():
        await bench.advance(30)
        desk(bench).erase(desk(bench).people("@zoraida"), at_once=True)
        assert found(bench) == set()
    (text,) = bench.texts()
    assert text.startswith("lo dijo") and text.endswith("[…]")
