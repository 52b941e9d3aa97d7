"""A5: who writes out of hours is told when somebody answers; once, in their language, and it stops no clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpers.bench import Bench
from socialdesk.ackwords import CLOSED, acknowledgement
from socialdesk.calendars.spec import CalendarSpec, PolicySpec
from socialdesk.clock import ManualClock
from socialdesk.clockphrases import LANGUAGES
from socialdesk.config import Config
from socialdesk.connectors.contract import Outgoing
from socialdesk.desk import Desk
from socialdesk.domain.calendars import Calendar, Shift, timeline
from socialdesk.domain.models import Delivery, State, View
from socialdesk.errors import Temporary
from socialdesk.storage import backup, restoring
from socialdesk.storage.database import Database
from socialdesk.sync.acknowledge import closed_since

pytestmark = pytest.mark.anyio

MORNINGS = tuple((Shift(600, 840),) if day < 5 else () for day in range(7))
HOURS = CalendarSpec("Europe/Madrid", MORNINGS)
SPANISH = "Gracias por escribirnos. Ahora estamos cerrados. Responderemos mañana a partir de las 10:00."
MINUTES = 60


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A shop that opens on Monday at ten; it is Sunday, eleven o'clock."""
    made = Bench(clock, config=Config(language="es"))
    adopt(made)
    made.add()
    yield made
    made.close()


def adopt(bench: Bench, **policy: Any) -> None:
    """Put hours in force; the brand acknowledges unless it is said otherwise."""
    wanted = {"calendars": {"Brand": HOURS}, "acknowledge": frozenset({"Brand"})} | policy
    Desk(bench.database, bench.clock, bench.config).adopt_policy(PolicySpec(**wanted))


def writes(bench: Bench, number: str, text: str = "¿Tenéis pan sin gluten?", **more: Any) -> None:
    bench.network.customer("shop", number, text, bench.clock.now(), **more)


