"""The networks whose owners let nobody run a server: the whole engine against their strict stand-ins, over real sockets (issue 7, point 8).

Customers write, the desk answers all, engines end and begin: nothing lost, nothing doubled, each answer below its question. WhatsApp comes
through a real relay, signed as Meta signs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from contract.fake_google import CLIENT as GOOGLE_CLIENT
from contract.fake_google import FakeReviews, Leave
from contract.fake_meta import LUIS as MESSENGER_LUIS
from contract.fake_meta import FakeMeta
from contract.fake_whatsapp import NUMBER, FakeWhatsApp
from contract.fake_x import CLIENT as X_CLIENT
from contract.fake_x import LUIS, FakeX, Keys
from contract.fake_x import NAME as X_NAME
from contract.fake_youtube import FakeYouTube
from live.office import Office
from live.relayserver import SECRET, Relay
from live.standins import Answer, Rerouted, served
from socialdesk.clock import SystemClock

pytestmark = [pytest.mark.live, pytest.mark.anyio]
ROUNDS, EACH = 3, 7


class Street(NamedTuple):
    """A network: where it lives, how an account is added, how a customer writes, what was answered there."""

    connector: str
    hosts: Mapping[str, Answer]
    options: Mapping[str, str]
    secret: str
    value: str
    write: Callable[[str], object]
    said: Callable[[], list[str]]


def x_street(clock: Any) -> Street:
    server = FakeX(clock)

    def write(text: str) -> object:
        return server.write(f"@{X_NAME} {text}") if len(text) % 2 else server.whisper(text, LUIS)

    token = Keys(server).token
    return Street(
        "x", {"api.x.com": server._answer}, {"client": X_CLIENT}, "token", token, write, server.said
    )


def reviews_street(clock: Any) -> Street:
    server = FakeReviews(clock)
    hosts = dict.fromkeys(
        (
            "mybusiness.googleapis.com",
            "mybusinessaccountmanagement.googleapis.com",
            "mybusinessbusinessinformation.googleapis.com",
            "oauth2.googleapis.com",
        ),
        server._answer,
    )
    options = {"client": GOOGLE_CLIENT}
    return Street("google", hosts, options, "token", Leave(server).token, server.review, server.replies)


def youtube_street(clock: Any) -> Street:
    server = FakeYouTube(clock)
    hosts = dict.fromkeys(("www.googleapis.com", "oauth2.googleapis.com"), server._answer)
    options = {"client": GOOGLE_CLIENT}
    return Street("youtube", hosts, options, "token", Leave(server).token, server.comment, server.said)


def page_street(clock: Any) -> Street:
    server = FakeMeta(clock)
    post = server.post()["id"]

    def write(text: str) -> object:
        return server.comment(text, post) if len(text) % 2 else server.whisper(text, MESSENGER_LUIS)

    host = {"graph.facebook.com": server._answer}
    return Street("facebook", host, {}, "token", server.system, write, server.said)


def gram_street(clock: Any) -> Street:
    server = FakeMeta(clock)
    picture = server.picture()["id"]
    hosts = dict.fromkeys(("graph.facebook.com", "graph.instagram.com"), server._answer)

    def said() -> list[str]:
        return server.said(gram=True)

    return Street(
        "instagram", hosts, {}, "token", server.own_key, lambda text: server.remark(text, picture), said
    )


async def within(seconds: float, found: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(seconds):
        while not found():
            await asyncio.sleep(0.1)


async def exchange(office: Office, street: Street, address: str) -> list[str]:
    """Let customers write and the desk answer over several engines; returns what was written."""
    written: list[str] = []
    for number in range(ROUNDS):
        for one in range(EACH):
            written.append(f"pregunta {number * EACH + one + 1}")
            street.write(written[-1])
        async with office.at_work(Rerouted(address)):
            await within(40, lambda: office.heard() == len(written))
            await office.answer_all()
            await within(40, lambda: len(street.said()) >= _threads(office) and not office.desk.outbox())
            await asyncio.sleep(0.3)
    return written


def _threads(office: Office) -> int:
    """How many answers have left."""
    return int(office.database.read().all("SELECT count(*) FROM outbox WHERE state = 'sent'")[0][0])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("made", [x_street, reviews_street, youtube_street, page_street, gram_street])
async def test_all_that_is_asked_is_answered_once(made: Callable[[Any], Street]) -> None:
    street, office = made(SystemClock()), Office()
    office.add(street.connector, "tienda", dict(street.options), street.secret, street.value)
    try:
        with served(street.hosts) as address:
            written = await exchange(office, street, address)
        assert office.heard() == len(written), "none lost, none doubled"
        counted = Counter(street.said())
        assert set(counted.values()) == {1} and len(counted) == _threads(office) >= ROUNDS
        assert not [row for row in office.rows() if row.waiting_since is not None], "nobody waits"
    finally:
        office.database.close()


@pytest.mark.timeout(120)
async def test_whatsapp_comes_through_a_relay_and_is_in_the_queue_within_two_seconds(tmp_path: Path) -> None:
    """Point 6: signed by Meta, kept by the relay, fetched by a desk behind NAT."""
    server, relay, office = FakeWhatsApp(SystemClock()), Relay(tmp_path), Office()  # type: ignore[arg-type]
    relay.start()
    options = {"number": NUMBER, "relay": relay.address}
    office.environment["RELAY_KEY"] = relay.key
    office.environment["TOKEN"] = server.token
    secrets = {"token": "env:TOKEN", "relay_key": "env:RELAY_KEY"}
    office.desk.add_account("whatsapp", "tienda", "tienda", options, secrets, None)

    def bring(raw: bytes) -> None:
        digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={digest}"}
        for _ in range(2):  # as Meta does now and then
            assert httpx.post(f"{relay.address}/hooks/shop", content=raw, headers=headers).status_code == 200

    server.bring = bring  # type: ignore[method-assign]
    loop, took = asyncio.get_running_loop(), []
    try:
        with ExitStack() as stack:
            address = stack.enter_context(served({"graph.facebook.com": server._answer}))
            for number in range(ROUNDS):
                async with office.at_work(Rerouted(address)):
                    await asyncio.sleep(1)
                    for one in range(EACH):
                        known, begun = office.heard(), loop.time()
                        await asyncio.to_thread(
                            server.write, f"pregunta {number * EACH + one}", f"3460000{one:04}"
                        )
                        await within(10, lambda known=known: office.heard() > known)  # type: ignore[misc]
                        took.append(loop.time() - begun)
                    await office.answer_all()
                    await within(30, lambda: not office.desk.outbox())
        assert office.heard() == ROUNDS * EACH and len(office.rows()) == EACH
        assert Counter(server.said()).most_common(1)[0][1] == 1 and len(server.said()) == ROUNDS * EACH
        took.sort()
        print(f"\nfrom the relay to the row: median {took[len(took) // 2]:.2f} s, at most {took[-1]:.2f} s")
        assert took[len(took) // 2] < 2
    finally:
        office.database.close()
        import signal

        relay.end(signal.SIGTERM)
