"""What comes with a post on Bluesky besides its text: files, previews, warnings, posts that cannot be seen (NEEDS A1, B1, B3)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_files import picture
from contract.fake_parts import ANA, BRAND, LUIS
from contract.reading import read
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.bluesky.parsing import parse
from socialdesk.connectors.contract import Attachment, Item, Media, Raw, Rejected, Temporary

pytestmark = pytest.mark.anyio
IMAGES, VIDEO = "app.bsky.embed.images", "app.bsky.embed.video"
PHOTO, FILM = b"\x89PNG one", b"\x00\x00\x00 ftypmp42"


def images(*blobs: dict[str, Any], alt: str = "") -> dict[str, Any]:
    """An embed with those pictures."""
    return {"$type": IMAGES, "images": [{"image": blob, "alt": alt} for blob in blobs]}


async def last(connector: BlueskyConnector) -> Item:
    """What came last."""
    return max((await read(connector))[0], key=lambda item: item.id)


# Files ---------------------------------------------------------------------------------


async def test_pictures_are_attachments_with_their_alternative_text(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """B1: each is fetched as it was sent, from the server of its author, which no token of ours ever reaches."""
    one, two = (bluesky.upload(ANA["did"], content) for content in (PHOTO, b"two"))
    embed = {"$type": IMAGES, "images": [{"image": one, "alt": "un vestido roto"}, {"image": two, "alt": ""}]}
    bluesky.mention("Mirad", embed=embed)
    item = await last(connector)
    assert item.text == "Mirad"
    assert [(a.media, a.description, a.type, a.size) for a in item.attachments] == [
        (Media.IMAGE, "un vestido roto", "image/png", len(PHOTO)),
        (Media.IMAGE, "", "image/png", 3),
    ]
    assert [await connector.download(a.remote, 100) for a in item.attachments] == [PHOTO, b"two"]


async def test_a_film_is_fetched_as_it_was_sent(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """B1: also one that stands beside a quoted post."""
    film = {"$type": VIDEO, "video": bluesky.upload(ANA["did"], FILM, "video/mp4"), "alt": "se para"}
    offer = bluesky.post(BRAND, "Rebajas")
    quote = {"record": {"uri": offer["uri"], "cid": offer["cid"]}}
    embed = {"$type": "app.bsky.embed.recordWithMedia", "record": quote, "media": film}
    bluesky.mention("No va", embed=embed)
    item = await last(connector)
    (one,) = item.attachments
    assert (one.media, one.description, one.type) == (Media.VIDEO, "se para", "video/mp4")
    assert item.text == f"No va\n❝ https://bsky.app/profile/{BRAND['did']}/post/{offer['uri'][-6:]}"
    assert await connector.download(one.remote, 100) == FILM


async def test_files_of_our_own_server_need_no_directory(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """And what is not there any more is said to be gone, not tried for ever."""
    blob = bluesky.upload(ANA["did"], PHOTO, home=bluesky.pds)
    bluesky.mention("Mirad", embed=images(blob))
    (one,) = (await last(connector)).attachments
    bluesky.calls.clear()
    assert await connector.download(one.remote, 100) == PHOTO
    assert bluesky.calls == ["com.atproto.sync.getBlob"]
    bluesky.files.clear()
    with pytest.raises(Rejected) as gone:
        await connector.download(one.remote, 100)
    assert gone.value.code == "parent_gone"


async def test_a_stranger_s_server_is_never_called(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """G3: a picture comes as the network shows it instead; a film, which it does not show as a file, cannot be had."""
    photo = bluesky.upload(ANA["did"], PHOTO, home="https://pds.evil.example")
    film = bluesky.upload(ANA["did"], FILM, "video/mp4", home="https://pds.evil.example")
    post = bluesky.mention("Mirad", embed=images(photo))
    post["embed"] = {"$type": f"{IMAGES}#view", "images": [{"fullsize": picture(ANA["did"], photo)}]}
    (one,) = (await last(connector)).attachments
    hosts: list[str] = []
    bluesky.answers.append(lambda request: hosts.append(request.url.host))
    assert await connector.download(one.remote, 100) == PHOTO
    bluesky.mention("Y esto", embed={"$type": VIDEO, "video": film})
    (two,) = (await last(connector)).attachments
    with pytest.raises(Rejected) as refused:
        await connector.download(two.remote, 100)
    assert (refused.value.code, refused.value.detail) == ("foreign_host", "pds.evil.example")
    assert "pds.evil.example" not in hosts


async def test_an_account_that_only_a_stranger_s_server_could_tell_of(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """G3: the address in a did:web is its owner's to choose."""
    author = {"did": "did:web:evil.example", "handle": "evil.example"}
    bluesky.mention("Mirad", author, embed=images(bluesky.upload(author["did"], PHOTO)))
    (one,) = (await last(connector)).attachments
    with pytest.raises(Rejected) as refused:
        await connector.download(one.remote, 100)
    assert refused.value.code == "foreign_host"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(503, text="<html>"), Temporary),
        (httpx.Response(302, headers={"location": "https://evil.example/"}), Temporary),
        (httpx.ReadTimeout("slow"), Temporary),
    ],
)
async def test_a_file_that_cannot_be_had_now(
    bluesky: FakeBluesky, connector: BlueskyConnector, answer: Any, expected: type[Exception]
) -> None:
    """B1: it is tried again later, and no redirect leads elsewhere."""
    bluesky.mention("Mirad", embed=images(bluesky.upload(ANA["did"], PHOTO, home=bluesky.pds)))
    (one,) = (await last(connector)).attachments
    bluesky.next(answer, "getBlob")
    with pytest.raises(expected):
        await connector.download(one.remote, 100)


