"""The demo's desk (NEEDS G1): made once, kept between runs, begun again where asked; never the person's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli import demo, entry, screen
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.errors import Refused
from socialdesk.paths import find
from socialdesk.sync.enginelock import EngineLock, lock_of


def names(clock: ManualClock, seed: int | None = None, *, fresh: bool = False) -> list[tuple[str, str, int]]:
    """Prepare the demo and return its accounts with their seeds and ids."""
    context = Context(clock).demo()
    try:
        demo.prepare(context, seed, None, fresh=fresh)
        return [(a.name, a.options["seed"], a.id) for a in context.desk.accounts()]
    finally:
        context.close()


def test_three_businesses_are_ready_and_kept(clock: ManualClock, run: Run, sealed_home: Path) -> None:
    first = names(clock)
    assert len(first) == 6 and first[0][1] == "1"
    assert (sealed_home / "data/demo/desk.db").exists()
    assert names(clock) == first
    assert run("account", "list", "--json").json == [], "the person's own desk has nothing of it"


def test_customers_write_in_the_demo(clock: ManualClock, run: Run) -> None:
    names(clock)
    result = run("sync", "--once", "--demo", "--json")
    assert result.code == 0
    assert all(visit["state"] == "ok" for visit in result.json)
    assert sum(visit["received"] for visit in result.json) > 20


def test_another_seed_begins_again(clock: ManualClock, sealed_home: Path) -> None:
    names(clock)
    mark = sealed_home / "data/demo/network"
    mark.mkdir(exist_ok=True)
    (mark / "kept").touch()
    assert names(clock, seed=1)[0][1] == "1" and (mark / "kept").exists()
    assert names(clock, seed=7)[0][1] == "7" and not (mark / "kept").exists()
    (sealed_home / "data/demo/old").touch()
    names(clock, fresh=True)
    assert not (sealed_home / "data/demo/old").exists()


def test_a_demo_that_is_open_elsewhere_is_not_begun_again(clock: ManualClock) -> None:
    names(clock)
    lock = EngineLock(lock_of(find().below("demo").database))
    assert lock.take()
    try:
        with pytest.raises(Refused):
            names(clock, fresh=True)
    finally:
        lock.release()


def test_the_first_screen_leads_to_the_demo(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []

    def show(context: Context, _trouble: str = "") -> str:
        shown.append(context.is_demo)
        return "" if context.is_demo else "demo"

    monkeypatch.setattr(screen, "need_terminal", lambda: None)
    monkeypatch.setattr(screen, "show", show)
    assert entry.run([], Context(clock)) == 0
    assert shown == [False, True]


def test_c7_the_demos_brands_have_facts_replies_and_a_form_of_address(tmp_path: Path) -> None:
    from socialdesk.cli.demo_files import FILES
    from socialdesk.replies.shelf import Shelf

    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shelf = Shelf(tmp_path)
    assert shelf.troubles() == []
    assert all(shelf.facts(brand) for brand in ("Café Azahar", "Ciclos Ronda", "Lino & Lana"))
    assert "bike_ready/solve" in {reply.id for reply in shelf.library.replies("es", "Ciclos Ronda")}
