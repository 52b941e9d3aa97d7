"""Budgets over a simulated month (issue 7): the real connectors on the strict stand-ins, the real purse in a real desk, a bill of the test's own.

Customers write, mostly by day; somebody answers twenty minutes after a message was seen, in opening hours. ``SOCIALDESK_SEED`` repeats a run.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.fake_google import Leave
from contract.fake_x import ANA, FakeX, Keys
from contract.fake_youtube import FakeYouTube
from contract.reading import reply_to
from helpers.manual import Inline
from helpers.shop import Shop
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Connector, Direction, Item, RateLimited, Rejected, Tariff
from socialdesk.connectors.x import XConnector
from socialdesk.connectors.youtube import YouTubeConnector
from socialdesk.domain.calendars import Calendar, Shift, timeline
from socialdesk.domain.zones import zone
from socialdesk.storage import standing
from socialdesk.storage.database import Database
from socialdesk.sync.purse import AccountPurse
from socialdesk.sync.storeroom import Storeroom

pytestmark = pytest.mark.anyio
START = datetime(2026, 11, 1, tzinfo=UTC)
WEEK = ((Shift(10 * 60, 14 * 60), Shift(17 * 60, 20 * 60)),) * 6 + ((),)
OPENING = timeline(Calendar("Europe/Madrid", WEEK))
PROMISE = 4 * 3600
AGENT = timedelta(minutes=20)
POLL = timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass
class Result:
    """What came of a month."""

    name: str
    limit: float
    cost: float
    worst: float
    written: int
    seen: int
    kept: int
    looks: int
    stopped: str = "–"

    def line(self) -> str:
        """A row of the table."""
        share = f"{self.kept / self.written:.0%}" if self.written else "–"
        return (
            f"{self.name:<24} limit {self.limit:>9,.2f}  dearest {self.worst:>9,.2f}  looks {self.looks:>6}  written"
            f" {self.written:>5}  seen {self.seen:>5}  promise kept {share:>4}  stopped {self.stopped}"
        )


class Bill:
    """What the network would charge, worked out from its price list apart from the product (channels.md, 5)."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.total = 0.0
        self._seen: set[tuple[str, str, str]] = set()

    def read(self, path: str, answer: dict[str, Any]) -> None:
        """Charge for everything in an answer, once a day of UTC."""
        data = answer.get("data", [])
        kind = "dm" if path.endswith("dm_events") else "user" if path.endswith("/me") else "post"
        found = [(kind, one) for one in (data if isinstance(data, list) else [data])]
        for listed, named in (("tweets", "post"), ("users", "user"), ("media", "media")):
            found += [(named, one) for one in answer.get("includes", {}).get(listed, [])]
        for named, one in found:
            key = (named, str(one.get("id", one.get("media_key"))), self.clock.now().date().isoformat())
            if key not in self._seen:
                self._seen.add(key)
                self.total += {"post": 0.005, "media": 0.005, "user": 0.010, "dm": 0.010}[named]

    def written(self, text: str) -> None:
        """Charge for an answer."""
        self.total += 0.200 if "http" in text else 0.015


