"""Bluesky's reference network: the connector alone, then the engine and the desk on it (NEEDS A1, A4, B1, B4)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contract.fake_parts import MemoryVault
from live.conftest import within
from live.people import Person
from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors import registry
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import AuthRequired, Direction, Host, Item, Outgoing
from socialdesk.connectors.testing import read, understood
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState, QueueRow, State, View
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync.engine import Engine

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]

IN_TIME = 10.0
OPEN = View("all")


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


class Shop:
    """A desk with the brand's account, as a person would have set it up."""

    def __init__(self, brand: Person) -> None:
        self.places = paths.find()
        self.places.database.parent.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.places.database)
        self.clock = SystemClock()
        self.config = Config(undo=timedelta(0), allow_private_hosts=True)
        self.desk = Desk(self.database, self.clock, self.config)
        self.environment = {"PASSWORD": brand.app_password, "WRONG": "not-the-password"}
        self.add(brand, "tienda", "PASSWORD")

    def add(self, brand: Person, name: str, variable: str) -> None:
        """Add an account whose app password is in that variable."""
        options = {"handle": brand.handle, "service": brand.service}
        self.desk.add_account("bluesky", name, name, options, {"password": f"env:{variable}"}, None)

    def rows(self, state: State) -> list[QueueRow]:
        """The conversations in that state."""
        return [row for row in self.desk.queue(OPEN).rows if row.state is state]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """The engine runs meanwhile."""
        secrets = Secrets(self.places.data / "secrets", environment=self.environment)
        engine = Engine(self.database, registry.load, secrets, self.clock, self.config, self.places)
        stop = asyncio.Event()
        running = asyncio.create_task(engine.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running


@pytest.fixture
def shop(brand: Person) -> Iterator[Shop]:
    """The brand's desk."""
    made = Shop(brand)
    yield made
    made.database.close()


async def test_the_whole_journey(shop: Shop, brand: Person, customer: Person) -> None:
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
    shop: Shop, brand: Person, customer: Person, stranger: Person
) -> None:
    """One account asks for its person, in the server's words; the other one goes on."""
    shop.add(stranger, "otra", "WRONG")
    async with shop.at_work():
        customer.post("¿Hola?", mention=brand)
        await within(IN_TIME, lambda: shop.rows(State.WAITING))
        new = AccountState.NEW  # what was received is in the queue before the account is told to be well
        await within(IN_TIME, lambda: all(one.state is not new for one in shop.desk.accounts()))
        accounts = {account.name: account for account in shop.desk.accounts()}
    assert accounts["tienda"].state is AccountState.OK
    assert accounts["otra"].state is AccountState.AUTH
    assert accounts["otra"].detail == "Invalid identifier or password"
