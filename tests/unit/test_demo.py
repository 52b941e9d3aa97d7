"""The demo's customers are lifelike: they come, wait, insist, thank, and a reply to them is taken exactly once (G1)."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    Direction,
    Host,
    Item,
    OutcomeUnknown,
    Outgoing,
    PluginError,
    Rejected,
    Temporary,
)
from socialdesk.connectors.demo import DemoConnector
from socialdesk.connectors.demo.cast import ACCOUNTS, BRANDS
from socialdesk.connectors.demo.script import read
from socialdesk.domain.text import scrub

pytestmark = pytest.mark.anyio
TEXT = "¡Hola! Enseguida lo miramos y te contamos."


class Reader:
    """What a desk does with one account: fetch, remember the cursor, keep the newest version of each message."""

    def __init__(self, connector: DemoConnector, clock: ManualClock) -> None:
        self.connector = connector
        self.clock = clock
        self.cursor = ""
        self.items: dict[str, Item] = {}

    async def look(self) -> list[Item]:
        """Fetch to the end; return what is new or changed."""
        fresh = []
        more = True
        while more:
            page = await self.connector.fetch(self.cursor)
            self.cursor, more = page.cursor, page.more
            for item in (item for raw in page.items for item in self.connector.parse(raw)):
                if self.items.get(item.id) != item:
                    self.items[item.id] = item
                    fresh.append(item)
        return fresh

    async def live(self, minutes: float) -> list[Item]:
        """Look every ten seconds for so long."""
        fresh = []
        for _ in range(int(minutes * 6)):
            self.clock.moment += timedelta(seconds=10)
            fresh += await self.look()
        return fresh

    async def answer(self, item: Item, key: str = "key", text: str = TEXT) -> str:
        """Reply to a message; return the reply's id."""
        outgoing = Outgoing(key, item.conversation, item.remote, text, item.private, self.clock.now())
        return (await self.connector.send(outgoing)).id


async def newcomers(reader: Reader, minutes: float) -> set[str]:
    """Return the conversations that begin in that time."""
    before = {i.conversation for i in await reader.look()}
    return {i.conversation for i in await reader.live(minutes)} - before


Opener = Callable[..., Any]


@pytest.fixture
def opened(clock: ManualClock) -> Opener:
    """Open an account of the demo for a while."""

    @asynccontextmanager
    async def opened(account: str = "azahar-x", **options: str) -> AsyncIterator[Reader]:
        fixed = next(dict(o) for name, _, o in ACCOUNTS if name == account)
        host = Host(account, {**fixed, **options}, cast(Any, None), cast(Any, None), clock)
        connector = DemoConnector(host)
        try:
            yield Reader(connector, clock)
        finally:
            await connector.aclose()

    return opened


async def test_the_desk_is_lively_from_the_first_look(opened: Opener, clock: ManualClock) -> None:
    conversations, directions = set(), Counter[Direction]()
    for account, _, _ in ACCOUNTS:
        async with opened(account) as reader:
            items = await reader.look()
            assert [i.at for i in items if not i.edited_at] == sorted(i.at for i in items if not i.edited_at)
            assert all(clock.now() - timedelta(days=2) < i.at <= clock.now() for i in items)
            conversations |= {i.conversation for i in items}
            directions.update(i.direction for i in items)
    assert len(conversations) >= 40 and directions[Direction.OUT] >= 15


async def test_the_past_holds_an_edit_a_deletion_a_long_text_and_a_harmless_attack(opened: Opener) -> None:
    seen = []
    for account, _, _ in ACCOUNTS:
        async with opened(account) as reader:
            await reader.look()
            seen += reader.items.values()
    assert any(i.edited_at and not i.deleted for i in seen) and any(i.deleted for i in seen)
    assert max(len(i.text) for i in seen) > 1_000
    attacks = [i.text for i in seen if "\x1b" in i.text]
    assert attacks and all("[urgente]" in scrub(text) and "\x1b" not in scrub(text) for text in attacks)


async def test_the_past_holds_reviews_with_stars_and_a_window_about_to_close(
    opened: Opener, clock: ManualClock
) -> None:
    async with opened("azahar-google") as reader:
        reviews = [i for i in await reader.look() if i.rating is not None]
        assert len({i.rating for i in reviews}) >= 4 and not any("★" in i.text for i in reviews)
        assert all(i.direction is Direction.IN for i in reviews)
    async with opened("lino-instagram") as reader:
        asked = [i for i in await reader.look() if i.answer_until is not None]
        assert asked and all(i.private and i.direction is Direction.IN for i in asked)
        left = min(i.answer_until for i in asked) - clock.now()
        assert timedelta(hours=2) < left < timedelta(hours=5)