@dataclass
class Month:
    """A shop, its network and its purse, for some days."""

    shop: Shop
    connector: Connector
    purse: AccountPurse
    days: int
    daily: float
    rng: random.Random
    write: Any
    queue: list[tuple[datetime, Item, datetime]] = field(default_factory=list)
    answered: dict[str, datetime] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    looks: int = 0
    stopped: str = "–"
    cursor: str = ""

    async def live(self) -> list[tuple[str, datetime]]:
        """Let the month pass; returns what customers wrote, and when."""
        clock = self.shop.clock
        wrote: list[tuple[str, datetime]] = []
        arrivals = list(self._arrivals())
        end, look = START + self.days * DAY, START
        while look < end:
            while arrivals and arrivals[0] <= look:
                clock.moment = arrivals.pop(0)
                await self._answer(clock.moment)
                wrote.append((self.write(f"@tienda pregunta {len(wrote)}"), clock.moment))
            clock.moment = look
            await self._answer(look)
            look += await self._look()
        return wrote

    def _arrivals(self) -> Iterator[datetime]:
        local = zone("Europe/Madrid")
        for day in range(self.days):
            many = sum(self.rng.random() < self.daily / 50 for _ in range(50))
            hours = sorted(self.rng.triangular(7, 24, 19) for _ in range(many))
            midnight = (START + day * DAY).astimezone(local).replace(hour=0, minute=0)
            yield from sorted((midnight + timedelta(hours=min(hour, 23.9))).astimezone(UTC) for hour in hours)

    async def _look(self) -> timedelta:
        self.looks += 1
        brought = 0
        try:
            more = True
            while more:
                page = await self.connector.fetch(self.cursor)
                self.cursor, more = page.cursor, page.more
                for raw in page.items:
                    brought += self._took(self.connector.parse(raw))
        except RateLimited as limit:
            assert limit.code == "budget_spent" and limit.until is not None
            self.stopped = self.shop.clock.now().strftime("%d %H:%M") if self.stopped == "–" else self.stopped
            return min(limit.until - self.shop.clock.now(), DAY)
        return await self.purse.pause(POLL, brought)

    def _took(self, items: Any) -> int:
        fresh = 0
        for item in items:
            if item.direction is Direction.IN and not item.context and item.id not in self.seen:
                self.seen.add(item.id)
                opens = OPENING.next_open(self.shop.clock.now())
                assert opens is not None
                self.queue.append((opens + AGENT, item, self.shop.clock.now()))
                fresh += 1
        return fresh

    async def _answer(self, until: datetime) -> None:
        for one in [one for one in self.queue if one[0] <= until]:
            self.queue.remove(one)
            at, item, _ = one
            self.shop.clock.moment = max(at, self.shop.clock.moment)
            reply = reply_to(item, self.connector, f"Gracias, {len(self.answered)}")
            try:
                await self.connector.send(replace(reply, at=at))
            except Rejected as refusal:
                assert refusal.code == "budget_spent"
                continue
            self.answered[item.text.split()[-1]] = at


def result(
    month: Month, wrote: list[tuple[str, datetime]], name: str, limit: float, cost: float, worst: float
) -> Result:
    end = START + month.days * DAY
    dues = {text.split()[-1]: OPENING.add(at, PROMISE) for text, at in wrote}
    asked = {number: due for number, due in dues.items() if due is not None and due < end}
    kept = sum(number in month.answered and month.answered[number] <= due for number, due in asked.items())
    return Result(name, limit, cost, worst, len(asked), len(month.seen), kept, month.looks, month.stopped)


