"""What was promised, from the shell (needs A1, C7)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock


@pytest.fixture
def desk(run: Run, tmp_path: Path, clock: ManualClock) -> Run:
    """A desk on which Ana was promised two things by phone, the second one for earlier."""
    line = {
        "account": "sol-x", "brand": "Panadería Sol", "channel": "x", "conversation": "c1", "id": "a0",
        "direction": "in", "at": (clock.now() - timedelta(hours=1)).isoformat(), "text": "¿Abrís?",
        "author": {"handle": "ana", "name": "Ana"},
    }  # fmt: skip
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(line))
    assert run("import", str(path)).code == 0
    context = Context(clock)
    context.desk.add_commitment(1, "Llamamos con el precio", clock.now() + timedelta(hours=30))
    context.desk.add_commitment(1, "Tarta apartada", clock.now() + timedelta(hours=3))
    context.close()
    return run


def test_a1_what_is_owed_is_listed_the_next_one_due_first(desk: Run, clock: ManualClock) -> None:
    clock.moment += timedelta(hours=4)
    first, second = desk("commitments", "--json").json
    assert (first["id"], first["conversation"], first["customer"], first["brand"], first["channel"]) == (
        2, 1, "Ana", "Panadería Sol", "x",
    )  # fmt: skip
    assert (first["text"], first["due_at"], first["seconds_left"]) == (
        "Tarta apartada",
        "2026-11-22T13:00:00.000+00:00",
        -3600,
    )
    assert (second["id"], second["reply"]) == (1, None)
    _headings, late, early = desk("commitments").out.splitlines()
    assert "Ana" in late and "Tarta apartada" in late and "late" in late
    assert "Llamamos con el precio" in early


def test_c7_a_promise_is_kept_cancelled_and_reopened_by_its_number(desk: Run) -> None:
    assert desk("commitments", "keep", "2").out == "Kept.\n"
    assert [one["id"] for one in desk("commitments", "--json").json] == [1]
    assert desk("queue", "--json").json[0]["commitment"] == "Llamamos con el precio"
    assert desk("commitments", "cancel", "1").code == 0
    assert desk("commitments").out == "Nothing is owed to anybody.\n"
    assert desk("commitments", "reopen", "1").code == 0
    assert [one["id"] for one in desk("commitments", "--json").json] == [1]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("keep",), 2, "say which promise"),
        (("keep", "7"), 1, "no commitment of that number"),
        (("burn", "1"), 2, "keep"),
    ],
)
def test_a_mistake_is_told(desk: Run, words: tuple[str, ...], code: int, told: str) -> None:
    result = desk("commitments", *words)
    assert (result.code, result.out) == (code, "")
    assert told in result.err


def test_what_was_kept_is_not_kept_again(desk: Run) -> None:
    desk("commitments", "keep", "2")
    assert desk("commitments", "keep", "2").code == 1
