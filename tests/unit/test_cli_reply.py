"""An answer from the shell is looked over before it leaves, as one from the screen is (needs B1, B3, C2)."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.connectors import registry


@pytest.fixture
def desk(run: Run, tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A desk on which Ana has asked in public."""
    monkeypatch.setattr(registry, "names", lambda: ("x",))
    line = {
        "account": "sol-x", "brand": "Panadería Sol", "channel": "x", "conversation": "c1", "id": "a0",
        "direction": "in", "at": (clock.now() - timedelta(hours=1)).isoformat(), "text": "¿Cuándo abrís el domingo?",
        "author": {"handle": "ana", "name": "Ana"},
    }  # fmt: skip
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(line))
    assert run("import", str(path)).code == 0
    return run


GRAVE = "Pues a las nueve, joder."


def test_c2_what_is_grave_holds_an_answer_from_the_shell_and_says_what_to_do(desk: Run) -> None:
    held = desk("reply", "1", "--text", GRAVE)
    assert (held.code, held.out) == (1, "")
    assert "coarse" in held.err and "joder" in held.err and "--overrule" in held.err
    assert desk("outbox", "--json").json == []
    assert desk("reply", "1", "--text", GRAVE, "--overrule", " ").code == 2


def test_b1_what_was_typed_in_is_not_lost_where_it_is_held(
    desk: Run, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GRAVE.encode())))
    assert desk("reply", "1", "-").code == 1
    context = Context(clock)
    assert context.desk.thread(1).draft == GRAVE
    context.close()


def test_c2_a_script_reads_what_holds_it(desk: Run) -> None:
    held = desk("reply", "1", "--text", GRAVE, "--json")
    assert held.code == 1
    (found,) = held.json["findings"]
    assert (found["family"], found["weight"], GRAVE[found["start"] : found["end"]]) == (
        "coarse",
        "stop",
        "joder",
    )


def test_c2_with_a_reason_it_leaves_and_the_reason_is_kept(desk: Run, clock: ManualClock) -> None:
    sent = desk("reply", "1", "--text", GRAVE, "--overrule", "así habla la casa", "--json")
    assert (sent.code, sent.json["state"]) == (0, "queued")
    context = Context(clock)
    (kept,) = context.desk.overrules(1)
    context.close()
    assert (kept.family, kept.excerpt, kept.reason) == ("coarse", "joder", "así habla la casa")


def test_c2_what_is_advice_is_told_and_the_answer_leaves(desk: Run) -> None:
    sent = desk("reply", "1", "--text", "Abrimos a las NUEVE DE LA MAÑANA, te esperamos.")
    assert sent.code == 0
    assert "shouting" in sent.err
    assert len(desk("outbox", "--json").json) == 1


def test_a1_a_promise_from_the_shell_goes_to_the_queue_as_one_from_the_screen(
    desk: Run, clock: ManualClock
) -> None:
    sent = desk("reply", "1", "--text", "Abrimos a las nueve. Mañana te llamamos.", "--now")
    assert sent.code == 0
    assert "This is a promise" in sent.err
    context = Context(clock)
    (promise,) = context.desk.commitments(1)
    context.close()
    assert promise.text == "Mañana te llamamos."
    assert promise.due_at is not None


def test_b3_the_customers_data_holds_a_public_answer_only(desk: Run) -> None:
    text = "Te llamamos al 612 345 678."
    assert "personal-data" in desk("reply", "1", "--text", text).err
    assert desk("reply", "1", "--text", text, "--private").code == 0
