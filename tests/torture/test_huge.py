"""A huge message never freezes the app (promise 10): what is shown of it has an end; what it costs is ``bench/bench_huge.py``."""

from __future__ import annotations

import json

import pytest

from helpers.commands import Run
from helpers.hostile import Payload
from helpers.hostile_desk import HostileDesk
from socialdesk.clock import ManualClock
from socialdesk.domain.text import MAX_BYTES, MAX_LINES

BYTES = 1_000_000


@pytest.mark.parametrize(
    "unit", ["la espera ", "x", "\n", "語", "e\u0301\u0335"], ids=["words", "word", "lines", "wide", "marks"]
)
def test_a_megabyte_is_cut_where_it_is_shown_and_kept_whole_as_it_came(
    run: Run, clock: ManualClock, unit: str
) -> None:
    """Promise 10: the cut is seen; the whole is kept, and given out with all else that is known of its author."""
    body = "begin " + unit * (BYTES // len(unit.encode()))
    desk = HostileDesk([Payload("huge", body, "begin")], clock)
    number = desk._hear(desk._account(0, "huge"), 0, body)
    shown = desk.desk.thread(number).messages[0].text
    assert len(shown.encode()) <= MAX_BYTES and shown.count("\n") < MAX_LINES
    assert shown.startswith("begin ") and shown.endswith("\n…")
    assert len(desk.desk.row(number).preview) <= 200
    assert len(run("queue").out) < 2_000
    (kept,) = desk.database.read().one("SELECT payload FROM raw_item WHERE remote_id = 'r0'") or ("",)
    assert json.loads(kept)["text"] == body
    exported = run("export", desk.desk.row(number).handle)
    assert unit * 1000 in exported.out or json.dumps(unit)[1:-1] * 1000 in exported.out
    desk.close()