def parsed(record: dict[str, Any], **note: Any) -> Item:
    """A stored mention with that record."""
    whole = {"text": "hola", "createdAt": "2026-11-22T09:00:00Z", **record}
    base = {"uri": "at://did:plc:ana/app.bsky.feed.post/3k", "cid": "c", "author": ANA, "reason": "mention"}
    told = {**base, "indexedAt": "2026-11-22T09:00:01.5Z", "record": whole, **note}
    (item,) = parse(Raw("x", {"kind": "notification", "notification": told}))
    return item


def test_a_preview_names_its_page_and_is_never_fetched() -> None:
    """G3, B1: the address is there to be read, and the page is a stranger's."""
    card = {
        "uri": "https://a.test/x",
        "title": "A",
        "description": "de todo",
        "thumb": {"ref": {"$link": "b"}},
    }
    item = parsed({"embed": {"$type": "app.bsky.embed.external", "external": card}})
    assert item.text == "hola"
    assert item.attachments == [Attachment(Media.LINK, description="A\nhttps://a.test/x\nde todo")]


@pytest.mark.parametrize(
    ("embed", "found"),
    [
        ({"$type": VIDEO}, [Attachment(Media.VIDEO)]),
        ({"$type": "app.bsky.embed.hologram"}, [Attachment(Media.OTHER)]),
        ({"$type": IMAGES, "images": [None]}, [Attachment(Media.IMAGE)]),
        ({"$type": IMAGES, "images": "?"}, []),
        ({"$type": "app.bsky.embed.external", "external": 7}, [Attachment(Media.LINK)]),
        (
            {"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:x/app.bsky.feed.generator/y"}},
            [],
        ),
        ({}, []),
        (7, []),
    ],
)
def test_odd_files(embed: Any, found: list[Attachment]) -> None:
    """Whatever is in them, the message is there."""
    assert parsed({"embed": embed}).attachments == found


def test_a_file_of_the_first_days_is_named_by_its_hash_alone() -> None:
    """Source: the data model's legacy blobs."""
    (one,) = parsed({"embed": images({"cid": "bafkreiold", "mimeType": "image/jpeg"})}).attachments
    assert (one.type, one.size, one.remote["cid"]) == ("image/jpeg", None, "bafkreiold")


# Warnings ------------------------------------------------------------------------------


def label(value: str, source: str = "did:plc:mod", at: int = 0, **more: Any) -> dict[str, Any]:
    """A label put on by somebody at that second."""
    return {"src": source, "uri": "at://x", "val": value, "cts": f"2026-11-22T09:00:{at:02}Z", **more}


