"""What would make a relay lose, double, forge or swell, and does not (issue 7, point 6)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from relay.conftest import SECRETS, Post, secret_of
from socialdesk.clock import ManualClock
from socialdesk.errors import SecretError
from socialdesk.relay.service import Relay
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import CONFIRMED, Incoming, Store

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


def put(store: Store, clock: ManualClock, *bodies: bytes) -> None:
    store.keep([Incoming("shop", clock.now(), "", body) for body in bodies])


def there(store: Store, after: int = 0) -> list[bytes]:
    return [one.body for one in store.after("shop", after, 100, 1 << 20)[0]]


def end_of(store: Store) -> int:
    return store.after("shop", 0, 100, 1 << 20)[1]


async def test_nobody_gets_a_forged_delivery_signed_by_asking_xs_question(post: Post) -> None:
    """X's question is answered with a signature over whatever was asked, with the key that signs deliveries."""
    post.store.create("tweets", Kind.X, "env:X")
    await asyncio.sleep(1.01)
    for forged in ('{"data":{"event_type":"dm.received"}}', "[1]", ' {"a":1}', "abc"):
        answer = await post.web.get("/hooks/tweets", params={"crc_token": forged})
        signature = answer.json()["response_token"] if answer.status_code == 200 else "sha256="
        headers = {"X-Twitter-Webhooks-Signature": signature}
        brought = await post.web.post("/hooks/tweets", content=forged.encode(), headers=headers)
        assert brought.status_code == 401, forged


