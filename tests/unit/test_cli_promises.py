"""Promises as commands: when an answer is due and why, what is promised, what a change does (NEEDS A2 to A5)."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock

SETTINGS = """
[promises]
facebook = "24h"
[[promise]]
brand = "Sol"
first = "8h"
[calendars.Sol]
zone = "Europe/Madrid"
mon = "10:00-14:00, 17:00-20:00"
tue = "10:00-14:00, 17:00-20:00"
wed = "10:00-14:00, 17:00-20:00"
thu = "10:00-14:00, 17:00-20:00"
fri = "10:00-14:00, 17:00-20:00"
closed = ["2026-11-25 Inventario"]
"""


@pytest.fixture
def settled(sealed_home: Path) -> Path:
    """The settings above; returns their file."""
    sealed_home.mkdir(exist_ok=True)
    path = sealed_home / "config.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


def imported(run: Run, tmp_path: Path) -> None:
    """One customer of Sol, who wrote on Sunday 22 November 2026 at 09:00 in Madrid."""
    line = {
        "account": "sol",
        "brand": "Sol",
        "channel": "x",
        "conversation": "c",
        "id": "m",
        "direction": "in",
        "at": "2026-11-22T08:00:00+00:00",
        "text": "¿Abrís hoy?",
        "author": {"handle": "ana", "name": "Ana"},
    }
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps(line), encoding="utf-8")
    assert run("import", str(path)).code == 0


def test_a4_the_sources_own_case_is_late_from_friday_at_20(run: Run) -> None:
    answer = run("due", "--channel", "facebook", "--since", "2012-10-18T20:00+02:00", "--json").json
    assert answer["due_at"] == "2012-10-19T18:00:00.000+00:00"
    assert (answer["runs"], answer["promise_seconds"]) == ("wall", 86_400)
    assert [step["kind"] for step in answer["steps"]] == ["started", "promise", "wall", "due"]


@pytest.mark.usefixtures("settled")
def test_a5_one_deadline_with_its_arithmetic_in_the_brands_own_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("due", "--brand", "Sol", "--channel", "facebook", "--since", "2026-11-24T18:30+01:00")
    answer = run(*asked, "--json").json
    assert answer["due_at"] == "2026-11-26T18:30:00.000+00:00"
    assert answer["opening_seconds"] == 8 * 3600
    assert sum(step["seconds"] for step in answer["steps"] if step["kind"] == "shift") == 8 * 3600
    monkeypatch.setenv("TZ", "Atlantic/Canary")
    assert run(*asked).out.splitlines() == [
        "Tue 24 Nov, 18:30: the first message without an answer; the clock starts",
        "Promise: 8 h in opening hours, set for this brand",
        "Tue 24 Nov, 18:30–20:00: open, 1 h 30 min counted, 6 h 30 min left",
        "Tue 24 Nov, 20:00 – Wed 25 Nov, 00:00: closed",
        "Wed 25 Nov: Inventario, closed",
        "Thu 26 Nov, 00:00–10:00: closed",
        "Thu 26 Nov, 10:00–14:00: open, 4 h counted, 2 h 30 min left",
        "Thu 26 Nov, 14:00–17:00: closed",
        "Thu 26 Nov, 17:00–19:30: open, 2 h 30 min counted, nothing left",
        "Thu 26 Nov, 19:30: due",
        "(times of Europe/Madrid)",
    ]


@pytest.mark.usefixtures("settled")
def test_a5_many_questions_come_as_lines_and_a_wrong_one_spoils_itself_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        '{"id": 7, "brand": "Sol", "since": "2026-11-23T10:00:00+01:00"}',
        "",
        "{oops",
        '{"since": "yesterday"}',
        '{"since": "2026-11-23T10:00:00Z", "situation": "lost", "id": "x"}',
        '{"since": "2026-11-23T10:00:00Z", "situation": "stranded"}',
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    result = run("due", "--batch")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 3
    assert (answers[0]["id"], answers[0]["due_at"]) == (7, "2026-11-24T10:00:00.000+00:00")
    assert [answer.get("line") for answer in answers] == [None, 3, 4, 5, None]
    assert "stranded" in answers[3]["error"] and answers[3]["id"] == "x"
    assert answers[4]["due_at"] == "2026-11-23T10:15:00.000+00:00"


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--since", "soon"),
        ("--since", "2027-03-28T02:30"),
        ("--since", "2026-11-23", "--situation", "lost"),
    ],
)
def test_a_question_that_cannot_be_answered_is_a_usage_error(run: Run, options: tuple[str, ...]) -> None:
    assert run("due", *options).code == 2


def test_a5_a_changed_file_is_foretold_and_applied_by_command(
    run: Run, settled: Path, tmp_path: Path
) -> None:
    imported(run, tmp_path)
    assert "These promises are in force" in run("promises").out
    settled.write_text(SETTINGS.replace('first = "8h"', 'first = "2h"'), encoding="utf-8")
    told = run("promises")
    assert "1 customer waits. Due earlier: 1; due later: 0." in told.out
    assert "--apply" in told.out
    assert run("promises", "--json").json["change"]["earlier"] == 1
    assert run("queue", "--json").json[0]["due_at"] == "2026-11-24T10:00:00.000+00:00"
    assert "Now in force" in run("promises", "--apply").out
    assert run("queue", "--json").json[0]["due_at"] == "2026-11-23T11:00:00.000+00:00"
    assert run("promises", "--json").json["in_force"] is True


@pytest.mark.usefixtures("settled")
def test_a5_the_list_shows_promises_weeks_and_days_off(run: Run) -> None:
    out = run("promises").out
    assert "Stranded now" in out and "15 min" in out and "Few stars" in out
    assert "10:00-14:00, 17:00-20:00" in out and "Inventario" in out
    assert len([line for line in out.splitlines() if line.startswith("any") and "5 h" in line]) == 3
    assert "Sol  ·  Europe/Madrid  ·  in opening hours" in out


def test_a5_days_off_stand_in_one_column_and_opening_hours_are_said_as_hours(run: Run, settled: Path) -> None:
    days = 'local_days = ["12-08 Fiesta", "2026-12-24 Vispera"]\n'
    settled.write_text(SETTINGS.replace('first = "8h"', 'first = "3d"') + days, encoding="utf-8")
    lines = run("promises").out.splitlines()
    names = ("Inventario", "Fiesta", "Vispera")
    assert len({line.index(name) for line in lines for name in names if name in line}) == 1
    (promise,) = (line for line in lines if line.startswith("Sol ") and "·" not in line)
    assert "72 h" in promise and "3 d" not in promise
    asked = ("due", "--brand", "Sol", "--channel", "x", "--since", "2026-11-24T18:30+01:00")
    assert "Promise: 72 h in opening hours" in run(*asked).out


def test_a5_the_list_says_which_clock_a_brand_promises_on(run: Run, settled: Path) -> None:
    settled.write_text(SETTINGS + 'runs = "wall"\n', encoding="utf-8")
    assert "Sol  ·  Europe/Madrid  ·  around the clock" in run("promises").out


@pytest.mark.usefixtures("settled")
def test_a5_show_tells_why(run: Run, tmp_path: Path, clock: ManualClock) -> None:
    imported(run, tmp_path)
    shown = run("show", "1").out
    assert "    Promise: 8 h in opening hours, set for this brand" in shown
    assert "    Tue 24 Nov, 11:00: due\n    (times of Europe/Madrid)" in shown
    steps = run("show", "1", "--json").json["why"]
    assert (steps[0]["kind"], steps[-1]["kind"]) == ("started", "due")


@pytest.mark.usefixtures("settled")
def test_a3_a_situation_is_said_by_command_and_left_to_the_rules_again(run: Run, tmp_path: Path) -> None:
    imported(run, tmp_path)
    assert "Stranded now" in run("situation", "1", "stranded").out
    row = run("queue", "--json").json[0]
    assert (row["situation"], row["due_at"]) == ("stranded", "2026-11-22T08:15:00.000+00:00")
    assert 'set for the case "Stranded now"' in run("show", "1").out, (
        "which case it is that sets the deadline"
    )
    assert "Stranded now" in run("show", "1").out
    assert run("situation", "1").out == "Conversation 1 is of no special kind.\n"
    assert run("queue", "--json").json[0]["situation"] == ""
    wrong = run("situation", "1", "lost")
    assert wrong.code == 1 and "no such situation" in wrong.err


@pytest.mark.parametrize(
    ("case", "protocol"), [("insult", "insult"), ("threat", "threat"), ("rumour", "crisis")]
)
def test_c4_d4_a_case_without_a_promise_of_its_own_begins_its_protocol_and_asks_for_approval(
    run: Run, settled: Path, tmp_path: Path, clock: ManualClock, case: str, protocol: str
) -> None:
    approval = 'agent = "Marta"\n[approval]\npeople = ["Marta", "Luis"]\nsituations = ["insult", "threat", "crisis"]\n'
    settled.write_text(approval + SETTINGS, encoding="utf-8")
    imported(run, tmp_path)
    before = run("queue", "--json").json[0]["due_at"]
    assert run("situation", "1", case).code == 0
    row = run("queue", "--json").json[0]
    assert (row["situation"], row["due_at"]) == (case, before)
    context = Context(clock)
    assert [one.protocol for one in context.desk.runs(1)] == [protocol]
    assert context.desk.needs_approval(1) == "person"
    context.close()
    assert case in run("promises", "--json").json["situations"]
    more = f'[[promise]]\nsituation = "{case}"\nfirst = "1h"\n'
    settled.write_text(approval + SETTINGS + more, encoding="utf-8")
    assert (
        run("due", "--since", "2026-11-23T10:00Z", "--situation", case, "--json").json["promise_seconds"]
        == 3600
    )


def test_a3_a_tag_decides_by_the_rules(run: Run, settled: Path, tmp_path: Path) -> None:
    settled.write_text(SETTINGS + '[[situation]]\nid = "advanced"\ntag = "vip"\n', encoding="utf-8")
    imported(run, tmp_path)
    told = run("tag", "1", "VIP", "prensa,radio", "vip").out
    assert told == "The customer of conversation 1 has these tags: prensa radio, vip.\n"
    assert run("queue", "--json").json[0]["situation"] == "advanced"
    assert run("tag", "1").out == "The customer of conversation 1 has no tags.\n"
    assert run("queue", "--json").json[0]["situation"] == ""


def test_a_deadline_after_the_last_year_is_told_and_stops_no_batch(
    run: Run, settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("due", "--since", "9999-12-31T23:00:00Z").code == 2
    lines = ['{"since": "9999-12-31T23:00:00Z"}', '{"since": "2026-11-23T10:00:00Z"}']
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    answers = [json.loads(line) for line in run("due", "--batch").out.splitlines()]
    assert "9999" in answers[0]["error"] and answers[1]["due_at"]
    monkeypatch.setattr("sys.stdin", None)
    assert run("due", "--batch").code == 0


@pytest.mark.parametrize("number", ["1e999", "-1e999", "Infinity", "NaN"])
def test_a5_a_batch_answers_in_json_whatever_number_it_is_given(
    run: Run, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    good = '{"id": 1.5, "since": "2026-11-23T10:00:00Z"}'
    lines = [f'{{"id": {number}, "since": "2026-11-23T10:00:00Z"}}', good]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))

    def refused(constant: str) -> None:
        raise AssertionError(constant)

    result = run("due", "--batch")
    wrong, right = (json.loads(line, parse_constant=refused) for line in result.out.splitlines())
    assert result.code == 3 and wrong["line"] == 1 and number in wrong["error"] and "due_at" not in wrong
    assert right["id"] == 1.5 and right["due_at"]


def test_names_in_the_settings_cannot_command_the_terminal(run: Run, settled: Path) -> None:
    evil = 'zone = "UTC"\nclosed = ["2026-11-25 \\u001b]0;x\\u0007Fiesta"]\n'
    settled.write_text(f'[calendars."E\\u001b[31mvil"]\n{evil}', encoding="utf-8")
    out = run("promises").out
    assert "Fiesta" in out and "\x1b" not in out and "\x07" not in out
    assert "\x1b" not in run("due", "--since", "2026-11-23", "--situation", "\x1b[31m").err


def test_the_doctor_names_a_calendar_that_cannot_be_used(run: Run, settled: Path) -> None:
    settled.write_text(SETTINGS + 'holidays = "ES-ZZ"\n', encoding="utf-8")
    told = run("doctor")
    assert "calendars.Sol" in told.out and "ZZ" in told.out


@pytest.mark.parametrize(
    ("line", "words"),
    [('holidays = "ES-ZZ"', "no region ZZ"), ('ical = "shop.ics"', "event “Verano” has no beginning")],
)
@pytest.mark.parametrize("command", [["doctor"], ["promises"], ["due", "--since", "2026-11-23T09:00"]])
def test_a5_a_region_or_a_file_that_cannot_be_used_is_named_with_its_line(
    run: Run, settled: Path, line: str, words: str, command: list[str]
) -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Verano\nEND:VEVENT\nEND:VCALENDAR\n"
    (settled.parent / "shop.ics").write_text(event, encoding="utf-8")
    settled.write_text(f"{SETTINGS}{line}\n", encoding="utf-8")
    told = run(*command)
    number = SETTINGS.count("\n") + 1
    key = line.partition(" ")[0]
    said = told.out + told.err
    assert f"config.toml, line {number}: calendars.Sol.{key}: " in said and words in said
