"""Likes, blocks, hidden replies and reports on Bluesky; deletions that nobody tells of (NEEDS B1, B3, D5, D6)."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_moderation import BLOCK, GATE, LIKE
from contract.fake_parts import ANA, BRAND, LUIS
from contract.reading import read
from socialdesk.connectors import testing
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Act, Item, OutcomeUnknown, Raw, Rejected, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
async def reply(bluesky: FakeBluesky, connector: BlueskyConnector) -> Item:
    """A customer's reply in the brand's own thread."""
    bluesky.mention("¡Qué bonito!", parent=bluesky.post(BRAND, "Rebajas"))
    return (await read(connector))[0][-1]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_like_is_one_like(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item, lost: bool
) -> None:
    """E2: the same again changes nothing, also after an answer was lost; taking it back leaves none."""
    if lost:

        async def taken(request: httpx.Request) -> httpx.Response | None:
            if not request.url.path.endswith("createRecord"):
                return None
            bluesky.answers.clear()
            await bluesky._answer(request)
            raise httpx.ReadTimeout("nothing came back")

        bluesky.answers.append(taken)
        with pytest.raises(OutcomeUnknown):
            await connector.act(Act.LIKE, reply.remote)
    await connector.act(Act.LIKE, reply.remote)
    await connector.act(Act.LIKE, reply.remote)
    assert [one["subject"]["uri"] for one in bluesky.of(LIKE)] == [reply.id]
    await connector.act(Act.LIKE, reply.remote, undo=True)
    await connector.act(Act.LIKE, reply.remote, undo=True)
    assert bluesky.of(LIKE) == []


@pytest.mark.parametrize("address", ["x", "at://did:plc:brand", "at://a/b/c/d"])
async def test_what_cannot_be_taken_back_by_its_address_is_the_servers_trouble(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item, address: str
) -> None:
    """A1: a nonsensical answer pauses no account."""
    bluesky.posts[reply.id]["viewer"]["like"] = address
    with pytest.raises(Temporary):
        await connector.act(Act.LIKE, reply.remote, undo=True)


async def test_a_block_concerns_the_author(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item
) -> None:
    """D6: once, and taken back."""
    for _ in range(2):
        await connector.act(Act.BLOCK, reply.remote)
    assert [one["subject"] for one in bluesky.of(BLOCK)] == [ANA["did"]]
    await connector.act(Act.BLOCK, reply.remote, undo=True)
    assert bluesky.of(BLOCK) == []


async def test_muting_is_undone(bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item) -> None:
    """D6: whoever is muted does not know."""
    await connector.act(Act.MUTE, reply.remote)
    assert bluesky.muted == {ANA["did"]}
    await connector.act(Act.MUTE, reply.remote, undo=True)
    assert bluesky.muted == set()


async def test_hiding_keeps_who_may_reply(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item
) -> None:
    """D5: the gate that the owner set stays; the reply is shown again when it is taken back."""
    root = reply.remote["root_uri"]
    allow = [{"$type": "app.bsky.feed.threadgate#followingRule"}]
    made = {"$type": GATE, "post": root, "createdAt": "2026-03-01T00:00:00Z", "allow": allow}
    bluesky.records[root.replace("app.bsky.feed.post", GATE)] = {"cid": "c0", "value": made, "record": made}
    for _ in range(2):
        await connector.act(Act.HIDE, reply.remote)
    [gate] = bluesky.of(GATE)
    assert gate["hiddenReplies"] == [reply.id] and gate["allow"] == allow
    await connector.act(Act.HIDE, reply.remote, undo=True)
    [gate] = bluesky.of(GATE)
    assert gate["hiddenReplies"] == [] and gate["allow"] == allow


async def test_a_thread_without_a_gate_gets_one_that_lets_all_reply(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item
) -> None:
    """Leaving ``allow`` out means everybody; an empty list would mean nobody."""
    await connector.act(Act.HIDE, reply.remote)
    [gate] = bluesky.of(GATE)
    assert "allow" not in gate


async def test_in_somebody_else_s_thread_nothing_can_be_hidden(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """The reason is told, and nothing is written."""
    bluesky.mention("@tienda mirad", parent=bluesky.post(LUIS, "Compras"), author=ANA)
    item = (await read(connector))[0][-1]
    with pytest.raises(Rejected) as refused:
        await connector.act(Act.HIDE, item.remote)
    assert refused.value.code == "not_our_thread" and bluesky.of(GATE) == []


@pytest.mark.parametrize(("act", "reason"), [(Act.SPAM, "reasonSpam"), (Act.REPORT, "reasonOther")])
async def test_a_report_names_post_and_reason(
    bluesky: FakeBluesky, connector: BlueskyConnector, reply: Item, act: Act, reason: str
) -> None:
    """D6: the moderators see exactly what we saw."""
    await connector.act(act, reply.remote)
    [report] = bluesky.reports
    assert report["subject"]["uri"] == reply.id and report["reasonType"].endswith(reason)


async def test_a_direct_message_cannot_be_liked(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """What does not exist there is refused, and its author can still be blocked."""
    bluesky.message("convo", ANA, "Hola")
    item = (await read(connector))[0][-1]
    with pytest.raises(Rejected) as refused:
        await connector.act(Act.LIKE, item.remote)
    assert refused.value.code == "act_not_here"
    await connector.act(Act.BLOCK, item.remote)
    assert [one["subject"] for one in bluesky.of(BLOCK)] == [ANA["did"]]


# Looking again -----------------------------------------------------------------------------------


async def stored(bluesky: FakeBluesky, connector: BlueskyConnector, *texts: str) -> list[Raw]:
    """Return the raw items of some mentions, as they are stored."""
    for text in texts:
        bluesky.mention(text)
    raws, _ = await testing.read(connector)
    return [raw for raw in raws if raw.payload["kind"] == "notification"]


async def test_what_is_gone_twice_is_deleted(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """A4: a complaint that its author took back asks for no answer; one look that fails says nothing."""
    first, second = await stored(bluesky, connector, "uno", "dos")
    assert await connector.revisit([first, second]) == []
    gone = bluesky.posts.pop(first.id)
    assert await connector.revisit([first, second]) == []
    [deleted] = await connector.revisit([first, second])
    [item] = connector.parse(testing.stored(deleted))
    assert (item.id, item.deleted) == (first.id, True)
    bluesky.posts[first.id] = gone
    [back] = await connector.revisit([deleted, second])
    assert connector.parse(testing.stored(back))[0].deleted is False


async def test_a_post_that_was_written_over_is_an_edit(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Another hash is another text, under the same address."""
    [raw] = await stored(bluesky, connector, "uno")
    post = bluesky.posts[raw.id]
    bluesky.posts[raw.id] = {**post, "cid": "bafyother", "record": {**post["record"], "text": "otro"}}
    [changed] = await connector.revisit([raw])
    before, after = connector.parse(raw)[0], connector.parse(testing.stored(changed))[0]
    assert after.text == "otro" and after.remote["cid"] == "bafyother"
    assert replace(after, text=before.text, remote=before.remote) == before
    assert await connector.revisit([changed]) == []


async def test_many_are_looked_at_in_few_calls(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """100 at most, 25 a call; direct messages tell of their deletion themselves."""
    raws = await stored(bluesky, connector, *(f"mensaje {number}" for number in range(100)))
    bluesky.calls.clear()
    await connector.revisit([*raws, Raw("dm|1", {"kind": "dm"}), Raw("odd", None)])
    assert bluesky.calls == ["app.bsky.feed.getPosts"] * 4
