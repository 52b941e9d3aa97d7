"""The relay (issue 7, point 6): only what its network signed, on the disk before the 200, in order, to whoever holds the key."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from relay.conftest import SECRETS, Post
from socialdesk.clock import ManualClock
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Incoming

pytestmark = pytest.mark.anyio


def bodies(answer: Any) -> list[bytes]:
    """What the desk was given."""
    return [base64.b64decode(one["body"]) for one in answer["items"]]


def positions(answer: Any) -> list[int]:
    """Their numbers."""
    return [one["position"] for one in answer["items"]]


def crc(secret: str, text: str) -> str:
    """X's way of signing."""
    return (
        "sha256="
        + base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()
    )


# Networks


async def test_what_meta_signed_is_kept_byte_for_byte_and_numbered(post: Post, clock: ManualClock) -> None:
    odd = '{"a": 1,  "ñ": "\\u00e9", "ü": "\ud83d\ude00"}'.encode("utf-8", "surrogatepass")
    assert [await post.bring(one) for one in (b"{}", odd, b"not json \x00\xff")] == [200, 200, 200]
    answer = await post.fetch()
    assert bodies(answer) == [b"{}", odd, b"not json \x00\xff"]
    assert positions(answer) == sorted(set(positions(answer)))
    assert (
        answer["items"][0]["at"] == clock.now().isoformat()
        and answer["items"][0]["type"] == "application/json"
    )
    assert (answer["newest"], answer["oldest"]) == (positions(answer)[-1], positions(answer)[0])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=" + hmac.new(b"app-secret-of-meta", b"{}", hashlib.sha1).hexdigest()},
        {"X-Hub-Signature": "sha256=" + hmac.new(b"app-secret-of-meta", b"{}", hashlib.sha256).hexdigest()},
        {
            "X-Hub-Signature-256": "sha256="
            + hmac.new(b"another-apps-secret", b"{}", hashlib.sha256).hexdigest()
        },
        {
            "X-Hub-Signature-256": "sha256="
            + hmac.new(b"app-secret-of-meta", b"{} ", hashlib.sha256).hexdigest()
        },
        {"X-Twitter-Webhooks-Signature": crc("app-secret-of-meta", "{}")},
    ],
)
async def test_a_forged_delivery_is_refused_and_leaves_nothing(post: Post, headers: dict[str, str]) -> None:
    assert (await post.web.post("/hooks/shop", content=b"{}", headers=headers)).status_code == 401
    assert (await post.fetch())["newest"] == 0


async def test_another_mailboxs_signature_opens_no_other(post: Post) -> None:
    post.store.create("rival", Kind.META, "env:OTHER")
    await asyncio.sleep(1.01)  # a new mailbox is known within a second
    body = b'{"object":"page"}'
    stolen = post.signed(body, SECRETS["env:OTHER"])
    assert (await post.web.post("/hooks/shop", content=body, headers=stolen)).status_code == 401
    assert (await post.web.post("/hooks/rival", content=body, headers=stolen)).status_code == 200


async def test_a_replayed_delivery_is_taken_and_kept_once(post: Post, clock: ManualClock) -> None:
    """Networks repeat themselves, and whoever overheard one may, too."""
    assert [await post.bring(b"{}") for _ in range(3)] == [200, 200, 200]
    assert await asyncio.gather(*(post.bring(b'{"n":1}') for _ in range(5))) == [200] * 5
    clock.moment += timedelta(hours=23)
    await post.bring(b"{}")
    assert set(bodies(await post.fetch())) == {b"{}", b'{"n":1}'} and len(bodies(await post.fetch())) == 2