def begun(tmp_path: Path, name: str, tariff: Tariff) -> tuple[Shop, AccountPurse, Database]:
    database = Database(tmp_path / f"{name}.db")
    shop = Shop(database, PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", WEEK)}))
    shop.clock.moment = START
    shop.account("tienda", "x")
    shop.desk.adopt_policy(PolicySpec(calendars={"Lola": CalendarSpec("Europe/Madrid", WEEK)}))
    account = standing.enrolled(database.read())[0].account
    return shop, AccountPurse(account, tariff, Storeroom(database, Inline(1)), shop.clock), database


async def x_month(tmp_path: Path, euros: float, daily: float, days: int, seed: int) -> Result:
    """A month on X."""
    name = f"X {euros:g} €, {daily:g} a day"
    options = {"budget": str(euros), "dollar": "1"}
    shop, purse, database = begun(tmp_path, name.replace(" ", ""), XConnector.tariff(options))
    server, bill = FakeX(shop.clock), Bill(shop.clock)
    plain = server.host(Keys(server), **options)

    def counted(request: httpx.Request) -> httpx.Response:
        answer = server.serve(request)
        if answer.is_success and request.method == "GET":
            bill.read(request.url.path, answer.json())
        elif answer.is_success and not request.url.path.endswith("token"):
            bill.written(json.loads(request.content)["text"])
        return answer

    def write(text: str) -> str:
        return str(server.write(text, ANA)["text"])

    async with httpx.AsyncClient(transport=httpx.MockTransport(counted)) as client:
        connector = XConnector(replace(plain, http=client, purse=purse))
        month = Month(shop, connector, purse, days, daily, random.Random(seed), write)
        wrote = await month.live()
    await plain.http.aclose()
    database.close()
    return result(month, wrote, name, euros, bill.total, bill.total)


async def youtube_month(tmp_path: Path, quota: int, daily: float, days: int, seed: int) -> Result:
    """A month on YouTube, whose quota is a day's."""
    name = f"YouTube {quota}, {daily:g} a day"
    shop, purse, database = begun(
        tmp_path, name.replace(" ", ""), YouTubeConnector.tariff({"quota": str(quota)})
    )
    server = FakeYouTube(shop.clock)
    server.quota = 1 << 40
    used: dict[str, int] = {}
    plain = server.host(Leave(server))

    def counted(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/youtube/"):
            day = shop.clock.now().astimezone(zone("America/Los_Angeles")).date().isoformat()
            used[day] = used.get(day, 0) + (1 if request.method == "GET" else 50)
        return server.serve(request)

    def write(text: str) -> str:
        return str(server.comment(text)["snippet"]["textOriginal"])

    async with httpx.AsyncClient(transport=httpx.MockTransport(counted)) as client:
        connector = YouTubeConnector(replace(plain, http=client, purse=purse))
        month = Month(shop, connector, purse, days, daily, random.Random(seed), write)
        wrote = await month.live()
    await plain.http.aclose()
    database.close()
    return result(month, wrote, name, quota, sum(used.values()), max(used.values()))


def judged(results: list[Result], endless: Result) -> None:
    """Never above the limit; and where the budget pays for all of it, nothing is late that would not be late without one."""
    for one in results:
        print(one.line())
        assert one.worst <= one.limit
        if endless.worst <= 0.8 * one.limit:
            assert one.seen == endless.seen and one.kept >= 0.99 * endless.kept, one.line()


SEED = int(os.environ.get("SOCIALDESK_SEED") or 20261123)


async def test_days_with_a_small_budget_cost_no_more_than_it(tmp_path: Path) -> None:
    """The short form: three days."""
    print(f"\nseed {SEED}")
    judged(
        [await x_month(tmp_path, 1, 30, 3, SEED), await x_month(tmp_path, 20, 30, 3, SEED)],
        await x_month(tmp_path, 10_000, 30, 3, SEED),
    )
    judged(
        [await youtube_month(tmp_path, 600, 8, 3, SEED), await youtube_month(tmp_path, 9_000, 8, 3, SEED)],
        await youtube_month(tmp_path, 1_000_000, 8, 3, SEED),
    )


@pytest.mark.torture
async def test_a_month_costs_no_more_than_its_budget(tmp_path: Path) -> None:
    """The long form: thirty days."""
    print(f"\nseed {SEED}")
    for daily in (5, 15, 40):
        endless = await x_month(tmp_path, 10_000, daily, 30, SEED)
        print(
            f"{'X without a limit':<24} costs {endless.cost:,.2f}, keeps {endless.kept} of {endless.written}"
        )
        judged([await x_month(tmp_path, euros, daily, 30, SEED) for euros in (5, 10, 25, 60)], endless)
    for daily in (3, 20):
        endless = await youtube_month(tmp_path, 1_000_000, daily, 30, SEED)
        print(
            f"{'YouTube without a limit':<24} dearest day {endless.worst:,.0f}, keeps {endless.kept} of {endless.written}"
        )
        judged(
            [await youtube_month(tmp_path, quota, daily, 30, SEED) for quota in (300, 1_000, 3_000, 10_000)],
            endless,
        )
