"""A strict Bot API server over real connections: the connector alone, then the engine and the desk on two bots (A1, A4, B1, B3).

The long form writes 1,000 messages each way, with limits and gateway errors, while engines end and begin:
SOCIALDESK_MESSAGES says how many.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from contract.fake_telegram import BotVault
from live.conftest import within
from live.office import Office
from live.servers import LIVE, NotInstalled, _await_port, _free_port, _running
from socialdesk.clock import SystemClock
from socialdesk.connectors.contract import AuthRequired, Direction, Host, Item, Outgoing
from socialdesk.connectors.telegram import TelegramConnector
from socialdesk.connectors.testing import read, understood
from socialdesk.domain.models import AccountState, State

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]
TOKENS = ("100:de-pega-uno", "101:de-pega-dos", "102:de-pega-tres", "103:de-pega-cuatro", "104:de-pega-cinco")
IN_TIME = 15.0
BUSINESS = "Ax9"


class Telegram:
    """The server, as people and other programs meet it."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=self.address, trust_env=False, timeout=20)

    def told(self, token: str, do: str = "look", **more: Any) -> dict[str, Any]:
        """Tell it something; returns what it says of that bot, or the message made."""
        found: dict[str, Any] = self._http.post("/control", json={"token": token, "do": do, **more}).json()
        return found

    def write(self, token: str, chat: dict[str, Any], who: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Somebody writes."""
        kind = "business_message" if "business_connection_id" in more else "message"
        return self.told(token, "arrive", kind=kind, message={"chat": chat, "from": who, **more})

    def close(self) -> None:
        """Leave."""
        self._http.close()


@pytest.fixture(scope="module")
def telegram() -> Iterator[Telegram]:
    """The server, with the judge where that is installed."""
    try:
        with _server() as server:
            yield server
    except NotInstalled as missing:
        if os.environ.get("SOCIALDESK_LIVE_ALL"):
            raise
        pytest.skip(str(missing))


@contextlib.contextmanager
def _server() -> Iterator[Telegram]:
    python = LIVE / "telegram" / "bin" / "python"
    if not python.exists() and os.environ.get("SOCIALDESK_LIVE_ALL"):
        raise NotInstalled("aiogram, which judges what we ask, is not installed; run tests/live/install.sh")
    port, program = _free_port(), Path(__file__).with_name("telegramserver.py")
    command = [str(python if python.exists() else sys.executable), str(program), str(port), *TOKENS]
    with (
        tempfile.TemporaryDirectory(prefix="socialdesk-telegram-") as folder,
        _running(command, Path(folder) / "server.log"),
    ):
        _await_port(port)
        server = Telegram(port)
        yield server
        server.close()


@asynccontextmanager
async def signed_in(telegram: Telegram, token: str) -> AsyncIterator[TelegramConnector]:
    """A connector to a bot."""
    async with httpx.AsyncClient(trust_env=False) as http:
        options = {"server": telegram.address}
        connector = TelegramConnector(Host("tienda", options, BotVault(token), http, SystemClock()))
        try:
            yield connector
        finally:
            await connector.aclose()


def person(number: int) -> dict[str, Any]:
    """A customer."""
    return {"id": 7_000_000_000 + number, "is_bot": False, "first_name": "Ana", "username": f"c{number}"}


def own_chat(number: int) -> dict[str, Any]:
    """Their chat with a bot or a business."""
    who = person(number)
    return {"id": who["id"], "type": "private", "first_name": "Ana", "username": who["username"]}


def a_reply(connector: TelegramConnector, item: Item, text: str) -> Outgoing:
    """A reply to a message."""
    at = datetime.now(UTC)
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, item.private, at, "es")


async def test_question_and_answer(telegram: Telegram) -> None:
    """A1, B1: told within two seconds, answered; one reader at a time; an idle wait is one request, not many."""
    token = TOKENS[0]
    async with signed_in(telegram, token) as connector:
        assert (await connector.check()).handle == "@tienda0_bot"
        _, cursor = await read(connector)
        heard = asyncio.Event()
        listening = asyncio.create_task(connector.listen(heard.set))
        took = []
        for number in range(5):
            _, cursor = await read(connector, cursor)
            await asyncio.sleep(0.2)
            heard.clear()
            await asyncio.to_thread(
                telegram.write, token, own_chat(1), person(1), text=f"¿Abrís hoy? {number}"
            )
            accepted = time.monotonic()
            await asyncio.wait_for(heard.wait(), IN_TIME)
            raws, cursor = await read(connector, cursor)
            took.append(time.monotonic() - accepted)
            (item,) = understood(connector, raws)
            assert item.text == f"¿Abrís hoy? {number}"
        assert max(took) < 2
        print(f"from acceptance to the item: {max(took):.2f} s at most")
        await connector.send(a_reply(connector, item, "Sí, hasta las 20 h 😀"))
        _, cursor = await read(connector, cursor)
        await asyncio.sleep(0.3)
        before = telegram.told(token)["calls"]
        await asyncio.sleep(3)
        said = telegram.told(token)
        assert said["calls"] == before and not listening.done()
        listening.cancel()
        await asyncio.wait({listening})
    assert [one["text"] for one in said["sent"]] == ["Sí, hasta las 20 h 😀"]
    assert (said["conflicts"], said["faults"], said["waiting"]) == (0, [], 0)


async def test_an_album_comes_whole_and_a_file_is_fetched(telegram: Telegram) -> None:
    """Its parts come one after the other, as they do there; a false token is a sign-in to be made."""
    token = TOKENS[0]
    telegram.told(token, "file", name="p2", content="una foto")

    def post() -> None:
        for number in range(4):
            size = {"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90}
            more: dict[str, Any] = {"caption": "Así llegó"} if number == 0 else {}
            telegram.write(token, own_chat(2), person(2), photo=[size], media_group_id="g", **more)
            time.sleep(0.15)

    async with signed_in(telegram, token) as connector:
        _, cursor = await read(connector)
        posting = asyncio.create_task(asyncio.to_thread(post))
        await asyncio.sleep(0.1)
        raws, cursor = await read(connector, cursor)
        await posting
        (item,) = understood(connector, raws)
        assert item.text == "Así llegó" and len(item.attachments) == 4
        assert await connector.download(item.attachments[2].remote, 100) == b"una foto"
        await read(connector, cursor)
    async with signed_in(telegram, "100:falsa") as connector:
        with pytest.raises(AuthRequired):
            await connector.check()


# The engine and the desk -----------------------------------------------------------------


class Asked(NamedTuple):
    """A question: which account's customer asked where, and when."""

    account: str
    handle: str
    where: tuple[int, int, str]
    at: int


def ask(telegram: Telegram, token: str, account: str, number: int, text: str) -> Asked:
    """A customer asks: in turn the bot, the group, a topic of the forum, the business."""
    who = person(number)
    more: dict[str, Any] = {}
    me = f"@tienda{TOKENS.index(token)}_bot"
    match number % 4:
        case 0:
            chat = own_chat(number)
        case 1:
            chat, text = {"id": -55, "type": "group", "title": "Clientes"}, f"{text} {me}"
        case 2:
            chat = {"id": -1001234567890, "type": "supergroup", "title": "Foro", "is_forum": True}
            text, more = f"{text} {me}", {"message_thread_id": 7, "is_topic_message": True}
        case _:
            chat, more = own_chat(number), {"business_connection_id": BUSINESS}
    made = telegram.write(token, chat, who, text=text, **more)
    where = (chat["id"], made.get("message_thread_id", 0), made.get("business_connection_id", ""))
    return Asked(account, str(who["username"]), where, made["date"])


async def exchange(
    telegram: Telegram, bots: tuple[str, str], messages: int, each: int, patience: float
) -> None:
    """Messages to two accounts and answers, in rounds of ``each`` with an engine of its own."""
    office, asked = Office(), dict[str, Asked]()
    for token in bots:
        office.add("telegram", f"bot{token[:3]}", {"server": telegram.address}, "token", token)
    try:
        for begin in range(0, messages, each):
            async with office.at_work():
                for number in range(begin, min(begin + each, messages)):
                    token, text = bots[number % 2], f"pregunta {number} de {messages}"
                    customer = number // 2 % max(8, messages // 10)
                    made = await asyncio.to_thread(ask, telegram, token, f"bot{token[:3]}", customer, text)
                    asked[text] = made
                    if number % 10 == 9:
                        await office.answer_all()
                await within(patience, lambda: office.heard() == len(asked))
                await office.answer_all()
                await within(patience, lambda: not office.desk.outbox())
            # What comes while nobody is at work waits for the next round.
        verify(office, telegram, bots, asked)
    finally:
        office.database.close()


def verify(office: Office, telegram: Telegram, bots: tuple[str, str], asked: dict[str, Asked]) -> None:
    """Nothing lost, nothing doubled, right threads, right times."""
    found: Counter[str] = Counter()
    ours = 0
    for row in office.rows():
        messages = office.desk.thread(row.id, limit=10_000).messages
        ours += sum(message.direction is Direction.OUT for message in messages)
        for message in messages:
            if message.direction is Direction.IN:
                text = message.text.partition(" @")[0]
                found[text] += 1
                expected = asked[text]
                assert (row.account, row.handle) == (expected.account, expected.handle)
                assert message.at == datetime.fromtimestamp(expected.at, UTC)
    assert found == Counter(dict.fromkeys(asked, 1))
    assert len(office.rows()) == len({(one.account, one.handle) for one in asked.values()})
    answers = 0
    for token in bots:
        said = telegram.told(token)
        assert (said["conflicts"], said["faults"]) == (0, [])
        for one in said["sent"]:
            expected = asked[one["text"].removeprefix("respuesta a: ").partition(" @")[0]]
            where = (one["chat_id"], one.get("message_thread_id", 0), one.get("business_connection_id", ""))
            assert (expected.account, expected.where) == (f"bot{token[:3]}", where)
        texts = [one["text"] for one in said["sent"]]
        assert len(set(texts)) == len(texts)
        answers += len(texts)
        print(f"{said['calls']}, judged by aiogram: {said['judged']}")
    assert answers == ours
    print(f"{len(asked)} in, {answers} out, {len(office.rows())} conversations: none lost, none doubled")


async def test_sixty_each_way(telegram: Telegram) -> None:
    """A1, B1, B3, the short form: three engines one after the other."""
    await exchange(telegram, (TOKENS[1], TOKENS[2]), 60, 20, 30)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_thousand_each_way(telegram: Telegram) -> None:
    """The long form, with limits and gateway errors among the answers."""
    bots = (TOKENS[3], TOKENS[4])
    for token in bots:
        telegram.told(token, "set", values={"rough": True})
    await exchange(telegram, bots, int(os.environ.get("SOCIALDESK_MESSAGES", "1000")), 100, 300)


async def test_an_answer_whose_outcome_was_lost(telegram: Telegram) -> None:
    """A1: taken, and the line goes dead: a person is asked, and nothing is sent a second time by itself."""
    token, office = TOKENS[0], Office()
    office.add("telegram", "perdida", {"server": telegram.address}, "token", token)
    try:
        async with office.at_work():
            telegram.write(token, own_chat(9), person(9), text="¿Se pierde?")
            look = lambda: [one for one in office.rows(State.WAITING) if one.handle == "c9"]  # noqa: E731
            row = (await within(IN_TIME, look))[0]
            telegram.told(token, "set", values={"loses": 1})
            office.desk.reply(row.id, "No se sabe", now=True)
            held = await within(
                IN_TIME, lambda: [one for one in office.desk.outbox() if one.state.value == "needs_person"]
            )
        async with office.at_work():
            telegram.write(token, own_chat(8), person(8), text="otra cosa")
            await within(IN_TIME, lambda: [one for one in office.rows(State.WAITING) if one.handle == "c8"])
        assert [one.text for one in held] == ["No se sabe"]
        assert [one["text"] for one in telegram.told(token)["sent"]].count("No se sabe") == 1
    finally:
        office.database.close()


async def test_a_webhook_is_named_on_the_desk(telegram: Telegram) -> None:
    """And never taken away; once its owner did, the messages come."""
    token, office = TOKENS[0], Office()
    telegram.told(token, "set", values={"webhook": "https://other.example/hook"})
    office.add("telegram", "gancho", {"server": telegram.address}, "token", token)
    try:
        async with office.at_work() as engine:
            await within(IN_TIME, lambda: office.desk.accounts()[0].state is AccountState.TROUBLE)
            assert office.desk.accounts()[0].problem == "webhook_set"
            telegram.told(token, "set", values={"webhook": ""})
            telegram.write(token, own_chat(7), person(7), text="¿Ya?")
            engine.nudge()
            await within(30, lambda: [one for one in office.rows(State.WAITING) if one.handle == "c7"])
    finally:
        office.database.close()
