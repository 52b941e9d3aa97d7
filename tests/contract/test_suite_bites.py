"""The conformance suite finds the faults that connectors have: each is put into a good connector, and its test turns red."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import socialdesk
from socialdesk.connectors import template

PLUGIN = '''
"""A good connector and stand-in, each time with one fault."""

import logging
import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from socialdesk.connectors.contract import *
from socialdesk.connectors.testing import ConnectorSuite
from socialdesk_chirp import ChirpConnector
from stand_in import TOKEN, StandIn

def suite(kind):
    class Broken(StandIn):
        def connector(self):
            return kind(super().connector().host)

    class Suite(ConnectorSuite):
        @pytest.fixture
        def network(self):
            return Broken()

    return Suite

class Loses(ChirpConnector):
    async def fetch(self, cursor):
        page = await super().fetch(cursor)
        return replace(page, items=page.items[1:])

class Local(ChirpConnector):
    def parse(self, raw):
        return [replace(item, at=item.at.astimezone().replace(tzinfo=None).astimezone(UTC)) for item in super().parse(raw)]

class Naive(ChirpConnector):
    def parse(self, raw):
        return [replace(item, at=item.at.replace(tzinfo=None)) for item in super().parse(raw)]

class Unescapes(ChirpConnector):
    def parse(self, raw):
        return [replace(item, text=item.text.replace("&lt;", "<")) for item in super().parse(raw)]

class Greedy(ChirpConnector):
    async def fetch(self, cursor):
        page = await super().fetch(cursor)
        for raw in page.items:
            self.parse(raw)
        return page

class Tells(ChirpConnector):
    async def fetch(self, cursor):
        try:
            return await super().fetch(cursor)
        except ConnectorError as error:
            error.detail += await self.host.vault.secret("token")
            raise

class Logs(ChirpConnector):
    async def fetch(self, cursor):
        logging.getLogger("chirp").debug("token %s", await self.host.vault.secret("token"))
        return await super().fetch(cursor)

class Keeps(ChirpConnector):
    async def fetch(self, cursor):
        page = await super().fetch(cursor)
        return replace(page, items=[replace(raw, payload={**raw.payload, "by": TOKEN}) for raw in page.items])

class Shared(ChirpConnector):
    seen = []

    async def fetch(self, cursor):
        self.seen.append(cursor)
        return await super().fetch(cursor)

class NewKeys(ChirpConnector):
    async def send(self, outgoing):
        return await super().send(replace(outgoing, key=self.new_key(outgoing.at)))

class Locked(ChirpConnector):
    busy = False

    async def fetch(self, cursor):
        assert not self.busy
        self.busy = True
        page = await super().fetch(cursor)
        self.busy = False
        return page

class Hasty(ChirpConnector):
    async def fetch(self, cursor):
        try:
            return await super().fetch(cursor)
        except RateLimited as error:
            raise RateLimited(error.detail) from None

class Sure(ChirpConnector):
    async def send(self, outgoing):
        try:
            return await super().send(outgoing)
        except OutcomeUnknown as error:
            raise Temporary(error.detail) from None

class Deaf(ChirpConnector):
    capabilities = replace(ChirpConnector.capabilities, push=True)

    async def listen(self, news):
        return

class Blind(ChirpConnector):
    def parse(self, raw):
        return [replace(item, deleted=False) for item in super().parse(raw)]

class Cuts(ChirpConnector):
    async def send(self, outgoing):
        return await super().send(replace(outgoing, text=outgoing.text[:500]))

class Strays(ChirpConnector):
    async def fetch(self, cursor):
        with suppress(Exception):
            await self.host.http.get("https://tracker.example/")
        return await super().fetch(cursor)

class Dials(ChirpConnector):
    async def check(self):
        await self.host.dial("mail.example", 993)

class Addresses(ChirpConnector):
    @classmethod
    def hosts(cls, options):
        return ("https://api.example.org",)

class Asks(ChirpConnector):
    @classmethod
    def hosts(cls, options):
        socket.getaddrinfo("api.example.org", 443)
        return super().hosts(options)

class Brittle(ChirpConnector):
    @classmethod
    def hosts(cls, options):
        return (httpx.URL(options["server"]).host,)

class Trusts(ChirpConnector):
    async def check(self):
        me = await self._api.get("/v1/account")
        return Identity(me["id"], me["handle"])

for name, kind in list(globals().items()):
    if isinstance(kind, type) and issubclass(kind, ChirpConnector) and kind is not ChirpConnector:
        globals()["Test" + name] = suite(kind)
'''.replace("import timedelta", "import UTC, timedelta")

EXPECTED = {
    "Loses": "test_nothing_is_lost_in_paging",
    "Local": "test_the_machine_s_zone_does_not_matter",
    "Naive": "test_nothing_is_lost_in_paging",
    "Unescapes": "test_words_come_through",
    "Greedy": "test_one_bad_item_spoils_only_itself",
    "Tells": "test_secrets_are_never_told",
    "Logs": "test_secrets_are_never_told",
    "Keeps": "test_messages_hold_no_secret",
    "Shared": "test_nothing_changes_at_the_level_of_modules",
    "NewKeys": "test_a_reply_can_be_cancelled_at_any_moment",
    "Locked": "test_a_visit_can_be_cancelled_at_any_moment",
    "Hasty": "test_trouble_has_its_name_and_passes",
    "Sure": "test_an_unknown_outcome_is_said_and_settled",
    "Deaf": "test_it_listens",
    "Blind": "test_a_deletion_is_noticed",
    "Strays": "test_nothing_is_lost_between_visits",
    "Dials": "test_check_says_who_we_are",
    "Addresses": "test_its_hosts_are_names",
    "Asks": "test_hosts_are_told_without_asking_anybody",
    "Brittle": "test_hosts_are_told_without_asking_anybody",
    "Trusts": "test_an_answer_of_another_shape_is_no_fault",
    "Cuts": "test_the_longest_is_taken_whatever_it_is_made_of",
}


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the suite says of all of them."""
    folder = tmp_path_factory.mktemp("broken")
    for place, text in template.filled("chirp"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, "utf-8")
    (folder / "tests/test_broken.py").write_text(PLUGIN, "utf-8")
    path = os.pathsep.join([str(folder / "src"), str(Path(socialdesk.__file__).parents[1])])
    words = ["pytest", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "tests/test_broken.py"]
    words += ["-k", " or ".join(set(EXPECTED.values()))]
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("fault", EXPECTED)
def test_the_suite_finds_it(red: str, fault: str) -> None:
    assert f"::Test{fault}::{EXPECTED[fault]}" in red, red[-3000:]