async def test_meta_and_x_learn_that_the_address_is_ours_and_nobody_else_does(post: Post) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": post.token}
    answer = await post.web.get("/hooks/shop", params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        assert (await post.web.get("/hooks/shop", params=asked | wrong)).status_code == 403
    assert (await post.web.get("/hooks/shop")).status_code == 403
    assert (await post.web.get("/hooks/elsewhere", params=asked)).status_code == 404


async def test_xs_challenge_and_signature(post: Post) -> None:
    _, key = post.store.create("tweets", Kind.X, "env:X")
    await asyncio.sleep(1.01)
    answer = await post.web.get("/hooks/tweets", params={"crc_token": "abc"})
    assert answer.json() == {"response_token": crc(SECRETS["env:X"], "abc")}
    assert (await post.web.get("/hooks/tweets")).status_code == 403
    good = {"X-Twitter-Webhooks-Signature": crc(SECRETS["env:X"], '{"a":1}')}
    assert (await post.web.post("/hooks/tweets", content=b'{"a":1}', headers=good)).status_code == 200
    assert (await post.web.post("/hooks/tweets", content=b'{"a":2}', headers=good)).status_code == 401
    assert bodies(await post.fetch(key=key)) == [b'{"a":1}']


async def test_what_is_too_large_or_too_slow_is_not_held(post: Post) -> None:
    assert await post.bring(b"x" * 20_001) == 413
    assert await post.bring(b"x" * 20_000) == 200

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    for stream, status in ((endless(), 413), (never(), 408)):
        answer = await post.web.post("/hooks/shop", content=stream, headers=post.signed(b""))
        assert answer.status_code == status
    assert len((await post.fetch())["items"]) == 1


async def test_a_disk_in_trouble_is_never_answered_with_200(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network brings it again."""

    def full(_arrived: Sequence[Incoming]) -> Any:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as trouble:
        trouble.setattr(post.store, "keep", full)
        assert await post.bring(b"{}") == 503
        assert await asyncio.gather(*(post.bring(b"%d" % n) for n in range(3))) == [503] * 3
    assert await post.bring(b"{}") == 200
    assert bodies(await post.fetch()) == [b"{}"]


async def test_nothing_is_answered_before_it_is_kept(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    real = post.store.keep
    kept: list[Incoming] = []

    def slow(arrived: Sequence[Incoming]) -> Any:
        found = real(arrived)
        kept.extend(arrived)
        return found

    monkeypatch.setattr(post.store, "keep", slow)
    for number in range(50):
        assert await post.bring(b"%d" % number) == 200
        assert kept[-1].body == b"%d" % number


async def test_many_at_once_share_a_transaction_and_keep_their_order(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = post.store.keep
    sizes: list[int] = []

    def counted(arrived: Sequence[Incoming]) -> Any:
        sizes.append(len(arrived))
        return real(arrived)

    monkeypatch.setattr(post.store, "keep", counted)
    assert set(await asyncio.gather(*(post.bring(b"%d" % n) for n in range(200)))) == {200}
    assert sum(sizes) == 200 and len(sizes) < 100
    answer = await post.fetch(limit=500)
    assert sorted(map(int, bodies(answer))) == list(range(200))
    assert positions(answer) == sorted(set(positions(answer)))


# Desks


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "Basic abc", "bearer"])
async def test_without_its_key_a_desk_gets_nothing(post: Post, header: str) -> None:
    await post.bring(b"{}")
    headers = {"Authorization": header} if header else {}
    assert (await post.web.get("/v1/items", headers=headers)).status_code == 401
    assert (await post.web.post("/v1/confirm", json={"through": 1}, headers=headers)).status_code == 401


async def test_a_key_opens_its_own_mailbox_until_it_is_renewed(post: Post) -> None:
    _, other = post.store.create("rival", Kind.META, "env:OTHER")
    await post.bring(b"{}")
    assert (await post.fetch(key=other))["items"] == []
    renewed = post.store.renew("shop")
    assert await post.fetch() == 401
    assert bodies(await post.fetch(key=renewed)) == [b"{}"]


async def test_pages_begin_after_a_position_and_say_what_is_beyond(post: Post) -> None:
    for number in range(7):
        await post.bring(b"%d" % number)
    first, everything = await post.fetch(limit=3), await post.fetch()
    assert (bodies(first), first["newest"]) == ([b"0", b"1", b"2"], positions(everything)[-1])
    assert bodies(await post.fetch(positions(everything)[4])) == [b"5", b"6"]
    assert bodies(await post.fetch(first["newest"])) == []
    assert len((await post.fetch(limit="x"))["items"]) == 7


async def test_a_wait_ends_at_once_with_news_and_else_in_time(post: Post) -> None:
    waiting = asyncio.create_task(post.fetch(0, wait=20))
    await asyncio.sleep(0.05)
    await post.bring(b"{}")
    found = await asyncio.wait_for(waiting, 2)
    assert bodies(found) == [b"{}"]
    assert (await asyncio.wait_for(post.fetch(found["newest"], wait=1), 3))["items"] == []


async def test_who_waits_is_let_go_when_the_relay_leaves(post: Post) -> None:
    waiting = [asyncio.create_task(post.fetch(0, wait=25)) for _ in range(3)]
    await asyncio.sleep(0.05)
    post.relay.leave()
    assert [one["items"] for one in await asyncio.wait_for(asyncio.gather(*waiting), 2)] == [[], [], []]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"through":"1"}', b'{"through":-1}', b'{"through":true}']
)
async def test_nonsense_confirms_nothing(post: Post, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {post.key}"}
    assert (await post.web.post("/v1/confirm", content=body, headers=headers)).status_code == 400


async def test_health_is_told_to_anybody_and_nothing_else(post: Post) -> None:
    assert (await post.web.get("/health")).text == "ok"
    for path in ("/", "/docs", "/v1", "/hooks/", "/openapi.json"):
        assert (await post.web.get(path)).status_code == 404
    assert json.loads((await post.web.get("/v1/items")).text or "null") is None
