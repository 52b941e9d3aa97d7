"""Bluesky's reference network: the wait clock in a real profile, and the rest of it the same to the byte (NEEDS A6)."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from contract.fake_parts import MemoryVault
from live.conftest import within
from live.people import Person
from socialdesk import paths
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clock import SystemClock
from socialdesk.config import ClockSettings, Config
from socialdesk.connectors import registry
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Host, Rejected
from socialdesk.connectors.notices import NO_ROOM
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync import publish
from socialdesk.sync.engine import Engine

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]

PROFILE = "app.bsky.actor.profile"
OWN = "Zapatos  a medida 👟👩‍👩‍👧\r\ndesde 1962 · ⏱ siempre a tiempo ⏱ \n"

PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""One pixel, as PNG."""


@asynccontextmanager
async def signed_in(brand: Person) -> AsyncIterator[BlueskyConnector]:
    """A connector to the brand's account."""
    options = {"handle": brand.handle, "service": brand.service}
    async with httpx.AsyncClient(trust_env=False) as http:
        yield BlueskyConnector(Host("tienda", options, MemoryVault(brand.app_password), http, SystemClock()))


def save(brand: Person, **fields: Any) -> None:
    """The owner saves the profile in their own app."""
    body = {"repo": brand.did, "collection": PROFILE, "rkey": "self", "record": {"$type": PROFILE, **fields}}
    answer = brand.http.post("/xrpc/com.atproto.repo.putRecord", json=body)
    assert answer.status_code == 200, answer.text


def saved(brand: Person) -> dict[str, Any]:
    """The profile in the account's own repository, nothing where there is none."""
    params = {"repo": brand.did, "collection": PROFILE, "rkey": "self"}
    answer = brand.http.get("/xrpc/com.atproto.repo.getRecord", params=params)
    return {} if answer.status_code == 400 else dict(answer.json()["value"])


def seen(brand: Person, customer: Person) -> str:
    """What a customer reads in the profile, nothing while it is not shown yet."""
    answer = customer.http.get("/xrpc/app.bsky.actor.getProfile", params={"actor": brand.did})
    return str(answer.json().get("description", "")) if answer.status_code == 200 else ""


async def test_the_rest_of_the_profile_is_the_same_to_the_byte(brand: Person, customer: Person) -> None:
    """A6: shown, changed, taken away, with a picture and fields of another app beside it."""
    answer = brand.http.post(
        "/xrpc/com.atproto.repo.uploadBlob", content=PICTURE, headers={"Content-Type": "image/png"}
    )
    assert answer.status_code == 200, answer.text
    picture = answer.json()["blob"]
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]}
    save(
        brand,
        description=OWN,
        displayName="La Tienda 👟",
        avatar=picture,
        labels=labels,
        createdAt="2024-01-01T00:00:00.000Z",
        another={"app": [1, None, "ñ"]},
    )
    before = saved(brand)
    async with signed_in(brand) as connector:
        await connector.publish_notice("Tiempo de espera: unos 20 minutos.")
        whole = f"{OWN}\n·⏱ Tiempo de espera: unos 20 minutos. ⏱·"
        assert saved(brand) == before | {"description": whole}
        await within(10, lambda: seen(brand, customer) == whole)
        await connector.publish_notice("Tiempo de espera: 5 minutos.")
        assert saved(brand)["description"] == f"{OWN}\n·⏱ Tiempo de espera: 5 minutos. ⏱·"
        await connector.publish_notice(None)
    assert saved(brand) == before
    assert saved(brand)["description"].encode() == OWN.encode()


async def test_an_account_without_a_profile(brand: Person) -> None:
    """A6: the server agrees that there was none, and that there is one now."""
    async with signed_in(brand) as connector:
        await connector.publish_notice(None)
        assert saved(brand) == {}
        await connector.publish_notice("5 min")
        assert saved(brand) == {"$type": PROFILE, "description": "·⏱ 5 min ⏱·"}
        await connector.publish_notice(None)
        assert saved(brand) == {"$type": PROFILE}


async def test_the_server_refuses_to_write_over_what_is_newer(brand: Person) -> None:
    """A6: the owner saves between our reading and writing; both are there in the end."""
    save(brand, description="Pan")
    async with signed_in(brand) as connector:
        client = connector._client
        act, saves = client.act, ["Pan y bollos", "Pan y tartas"]

        async def meddled(nsid: str, body: Any, **more: Any) -> dict[str, Any]:
            if saves:
                save(brand, description=saves.pop(0), displayName="A")
            return await act(nsid, body, **more)

        client.act = meddled  # type: ignore[method-assign]
        await connector.publish_notice("5 min")
    assert saved(brand) == {"$type": PROFILE, "displayName": "A", "description": "Pan y tartas\n·⏱ 5 min ⏱·"}


async def test_the_limit_is_the_server_s(brand: Person) -> None:
    """A6: what we say fits is taken, in graphemes; what does not is not sent."""
    words = "20 min"
    room = 256 - len(f"\n·⏱ {words} ⏱·")
    async with signed_in(brand) as connector:
        save(brand, description="👩‍👩‍👧" * 40 + "a" * (room - 40))
        await connector.publish_notice(words)
        assert words in saved(brand)["description"]
        save(brand, description="a" * (room + 1))
        with pytest.raises(Rejected) as refused:
            await connector.publish_notice(words)
        assert refused.value.code == NO_ROOM
        assert saved(brand)["description"] == "a" * (room + 1)


async def test_the_engine_publishes_and_takes_away(
    brand: Person, customer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A6: a shop that is closed says when it opens, where its customers see it, until nobody keeps the clock."""
    monkeypatch.setattr(publish, "FIRST", 1.0)
    save(brand, description=OWN)
    places = paths.find()
    places.database.parent.mkdir(parents=True, exist_ok=True)
    database, clock = Database(places.database), SystemClock()
    config = Config(language="es", allow_private_hosts=True, clock=ClockSettings(publish=("tienda",)))
    desk = Desk(database, clock, config)
    options = {"handle": brand.handle, "service": brand.service}
    desk.add_account("bluesky", "tienda", "tienda", options, {"password": "env:PASSWORD"}, None)
    desk.adopt_policy(PolicySpec(calendars={"tienda": opens_in_two_days(clock)}))
    secrets = Secrets(places.data / "secrets", environment={"PASSWORD": brand.app_password})
    engine, stop = Engine(database, registry.load, secrets, clock, config, places), asyncio.Event()
    running = asyncio.create_task(engine.run(stop))
    try:
        await within(10, lambda: desk.accounts()[0].state is AccountState.OK)
        engine._publisher.look()
        shown = str(await within(20, lambda: "⏱·" in seen(brand, customer) and seen(brand, customer)))
        assert shown.startswith(f"{OWN}\n·⏱ Responderemos ")
        assert "a partir de las 10:00" in shown
    finally:
        stop.set()
        await running
    assert saved(brand)["description"].encode() == OWN.encode()
    database.close()


def opens_in_two_days(clock: SystemClock) -> CalendarSpec:
    """Return hours that begin the day after tomorrow, from ten to two, and so once a week."""
    from socialdesk.domain.calendars import Shift

    day = (clock.now().weekday() + 2) % 7
    return CalendarSpec("UTC", tuple((Shift(600, 840),) if n == day else () for n in range(7)))