@pytest.mark.parametrize(
    ("record", "labels", "account", "title"),
    [
        ({}, [], [], ""),
        ({"labels": {"values": [{"val": "graphic-media"}]}}, [], [], "⚠ graphic-media"),
        ({}, [label("!warn"), label("porn")], [], "⚠ porn, warn"),
        ({"labels": {"values": [{"val": "porn"}]}}, [label("porn", ANA["did"])], [], "⚠ porn"),
        ({}, [], [label("spam"), label("bot"), label("!no-unauthenticated")], "⚠ spam"),
        ({}, [label("porn"), label("porn", at=1, neg=True)], [], ""),
        ({}, [label("porn", at=1, neg=True), label("porn")], [], ""),
        ({}, [label("porn", neg=True), label("porn", at=1)], [], "⚠ porn"),
        ({}, [label("porn"), label("porn", "did:plc:other", at=1, neg=True)], [], "⚠ porn"),
        ({"labels": 7}, "?", [None, {"val": 7}], ""),
    ],
)
def test_labels_are_the_warning_above_a_post(record: Any, labels: Any, account: Any, title: str) -> None:
    """B1: of its author, of labelers, of the account; one that its own source took back counts no more."""
    item = parsed(record, labels=labels, author={**ANA, "labels": account})
    assert (item.title, item.text) == (title, "hola")


# Posts that cannot be seen --------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ({"$type": "app.bsky.embed.record#viewNotFound", "notFound": True}, "❝ 🗑 "),
        ({"$type": "app.bsky.embed.record#viewBlocked", "blocked": True, "author": {}}, "❝ 🚫 "),
        ({"$type": "app.bsky.embed.record#viewDetached", "detached": True}, "❝ ✂ "),
    ],
)
async def test_a_quoted_post_that_cannot_be_seen_says_why(
    bluesky: FakeBluesky, connector: BlueskyConnector, view: dict[str, Any], words: str
) -> None:
    """B3: in the post above a question."""
    uri = f"at://{LUIS['did']}/app.bsky.feed.post/3jzfcijpj2z2a"
    above = bluesky.post(LUIS, "Vaya", embed={"$type": "app.bsky.embed.record", "record": {"uri": uri}})
    above["embed"] = {"$type": "app.bsky.embed.record#view", "record": {**view, "uri": uri}}
    bluesky.mention("¿Es verdad?", parent=above)
    context = [item.text for item in (await read(connector))[0] if item.context]
    assert context == [f"Vaya\n{words}https://bsky.app/profile/{LUIS['did']}/post/3jzfcijpj2z2a"]


def test_a_direct_message_shows_what_it_quotes() -> None:
    """Its embed is as the server shows it."""
    shown = {"uri": "at://did:plc:luis/app.bsky.feed.post/3k", "value": {"text": "Rebajas"}}
    message = {"id": "m", "text": "¿y esto?", "sender": {"did": ANA["did"]}, "sentAt": "2026-11-22T09:00:00Z"}
    message["embed"] = {"$type": "app.bsky.embed.record#view", "record": shown}
    payload = {"kind": "dm", "message": message, "convo": "c", "me": BRAND["did"], "members": [BRAND, ANA]}
    (item,) = parse(Raw("m", payload))
    assert item.text == "¿y esto?\n❝ Rebajas" and not item.attachments


@pytest.mark.parametrize("members", [None, 7, [None, "x", BRAND, ANA], [{"did": 7}, ANA]])
def test_a_direct_message_is_there_whoever_else_is_said_to_take_part(members: Any) -> None:
    """A1: who wrote it stands in the message itself."""
    message = {"id": "m", "text": "hola", "sender": {"did": ANA["did"]}, "sentAt": "2026-11-22T09:00:00Z"}
    (item,) = parse(
        Raw("m", {"kind": "dm", "message": message, "convo": "c", "me": BRAND["did"], "members": members})
    )
    assert (item.text, item.contact.id) == ("hola", ANA["did"])
