"""A6: the wait clock in the description of a Bluesky profile, and nothing else of the profile touched."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from contract import fake_profile
from contract.fake_bluesky import FakeBluesky
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Temporary

pytestmark = pytest.mark.anyio

AVATAR = {"$type": "blob", "ref": {"$link": "bafkreib"}, "mimeType": "image/jpeg", "size": 7}
PROFILE = {
    "displayName": "La Tienda 👟",
    "avatar": AVATAR,
    "labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]},
    "pinnedPost": {"uri": "at://did:plc:brand/app.bsky.feed.post/p", "cid": "bafy"},
    "createdAt": "2024-01-01T00:00:00.000Z",
    "example.another.app": {"kept": [1, None, "ñ"]},
    "description": "Zapatos  desde 1962\r\nL-V 10-14 ",
}


def saved(bluesky: FakeBluesky) -> dict[str, Any]:
    return fake_profile.saved(bluesky.records)


async def test_every_other_field_stays(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """A6: also what this version knows nothing of."""
    fake_profile.save(bluesky.records, PROFILE)
    before = saved(bluesky)
    await connector.publish_notice("unos 20 min")
    said = saved(bluesky)["description"]
    assert said == "Zapatos  desde 1962\r\nL-V 10-14 \n·⏱ unos 20 min ⏱·"
    assert saved(bluesky) == before | {"description": said}
    await connector.publish_notice(None)
    assert saved(bluesky) == before
    assert list(saved(bluesky)) == list(before)


async def test_an_account_without_a_profile(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """A6: it gets one that says only this, and then nothing."""
    await connector.publish_notice(None)
    assert saved(bluesky) == {}
    await connector.publish_notice("unos 20 min")
    assert saved(bluesky) == {"$type": fake_profile.PROFILE, "description": "·⏱ unos 20 min ⏱·"}
    await connector.publish_notice(None)
    assert saved(bluesky) == {"$type": fake_profile.PROFILE}


async def test_the_same_words_are_not_written_again(
    bluesky: FakeBluesky, connector: BlueskyConnector
) -> None:
    """Each write is seen by the whole network."""
    fake_profile.save(bluesky.records, PROFILE)
    for _ in range(3):
        await connector.publish_notice("unos 20 min")
    for _ in range(3):
        await connector.publish_notice(None)
    assert bluesky.calls.count("com.atproto.repo.putRecord") == 2


@pytest.mark.parametrize("first", [None, {"description": "Pan"}])
async def test_its_owner_saves_between_reading_and_writing(
    bluesky: FakeBluesky, connector: BlueskyConnector, first: dict[str, Any] | None
) -> None:
    """A6: what the owner has just written is never lost."""
    fake_profile.save(bluesky.records, first)
    saves = [{"description": "Pan y bollos", "displayName": "A"}, {"description": "Pan y tartas"}]

    def meddle(request: httpx.Request) -> None:
        if request.url.path.endswith("putRecord") and saves:
            fake_profile.save(bluesky.records, saves.pop(0))

    bluesky.answers.append(meddle)
    await connector.publish_notice("unos 20 min")
    assert saved(bluesky)["description"] == "Pan y tartas\n·⏱ unos 20 min ⏱·"
    assert "displayName" not in saved(bluesky)


async def test_a_profile_that_never_keeps_still(bluesky: FakeBluesky, connector: BlueskyConnector) -> None:
    """It is left as it is, for another time."""
    number = iter(range(100))

    def meddle(request: httpx.Request) -> None:
        if request.url.path.endswith("putRecord"):
            fake_profile.save(bluesky.records, {"description": f"Pan {next(number)}"})

    bluesky.answers.append(meddle)
    with pytest.raises(Temporary):
        await connector.publish_notice("unos 20 min")
    assert saved(bluesky)["description"] == "Pan 3"