async def test_the_network_is_told_that_no_person_wrote(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A5: so that it can mark our words, and no machine answers them; what a person writes is never marked."""
    marked: list[bool] = []
    take = bench.network.take

    def noting(account: str, outgoing: Outgoing, visible: datetime) -> str:
        marked.append(outgoing.automatic)
        return str(take(account, outgoing, visible))

    monkeypatch.setattr(bench.network, "take", noting)
    async with bench.running():
        writes(bench, "1", conversation="c", language="es")
        await bench.advance(40)
        bench.reply("Sí, claro")
        await bench.advance(40)
    assert marked == [True, False]


async def test_a_customer_is_told_once_and_the_clock_runs_on(bench: Bench) -> None:
    """A5, A1: told within moments, not again for a nudge; the wait is theirs, from their first message."""
    asked = bench.clock.now()
    async with bench.running():
        writes(bench, "1", conversation="c", language="es")
        await bench.advance(40)
        assert bench.network.posts() == [SPANISH]
        writes(bench, "2", "¿Hola?", conversation="c", language="es")
        await bench.hours(1)
        assert bench.network.posts() == [SPANISH]
    [row] = Desk(bench.database, bench.clock, bench.config).queue(View("all")).rows
    assert (row.state, row.nudges) == (State.WAITING, 1)
    assert row.waiting_since is not None
    assert row.waiting_since - asked < timedelta(seconds=2)
    assert row.promise == "first", "nobody has answered yet"
    assert bench.all("SELECT automatic, direction FROM message WHERE direction = 'out'") == [(1, "out")]


async def test_the_agent_s_draft_and_answer_are_untouched(bench: Bench) -> None:
    """A5: a draft stays, and the answer to what was read before goes out all the same."""
    desk = Desk(bench.database, bench.clock, bench.config)
    async with bench.running():
        writes(bench, "1")
        await bench.advance(31)
        thread = desk.thread(1)
        desk.save_draft(1, "Sí, ten")
        await bench.advance(MINUTES)
        assert bench.network.posts() == [SPANISH]
        assert desk.thread(1).draft == "Sí, ten"
        assert [message.automatic for message in desk.thread(1).messages] == [False, True]
        assert desk.last_undoable() is None, "nobody wrote it, nobody takes it back"
        assert desk.thread(1).seen.reply == thread.seen.reply


async def test_in_each_of_the_ten_languages(bench: Bench) -> None:
    """C6: what the network says of the message's language, else what the words tell, else the desk's own."""
    async with bench.running():
        for tongue in LANGUAGES:
            writes(bench, tongue, "?", conversation=f"c-{tongue}", who=tongue, language=tongue)
        writes(bench, "guess", "Guten Tag, wann haben Sie heute geöffnet?", conversation="g", who="g")
        writes(bench, "none", "?", conversation="n", who="n")
        writes(bench, "other", "Merhaba", conversation="t", who="t", language="tr")
        await bench.advance(2 * MINUTES)
    told = dict(bench.all("SELECT p.remote_id, o.text FROM outbox o JOIN conversation c ON c.id = o.conversation_id"
                          " JOIN contact p ON p.id = c.contact_id"))  # fmt: skip
    assert {tongue for tongue in LANGUAGES if told[tongue].startswith(CLOSED[tongue])} == set(LANGUAGES)
    assert told["g"].startswith(CLOSED["de"])
    assert (told["n"], told["t"]) == (SPANISH, SPANISH)


def test_the_words_are_short_enough_for_every_network() -> None:
    """B1: 280 characters, on the longest way to say a day."""
    now = datetime(2026, 8, 1, 20, tzinfo=UTC)
    opening = datetime(2026, 9, 23, 8, 30, tzinfo=UTC)
    for tongue in LANGUAGES:
        text = acknowledgement(opening, now, ZoneInfo("Europe/Madrid"), tongue)
        assert len(text) <= 280
        assert "10" in text and "30" in text and "23" in text
    assert acknowledgement(opening, now, None, "tr").startswith(CLOSED["en"])


async def test_again_in_the_next_closure(bench: Bench) -> None:
    """A5: once a conversation and closure."""
    async with bench.running():
        writes(bench, "1", conversation="c")
        await bench.advance(MINUTES)
        await bench.hours(28)  # Monday, after closing
        writes(bench, "2", conversation="c")
        await bench.advance(MINUTES)
    assert len(bench.network.posts()) == 2
    assert len(set(bench.all("SELECT conversation_id, closure_at FROM acknowledgement"))) == 2


async def test_once_a_day_for_each_customer(bench: Bench) -> None:
    """A5: whoever writes in three places is told in one."""
    async with bench.running():
        for number in "123":
            writes(bench, number, conversation=f"c-{number}", who="ana")
        writes(bench, "4", conversation="c-4", who="luis")
        await bench.advance(2 * MINUTES)
    assert len(bench.network.posts()) == 2


@pytest.mark.parametrize(
    "how",
    [
        {"robot": True},
        {"kind": "review"},
        {"who": "id-shop"},
        {"who": "id-other"},
    ],
    ids=["robot", "review", "ourselves", "our other account"],
)
async def test_some_are_never_told(bench: Bench, how: dict[str, Any]) -> None:
    """A5: robots, reviews (which have room for one answer), and our own accounts."""
    bench.add("other")
    async with bench.running():
        await bench.advance(31)
        writes(bench, "1", **how)
        await bench.advance(2 * MINUTES)
    assert bench.texts() and bench.network.posts() == []


async def test_tags_and_situations_of_spam(bench: Bench) -> None:
    """D6: what a person has marked so gets no answer."""
    adopt(bench, acknowledge=frozenset())
    async with bench.running():
        writes(bench, "1", conversation="c-1")
        writes(bench, "2", conversation="c-2", who="luis")
        await bench.advance(40)
        bench.write("UPDATE contact SET tags = 'vip, Spam' WHERE remote_id = 'ana'")
        bench.write("UPDATE conversation SET situation = 'spam' WHERE remote_key = 'c-2'")
        adopt(bench)
        await bench.advance(2 * MINUTES)
        assert len(bench.texts()) == 2 and bench.network.posts() == []
        bench.write("UPDATE contact SET tags = 'vip' WHERE remote_id = 'ana'")
        await bench.advance(2 * MINUTES)
        assert bench.network.posts() == [SPANISH]


async def test_a_robot_is_tagged_and_a_person_s_tags_stay(bench: Bench) -> None:
    """A5, E1: the network's mark becomes a tag, also of a known customer, beside those that there are."""
    adopt(bench, acknowledge=frozenset())
    async with bench.running():
        for number, who in enumerate(("ana", "luis")):
            writes(bench, f"a{number}", who=who, conversation=who)
        await bench.advance(40)
        bench.write("UPDATE contact SET tags = 'vip' WHERE remote_id = 'luis'")
        for number, who in enumerate(("ana", "luis", "eva")):
            writes(bench, f"b{number}", who=who, conversation=who, robot=True)
        await bench.advance(40)
    assert bench.all("SELECT remote_id, tags FROM contact ORDER BY 1") == [
        ("ana", "bot"), ("eva", "bot"), ("luis", "vip, bot"),
    ]  # fmt: skip


async def test_two_robots_do_not_talk_to_each_other(bench: Bench) -> None:
    """A5: whatever answers our automatic words within seconds gets no more of them, also in another conversation."""
    async with bench.running():
        writes(bench, "1", conversation="c-0", who="ana")
        for turn in range(1, 30):
            before = len(bench.network.posts())
            for _ in range(40):
                await bench.advance(1)
                if len(bench.network.posts()) > before:
                    break
            else:
                break
            bench.network.customer(
                "shop", f"r{turn}", "Gracias por escribirnos", bench.clock.now(), who=f"robot{turn}",
                conversation=f"c-{turn}", reply_to=f"reply-{before + 1}",
            )  # fmt: skip
        await bench.advance(10 * MINUTES)
    assert len(bench.network.posts()) == 1
    assert len(bench.texts()) == 2


async def test_while_it_is_open_and_where_nobody_asked_for_it(bench: Bench) -> None:
    """A5: optional, per brand."""
    adopt(bench, acknowledge=frozenset())
    async with bench.running():
        writes(bench, "1", conversation="c-1")
        await bench.advance(MINUTES)
        adopt(bench)
        bench.clock.moment += timedelta(hours=23, minutes=30)
        writes(bench, "2", conversation="c-2", who="luis")
        await bench.advance(MINUTES)
    assert bench.network.posts() == []


async def test_what_cannot_leave_in_time_never_leaves(bench: Bench) -> None:
    """A5: the shop has opened, or somebody has answered: "we are closed" would be wrong, and it holds nobody up."""
    script = bench.scripts["shop"]
    script.sends.extend([Temporary()] * 1000)
    async with bench.running():
        writes(bench, "1", conversation="c-1")
        writes(bench, "2", conversation="c-2", who="luis")
        await bench.advance(40)
        assert bench.states() == ["retry_wait", "retry_wait"]
        bench.reply("Sí, claro", conversation=1)
        await bench.advance(3)
        assert bench.states()[:2] == ["cancelled", "retry_wait"]
        await bench.hours(23)
        assert bench.states()[:2] == ["cancelled", "cancelled"]
        script.sends.clear()
        await bench.advance(20 * MINUTES)
    assert bench.network.posts() == ["Sí, claro"]


async def test_a_lost_answer_does_not_make_it_an_answer(bench: Bench) -> None:
    """A5: it is on the network once, known to have left after a while, and the clock has run on."""
    bench.scripts["shop"].lose_after = 1.0
    async with bench.running():
        writes(bench, "1")
        await bench.advance(MINUTES)
        bench.scripts["shop"].lose_after = 0.0
        await bench.advance(20 * MINUTES)
    assert bench.network.posts() == [SPANISH]
    assert bench.states() == [Delivery.SENT.value]
    assert bench.all("SELECT waiting_since IS NOT NULL FROM conversation") == [(1,)]


async def test_a_restored_desk_tells_nobody_a_second_time(bench: Bench) -> None:
    """Promise 1: who wrote before the restore may have been told; the backup does not even know them."""
    copy = bench.paths.data / "copy.db"
    async with bench.running():
        await bench.advance(5)
    backup.back_up(bench.database.path, copy)
    async with bench.running():
        writes(bench, "1", conversation="c")
        await bench.advance(40)
    bench.database.close()
    bench.clock.moment += timedelta(minutes=10)
    restoring.restore(bench.database.path, copy, bench.clock.now())
    bench.database = Database(bench.database.path)
    async with bench.running():
        await bench.advance(120)
        assert len(bench.network.posts()) == 1
        writes(bench, "2", who="berta", conversation="d")
        await bench.advance(40)
        assert len(bench.network.posts()) == 2, "who writes after it is told"


def test_since_when_it_is_closed() -> None:
    """A5: after a week of holidays, and never for a shop that has never opened."""
    line = timeline(Calendar("Europe/Madrid", MORNINGS))
    sunday = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert closed_since(line, sunday) == datetime(2026, 11, 20, 13, tzinfo=UTC)
    assert closed_since(line, datetime(2026, 11, 23, 9, 30, tzinfo=UTC)) is None
    away = {date(2026, 10, 20) + timedelta(days=n): "vacaciones" for n in range(40)}
    assert closed_since(timeline(Calendar("Europe/Madrid", MORNINGS, away)), sunday) == datetime(
        2026, 10, 19, 12, tzinfo=UTC
    )
    assert closed_since(timeline(Calendar("UTC", ((),) * 7)), sunday) is None
