"""The whole loop through the running app, its engine a process of its own, on Bluesky's reference network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot

from live.conftest import within
from live.people import Person
from socialdesk import paths
from socialdesk.app import DeskApp
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import QueueRow, State, View
from socialdesk.storage.database import Database
from socialdesk.sync.child import EngineChild
from socialdesk.widgets.queue_view import QueueView

pytestmark = [pytest.mark.anyio, pytest.mark.live, pytest.mark.timeout(240)]

IN_TIME = 10.0


@pytest.fixture
def desk(brand: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with the brand's account, its password in the environment, as on a server without a keyring."""
    places = paths.find()
    places.config.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text('[desk]\nundo = "0s"\n[network]\nallow_private_hosts = true\n')
    monkeypatch.setenv("BRAND_PASSWORD", brand.app_password)
    database = Database(places.database)
    desk = Desk(database, SystemClock(), Config(undo=timedelta(0), allow_private_hosts=True))
    options = {"handle": brand.handle, "service": brand.service}
    desk.add_account("bluesky", "tienda", "La tienda", options, {"password": "env:BRAND_PASSWORD"}, None)
    yield desk
    database.close()


async def shown(pilot: Pilot[str], wanted: Callable[[QueueRow], bool]) -> QueueRow:
    """Wait until the queue on the screen has its selection on such a row."""

    def look() -> QueueRow | None:
        row = pilot.app.screen.query_one(QueueView).selected
        return row if row is not None and wanted(row) else None

    found = await within(IN_TIME, look)
    assert found is not None
    return found


async def test_a_customer_is_answered_from_the_screen(desk: Desk, brand: Person, customer: Person) -> None:
    """A1, A4, B1, B4: asked, seen waiting, answered by keyboard, once; the timer stops; they write again; it reopens."""
    places = paths.find()
    engine = EngineChild(places, places.database)
    app = DeskApp(desk, Config(undo=timedelta(0)), SystemClock(), engine=engine)
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            asked = datetime.now(UTC)
            question = customer.post("¿Tenéis la talla 38?", mention=brand)
            row = await shown(pilot, lambda row: row.state is State.WAITING)
            assert row.handle == customer.handle
            assert row.waiting_since is not None
            assert abs(row.waiting_since - asked) < timedelta(seconds=2)

            await pilot.press("r", *"Si, en negro", "ctrl+s")
            seen = await within(IN_TIME, lambda: customer.replies(question))
            assert [post["record"]["text"] for post in seen] == ["Si, en negro"]
            await shown(pilot, lambda row: row.state is State.ANSWERED and row.waiting_since is None)

            again = datetime.now(UTC)
            customer.post("¿Me la guardáis?", reply_to=seen[0]["uri"])
            back = await shown(pilot, lambda row: row.state is State.WAITING)
            assert back.id == row.id
            assert back.waiting_since is not None
            assert abs(back.waiting_since - again) < timedelta(seconds=2)

            await asyncio.sleep(2)  # time for a second copy to show, if there were one
            assert [post["record"]["text"] for post in customer.replies(question)] == ["Si, en negro"]
            assert desk.queue(View("all")).total == 1
    finally:
        engine.stop(patience=15)
