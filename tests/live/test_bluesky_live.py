"""Bluesky's reference network: the connector alone, then the engine and the desk on it (NEEDS A1, A4, B1, B4)."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contract.fake_parts import MemoryVault
from live.badline import BadLine
from live.bluesky_exchange import Exchange, account
from live.conftest import within
from live.office import Office
from live.people import Person
from socialdesk.clock import SystemClock
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import AuthRequired, Direction, Host, Item, Media, Outgoing
from socialdesk.connectors.testing import read, understood
from socialdesk.domain.models import AccountState, Delivery, State

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]

IN_TIME = 10.0
ROUNDS = 8
# The smallest picture there is: one white point.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


@asynccontextmanager
async def signed_in(brand: Person, vault: MemoryVault | None = None) -> AsyncIterator[BlueskyConnector]:
    """A connector to the brand's account."""
    options = {"handle": brand.handle, "service": brand.service}
    async with httpx.AsyncClient(trust_env=False) as http:
        vault = vault or MemoryVault(brand.app_password)
        yield BlueskyConnector(Host("tienda", options, vault, http, SystemClock()))


async def arrival(connector: BlueskyConnector, uri: str, seconds: float = IN_TIME) -> list[Item]:
    """Fetch until a post is there; returns all messages of that visit."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        raws, _ = await read(connector)
        items = understood(connector, raws)
        if uri in [item.id for item in items]:
            return items
        await asyncio.sleep(0.2)
    raise AssertionError(f"{uri} did not arrive within {seconds:.0f} s")


def a_reply(connector: BlueskyConnector, item: Item, text: str) -> Outgoing:
    """A reply to a message."""
    at = datetime.now(UTC)
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, False, at, "es")


async def test_the_account_says_who_it_is_and_what_it_lacks(brand: Person) -> None:
    """A plain app password may not read direct messages; all the rest works."""
    async with signed_in(brand) as connector:
        identity = await connector.check()
    assert (identity.remote_id, identity.handle) == (brand.did, brand.handle)
    assert identity.lacking == ("dm_not_allowed",)


async def test_a_mention_is_answered_under_it_exactly_once(brand: Person, customer: Person) -> None:
    """A1, B1: also when the reply is sent again under the same key; the customer is told of it once."""
    async with signed_in(brand) as connector:
        question = customer.post("¿abrís hoy? 😀", mention=brand)
        item = next(i for i in await arrival(connector, question) if i.id == question)
        assert item.contact.id == customer.did
        text = f"¡Hola @{customer.handle}! 😀 Sí: https://example.test/horario #tienda"
        outgoing = a_reply(connector, item, text)
        first = await connector.send(outgoing)
        again = await connector.send(outgoing)
    assert first.id == again.id
    seen = await within(IN_TIME, lambda: customer.replies(question))
    assert [(post["uri"], post["record"]["text"]) for post in seen] == [(first.id, text)]
    assert [len(facet["features"]) for facet in seen[0]["record"]["facets"]] == [1, 1, 1]
    await within(IN_TIME, lambda: first.id in customer.told())
    assert customer.told().count(first.id) == 1


async def test_replies_quotes_and_third_persons(brand: Person, customer: Person, stranger: Person) -> None:
    """Each customer has a conversation of their own, with the thread above as context."""
    offer = brand.post("Rebajas hasta el domingo")
    await within(IN_TIME, lambda: customer.sees(offer))
    first = customer.post("¿También en la web?", reply_to=offer)
    second = stranger.post("Yo tengo la misma duda", reply_to=first, mention=brand)
    quoted = stranger.post("Mirad esto", quote=offer)
    async with signed_in(brand) as connector:
        await arrival(connector, first)
        await arrival(connector, second)
        items = {item.id: item for item in await arrival(connector, quoted)}
        assert items[first].conversation == f"{offer}|{customer.did}"
        assert items[second].conversation == f"{offer}|{stranger.did}"
        around = [item.text for item in items.values() if item.context]
        assert "Rebajas hasta el domingo" in around


async def test_an_answer_from_the_phone_is_ours(brand: Person, customer: Person) -> None:
    """A1: a customer answered elsewhere waits no more."""
    question = customer.post("¿abrís hoy?", mention=brand)
    answer = brand.post("Sí, desde el móvil", reply_to=question)
    await within(IN_TIME, lambda: customer.replies(question))
    async with signed_in(brand) as connector:
        item = next(i for i in await arrival(connector, answer) if i.id == answer)
    assert (item.direction, item.contact.id) == (Direction.OUT, customer.did)
    assert item.conversation == f"{question}|{customer.did}"


async def test_a_worthless_token_is_renewed_and_kept(brand: Person) -> None:
    """Signing in anew is for when renewing fails."""
    vault = MemoryVault(brand.app_password)
    async with signed_in(brand, vault) as connector:
        await connector.check()
    former, vault.password = dict(vault.kept), "no longer the password"
    vault.kept["accessJwt"] = "worthless"
    async with signed_in(brand, vault) as connector:
        assert (await connector.check()).handle == brand.handle
    assert vault.kept["refreshJwt"] != former["refreshJwt"]
    vault.kept |= {"accessJwt": "worthless", "refreshJwt": "worthless"}
    async with signed_in(brand, vault) as connector:
        with pytest.raises(AuthRequired) as refused:
            await connector.check()
    assert refused.value.detail == "Invalid identifier or password"


# The engine and the desk ----------------------------------------------------------


@pytest.fixture
def shop(brand: Person) -> Iterator[Office]:
    """The brand's desk."""
    made = Office()
    account(made, brand, "tienda")
    yield made
    made.database.close()


