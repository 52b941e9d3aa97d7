"""Dovecot and a sending server: the connector alone, then the engine and the desk on two accounts (A1, A4, B1, B3, B4).

The long form writes 1,000 letters each way while engines end and begin: SOCIALDESK_LETTERS says how many.
"""

from __future__ import annotations

import asyncio
import email
import os
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from contract.fake_mailbox import MailVault
from live.conftest import within
from live.mailservers import DOMAIN, PASSWORD, MailServers, mail_servers
from live.servers import NotInstalled
from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors import registry
from socialdesk.connectors.contract import AuthRequired, Direction, Host, Item, Outgoing, Rejected
from socialdesk.connectors.mail import MailConnector
from socialdesk.connectors.testing import read, understood
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState, State, View
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync.engine import Engine

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]
OPEN = View("all")
IN_TIME = 15.0


@pytest.fixture(scope="module")
def provider() -> Iterator[MailServers]:
    """The servers."""
    try:
        with mail_servers() as servers:
            yield servers
    except NotInstalled as missing:
        if os.environ.get("SOCIALDESK_LIVE_ALL"):
            raise
        pytest.skip(str(missing))


async def dial(host: str, port: int) -> socket.socket:
    """Connect."""
    made = socket.socket()
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, (host, port))
    return made


@asynccontextmanager
async def signed_in(
    provider: MailServers, user: str, password: str = PASSWORD, **options: str
) -> AsyncIterator[MailConnector]:
    """A connector to a mailbox."""
    async with httpx.AsyncClient(trust_env=False) as http:
        settings = {**provider.options(user), **options}
        connector = MailConnector(
            Host(user, settings, MailVault(password=password), http, SystemClock(), dial)
        )
        try:
            yield connector
        finally:
            await connector.aclose()


def a_letter(
    text: str, to: str, sender: str = "Ana García <ana@cliente.test>", **headers: str
) -> EmailMessage:
    """A customer's letter."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"] = sender, f"{to}@{DOMAIN}"
    values = {"Subject": f"Pregunta: {text}", "Date": format_datetime(datetime.now(UTC)), **headers}
    for name, value in values.items():
        made[name.replace("_", "-")] = value
    if "Message_ID" not in values:
        made["Message-ID"] = f"<{time.time_ns()}.{abs(hash(text))}@cliente.test>"
    made.set_content(text)
    return made


def a_reply(connector: MailConnector, item: Item, text: str) -> Outgoing:
    """A reply to a message."""
    at = datetime.now(UTC)
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, True, at, "es")


async def test_question_and_answer(provider: MailServers) -> None:
    """A1, B1: told within two seconds, answered in its thread, a copy in Sent that is read back as ours, once."""
    async with signed_in(provider, "info", sender="La Tienda") as connector:
        assert (await connector.check()).lacking == ()
        _, cursor = await read(connector)
        heard = asyncio.Event()
        listening = asyncio.create_task(connector.listen(heard.set))
        await asyncio.wait_for(heard.wait(), IN_TIME)
        heard.clear()
        question = a_letter("¿Abrís hoy? 😀", "info")
        provider.deliver("info", question.as_bytes())
        accepted = time.monotonic()
        await asyncio.wait_for(heard.wait(), IN_TIME)
        raws, cursor = await read(connector, cursor)
        took = time.monotonic() - accepted
        listening.cancel()
        (item,) = understood(connector, raws)
        assert item.text == "¿Abrís hoy? 😀"
        assert took < 2, f"{took:.2f} s"
        print(f"from acceptance to the item: {took:.2f} s")

        outgoing = a_reply(connector, item, "Sí, hasta las 20 h")
        receipt = await connector.send(outgoing)
        raws, _ = await read(connector, cursor)
        (back,) = understood(connector, raws)
    assert (back.id, back.direction, back.conversation) == (receipt.id, Direction.OUT, item.conversation)
    sender, recipients, source = provider.taken[-1]
    answer: Any = email.message_from_bytes(source, policy=policy.default)
    assert (sender, recipients) == (f"info@{DOMAIN}", ["ana@cliente.test"])
    assert answer["In-Reply-To"] == answer["References"] == question["Message-ID"]
    assert answer["Subject"] == f"Re: {question['Subject']}"


async def test_refusals(provider: MailServers) -> None:
    """A wrong password, on either side, and a recipient that does not exist, in the servers' words."""
    async with signed_in(provider, "info", "falsa") as connector:
        with pytest.raises(AuthRequired):
            await connector.check()
    provider.deliver("info", a_letter("¿Hola?", "info", f"nadie@{DOMAIN}").as_bytes())
    async with signed_in(provider, "info") as connector:
        raws, _ = await read(connector)
        item = next(one for one in understood(connector, raws) if one.contact.handle.startswith("nadie"))
        with pytest.raises(Rejected, match="No such user") as told:
            await connector.send(a_reply(connector, item, "Hola"))
    assert told.value.code == "recipient_refused"


