"""Canned replies from the shell (needs C1, C6)."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.clock import ManualClock


@pytest.fixture
def desk(run: Run, tmp_path: Path, clock: ManualClock) -> Run:
    """A desk of one brand to which Ana, Leo and Eva have written the same."""
    at = (clock.now() - timedelta(hours=1)).isoformat()
    lines = [
        {
            "account": "sol-mail", "brand": "Panadería Sol", "channel": "mail", "conversation": name, "id": name,
            "direction": "in", "at": at, "text": "¿Dónde está mi pedido? No llega.", "author": {"handle": name, "name": name},
        }
        for name in ("Ana", "Leo", "Eva")
    ]  # fmt: skip
    path = tmp_path / "history.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert run("import", str(path)).code == 0
    return run


def inserted(desk: Run, conversation: int, situation: str) -> str:
    """Return the draft after inserting a reply, without whom it greets."""
    result = desk("canned", "insert", str(conversation), situation, "--language", "es", "--json")
    assert result.code == 0
    return str(result.json["draft"]).replace("Ana", "").replace("Leo", "").replace("Eva", "")


def test_c1_two_customers_in_a_row_do_not_read_the_same_words_from_the_shell(desk: Run) -> None:
    """Inserting counts as a use, so that the wording used longest ago comes next."""
    first, second = inserted(desk, 1, "delay/understand"), inserted(desk, 2, "delay/understand")
    assert first != second


def test_c1_inserting_goes_below_what_the_draft_already_says(desk: Run) -> None:
    understood = inserted(desk, 1, "delay/understand")
    both = inserted(desk, 1, "delay/close")
    assert both.startswith(understood)
    assert len(both) > len(understood) + 10


def test_c1_a_table_that_comes_back_writes_only_what_was_changed_in_it(run: Run, tmp_path: Path) -> None:
    """A copy of all that is shipped would hide what the program ships later."""
    table = tmp_path / "replies.csv"
    table.write_text(run("canned", "export", "--language", "es").out, encoding="utf-8")
    assert run("canned", "import", str(table)).out == "All of it is said just so already.\n"
    text = table.read_text(encoding="utf-8")
    row = next(row for row in csv.reader(io.StringIO(text)) if row[:2] == ["delay", "understand"])
    told = next(filter(None, row[6:]))
    table.write_text(text.replace(told, f"{told} De verdad.", 1), encoding="utf-8")
    assert run("canned", "import", str(table)).out.startswith("1 file written")
    assert "De verdad." in run("canned", "show", "delay", "--language", "es").out


def test_c6_a_language_is_taken_in_capitals_and_one_without_replies_is_told_once(run: Run) -> None:
    assert (
        run("canned", "show", "delay", "--language", "ES").out
        == run("canned", "show", "delay", "--language", "es").out
    )
    told = run("canned", "show", "delay", "--language", "xx").err
    assert told.count("no such canned reply") == 1
    assert "delay (xx); there are replies in ca, de, en, es" in told


def test_c1_a_table_that_cannot_be_used_is_told_with_the_manual_that_helps(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "replies.csv"
    told = run("canned", "import", str(table))
    assert (told.code, "cannot be read" in told.err) == (1, True)
    table.write_text("situation,colour\n")
    told = run("canned", "import", str(table))
    assert "line 1" in told.err and "docs/answering.md" in told.err and "configuration" not in told.err
