"""Synapse, the engine and the desk (A1, B1, B3, B4).

The long form writes 1,000 messages each way while engines end and begin: SOCIALDESK_MESSAGES says how many.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from functools import partial
from typing import Any

import httpx
import pytest

from live.conftest import within
from live.matrix.matrixserver import PASSWORD, MatrixServer, Person, shared
from live.office import Office
from socialdesk.connectors.contract import (
    Direction,
)
from socialdesk.domain.models import AccountState, State

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]
IN_TIME = 20.0


class Chats(Office):
    """A desk with several accounts."""

    def __init__(self, server: MatrixServer, *shops: Person) -> None:
        super().__init__()
        self.answered = 0
        for shop in shops:
            self.add("matrix", shop.user, {"user": shop.user, "server": server.base}, "password", PASSWORD)

    def answer(self, row: Any) -> None:
        """Answer a conversation."""
        self.answered += 1
        self.desk.reply(row.id, f"respuesta {self.answered}", now=True)


class Counted(httpx.AsyncHTTPTransport):
    """The way to the server, which counts what goes there."""

    calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Count one."""
        self.calls += 1
        return await super().handle_async_request(request)


async def exchange(server: MatrixServer, letters: int, each: int, patience: float) -> None:
    """Messages to two accounts in chats and rooms, and an answer to each, in rounds of ``each`` with an engine of its own."""
    shops = [server.person("tienda"), server.person("taller")]
    customers = [server.person("c") for _ in range(max(4, letters // 25))]
    rooms: dict[str, tuple[Person, list[Person]]] = {}
    for number, customer in enumerate(customers):
        shop, beside = shops[number % 2], customers[number - 2]
        others = [beside] if number % 4 >= 2 else []
        rooms[shared(shop, customer, *others)] = (shop, [customer, *others])
    office = Chats(server, *shops)
    asked: dict[str, tuple[str, str]] = {}
    try:
        for begin in range(0, letters, each):
            for number in range(begin, begin + each // 2):  # while nobody looks
                await write(rooms, asked, number)
            async with office.at_work():
                for number in range(begin + each // 2, min(begin + each, letters)):
                    await write(rooms, asked, number)
                    if number % 10 == 9:
                        await answer_all(office)
                await within(patience, lambda: office.heard() == len(asked))
                await answer_all(office, len(asked))
                await within(patience, lambda: not office.desk.outbox())
        verify(office, rooms, asked)
    finally:
        office.database.close()
        for one in [*shops, *customers]:
            one.http.close()


async def write(
    rooms: dict[str, tuple[Person, list[Person]]], asked: dict[str, tuple[str, str]], number: int
) -> None:
    """One of the customers writes in one of the rooms."""
    room = list(rooms)[number * 7 % len(rooms)]
    people = rooms[room][1]
    who, text = people[number // len(rooms) % len(people)], f"mensaje {number}"
    asked[text] = (room, who.user)
    await asyncio.to_thread(who.say, room, text)


async def answer_all(office: Chats, upto: int = 0) -> None:
    """Answer whoever waits and has no answer on its way; then all in turn, until there are so many answers."""
    under_way = {one.conversation_id for one in office.desk.outbox()}
    for row in await asyncio.to_thread(office.rows, State.WAITING):
        if row.id not in under_way:
            office.answer(row)
    rows = office.rows()
    while office.answered < upto:
        office.answer(rows[office.answered % len(rows)])


def verify(
    office: Chats, rooms: dict[str, tuple[Person, list[Person]]], asked: dict[str, tuple[str, str]]
) -> None:
    """Nothing lost, nothing doubled, right rooms, right authors, right times."""
    rows = office.rows()
    keys: dict[int, str] = dict(office.database.read().all("SELECT id, remote_key FROM conversation"))
    found: Counter[str] = Counter()
    answers = 0
    for row in rows:
        room = keys[row.id]
        shop, people = rooms[room]
        thread = office.desk.thread(row.id, limit=10_000)
        there = {
            one["event_id"]: one for person in (shop, *people) for one in people[0].seen(room, person.user)
        }
        ours = [one for one in thread.messages if one.direction is Direction.OUT]
        sent = [one["content"]["body"] for one in people[0].seen(room, shop.user)]
        assert Counter(one.text for one in ours) == Counter(sent), room
        assert len({one["content"]["socialdesk.key"] for one in people[0].seen(room, shop.user)}) == len(sent)
        answers += len(sent)
        for message in thread.messages:
            apart = abs(int(message.at.timestamp() * 1000) - there[message.remote_id]["origin_server_ts"])
            assert apart <= (2000 if message.direction is Direction.OUT else 0), "ours bear the desk's time"
            if message.direction is Direction.IN:
                found[message.text] += 1
                assert asked[message.text] == (room, message.handle)
    assert found == Counter(dict.fromkeys(asked, 1))
    assert answers == office.answered >= len(asked)
    print(f"{len(asked)} messages in, {answers} answers out, {len(rows)} rooms: none lost, none doubled")


async def test_sixty_each_way(server: MatrixServer) -> None:
    """A1, B1, the short form: three engines one after the other."""
    await exchange(server, 60, 20, 30)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_a_thousand_each_way(server: MatrixServer) -> None:
    """The long form."""
    await exchange(server, int(os.environ.get("SOCIALDESK_MESSAGES", "1000")), 100, 240)


async def test_the_account_is_well(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """The desk says so, and by whose name."""
    shop = people[0]
    office = Chats(server, shop)
    try:
        async with office.at_work():
            await within(IN_TIME, lambda: office.desk.accounts()[0].state is AccountState.OK)
            assert office.desk.accounts()[0].handle == shop.user
    finally:
        office.database.close()


async def test_from_acceptance_to_the_queue(
    server: MatrixServer, people: tuple[Person, Person, Person]
) -> None:
    """A1: within two seconds of the server's word a question stands in the queue, ten times."""
    shop, ana, _ = people
    office, room = Chats(server, shop), shared(ana, shop)
    took: list[float] = []
    try:
        async with office.at_work():
            await within(IN_TIME, lambda: office.desk.accounts()[0].state is AccountState.OK)
            await asyncio.sleep(2)  # the long question is on its way
            for number in range(10):
                await asyncio.to_thread(ana.say, room, f"¿hola {number}?")
                accepted = time.monotonic()
                await within(IN_TIME, partial(_came, office, number + 1))
                took.append(time.monotonic() - accepted)
                await asyncio.sleep(0.3)
    finally:
        office.database.close()
    print(f"from acceptance to the queue: median {sorted(took)[5]:.2f} s, at most {max(took):.2f} s")
    assert max(took) < 2


def _came(office: Chats, how_many: int) -> bool:
    return office.heard() >= how_many


@pytest.mark.torture
@pytest.mark.timeout(900)
async def test_five_idle_minutes(server: MatrixServer, people: tuple[Person, Person, Person]) -> None:
    """What an account asks of its server while nothing happens."""
    shop, ana, _ = people
    office = Chats(server, shop)
    shared(ana, shop)
    way = Counted()
    try:
        async with office.at_work(way):
            await within(IN_TIME, lambda: office.desk.accounts()[0].state is AccountState.OK)
            await asyncio.sleep(10)
            before = way.calls
            await asyncio.sleep(300)
            print(
                f"{way.calls - before} requests in five idle minutes, {(way.calls - before) * 12} in an hour"
            )
            assert (way.calls - before) * 12 < 200
    finally:
        office.database.close()