async def test_the_whole_journey(shop: Office, brand: Person, customer: Person) -> None:
    """A1, A4, B1, B4: asked, waiting, answered, the timer stops, asked again, a fresh clock."""
    async with shop.at_work():
        await within(IN_TIME, lambda: shop.desk.accounts()[0].state is AccountState.OK)
        asked = datetime.now(UTC)
        question = customer.post("¿Llegará mañana?", mention=brand)
        row = (await within(IN_TIME, lambda: shop.rows(State.WAITING)))[0]
        assert row.handle == customer.handle
        assert row.waiting_since is not None
        assert abs(row.waiting_since - asked) < timedelta(seconds=1)

        shop.desk.reply(row.id, "Sí, antes de las 14 h", now=True)
        seen = await within(IN_TIME, lambda: customer.replies(question))
        assert [post["record"]["text"] for post in seen] == ["Sí, antes de las 14 h"]
        await within(IN_TIME, lambda: shop.rows(State.ANSWERED))
        assert shop.desk.row(row.id).waiting_since is None

        again = datetime.now(UTC)
        customer.post("¿Y si no estoy en casa?", reply_to=seen[0]["uri"])
        back = (await within(IN_TIME, lambda: shop.rows(State.WAITING)))[0]
        assert back.id == row.id
        assert back.waiting_since is not None
        assert abs(back.waiting_since - again) < timedelta(seconds=1)
        texts = [message.text for message in shop.desk.thread(row.id).messages]
        assert texts[-2:] == ["Sí, antes de las 14 h", "¿Y si no estoy en casa?"]
        assert texts.count("Sí, antes de las 14 h") == 1


async def test_a_wrong_password_stops_only_its_account(
    shop: Office, brand: Person, customer: Person, stranger: Person
) -> None:
    """One account asks for its person, in the server's words; the other one goes on."""
    account(shop, stranger, "otra", "not-the-password")
    async with shop.at_work():
        customer.post("¿Hola?", mention=brand)
        await within(IN_TIME, lambda: shop.rows(State.WAITING))
        new = AccountState.NEW  # what was received is in the queue before the account is told to be well
        await within(IN_TIME, lambda: all(one.state is not new for one in shop.desk.accounts()))
        accounts = {account.name: account for account in shop.desk.accounts()}
    assert accounts["tienda"].state is AccountState.OK
    assert accounts["otra"].state is AccountState.AUTH
    assert accounts["otra"].detail == "Invalid identifier or password"


async def test_a_picture_comes_as_it_was_sent(brand: Person, customer: Person) -> None:
    """B1: with its alternative text, from the author's server; a warning of its author's stands above."""
    blob = customer.upload(PICTURE, "image/png")
    image = {"image": blob, "alt": "un vestido roto"}
    warned = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    question = customer.post("mirad", mention=brand, embed=embed, labels=warned)
    async with signed_in(brand) as connector:
        item = next(i for i in await arrival(connector, question) if i.id == question)
        (one,) = item.attachments
        assert (one.media, one.description, one.size) == (Media.IMAGE, "un vestido roto", len(PICTURE))
        assert item.title == "⚠ graphic-media"
        assert await connector.download(one.remote, len(PICTURE)) == PICTURE


async def test_a_thread_that_takes_no_answer_keeps_the_text(
    shop: Office, brand: Person, customer: Person
) -> None:
    """B3: the network's own view says so just before the answer would leave; nothing is written, the text is kept."""
    question = customer.post("no contestéis", mention=brand)
    customer.close(question)
    await within(IN_TIME, lambda: brand.may_not_answer(question))
    async with shop.at_work():
        row = (await within(IN_TIME, lambda: shop.rows(State.WAITING)))[0]
        shop.desk.reply(row.id, "Contestamos igual", now=True)
        failed = [Delivery.FAILED]
        await within(IN_TIME, lambda: [one.state for one in shop.desk.outbox()] == failed)
    (kept,) = shop.desk.outbox()
    assert (kept.reason, kept.text) == ("reply_disabled", "Contestamos igual")
    assert customer.replies(question) == [] and brand.written() == []


