"""The check as a whole: what it takes, what it gives, what a brand changes, what breaks nothing (C2, C3)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize

import pytest

from socialdesk.checking import plugins
from socialdesk.checking.check import _module, check
from socialdesk.checking.commitments import promises
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.patience import TooLong, within
from socialdesk.checking.plugins import Plugin
from socialdesk.checking.rulefiles import FAMILIES, compiled
from socialdesk.checking.rules import SHIPPED, Rules, _shipped, load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder of settings with an empty folder of rules."""
    (tmp_path / "rules").mkdir()
    return tmp_path


def families(draft: Draft, rules: Rules | None = None) -> list[str]:
    """Return the families found, by place."""
    return [finding.family for finding in check(draft, rules or load(), NOW)]


def test_a_good_answer_passes() -> None:
    answer = "¡Hola, Marta! Sí, mañana abrimos de 10 a 14. Un saludo 😊"
    assert check(Draft(answer, "¿Abrís mañana?", channel="x"), load(), NOW) == []


def test_findings_come_by_place_and_fit_the_text() -> None:
    text = "Hola {customer}: tu pedido NO HA LLEGADO!!! aun no sabemos porque. Perdona las molestias, ya esta en camino."
    found = check(Draft(text), load(), NOW)
    assert [finding.start for finding in found] == sorted(finding.start for finding in found)
    assert all(0 <= finding.start < finding.end <= len(text) and finding.message for finding in found)
    assert {finding.family for finding in found} >= {"blanks", "shouting", "spelling"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "😊",
        "a" * 20_000,
        "¿" * 5_000,
        "{" * 3_000,
        "\ud800 roto",
        "ñ\u0301" * 500,
        "1/2/3 " * 5_000,
    ],
)
def test_whatever_the_text_it_is_answered(text: str) -> None:
    assert isinstance(check(Draft(text, channel="x"), load(), NOW), list)


def test_every_shipped_pattern_is_a_regular_expression_of_a_family() -> None:
    for folder in sorted(path.name for path in SHIPPED.iterdir() if path.is_dir() and path.name != "phrases"):
        for file in _shipped(folder):
            for pattern in file.patterns:
                assert pattern.family in FAMILIES
                assert pattern.match is not None
                assert pattern.unless is None or pattern.unless


def test_a_brand_switches_rules_off_and_adds_its_own(config: Path) -> None:
    (config / "rules" / "sol.toml").write_text(
        'brand = "Panadería Sol"\nlanguage = "es"\noff = ["shouting"]\n[words]\nright = ["panaso"]\n'
        "[[pattern]]\nfamily = \"coarse\"\nrule = \"rival\"\nmatch = '''\\brival\\b'''\nmessage = \"Al rival, ni nombrarlo.\"\n"
        'mend = "vecino"\n',
        encoding="utf-8",
    )
    rules = load(config)
    text = "El panaso del rival está MUY RICO hoy por la mañana."
    assert families(Draft(text), rules) != families(Draft(text, brand="Panadería Sol"), rules)
    own = check(Draft(text, brand="Panadería Sol"), rules, NOW)
    assert [(one.family, one.rule, one.message, one.mend) for one in own] == [
        ("coarse", "rival", "Al rival, ni nombrarlo.", "vecino")
    ]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("[words\n", 1, ""),
        ('language = "xx"\n', 1, "language"),
        ('\n[[pattern]]\nfamily = "rude"\n', 3, "family"),
        ('[[pattern]]\nfamily = "coarse"\nrule = "a"\nmatch = "("\nmessage = "b"\n', 4, "match"),
        ('[[pattern]]\nfamily = "coarse"\nrule = "a"\nmessage = "b"\n', 1, "match"),
        ("[words]\nright = 3\n", 2, "right"),
        ("offf = []\n", 1, "offf"),
        ('[words]\nmends = ["foo"]\n', 2, "mends"),
        (
            '[[pattern]]\nfamily = "coarse"\nrule = "a"\nmessage = "b"\nmatch = "c"\nmend = "\\\\3"\n',
            6,
            "mend",
        ),
    ],
)
def test_a_broken_rule_file_is_named_and_the_others_work(
    config: Path, content: str, line: int, reason: str
) -> None:
    (config / "rules" / "broken.toml").write_text(content, encoding="utf-8")
    (config / "rules" / "good.toml").write_text('off = ["shouting"]\n', encoding="utf-8")
    rules = load(config)
    assert len(rules.troubles) == 1
    assert "broken.toml" in rules.troubles[0]
    assert f"line {line}" in rules.troubles[0]
    assert reason in rules.troubles[0]
    assert "shouting" not in families(Draft("ESTO ES MUY CARO"), rules)


