"""The demo keeps the contract, in public and in private."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host
from socialdesk.connectors.demo import DemoConnector
from socialdesk.connectors.demo.connector import PROFILE
from socialdesk.connectors.demo.line import Fault, Line
from socialdesk.connectors.demo.script import Mood, Opening, Person
from socialdesk.connectors.demo.thread import Thread
from socialdesk.connectors.demo.world import World
from socialdesk.connectors.testing import ConnectorSuite, Network, Trouble


class BadLine(Line):
    """Fails each time in the same way."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__("", 0)
        self._always = fault

    def fault(self, world: World, key: str) -> Fault | None:
        """Return the one fault."""
        return self._always


class DemoNetwork(Network):
    """The world of one account, into which customers write beside those who live there."""

    troubles = frozenset({Trouble.LOST_ANSWER, Trouble.LOST_REQUEST})

    def __init__(self, clock: ManualClock, folder: Path, brand: str, channel: str) -> None:
        self.clock = clock
        self._folder = folder
        self._start = clock.now().isoformat()
        self._options = {"brand": brand, "channel": channel, "world": str(folder)}
        self._private = channel == "mail"
        self._world = World(folder / "test-1.world")
        self._connectors: list[DemoConnector] = []
        self._line = BadLine(None)
        self._written = 0

    def connector(self) -> DemoConnector:
        """Return a new connector to the same world."""
        nothing = cast(Any, None)
        connector = DemoConnector(Host("test", self._options, nothing, nothing, self.clock))
        connector.line = self._line
        self._connectors.append(connector)
        return connector

    def arrive(self, text: str) -> None:
        """Put a message of a stranger into the world."""
        self.clock.moment += timedelta(seconds=1)
        self._written += 1
        opening = Opening(text, "es", Mood.CALM, self._private, 0, (), "", False)
        person = Person("stranger", "stranger", "Extraña Visita")
        thread = Thread.begin(f"test-s{self._written}", person, opening, self._private)
        post = {
            "id": thread.first,
            "thread": thread.id,
            "at": self.clock.now().isoformat(timespec="milliseconds"),
            "ours": False,
            "customer": {"id": person.id, "handle": person.handle, "name": person.name},
            "text": text,
            "kind": "direct" if self._private else "mention",
            "private": self._private,
            "reply_to": "",
            "language": "",
        }
        thread.posts, thread.last = 1, thread.first
        with self._world.change():
            self._world.add_post(post)
            self._world.keep_thread(thread.dump())

    def sent(self) -> list[str]:
        """Return the brand's replies since the test began."""
        posts = [post for _, post in self._world.posts_after(0, 100_000)]
        return [post["text"] for post in posts if post.get("ours") and post["at"] >= self._start]

    def trouble(self, kind: Trouble | None) -> None:
        """Let the line fail in that way."""
        self._line = BadLine(None if kind is None else Fault(kind.value))
        for connector in self._connectors:
            connector.line = self._line

    def poison(self) -> bool:
        """Publish something without a sender, a time or a text."""
        with self._world.change():
            self._world.add_post({"id": "poison"})
        return True

    def another(self) -> Network:
        """Return another world."""
        folder = self._folder / "another"
        folder.mkdir()
        return DemoNetwork(self.clock, folder, self._options["brand"], self._options["channel"])

    def describe(self, text: str | None) -> bool:
        """Write the profile."""
        with self._world.change():
            self._world.write_page(PROFILE, text or "")
        return True

    def description(self) -> str:
        """Read the profile."""
        return self._world.page(PROFILE)

    async def aclose(self) -> None:
        """Close all files."""
        for connector in self._connectors:
            await connector.aclose()
        self._world.close()


class TestDemoInPublic(ConnectorSuite):
    """Mentions."""

    many = 120

    @pytest.fixture
    def network(self, clock: ManualClock, tmp_path: Path) -> DemoNetwork:
        """A café."""
        return DemoNetwork(clock, tmp_path, "azahar", "x")


class TestDemoInPrivate(ConnectorSuite):
    """Letters."""

    many = 120

    @pytest.fixture
    def network(self, clock: ManualClock, tmp_path: Path) -> DemoNetwork:
        """A bicycle workshop."""
        return DemoNetwork(clock, tmp_path, "ronda", "mail")