async def test_what_waits_for_the_disk_is_held_too(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a disk that stands still, memory does not grow without end."""
    real, still = post.store.keep, threading.Event()

    def slow(arrived: Sequence[Incoming]) -> Any:
        still.wait(5)
        return real(arrived)

    monkeypatch.setattr(post.store, "keep", slow)
    brought = [asyncio.create_task(post.bring(b"%d" % n * 15_000)) for n in range(8)]
    done, _ = await asyncio.wait(brought, timeout=2, return_when=asyncio.FIRST_COMPLETED)
    still.set()
    assert {await one for one in done} == {503}
    assert sorted(await asyncio.gather(*brought)) == [200] * 4 + [503] * 4
    monkeypatch.undo()
    assert await post.bring(b"afterwards") == 200


async def test_a_declared_length_that_is_too_much_is_not_waited_for(post: Post) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    headers = post.signed(b"{") | {"Content-Length": "20001"}
    assert (await post.web.post("/hooks/shop", content=never(), headers=headers)).status_code == 413


async def test_trouble_of_any_kind_is_answered(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left waiting, and health tells of it until something could be kept again."""

    def broken(_arrived: Sequence[Incoming]) -> Any:
        raise MemoryError

    with monkeypatch.context() as trouble:
        trouble.setattr(post.store, "keep", broken)
        assert await asyncio.wait_for(post.bring(b"{}"), 2) == 503
        assert (await post.web.get("/health")).status_code == 503
    assert await post.bring(b"{}") == 200
    assert (await post.web.get("/health")).status_code == 200


async def test_what_comes_for_a_removed_mailbox_is_not_said_to_be_kept(post: Post) -> None:
    post.store.remove("shop")
    assert await post.bring(b"{}") == 404


async def test_an_unreadable_secret_is_the_relays_trouble_and_passes(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address exists, so that the network brings it again; what was once read stays known."""
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    readable = False

    def secret(reference: str) -> str:
        if not readable:
            raise SecretError(reference, code="command_failed")
        return secret_of(reference)

    relay = Relay(store, clock, secret)
    await relay.look()
    with pytest.raises(Exception) as refusal:
        await relay.mailbox("shop")
    assert getattr(refusal.value, "status", 0) == 503
    readable = True
    await relay.look()
    readable = False
    await relay.look()
    assert (await relay.mailbox("shop"))[1] == SECRETS["env:META"]
    store.close()


async def test_another_question_does_not_make_a_waiting_desk_miss_its_news(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that fetches while it listens; the news comes between the listener's look and its wait."""
    real, looked, go_on = post.store.after, threading.Event(), threading.Event()

    def held(*question: Any) -> Any:
        found = real(*question)
        if not looked.is_set():
            looked.set()
            go_on.wait(5)
        return found

    monkeypatch.setattr(post.store, "after", held)
    listening = asyncio.create_task(post.fetch(0, wait=20))
    while not looked.is_set():
        await asyncio.sleep(0.005)
    await post.bring(b"{}")
    await post.fetch(0)
    go_on.set()
    assert len((await asyncio.wait_for(listening, 2))["items"]) == 1


async def test_a_confirmation_is_small(post: Post) -> None:
    for body in (b" " * 20_001, b"[" * 19_000):
        headers = {"Authorization": f"Bearer {post.key}"}
        answer = await post.web.post("/v1/confirm", content=body, headers=headers)
        assert answer.status_code in (400, 413)


def test_a_mailbox_made_anew_gives_no_position_that_a_desk_has_passed(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Else a desk that had come as far as the second would never be given the first two."""
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, b"a", b"b")
    passed = end_of(store)
    store.remove("shop")
    clock.moment += timedelta(seconds=1)
    store.create("shop", Kind.META, "env:META")
    put(store, clock, b"c", b"d", b"e")
    assert there(store, passed) == [b"c", b"d", b"e"]
    store.close()


def test_a_restored_copy_gives_no_position_that_a_desk_has_passed(tmp_path: Path, clock: ManualClock) -> None:
    """A server that was set back to its state of last night."""
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, b"a")
    store.close()
    copy = (tmp_path / "relay.db").read_bytes()
    store = Store(tmp_path / "relay.db")
    put(store, clock, b"b", b"c")
    passed = end_of(store)
    store.close()
    (tmp_path / "relay.db").write_bytes(copy)
    clock.moment += timedelta(hours=8)
    store = Store(tmp_path / "relay.db")
    put(store, clock, b"d", b"e", b"f")
    assert there(store, passed) == [b"d", b"e", b"f"]
    store.close()


def test_positions_rise_though_the_clock_is_set_back(tmp_path: Path, clock: ManualClock) -> None:
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, b"a")
    first = end_of(store)
    clock.moment -= 30 * DAY
    put(store, clock, b"b", b"c")
    assert there(store, first) == [b"b", b"c"]
    store.close()


def test_what_was_deleted_is_gone_from_the_files(tmp_path: Path, clock: ManualClock) -> None:
    """Customers' words; also those of a mailbox that was removed."""
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, *(b"only-once %d " % n + b"x" * 900 for n in range(40)))
    store.confirm("shop", end_of(store), clock.now())
    clock.moment += CONFIRMED + timedelta(seconds=1)
    assert store.clean(clock.now()) == 40
    assert all(b"only-once" not in one.read_bytes() for one in tmp_path.glob("relay.db*"))
    put(store, clock, b"only-twice")
    store.remove("shop")
    assert all(b"only-twice" not in one.read_bytes() for one in tmp_path.glob("relay.db*"))
    store.close()


def test_much_is_deleted_in_small_steps(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nothing that is brought meanwhile waits for long."""
    monkeypatch.setattr("socialdesk.relay.store.STEP", 10)
    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, *(b"%d" % n for n in range(35)))
    clock.moment += 15 * DAY
    put(store, clock, b"new")
    assert (store.clean(clock.now()), there(store)) == (35, [b"new"])
    store.close()


def test_no_more_is_read_than_is_answered(tmp_path: Path, clock: ManualClock) -> None:
    """Five hundred large deliveries are not all in memory before the first few are chosen."""
    import tracemalloc

    store = Store(tmp_path / "relay.db")
    store.create("shop", Kind.META, "env:META")
    put(store, clock, *(b"%d" % n + b"x" * 100_000 for n in range(100)))
    tracemalloc.start()
    found, _, _ = store.after("shop", 0, 500, 250_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    store.close()
    assert len(found) == 2 and peak < 1 << 20


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    store = Store(tmp_path / "relay.db")
    settings = [store.setting(name) for name in ("journal_mode", "synchronous", "secure_delete")]
    store.close()
    assert settings == ["wal", 2, 1]


async def test_a_file_that_is_really_full_refuses_and_keeps_what_it_said(post: Post) -> None:
    """SQLite's own "database or disk is full"."""
    pages = post.store.setting("page_count")
    post.store.setting(f"max_page_count = {pages + 20}")
    said = [await post.bring(b'{"n":%d,"t":"%s"}' % (n, b"x" * 3000)) for n in range(40)]
    taken = [n for n, status in enumerate(said) if status == 200]
    assert set(said) == {200, 503} and (await post.web.get("/health")).status_code == 503
    post.store.setting("max_page_count = 100000")
    assert [await post.bring(b'{"n":%d,"t":"%s"}' % (n, b"x" * 3000)) for n in range(40)] == [200] * 40
    answer = await post.fetch(limit=500)
    kept = [json.loads(base64.b64decode(one["body"]))["n"] for one in answer["items"]]
    assert sorted(kept) == list(range(40)) and set(kept[: len(taken)]) == set(taken)


async def test_both_proofs_of_the_same_secret_are_their_own(post: Post) -> None:
    """Meta's bytes with X's way of writing them, and the other way round."""
    digest = hmac.new(SECRETS["env:META"].encode(), b"{}", hashlib.sha256).digest()
    headers = {"X-Hub-Signature-256": "sha256=" + base64.b64encode(digest).decode()}
    assert (await post.web.post("/hooks/shop", content=b"{}", headers=headers)).status_code == 401
