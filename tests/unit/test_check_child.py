"""The check in a process of its own: what it answers, and that nothing it does can harm the screen (NEEDS C2)."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from socialdesk import checkchild, i18n
from socialdesk.checkchild import CheckChild, CheckFailed

ANSWERS = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    found = [{"family": "coarse", "rule": "r", "start": 0, "end": 2, "message": "m\\x1b[31m", "weight": "stop"}]
    print(json.dumps({"id": asked["id"], "findings": found}), flush=True)
"""
Starter = Callable[..., CheckChild]


@pytest.fixture
def child_of(tmp_path: Path) -> Iterator[Starter]:
    """Make the client of a child that runs these lines of Python; every start is noted in a file."""
    made: list[CheckChild] = []

    def make(program: str, **settings: Any) -> CheckChild:
        note = f"open({str(tmp_path / 'starts')!r}, 'a').write('x')\n"

        def command(_folder: Path) -> Sequence[str]:
            return [sys.executable, "-c", note + program]

        made.append(CheckChild(tmp_path, command=command, **settings))
        return made[-1]

    yield make
    for child in made:
        child.close()
        assert not child.is_running


def starts(folder: Path) -> int:
    """Return how often a child was started."""
    return len((folder / "starts").read_text())


def test_c2_a_finding_comes_with_its_weight_and_can_do_nothing_to_the_terminal(child_of: Starter) -> None:
    child = child_of(ANSWERS)
    (found,) = child.ask({"text": "ab"})
    assert (found.family, found.end, found.weight) == ("coarse", 2, "stop")
    assert "\x1b" not in found.message


def test_a_finding_outside_the_text_is_left_out(child_of: Starter) -> None:
    assert child_of(ANSWERS).ask({"text": "a"}) == []


def test_the_child_starts_with_the_first_question_and_serves_many(child_of: Starter, tmp_path: Path) -> None:
    child = child_of(ANSWERS)
    assert not child.is_running
    for _question in range(3):
        assert child.ask({"text": "ab"})
    assert starts(tmp_path) == 1


def test_a_child_that_dies_is_started_once_more(child_of: Starter, tmp_path: Path) -> None:
    child = child_of(ANSWERS.replace("for line", "import os\nfor line") + "    os._exit(1)\n")
    assert child.ask({"text": "ab"})
    assert child.ask({"text": "ab"})
    assert starts(tmp_path) == 2


def test_a_child_that_always_dies_is_given_up_for_a_while(child_of: Starter, tmp_path: Path) -> None:
    child = child_of("")
    for _question in range(3):
        with pytest.raises(CheckFailed):
            child.ask({"text": "ab"})
    assert starts(tmp_path) == 2


def test_a_child_that_cannot_be_started_is_no_more_than_no_check(tmp_path: Path) -> None:
    with closing(CheckChild(tmp_path, command=lambda _folder: ["/nowhere/at/all"])) as child:
        with pytest.raises(CheckFailed):
            child.ask({"text": "ab"})
        assert not child.is_running


@pytest.mark.parametrize("program", ["import time\ntime.sleep(60)", "import sys\nsys.stdin.read()"])
def test_a_child_that_says_nothing_is_not_waited_for_long(child_of: Starter, program: str) -> None:
    child = child_of(program, patience=0.1)
    with pytest.raises(CheckFailed):
        child.ask({"text": "x" * 1_000_000})
    assert not child.is_running


def test_lines_that_answer_nobody_are_passed_over(child_of: Starter) -> None:
    noise = """    print("hello"); print("[1]"); print('{"id": 99, "findings": []}')\n"""
    noisy = ANSWERS.replace("    found =", noise + "    found =")
    assert len(child_of(noisy).ask({"text": "ab"})) == 1


def test_a_line_without_end_is_not_read_for_ever(child_of: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkchild, "_LONGEST_LINE", 100_000)
    with pytest.raises(CheckFailed):
        child_of("while True: print('x' * 65536, end='', flush=True)").ask({"text": "ab"})


def test_a_draft_that_cannot_be_checked_costs_no_child(child_of: Starter, tmp_path: Path) -> None:
    child = child_of(ANSWERS.replace('"findings": found', '"error": "broken"'))
    for _question in range(2):
        with pytest.raises(CheckFailed):
            child.ask({"text": "ab"})
    assert starts(tmp_path) == 1


def test_a_child_that_nobody_asks_is_let_go_and_comes_back(child_of: Starter, tmp_path: Path) -> None:
    child = child_of(ANSWERS, idle=0.05)
    assert child.ask({"text": "ab"})
    until = time.monotonic() + 5
    while child.is_running and time.monotonic() < until:
        threading.Event().wait(0.01)
    assert not child.is_running
    assert child.ask({"text": "ab"})
    assert starts(tmp_path) == 2


def test_closing_ends_a_question_that_is_being_asked(child_of: Starter) -> None:
    child = child_of("import sys\nsys.stdin.read()", patience=60)
    failed: list[Exception] = []

    def ask() -> None:
        try:
            child.ask({"text": "ab"})
        except CheckFailed as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not child.is_running:
        threading.Event().wait(0.01)
    child.close()
    thread.join(5)
    assert failed and not thread.is_alive()
    with pytest.raises(CheckFailed):
        child.ask({"text": "ab"})


def test_another_language_of_the_screen_is_another_child(child_of: Starter, tmp_path: Path) -> None:
    child = child_of(ANSWERS)
    assert child.ask({"text": "ab"})
    assert "en" in checkchild.command(tmp_path)
    i18n.choose("es")
    assert "es" in checkchild.command(tmp_path)
    assert child.ask({"text": "ab"})
    assert starts(tmp_path) == 2


def real(folder: Path) -> AbstractContextManager[CheckChild]:
    """Return the client of the real check."""
    return closing(CheckChild(folder))


def test_c2_the_real_child_knows_the_brands_own_rules(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(
        '[weights]\ncoarse = "note"\n[[pattern]]\nfamily = "coarse"\nrule = "jolines"\n'
        "match = '''\\bjolines\\b'''\nmessage = \"Eso no se dice.\"\n",
        encoding="utf-8",
    )
    with real(tmp_path) as child:
        (own,) = [one for one in child.ask({"text": "Jolines, Marta."}) if one.family == "coarse"]
        assert (own.rule, own.weight, own.message) == ("jolines", "note", "Eso no se dice.")
        blank = [one for one in child.ask({"text": "Hola, [nombre]:"}) if one.family == "blanks"]
        assert [(one.start, one.end, one.weight) for one in blank] == [(6, 14, "stop")]
