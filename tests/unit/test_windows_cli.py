"""What the commands say of windows and stars (issue 7, points 2 to 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from helpers.commands import Run
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.domain.models import Direction
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest

HOUR = timedelta(hours=1)


def asked(clock: ManualClock) -> None:
    """Ana can be answered for two hours more, Luis no more, and Eva gave one star."""
    context = Context(clock)
    account = context.desk.add_account("demo", "sol", "Sol", {}, {}, None)
    now = clock.now()
    told: dict[str, dict[str, Any]] = {
        "ana": {"answer_until": now + 2 * HOUR},
        "luis": {"answer_until": now - HOUR / 2},
        "eva": {"rating": 1},
    }
    items = [
        Incoming(
            who, who, Direction.IN, now - HOUR, Person(who, who), Person(who, who), f"soy {who}", **fields
        )
        for who, fields in told.items()
    ]
    with context.database.write() as connection:
        ingest(connection, Source(account.id, account.brand_id, account.connector), items, now)
    context.close()


def number(run: Run, who: str) -> str:
    """The number of somebody's conversation."""
    return str(next(row["id"] for row in run("queue", "--json").json if row["contact"]["handle"] == who))


def test_the_queue_names_them_before_the_words(run: Run, clock: ManualClock) -> None:
    asked(clock)
    lines = run("queue").out.splitlines()[1:]
    assert [line.split("  ")[-1].strip() for line in lines] == [
        "window closed · soy luis",
        "window 2 h 00 · soy ana",
        "1★ soy eva",
    ]


def test_show_says_what_the_window_does(run: Run, clock: ManualClock) -> None:
    asked(clock)
    assert "sooner than the promise" in run("show", number(run, "ana")).out
    assert "the network takes no more answers" in run("show", number(run, "luis")).out
    assert "1 star" in run("show", number(run, "eva")).out


def test_a_reply_that_would_reach_nobody_is_refused_and_kept(run: Run, clock: ManualClock) -> None:
    asked(clock)
    late = run("reply", number(run, "luis"), "--text", "Ya está.")
    assert late.code == 1 and "it is over" in late.err and "The text of the reply is kept" in late.err
    after = (clock.now() + 5 * HOUR).isoformat()
    later = run("reply", number(run, "ana"), "--text", "Ya está.", "--at", after)
    assert later.code == 1 and "By then this network takes no answer" in later.err
    assert run("outbox", "--json").json == []