TYPOS = [
    ('brand = "Sol"\noff = ["blame", "shoutng"]\n', 2, "did you mean shouting?"),
    ('off = ["blame.nonsuch"]\n', 1, "should_have"),
    ('off = ["spelling.confusd"]\n', 1, "did you mean confused?"),
    ('\n[weights]\nblame = "note"\nspeling = "stop"\n', 4, "did you mean spelling?"),
    ('[weights]\n"blame.by_doin" = "note"\n', 2, "did you mean by_doing?"),
    ('[weights]\nblame.by_doin = "note"\n', 2, "did you mean by_doing?"),
    (
        'off = ["blame.tone"]\n',
        1,
        "no such rule",
    ),  # a clue that only adds to others: no finding bears its name
    ('[weights]\nblame.by_doing = "loud"\n', 2, "advice"),
    ('[words]\nrihgt = ["candeal"]\n', 2, "right"),
]


@pytest.mark.parametrize(("content", "line", "reason"), TYPOS)
def test_c2_a_rule_or_family_misnamed_in_a_brands_tuning_is_told_with_file_line_and_reason(
    config: Path, content: str, line: int, reason: str
) -> None:
    (config / "rules" / "sol.toml").write_text(content, encoding="utf-8")
    (trouble,) = load(config, with_plugins=False).troubles
    assert "sol.toml" in trouble
    assert f"line {line}:" in trouble
    assert reason in trouble


def test_c2_what_else_a_file_with_a_misnamed_rule_says_still_counts(config: Path) -> None:
    (config / "rules" / "sol.toml").write_text('off = ["shoutng", "shouting"]\n', encoding="utf-8")
    assert families(Draft("ESTO ES MUY CARO"), load(config)) == []


def test_c2_every_rule_there_is_can_be_named(config: Path) -> None:
    """Those of the code, of patterns, phrases, clues and of another file of one's own; none is called unknown."""
    names = ("spelling.unknown", "spelling.accent", "coarse.insult", "coarse.ours", "blanks.braces", "length")
    more = (
        "blame.should_have",
        "blame.left_undone",
        "personal-data.iban",
        "commitment.dated",
        "repeated.alike",
    )
    (config / "rules" / "a.toml").write_text(f"off = {[*names, *more]}\n", encoding="utf-8")
    (config / "rules" / "b.toml").write_text(
        '[weights]\nblame.left_undone = "note"\n[[pattern]]\nfamily = "coarse"\nrule = "ours"\nmatch = "x"\nmessage = "y"\n',
        encoding="utf-8",
    )
    rules = load(config, with_plugins=False)
    assert rules.troubles == []
    assert rules.weight("blame", "left_undone") == "note"


def test_a_pattern_that_never_ends_is_given_up(config: Path) -> None:
    (config / "rules" / "slow.toml").write_text(
        '[[pattern]]\nfamily = "coarse"\nrule = "a"\nmatch = "(a|aa)+$"\nmessage = "b"\n', encoding="utf-8"
    )
    rules = load(config)
    assert "coarse" not in families(Draft("a" * 200 + "b"), rules)
    assert "coarse" not in families(Draft("a" * 200 + "b"), rules)
    assert len(rules.troubles) == 1
    assert "slow.toml, line 4" in rules.troubles[0]
    assert "coarse.a" in rules.troubles[0]


def test_rules_that_are_no_file_are_named_and_never_waited_for(config: Path) -> None:
    (config / "rules" / "gone.toml").symlink_to(config / "nowhere")
    os.mkfifo(config / "rules" / "pipe.toml")
    (config / "rules" / "folder.toml").mkdir()
    for name, trouble in zip(("folder", "gone", "pipe"), load(config).troubles, strict=True):
        assert f"{name}.toml" in trouble


def waits() -> None:
    Event().wait()


def searches() -> None:
    re.match(r"(a|aa)+$", "a" * 60 + "b")


def turns() -> None:
    while True:
        with suppress(Exception):
            sum(range(1000))


@pytest.mark.parametrize("work", [waits, searches, turns])
def test_rules_of_others_that_hang_are_named_and_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    monkeypatch.setattr(plugins, "PATIENCE", 0.05)
    asked: list[Draft] = []

    def hangs(draft: Draft) -> list[Finding]:
        asked.append(draft)
        work()
        return []

    rules = Rules(plugins=[Plugin("quiet", hangs)])
    for _ in range(3):
        assert check(Draft("Hola, Ana, ya está."), rules, NOW) == []
    assert len(asked) == 1
    assert len(rules.troubles) == 1
    assert "quiet" in rules.troubles[0]


def test_rules_of_others_that_hang_when_they_are_loaded_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "LOADING", 0.05)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [SimpleNamespace(name="quiet", load=waits)])
    (trouble,) = load().troubles
    assert "quiet" in trouble