async def test_what_was_edited_is_never_given_in_its_old_form_again(opened: Opener) -> None:
    async with opened("lino-bluesky", speed="10") as reader:
        await reader.look()
        await reader.live(60)
        assert any(i.edited_at for i in reader.items.values())
        for number in range(0, 200, 10):
            born = reader.cursor.partition(":")[0]
            for raw in (await reader.connector.fetch(f"{born}:{number}")).items:
                item = reader.connector.parse(raw)[0]
                assert reader.items[item.id] == item


async def test_the_same_seed_gives_the_same_customers_however_often_one_looks(
    opened: Opener, clock: ManualClock
) -> None:
    async with opened() as often, opened() as seldom:
        start = clock.moment
        await often.look()
        await seldom.look()
        await often.live(20)
        clock.moment = start
        for _ in range(5):
            clock.moment += timedelta(minutes=4)
            await seldom.look()
        assert often.items == seldom.items


async def test_another_seed_gives_other_customers(opened: Opener) -> None:
    async with opened(seed="1") as one, opened(seed="2") as two:
        await one.look()
        await two.look()
        assert {i.text for i in await one.live(30)} != {i.text for i in await two.live(30)}


async def test_new_customers_come_while_the_desk_is_open(opened: Opener) -> None:
    async with opened() as slow, opened(speed="4") as fast:
        calm, busy = [await newcomers(reader, 60) for reader in (slow, fast)]
        assert 5 <= len(calm) <= 18 and len(busy) > 2 * len(calm)


async def test_who_is_left_waiting_insists_then_is_cross_then_leaves_in_public(opened: Opener) -> None:
    """A4: somebody who asked and is not answered is heard again, and one goes away where all can read it."""
    voices = read("azahar").voices
    async with opened("lino-instagram") as reader:
        await reader.look()
        heard = [i for i in await reader.live(150) if i.direction is Direction.IN]
    said = {
        occasion: [i for i in heard if any(i.text in voices[v].get(occasion, ()) for v in voices)]
        for occasion in ("nudge", "anger", "leave")
    }
    assert len(said["nudge"]) > len(said["anger"]) > len(said["leave"]) >= 1
    assert not any(i.private for i in said["leave"])


@pytest.mark.parametrize("account", ["azahar-x", "ronda-mail", "lino-bluesky"])
async def test_customers_react_to_an_answer(opened: Opener, account: str) -> None:
    async with opened(account) as reader:
        waiting = {i.conversation: i for i in await reader.look()}
        last = {c: i for c, i in waiting.items() if i.direction is Direction.IN}
        for number, item in enumerate(last.values()):
            await reader.answer(item, f"key-{number}")
        sent_at = reader.clock.now()
        reactions = [
            i for i in await reader.live(3.2) if i.conversation in last and i.direction is Direction.IN
        ]
        assert 2 <= len(reactions) <= len(last)
        assert all(i.at > sent_at for i in reactions)
        assert all(i.private == last[i.conversation].private for i in reactions)


async def test_an_answered_customer_does_not_insist(opened: Opener) -> None:
    nudges = read("azahar").voices["es"]["nudge"]
    async with opened() as reader:
        item = next(i for i in await reader.look() if i.author.handle == "noeliaencasa")
        await reader.answer(item)
        soon = [i for i in await reader.live(4) if i.conversation == item.conversation]
        assert not any(i.text in nudges for i in soon)


async def test_a_reply_is_part_of_the_network(opened: Opener) -> None:
    async with opened() as reader:
        item = (await reader.look())[-1]
        reply = await reader.answer(item)
        back = {i.id: i for i in await reader.look()}[reply]
        assert (back.text, back.direction, back.conversation) == (TEXT, Direction.OUT, item.conversation)
        assert back.at == reader.clock.now() and back.contact == item.contact


async def test_the_same_key_is_taken_once_also_after_a_restart(opened: Opener, tmp_path: Path) -> None:
    async with opened(world=str(tmp_path)) as reader:
        item = (await reader.look())[-1]
        first = await reader.answer(item, "k")
        assert await reader.answer(item, "k") == first
    async with opened(world=str(tmp_path)) as again:
        assert await again.answer(item, "k") == first
        await again.look()
        assert [i.id for i in again.items.values() if i.text == TEXT] == [first]


DIE_AFTER_SENDING = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host, Outgoing
from socialdesk.connectors.demo import DemoConnector

async def main(world):
    clock = ManualClock(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
    options = {"brand": "azahar", "channel": "x", "world": world}
    connector = DemoConnector(Host("azahar-x", options, None, None, clock))
    item = connector.parse((await connector.fetch("")).items[-1])[0]
    await connector.send(Outgoing("k", item.conversation, item.remote, "Antes del golpe", item.private, clock.now()))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main(sys.argv[1]))
