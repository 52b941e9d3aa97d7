"""Approving, refusing and scheduling from the shell (needs C2, C4)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.connectors import registry

LINE = {
    "account": "sol-x", "brand": "Panadería Sol", "channel": "x", "conversation": "c1", "id": "a0", "direction": "in",
    "text": "¿Abrís?", "author": {"handle": "ana", "name": "Ana"},
}  # fmt: skip


@pytest.fixture
def desk(
    run: Run, tmp_path: Path, sealed_home: Path, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> Run:
    """A desk whose answers need a second person's word."""
    monkeypatch.setattr(registry, "names", lambda: ("x",))
    line = {**LINE, "at": (clock.now() - timedelta(hours=1)).isoformat()}
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(line))
    assert run("import", str(path)).code == 0
    people(sealed_home, "Marta")
    return run


def people(home: Path, agent: str) -> None:
    """Write the settings of whoever sits here now."""
    text = f'agent = "{agent}"\n[answering."Panadería Sol"]\napproval = true\n[approval]\npeople = ["Marta", "Luis"]\n'
    (home / "config.toml").write_text(text)


def test_c4_a_reply_waits_for_the_other_person_who_may_change_it(desk: Run, sealed_home: Path) -> None:
    told = desk("reply", "1", "--text", "No.", "--now")
    assert (told.code, told.out) == (
        0,
        'Reply 1 waits until somebody else approves it: "socialdesk outbox approve 1".\n',
    )
    assert "awaiting approval" in desk("outbox").out
    own = desk("outbox", "approve", "1")
    assert own.code == 1 and "somebody else" in own.err
    people(sealed_home, "Luis")
    assert desk("outbox", "approve", "1", "--text", "Hoy no, lo sentimos.", "--note", "más amable").code == 0
    (item,) = desk("outbox", "--json").json
    assert (item["state"], item["text"], item["agent"]) == ("queued", "Hoy no, lo sentimos.", "Marta")


def test_c2_what_an_approver_writes_instead_is_looked_over_and_its_promise_kept(
    desk: Run, sealed_home: Path, clock: ManualClock
) -> None:
    desk("reply", "1", "--text", "No.")
    people(sealed_home, "Luis")
    held = desk("outbox", "approve", "1", "--text", "Que no, joder.")
    assert held.code == 1 and "coarse" in held.err and "--overrule" in held.err
    assert "awaiting approval" in desk("outbox").out
    assert desk("outbox", "approve", "1", "--text", "Hoy cerramos. Mañana te llamamos.").code == 0
    context = Context(clock)
    assert [one.text for one in context.desk.commitments(1)] == ["Mañana te llamamos."]
    context.close()


def test_c4_a_refused_reply_is_a_draft_again(desk: Run, sealed_home: Path) -> None:
    desk("reply", "1", "--text", "No.")
    people(sealed_home, "Luis")
    refused = desk("outbox", "refuse", "1", "--note", "así no")
    assert (refused.code, refused.out) == (0, "Refused; the text is in the conversation's draft.\n")
    assert desk("outbox", "--json").json == []
    assert desk("outbox", "refuse", "1").code == 1


def test_c2_a_scheduled_reply_is_listed_as_such(desk: Run, sealed_home: Path) -> None:
    (sealed_home / "config.toml").unlink()
    assert desk("reply", "1", "--text", "Sí", "--at", "2026-11-23T09:00").code == 0
    assert "scheduled" in desk("outbox").out
    past = desk("reply", "1", "--text", "Sí", "--at", "2026-11-21T09:00")
    assert past.code == 1 and "has passed" in past.err


def test_c2_a_reply_is_not_scheduled_for_a_time_that_the_clocks_skip(desk: Run) -> None:
    """At 2:00 on 28 March 2027 it is 3:00 in Madrid: 2:30 would have left an hour early."""
    refused = desk("reply", "1", "--text", "Sí", "--at", "2027-03-28T02:30")
    assert refused.code == 2 and "2027-03-28T02:30 never comes" in refused.err
    sent = desk("reply", "1", "--text", "Sí", "--at", "2027-03-28T02:30+01:00", "--json")
    assert sent.json["next_attempt_at"] == "2027-03-28T01:30:00.000+00:00"


def test_b1_a_reply_from_the_shell_leaves_what_somebody_is_writing(desk: Run, clock: ManualClock) -> None:
    for draft, left in (("Hola, Ana: estoy mirando", "Hola, Ana: estoy mirando"), ("Sí.", "")):
        context = Context(clock)
        context.desk.save_draft(1, draft)
        assert desk("reply", "1", "--text", "Sí.").code == 0
        assert context.desk.thread(1).draft == left
        context.close()


def test_c4_an_answer_is_not_approved_past_what_the_customer_has_written_since(
    desk: Run, sealed_home: Path, tmp_path: Path, clock: ManualClock
) -> None:
    desk("reply", "1", "--text", "No.")
    again = {**LINE, "id": "a1", "at": clock.now().isoformat(), "text": "¿Hola?"}
    (tmp_path / "again.jsonl").write_text(json.dumps(again))
    assert desk("import", str(tmp_path / "again.jsonl")).code == 0
    people(sealed_home, "Luis")
    held = desk("outbox", "approve", "1")
    assert held.code == 1 and "written again since" in held.err and "--anyway" in held.err
    assert desk("outbox", "--json").json[0]["state"] == "awaiting_approval"
    assert desk("outbox", "approve", "1", "--anyway").code == 0
