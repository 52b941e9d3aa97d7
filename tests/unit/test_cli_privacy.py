"""``socialdesk erase``, ``export``, ``audit`` as they are typed (promises 13, 14, 15 of docs/reliability.md, need G3)."""

from __future__ import annotations

import io
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli.ask import confirmed
from socialdesk.clock import ManualClock


def _line(number: int, who: str, name: str, text: str) -> str:
    author = {"handle": who, "name": name}
    return json.dumps(
        {
            "account": "lola",
            "channel": "instagram",
            "brand": "Lola",
            "conversation": who,
            "id": str(number),
            "direction": "in",
            "at": f"2026-11-20T10:0{number}:00+00:00",
            "text": text,
            "author": author,
        }
    )


@pytest.fixture(autouse=True)
def desk(run: Run, tmp_path: Path) -> None:
    """Three customers, two of one name."""
    lines = [
        _line(1, "ana.p", "Ana", "una"),
        _line(2, "ana.b", "Ana", "dos"),
        _line(3, "berta", "Berta", "tres"),
    ]
    (tmp_path / "history.jsonl").write_text("\n".join(lines))
    assert run("import", str(tmp_path / "history.jsonl")).code == 0


def test_an_export_is_a_private_file_and_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    """Promises 13, 14."""
    file = tmp_path / "ana.json"
    assert run("export", "@ana.p", str(file)).out == f"{file} holds all that is known of them.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text())["customers"]
    assert [one["handle"] for one in told] == ["ana.p"]
    assert [message["text"] for message in told[0]["conversations"][0]["messages"]] == ["una"]
    again = run("export", "@ana.p", str(file))
    assert again.code == 1 and "There is a file of that name already" in again.err
    assert run("export", "ana.p").json["customers"] == told


def test_somebody_who_cannot_be_told_from_another_is_asked_for(run: Run) -> None:
    """Promise 14: nothing of another's."""
    several = run("export", "Ana")
    assert several.code == 1
    assert "@ana.p" in several.err and "@ana.b" in several.err and "number of a conversation" in several.err
    assert "Nobody on this desk is called exactly that" in run("export", "Carmen").err
    for digits in (20, 5_000):
        assert "Nobody on this desk is called exactly that" in run("export", "9" * digits).err
    number = run("queue", "--json").json[0]["id"]
    assert len(run("export", f"#{number}").json["customers"]) == 1


@pytest.mark.parametrize(("typed", "gone"), [("yes\n", True), ("y\n", False), ("\n", False), ("", False)])
def test_nothing_is_destroyed_without_the_word(
    run: Run, monkeypatch: pytest.MonkeyPatch, typed: str, gone: bool
) -> None:
    """Promise 14: typed yes, unless --yes."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("socialdesk.cli.ask.at_terminal", lambda: True)
    asked = run("erase", "@berta", "--now")
    assert "Berta @berta (Lola, Instagram): 1 conversation" in asked.err
    assert "Nobody can bring it back" in asked.err
    assert asked.code == (0 if gone else 1)
    assert (run("export", "@berta").code == 1) is gone


@pytest.mark.parametrize(("typed", "agreed"), [("Sí\n", True), ("si\n", True), ("s\n", False)])
def test_a_yes_needs_no_accent(monkeypatch: pytest.MonkeyPatch, typed: str, agreed: bool) -> None:
    """L8: many keyboards make it hard to type."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    monkeypatch.setattr("socialdesk.cli.ask.at_terminal", lambda: True)
    assert confirmed("¿Seguro? ", "sí") is agreed


def test_a_number_may_be_a_name_and_is_asked_about_where_it_is_both(run: Run, tmp_path: Path) -> None:
    """Promise 14: with --yes, somebody else would be erased."""
    number = run("queue", "--json").json[0]["id"]
    lines = [_line(4, str(number), "Cuatro", "cuatro"), _line(5, "4711", "Cinco", "cinco")]
    (tmp_path / "more.jsonl").write_text("\n".join(lines))
    assert run("import", str(tmp_path / "more.jsonl")).code == 0
    assert run("export", "4711").json["customers"][0]["handle"] == "4711"
    refused = run("erase", str(number), "--now", "--yes")
    assert refused.code == 1 and "Several people" in refused.err and f"#{number}" in refused.err
    assert run("export", f"@{number}").json["customers"][0]["handle"] == str(number)
    assert run("export", f"#{number}").json["customers"][0]["handle"] != str(number)


def test_a_pipe_destroys_nothing_without_yes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 14."""
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    refused = run("erase", "@berta", "--now")
    assert refused.code == 1 and "--yes" in refused.err
    assert run("export", "@berta").code == 0


def test_blocked_first_then_destroyed_when_due(run: Run, clock: ManualClock, sealed_home: Path) -> None:
    """Promise 14: the term of the brand, from config.toml."""
    sealed_home.mkdir(exist_ok=True)
    (sealed_home / "config.toml").write_text(
        '[privacy]\nretention = "2 años"\n[privacy.Lola]\nblock = "18 months"\n'
    )
    told = run("erase", "@berta", "--yes")
    assert "blocked (1 message)" in told.out and "2028" in told.out
    assert "blocked" in run("export", "@berta").err
    assert "--now destroys" in run("erase", "@berta", "--yes").out
    assert run("erase", "--due").out == "Nothing is due.\n"
    clock.moment += timedelta(days=550)
    assert run("erase", "--due", "--json").json == {"retired": 0, "destroyed": 1, "again": 0}
    assert "Nobody" in run("export", "@berta").err


def test_an_erasure_that_was_cut_off_is_not_blamed_on_a_restore(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 14: killed after it was written down, before it was carried out."""
    with monkeypatch.context() as dying:
        dying.setattr("socialdesk.storage.erasing._carry_out", _power_cut)
        assert run("erase", "@berta", "--now", "--yes").code != 0
    told = run("erase", "--due").out
    assert told == "Erasures carried out that had been cut off, or undone by a restore: 1.\n"


def _power_cut(*_args: object, **_more: object) -> None:
    raise SystemExit(1)


def test_the_audit_tells_who_and_what_in_words_and_as_json(run: Run, sealed_home: Path) -> None:
    """Promise 15."""
    sealed_home.mkdir(exist_ok=True)
    (sealed_home / "config.toml").write_text('agent = "eva"\n')
    run("export", "@berta")
    run("erase", "@berta", "--now", "--yes")
    lines = run("audit", "--json").json
    assert [(line["what"], line["agent"], line["brand"]) for line in lines[:2]] == [
        ("erased", "eva", "Lola"),
        ("exported", "eva", "Lola"),
    ]
    assert lines[0]["subject"] == lines[1]["subject"], "one code a person"
    table = run("audit", "--what", "erased").out
    assert "eva" in table and "erased" in table and "berta" not in table.lower()
    assert len(table.splitlines()) == 2


def test_erase_says_what_it_needs(run: Run) -> None:
    assert run("erase").code == 2
    assert run("erase", "@berta", "--due").code == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('retention = "soon"', "2 years"),
        ("retention = 2", "text in quotes"),
        ('retention = "0 days"', "longer than nothing"),
        ('blok = "1 year"', "block"),
    ],
)
def test_a_wrong_term_is_named_with_its_line(run: Run, sealed_home: Path, line: str, problem: str) -> None:
    """Promise 14: retention per brand, in config.toml."""
    sealed_home.mkdir(exist_ok=True)
    (sealed_home / "config.toml").write_text(f"[privacy]\n{line}\n")
    told = run("erase", "--due")
    assert told.code == 1 and "line 2" in told.err and problem in told.err