"""


async def test_a_kill_right_after_the_send_neither_loses_nor_doubles_it(
    opened: Opener, tmp_path: Path
) -> None:
    done = subprocess.run([sys.executable, "-c", DIE_AFTER_SENDING, str(tmp_path)], timeout=20, check=False)
    assert done.returncode == -signal.SIGKILL
    async with opened(world=str(tmp_path)) as reader:
        await reader.look()
        replies = [i for i in reader.items.values() if i.text == "Antes del golpe"]
        assert len(replies) == 1
        assert await reader.answer(replies[0], "k", "Antes del golpe") == replies[0].id


async def test_a_restart_loses_nothing(opened: Opener, tmp_path: Path) -> None:
    async with opened(world=str(tmp_path)) as before:
        await before.look()
        await before.live(20)
    async with opened(world=str(tmp_path)) as after:
        after.cursor = before.cursor
        assert {i.id for i in await after.look()} <= before.items.keys()
        after.cursor = ""
        await after.look()
        assert after.items == before.items


async def test_the_town_sleeps_while_the_desk_is_closed(opened: Opener, clock: ManualClock) -> None:
    async with opened() as reader:
        await reader.look()
        await reader.live(5)
        clock.moment += timedelta(days=3)
        assert not await reader.look()
        assert await reader.live(30)


async def test_a_page_that_comes_again_brings_the_same_items(opened: Opener) -> None:
    async with opened() as reader:
        await reader.look()
        page = await reader.connector.fetch("")
        assert [reader.connector.parse(raw) for raw in page.items] == [
            reader.connector.parse(raw) for raw in (await reader.connector.fetch("")).items
        ]
        for cursor in ("rubbish", ":", "1:2:3"):
            assert (await reader.connector.fetch(cursor)).items


async def test_faults_leave_each_reply_taken_once_at_most(opened: Opener) -> None:
    outcomes = Counter[str]()
    async with opened(faults="0.7") as reader:
        item = (await reader.look())[-1]
        for number in range(40):
            for _ in range(20):
                try:
                    await reader.answer(item, f"k{number}", f"{TEXT} {number}")
                except (Temporary, OutcomeUnknown) as error:
                    outcomes[type(error).__name__] += 1
                else:
                    break
        await reader.look()
        taken = Counter(i.text for i in reader.items.values() if i.text.startswith(TEXT))
        assert len(taken) == 40 and set(taken.values()) == {1}
    assert outcomes["Temporary"] > 5 and outcomes["OutcomeUnknown"] > 10


async def test_what_cannot_be_sent_is_refused_with_its_reason(opened: Opener) -> None:
    async with opened() as reader:
        item = (await reader.look())[-1]
        for text, code in (("  ", "empty"), ("x" * 501, "too_long")):
            with pytest.raises(Rejected) as refused:
                await reader.answer(item, code, text)
            assert refused.value.code == code
        stranger = Item("?", "nowhere", Direction.IN, item.at, item.author, item.contact, "")
        with pytest.raises(Rejected) as refused:
            await reader.answer(stranger)
        assert refused.value.code == "parent_gone"


@pytest.mark.parametrize(
    "options", [{"speed": "quick"}, {"speed": "0"}, {"brand": "other"}, {"channel": "fax"}]
)
async def test_a_wrong_option_is_named(opened: Opener, options: dict[str, str]) -> None:
    with pytest.raises(PluginError) as error:
        async with opened(**options):
            pass
    assert re.search("|".join([*options, *options.values()]), error.value.detail)


def sentences() -> Iterator[tuple[str, str]]:
    for brand in BRANDS:
        script = read(brand)
        yield from (("opening", o.text) for o in script.openings)
        yield from (("reaction", f) for o in script.openings for f in o.follow)
    yield from (("reaction", t) for v in script.voices.values() for texts in v.values() for t in texts)


async def test_the_cast_has_enough_to_say() -> None:
    count = Counter(kind for kind, _ in set(sentences()))
    assert count["opening"] >= 60 and count["reaction"] >= 60


async def test_spanish_questions_and_exclamations_are_opened_as_they_should() -> None:
    """C3: the sentences that people learn from are well written, apart from those who write in a hurry."""
    for brand in BRANDS:
        script = read(brand)
        texts = [o.text for o in script.openings if o.language == "es"] + [
            t for texts in script.voices["es"].values() for t in texts
        ]
        careless = [t for t in texts if t.count("?") != t.count("¿") or t.count("!") != t.count("¡")]
        assert all("??" in text for text in careless), careless
