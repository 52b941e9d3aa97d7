"""``socialdesk check`` looks an answer over, one or many, for people and for scripts (C2, C3)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.commands import Run


def batch(
    run: Run, monkeypatch: pytest.MonkeyPatch, *lines: str, options: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return the answers to lines of a batch."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    result = run("check", "--batch", *options)
    assert result.code == 0
    return [json.loads(line) for line in result.out.splitlines()]


def test_findings_are_json_with_place_and_mend(run: Run) -> None:
    result = run("check", "--text", "Haber si llega, {cliente}.", "--json", "--language", "es")
    findings = json.loads(result.out)["findings"]
    assert result.code == 0
    assert [(one["family"], one["start"], one["end"], one.get("mend")) for one in findings] == [
        ("spelling", 0, 5, "A ver"),
        ("blanks", 16, 25, None),
    ]
    assert "mend" not in findings[1]
    assert set(findings[0]) >= {"family", "rule", "start", "end", "message", "mend"}


def test_people_read_a_line_a_finding_and_where_there_is_none_that(run: Run) -> None:
    assert "A ver" in run("check", "--text", "Haber si llega mañana.").out
    assert run("check", "--text", "Sí, abrimos mañana.").out.strip() == "Nothing found."


def test_the_answer_comes_from_an_option_a_file_or_the_input(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("Hola, {cliente}.", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("Hola, {cliente}."))
    from_file, from_input = run("check", "--file", str(file), "--json"), run("check", "-", "--json")
    assert from_file.out == from_input.out
    assert json.loads(from_file.out)["findings"][0]["family"] == "blanks"
    file.write_bytes(b"\xff\xfe\x00")
    assert run("check", "--file", str(file)).code == 1
    assert run("check", "--file", str(tmp_path / "none.txt")).code == 1
    assert run("check").code == 2
    assert run("check", "--text", "a", "--file", str(file)).code == 2


def test_options_say_what_is_answered_and_how(run: Run) -> None:
    before = "Sí, tenemos pan sin sal todos los días a partir de las nueve."
    result = run(
        "check",
        *(
            "--text",
            before,
            "--previous",
            before,
            "--previous",
            "Hasta luego.",
            "--channel",
            "x",
            "--private",
        ),
        *("--address", "usted", "--fact", "900 100 200", "--reply-to", "¿Hay pan sin sal?", "--json"),
    )
    assert [one["family"] for one in json.loads(result.out)["findings"]] == ["repeated"]
    long = run("check", "--text", "a " * 200, "--channel", "x", "--language", "es", "--json")
    assert [one["family"] for one in json.loads(long.out)["findings"]] == ["length"]


def test_a_batch_answers_every_line_in_order_and_survives_bad_ones(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = batch(
        run,
        monkeypatch,
        '{"id": 7, "text": "Hola, {cliente}.", "channel": null}',
        "nonsense",
        "[1, 2]",
        '{"reply_to": "nada"}',
        '{"text": 3}',
        '{"text": "a", "previous": "b"}',
        '{"text": "a", "public": "yes"}',
        '{"text": "\\ud800 y {x}", "reply_to": "", "previous": [], "public": false, "facts": ["a"], "extra": 1}',
        "",
        '{"text": ""}',
        '{"id": "x", "text": "' + "a" * 70_000 + '"}',
    )
    assert ["error" if "error" in answer else "findings" for answer in answers] == (
        ["findings"] + ["error"] * 6 + ["findings"] * 2 + ["error"]
    )
    assert answers[0]["id"] == 7
    assert answers[0]["findings"][0]["family"] == "blanks"
    assert answers[-1]["id"] == "x"


def test_c2_a_script_can_make_its_way_depend_on_what_is_grave(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    grave, fine = "Vaya mierda de día.", "ABRIMOS MAÑANA a las nueve."
    assert run("check", "--strict", "--text", grave, "--language", "es").code == 1
    assert run("check", "--text", grave, "--language", "es").code == 0
    advice = run("check", "--strict", "--text", fine, "--language", "es")
    assert (advice.code, "shouting" in advice.out) == (0, True)
    for lines, code in (([fine], 0), ([grave, fine], 1)):
        given = io.StringIO("".join(json.dumps({"text": one}) + "\n" for one in lines))
        monkeypatch.setattr("sys.stdin", given)
        assert run("check", "--batch", "--strict", "--language", "es").code == code


WRONG = [
    ('"address": "vos"', 'address: it can be "usted", "tu", "none"'),
    ('"language": "spanish"', 'language: two letters are expected, such as "es"'),
    ('"zone": "Mars/Base"', "zone is not a time zone"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_c2_a_value_that_means_nothing_in_a_batch_is_named_and_the_other_lines_are_answered(
    run: Run, monkeypatch: pytest.MonkeyPatch, wrong: str, told: str
) -> None:
    answers = batch(run, monkeypatch, f'{{"id": 1, "text": "Hola", {wrong}}}', '{"text": "Hola, {cliente}."}')
    assert answers[0] == {"id": 1, "error": told}
    assert answers[1]["findings"][0]["family"] == "blanks"


def test_c2_a_batch_takes_language_and_address_as_people_write_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = '{"text": "Puedes pasar mañana por la tienda cuando quieras.", "address": "USTED", "language": "es-MX"}'
    plain = line.replace("USTED", "usted").replace("es-MX", "es")
    answers = batch(run, monkeypatch, line, plain)
    assert answers[0] == answers[1]
    assert "address" in {one["family"] for one in answers[0]["findings"]}


def test_c2_what_a_batch_could_not_look_at_is_noted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = batch(
        run,
        monkeypatch,
        '{"text": "Hola", "adress": "usted"}',
        '{"text": "Hola", "channel": "nosuch"}',
        '{"text": "Hola", "language": "zz"}',
        '{"text": "Hola", "channel": "Mail", "language": "", "address": ""}',
    )
    assert answers[0]["notes"] == ["adress: there is no such key; did you mean address?"]
    assert "nosuch" in answers[1]["notes"][0]
    assert "zz" in answers[2]["notes"][0]
    assert answers[3] == {"findings": []}
    assert "nosuch" in run("check", "--text", "Hola", "--channel", "nosuch").err


def test_c2_options_of_a_batch_count_for_lines_that_do_not_say_it_themselves(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "a " * 200
    lines = (
        f'{{"text": "{long}"}}',
        f'{{"text": "{long}", "channel": "mail"}}',
        f'{{"text": "{long}", "channel": null}}',
    )
    answers = batch(run, monkeypatch, *lines, options=("--channel", "x", "--language", "es"))
    assert [[one["family"] for one in answer["findings"]] for answer in answers] == [
        ["length"],
        [],
        ["length"],
    ]


def test_a_batch_gives_json_back_whatever_the_id_and_however_the_file_begins(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ('\ufeff{"text": "Hola"}', '{"text": "Hola", "id": 1e999}', '{"text": "Hola", "id": NaN}')
    answers = batch(run, monkeypatch, *lines)
    assert [sorted(answer) for answer in answers] == [["findings"], ["error"], ["error"]]


def test_a_batch_answers_at_once(sealed_home: Path) -> None:
    command = [sys.executable, "-m", "socialdesk", "check", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "Hola, {cliente}."}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_broken_rule_file_is_named_beside_the_findings(
    run: Run, sealed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sealed_home / "rules").mkdir(parents=True)
    (sealed_home / "rules" / "mine.toml").write_text("off = 3\n", encoding="utf-8")
    result = run("check", "--text", "Hola, {cliente}.", "--json")
    assert result.code == 0
    assert "mine.toml, line 1" in result.err
    assert json.loads(result.out)["findings"]
    assert "mine.toml" in batch(run, monkeypatch, '{"text": "Hola"}')[0]["troubles"][0]


def test_checking_needs_no_desk_and_loads_nothing_heavy() -> None:
    code = "import sys; from socialdesk.cli.entry import run; run(['check', '--text', 'Hola']); print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"textual", "sqlalchemy", "sqlmodel", "httpx", "pydantic", "spylls"} & set(output.split())