async def test_posts_that_cannot_be_seen(brand: Person, customer: Person, stranger: Person) -> None:
    """B3: what stands above a question is said to be gone, or blocked; the question is there and can be answered."""
    above = stranger.post("Arriba")
    await within(IN_TIME, lambda: customer.sees(above))
    below_gone = customer.post("¿y esto?", mention=brand, reply_to=above)
    await within(IN_TIME, lambda: brand.sees(below_gone))
    stranger.delete(above)
    await within(IN_TIME, lambda: not brand.sees(above))
    hidden = stranger.post("Escondida")
    await within(IN_TIME, lambda: customer.sees(hidden))
    below_hidden = customer.post("¿y esto otro?", mention=brand, reply_to=hidden)
    await within(IN_TIME, lambda: brand.sees(below_hidden))
    stranger.block(brand)
    async with signed_in(brand) as connector:
        signs = {f"{above}|{customer.did}": "🗑", f"{hidden}|{customer.did}": "🚫"}
        seen = await within_reading(connector, signs)
        assert {below_gone, below_hidden} <= set(seen)
        receipt = await connector.send(a_reply(connector, seen[below_gone], "Aquí estamos"))
    assert receipt.id in [one["uri"] for one in brand.written()]


async def within_reading(connector: BlueskyConnector, signs: dict[str, str]) -> dict[str, Item]:
    """Read anew, as after a restart, until these messages begin with these signs; returns all."""
    end = time.monotonic() + IN_TIME
    while True:
        connector._inbox.forget()
        raws, _ = await read(connector)
        items = {item.id: item for item in understood(connector, raws)}
        if all(name in items and items[name].text.startswith(sign) for name, sign in signs.items()):
            return items
        assert time.monotonic() < end, {name: items[name].text for name in signs if name in items}
        await asyncio.sleep(0.2)


async def test_from_acceptance_to_the_queue(shop: Office, brand: Person, customer: Person) -> None:
    """B1: within the interval and a second, through the whole engine, whenever it is written."""
    interval = BlueskyConnector.capabilities.poll.total_seconds()
    took = []
    async with shop.at_work():
        await within(IN_TIME, lambda: shop.desk.accounts()[0].state is AccountState.OK)
        for number in range(ROUNDS):
            await asyncio.sleep(number * interval / ROUNDS)  # at every part of an interval
            await asyncio.to_thread(customer.post, f"pregunta {number}", mention=brand)
            accepted = time.monotonic()
            await within(2 * interval, lambda n=number: shop.heard() == n + 1)  # type: ignore[misc]
            took.append(time.monotonic() - accepted)
    took.sort()
    print(
        f"from acceptance to the queue: median {took[ROUNDS // 2]:.1f} s, at most {took[-1]:.1f} s of {ROUNDS}"
    )
    # The pace of visits varies by a tenth, so that accounts do not keep step.
    assert took[-1] <= 1.1 * interval + 1


# Many messages, with restarts in between -----------------------------------------------


async def exchange(made: Exchange, messages: int, each: int, patience: float) -> None:
    """Run one and look at what is there afterwards."""
    try:
        await made.run(messages, each, patience)
        made.verify()
    finally:
        made.close()


async def test_sixty_each_way(network: str, brand: Person, stranger: Person) -> None:
    """A1, B1, B3, the short form: six engines one after the other."""
    await exchange(Exchange(network, {"uno": brand, "dos": stranger}, 10), 60, 20, 60)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_thousand_each_way(network: str, brand: Person, stranger: Person) -> None:
    """The long form, over a line that loses requests and answers: SOCIALDESK_SEED says which."""
    seed = int(os.environ.get("SOCIALDESK_SEED") or time.time())
    line = BadLine(seed)
    print(f"seed {seed}")
    made = Exchange(network, {"uno": brand, "dos": stranger}, 10, line)
    await exchange(made, int(os.environ.get("SOCIALDESK_MESSAGES", "1000")), 100, 600)
    print(dict(line.done))


async def test_an_account_kept_elsewhere_than_where_it_signs_in(brand: Person, customer: Person) -> None:
    """A1, G3: sign-in names another host, which the engine reaches from then on; messages come and answers leave."""
    office = Office()
    elsewhere = Person(brand.service.replace("localhost", "127.0.0.1"), *_rest(brand))
    assert elsewhere.service != brand.service
    account(office, elsewhere, "tienda")
    try:
        question = await asyncio.to_thread(customer.post, "¿abrís hoy?", mention=brand)
        async with office.at_work():
            row = (await within(2 * IN_TIME, lambda: office.rows(State.WAITING)))[0]
            assert office.desk.accounts()[0].options["pds"] == brand.service
            office.desk.reply(row.id, "Sí", now=True)
            seen = await within(IN_TIME, lambda: customer.replies(question))
        assert [post["record"]["text"] for post in seen] == ["Sí"]
    finally:
        office.database.close()


def _rest(person: Person) -> tuple[str, str, str, httpx.Client]:
    return person.handle, person.did, person.app_password, person.http
