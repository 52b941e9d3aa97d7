"""Many messages each way on Bluesky's reference network, with restarts in between, and what must be true of them afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx

from live.conftest import within
from live.office import Office
from live.people import Person, newcomer
from socialdesk.connectors.contract import Direction
from socialdesk.domain.models import State


def account(office: Office, brand: Person, name: str, password: str = "") -> None:
    """Add an account."""
    options = {"handle": brand.handle, "service": brand.service}
    office.add("bluesky", name, options, "password", password or brand.app_password)


class Asked(NamedTuple):
    """A question: which account's customer asked, when, in which thread."""

    account: str
    handle: str
    did: str
    at: datetime
    uri: str
    root: str


class Exchange:
    """Customers who ask two accounts, and go on below what they were answered."""

    def __init__(
        self,
        network: str,
        brands: dict[str, Person],
        customers: int,
        line: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.line = line
        self.brands = brands
        self.customers = [newcomer(network, "cliente") for _ in range(customers)]
        self.asked: dict[str, Asked] = {}
        self.office = Office()
        for name, brand in brands.items():
            account(self.office, brand, name)

    def close(self) -> None:
        """Let go of what is held."""
        for person in self.customers:
            person.http.close()
        self.office.database.close()

    def ask(self, number: int, answers: dict[str, dict[str, Any]]) -> None:
        """A customer asks: by a mention, or below an answer to them where there is one."""
        name = list(self.brands)[number % 2]
        brand, who = self.brands[name], self.customers[number // 2 % len(self.customers)]
        said = f"pregunta {number}"
        at = datetime.now(UTC).replace(microsecond=datetime.now(UTC).microsecond // 1000 * 1000)
        below = next((one for one in answers.values() if one["to"] == (name, who.did)), None)
        if below is None:
            uri = root = who.post(said, mention=brand, at=at)
            said = f"@{brand.handle} {said}"
        else:
            answers.pop(below["uri"])
            root, uri = below["root"], who.post(said, reply_to=below["uri"], at=at)
        self.asked[said] = Asked(name, who.handle, who.did, at, uri, root)

    def ask_all(self, numbers: Sequence[int], answers: dict[str, dict[str, Any]]) -> None:
        """Customers ask, one after the other."""
        for number in numbers:
            self.ask(number, answers)

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return what the accounts have written, as their own server has it, each with whom it answers."""
        found = {}
        by_uri = {one.uri: one for one in self.asked.values()}
        for name, brand in self.brands.items():
            for record in brand.written():
                reply = record["value"]["reply"]
                to = by_uri[reply["parent"]["uri"]]
                assert to.account == name, "an answer by the other account"
                known = {"uri": record["uri"], "text": record["value"]["text"], "root": reply["root"]["uri"]}
                found[record["uri"]] = known | {"to": (name, to.did), "parent": to.uri}
        return found

    async def run(self, messages: int, each: int, patience: float) -> None:
        """Messages and answers, in rounds of ``each``: a part is written while nobody is at work, and engines end in the middle."""
        for begin in range(0, messages, each):
            numbers = list(range(begin, min(begin + each, messages)))
            free = await asyncio.to_thread(self.answers)
            # Nobody goes on below what they do not see yet: a reply that is indexed before its parent is nobody's news.
            await within(patience, lambda: self.customers[0].sees(*free))  # noqa: B023
            await asyncio.to_thread(self.ask_all, numbers[::2], free)
            async with self.office.at_work(self.line):
                await asyncio.to_thread(self.ask_all, numbers[1::2], free)
                await self.office.answer_all()
            async with self.office.at_work(self.line):  # what was on its way goes on
                await within(patience, lambda: self.office.heard() == len(self.asked))
                await self.office.answer_all()
                await within(patience, lambda: not self.office.desk.outbox())
                await within(patience, lambda: not self.office.rows(State.WAITING))

    def verify(self) -> None:
        """Nothing lost, nothing doubled, right threads, right times."""
        found: Counter[str] = Counter()
        ours = 0
        for row in self.office.rows():
            messages = self.office.desk.thread(row.id, limit=10_000).messages
            roots = set()
            for message in (one for one in messages if not one.context):
                if message.direction is Direction.OUT:
                    ours += 1
                    continue
                found[message.text] += 1
                expected = self.asked[message.text]
                assert (row.account, row.handle) == (expected.account, expected.handle)
                assert (message.remote_id, message.at) == (expected.uri, expected.at)
                roots.add(expected.root)
            assert len(roots) == 1, "two threads in one conversation"
        assert found == Counter(dict.fromkeys(self.asked, 1))
        assert len(self.office.rows()) == len({(one.root, one.did) for one in self.asked.values()})
        answers = self.answers()
        assert sorted(one["text"] for one in answers.values()) == sorted(
            f"respuesta a: {text}" for text in self.asked
        )
        for one in answers.values():
            expected = self.asked[one["text"].removeprefix("respuesta a: ")]
            assert (one["parent"], one["root"]) == (expected.uri, expected.root)
        assert len(answers) == ours
        threads = len(self.office.rows())
        print(f"{len(found)} in, {ours} out, {threads} conversations: none lost, none doubled")