async def test_threads_folders_and_files_on_a_real_server(provider: MailServers) -> None:
    """B3: looked-up parents, another folder, an attachment of two megabytes fetched from the server."""
    first = a_letter("una", "ventas", Message_ID="<first@cliente.test>")
    second = a_letter("dos", "ventas", Message_ID="<second@cliente.test>", In_Reply_To="<first@cliente.test>")
    third = a_letter("tres", "ventas", Message_ID="<third@cliente.test>", In_Reply_To="<second@cliente.test>")
    fourth = a_letter(
        "cuatro",
        "ventas",
        Subject="RE: Pregunta: una",
        Date=format_datetime(datetime.now(UTC) + timedelta(minutes=1)),
    )
    photo = os.urandom(2_000_000)
    third.add_attachment(photo, maintype="image", subtype="jpeg", filename="año.jpg")
    for letter in (first, second, third, fourth):
        provider.deliver("ventas", letter.as_bytes())
    async with signed_in(provider, "ventas", folders="INBOX,Pedidos") as connector:
        raws, _ = await read(connector)
        items = {item.text: item for item in understood(connector, raws)}
        assert {items[text].conversation for text in ("una", "dos", "tres", "cuatro")} == {
            "first@cliente.test|ana@cliente.test"
        }
        (attachment,) = items["tres"].attachments
        assert (attachment.name, attachment.type) == ("año.jpg", "image/jpeg")
        assert await connector.download(attachment.remote, 3_000_000) == photo
        assert (await connector.check()).lacking == ()


# The engine and the desk -----------------------------------------------------------------


class Office:
    """A desk with two mailboxes."""

    def __init__(self, provider: MailServers, *users: str) -> None:
        self.places = paths.find()
        self.places.database.parent.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.places.database)
        self.config = Config(undo=timedelta(0), allow_private_hosts=True)
        self.desk = Desk(self.database, SystemClock(), self.config)
        self.environment = {"PASSWORD": PASSWORD}
        for user in users:
            self.desk.add_account(
                "mail", user, user, provider.options(user), {"password": "env:PASSWORD"}, None
            )

    def rows(self, state: State) -> list[Any]:
        """The conversations in that state."""
        return [row for row in self.desk.queue(OPEN, limit=10_000).rows if row.state is state]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Engine]:
        """The engine runs meanwhile."""
        secrets = Secrets(self.places.data / "secrets", environment=self.environment)
        engine = Engine(self.database, registry.load, secrets, SystemClock(), self.config, self.places)
        stop = asyncio.Event()
        running = asyncio.create_task(engine.run(stop))
        try:
            yield engine
        finally:
            stop.set()
            await running