def test_what_is_not_in_the_main_thread_is_not_waited_for_either() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(within, 5, lambda: 3).result() == 3
        with pytest.raises(ZeroDivisionError):
            pool.submit(within, 5, lambda: 1 // 0).result()
        with pytest.raises(TooLong):
            pool.submit(within, 0.05, waits).result()


def test_an_exception_that_never_ends_is_given_up(config: Path) -> None:
    (config / "rules" / "slow.toml").write_text(
        '[[pattern]]\nfamily = "coarse"\nrule = "a"\nmatch = "b$"\nunless = "(a|aa)+$"\nmessage = "b"\n',
        encoding="utf-8",
    )
    assert "coarse" not in families(Draft("a" * 200 + "b"), load(config))


def test_a_pattern_of_nothing_finds_nothing(config: Path) -> None:
    (config / "rules" / "empty.toml").write_text(
        '[[pattern]]\nfamily = "coarse"\nrule = "a"\nmatch = "b*"\nmessage = "b"\n', encoding="utf-8"
    )
    found = check(Draft("Hola, bb"), load(config), NOW)
    assert [(one.start, one.end) for one in found if one.family == "coarse"] == [(6, 8)]


@pytest.mark.parametrize("text", ["@" * 60_000, "a " * 30_000, "*a" * 30_000])
def test_long_runs_take_no_time(text: str) -> None:
    began = perf_counter()
    for family in ("coarse", "repeated"):
        list(_module(family).find(Draft(text, previous=(text[1:],)), load()))
    assert perf_counter() - began < 10  # it was a minute


@pytest.mark.parametrize(
    "finding",
    [
        ("coarse", 3, 0, 4, "No so."),
        ("coarse", "house", 0.5, 4, "No so."),
        ("coarse", "house", 0, 4, ["No so."]),
        None,
    ],
)
def test_rules_of_others_that_talk_nonsense_are_named(finding: Any) -> None:
    def leave(draft: Draft) -> Iterator[Finding]:
        raise SystemExit(3)

    rules = Rules(plugins=(Plugin("odd", lambda draft: [finding]), Plugin("gone", leave)))
    assert families(Draft("Hola a todo el mundo"), rules) == []
    assert ["odd" in rules.troubles[0], "gone" in rules.troubles[1]] == [True, True]


def test_rules_of_others_are_asked_and_a_failing_one_is_named() -> None:
    def good(draft: Draft) -> Iterator[Finding]:
        yield Finding("coarse", "house", 0, 4, "No so.", "Hey")

    def bad(draft: Draft) -> Iterator[Finding]:
        raise RuntimeError("oh")

    def wrong(draft: Draft) -> Iterator[Finding]:
        yield Finding("coarse", "house", 0, 999, "No so.")

    rules = Rules(plugins=(Plugin("good", good), Plugin("bad", bad), Plugin("wrong", wrong)))
    assert families(Draft("Hola a todo el mundo"), rules) == ["coarse"]
    assert families(Draft("Hola a todo el mundo"), rules) == ["coarse"]
    assert [("bad" in trouble, "wrong" in trouble) for trouble in rules.troubles] == [
        (True, False),
        (False, True),
    ]


def test_a_wrong_expression_says_why() -> None:
    with pytest.raises(ValueError, match="missing"):
        compiled("(")


@pytest.mark.parametrize(
    ("family", "words"),
    [
        ("personal-data", "DNI "),
        ("address", "vous "),
        ("commitment", "te llamamos "),
        ("blame", "\n"),
        ("address", "usted "),
    ],
)
def test_a_text_that_says_one_thing_for_ever_takes_no_time(family: str, words: str) -> None:
    text = f"Hola a todos {words * 6_000} x"
    began = perf_counter()
    list(
        _module(family).find(Draft(text, language="fr" if "vous" in words else "es", address="usted"), load())
    )
    assert perf_counter() - began < 8  # many times that


def test_accents_that_stand_apart_from_their_letters_are_read_like_others() -> None:
    text = "👍 Está aquí, señor. Aun no sabemos nada de él. Mañana te llamamos por la mañana temprano."
    apart = normalize("NFD", text)
    found, same = check(Draft(apart), load(), NOW), check(Draft(text), load(), NOW)
    assert [(one.family, normalize("NFC", apart[one.start : one.end]), one.mend) for one in found] == [
        (one.family, text[one.start : one.end], one.mend) for one in same
    ]
    assert {one.family for one in found} >= {"spelling", "commitment"}
    dates = [(one.start, one.end, one.due_at) for one in promises(Draft(apart), load(), NOW)]
    assert dates[0][:2] in [(one.start, one.end) for one in found] and dates[0][2] is not None