async def exchange(
    provider: MailServers, users: tuple[str, str], letters: int, each: int, patience: float
) -> None:
    """Letters to two accounts and an answer to each, in rounds of ``each`` with an engine of its own."""
    office = Office(provider, *users)
    provider.forget()
    asked: dict[str, tuple[str, datetime]] = {}
    known: dict[str, str] = {}
    try:
        for begin in range(0, letters, each):
            async with office.at_work():
                for number in range(begin, min(begin + each, letters)):
                    text = f"carta {number} de {letters}"
                    user, customer = users[number % 2], f"c{number % max(7, letters // 10)}@cliente.test"
                    written = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=letters - number)
                    more = {"References": known[customer + user]} if customer + user in known else {}
                    letter = a_letter(text, user, customer, Date=format_datetime(written), **more)
                    known.setdefault(customer + user, str(letter["Message-ID"]))
                    await asyncio.to_thread(provider.deliver, user, letter.as_bytes())
                    asked[text] = (f"{customer} {user}", written)
                    if number % 10 == 9:
                        await answer_all(office)
                await answer_all(office)
                await within(patience, lambda: count_in(office) == len(asked))
                await answer_all(office)
                await within(patience, lambda: not office.desk.outbox())
        verify(office, provider, asked)
    finally:
        office.database.close()


async def answer_all(office: Office) -> None:
    """Answer whoever waits and has no answer on its way."""
    under_way = {one.conversation_id for one in office.desk.outbox()}
    for row in await asyncio.to_thread(office.rows, State.WAITING):
        if row.id not in under_way:
            office.desk.reply(row.id, f"respuesta a: {row.preview}", now=True)


def count_in(office: Office) -> int:
    """How many customers' letters are on the desk."""
    found = office.database.read().all("SELECT count(*) FROM message WHERE direction = 'in'")
    return int(found[0][0])


def verify(office: Office, provider: MailServers, asked: dict[str, tuple[str, datetime]]) -> None:
    """Nothing lost, nothing doubled, right threads, right times."""
    rows = office.desk.queue(OPEN, limit=10_000).rows
    found: Counter[str] = Counter()
    ours = 0
    for row in rows:
        thread = office.desk.thread(row.id, limit=10_000)
        theirs = [message for message in thread.messages if message.direction is Direction.IN]
        ours += len(thread.messages) - len(theirs)
        for message in theirs:
            found[message.text] += 1
            who, written = asked[message.text]
            assert f"{row.handle} {row.account}" == who
            assert message.at == written
    assert found == Counter(dict.fromkeys(asked, 1))
    assert len(rows) == len({who for who, _written in asked.values()})
    answers = [email.message_from_bytes(source) for _sender, _to, source in provider.taken]
    assert len({one["Message-ID"] for one in answers}) == len(answers) == ours
    print(
        f"{len(asked)} letters in, {len(answers)} answers out, {len(rows)} conversations: none lost, none doubled"
    )


async def test_sixty_each_way(provider: MailServers) -> None:
    """A1, B1, the short form: three engines one after the other."""
    await exchange(provider, ("uno", "dos"), 60, 20, 30)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_thousand_each_way(provider: MailServers) -> None:
    """The long form."""
    await exchange(provider, ("tres", "cuatro"), int(os.environ.get("SOCIALDESK_LETTERS", "1000")), 100, 240)


async def test_an_answer_whose_outcome_was_lost(provider: MailServers) -> None:
    """A1: where the provider keeps no copies a person is asked; nothing is sent a second time by itself."""
    office = Office(provider, "cinco")
    before = len(provider.taken)
    try:
        async with office.at_work():
            await within(IN_TIME, lambda: office.desk.accounts()[0].state is AccountState.OK)
            provider.deliver("cinco", a_letter("¿Se pierde?", "cinco", "eva@cliente.test").as_bytes())
            row = (
                await within(
                    IN_TIME,
                    lambda: [one for one in office.rows(State.WAITING) if one.handle == "eva@cliente.test"],
                )
            )[0]
            provider.lose_an_answer()
            office.desk.reply(row.id, "No se sabe", now=True)
            held = await within(
                IN_TIME, lambda: [one for one in office.desk.outbox() if one.state.value == "needs_person"]
            )
        assert [one.text for one in held] == ["No se sabe"]
        assert len(provider.taken) == before + 1
    finally:
        office.database.close()
