"""The commands as a script and a person at a shell see them: words, JSON, exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sqlite3
import stat
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.commands import Run
from socialdesk import paths
from socialdesk.cli.parser import COMMANDS
from socialdesk.clock import ManualClock
from socialdesk.connectors import registry
from socialdesk.storage import importing

ASKED = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # six hours before the clock's ten o'clock


def line(number: int, text: str, *, who: str = "ana", at: datetime = ASKED, **more: Any) -> str:
    message = {
        "account": "sol-x",
        "channel": "x",
        "brand": "Panadería Sol",
        "conversation": f"c-{who}",
        "id": f"m{number}",
        "direction": "in",
        "at": (at + timedelta(minutes=number)).isoformat(),
        "text": text,
        "author": {"handle": who, "name": who.title()},
    }
    return json.dumps(message | more)


def history(folder: Path, lines: Iterable[str]) -> str:
    path = folder / "history.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def desk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A desk on which Ana has waited six hours for an answer and Luis ten minutes; X can be answered."""
    monkeypatch.setattr(registry, "names", lambda: ("x",))
    ana = [line(0, "¿Abrís el domingo?"), line(1, "¿Hola?")]
    luis = [line(0, "Do you ship to Lugo?", who="luis", at=ASKED + timedelta(hours=5, minutes=50), id="l0")]
    for lines in (ana, luis):  # one after the other: Ana's conversation is number 1
        assert run("import", history(tmp_path, lines)).code == 0
    return run


def test_the_queue_lists_the_most_urgent_first(desk: Run) -> None:
    result = desk("queue")
    lines = result.out.splitlines()
    assert (result.code, result.err) == (0, "")
    assert "ana" in lines[1] and "6 h +1" in lines[1] and "1 h late" in lines[1]
    assert "Luis" in lines[2] and "10 min" in lines[2] and "4 h 50 min left" in lines[2]
    assert len({text.index("Panadería Sol") for text in lines[1:]}) == 1, "columns are aligned"


def test_the_queues_json_has_the_promised_keys_in_utc(desk: Run) -> None:
    first = desk("queue", "--json", "--limit", "1").json[0]
    assert list(first) == [
        "id",
        "brand",
        "account",
        "channel",
        "contact",
        "state",
        "waiting_since",
        "waiting_seconds",
        "due_at",
        "seconds_left",
        "nudges",
        "messages",
        "language",
        "preview",
        "situation",
        "promise",
        "resolve_by",
        "commit_at",
        "commitment",
        "joined_to",
        "answer_until",
        "rating",
    ]
    assert (first["situation"], first["promise"], first["resolve_by"]) == ("", "first", None)
    assert first["contact"] == {"handle": "ana", "name": "Ana"}
    assert first["waiting_since"] == "2026-11-22T04:00:00.000+00:00"
    assert (first["waiting_seconds"], first["seconds_left"], first["nudges"]) == (21_600, -3_600, 1)
    assert (first["state"], first["channel"], first["brand"]) == ("waiting", "x", "Panadería Sol")


def test_views_filters_and_limits_narrow_the_queue_down(desk: Run) -> None:
    assert [row["contact"]["handle"] for row in desk("queue", "--json", "--view", "late").json] == ["ana"]
    assert desk("queue", "--json", "--view", "done").json == []
    assert desk("queue", "--json", "--brand", "Other").json == []
    assert "1 more" in desk("queue", "--limit", "1").err
    unknown = desk("queue", "--view", "nonsense")
    assert unknown.code == 1 and "late" in unknown.err


def test_a_view_of_ones_own_is_known_by_its_name(desk: Run, sealed_home: Path) -> None:
    (sealed_home / "config.toml").write_text(
        '[[views]]\nname = "Bakery"\nbrand = "Panadería Sol"\nlate = true\n'
    )
    assert len(desk("queue", "--json", "--view", "bakery").json) == 1


def test_a_conversation_is_shown_whole(desk: Run) -> None:
    result = desk("show", "1")
    assert result.code == 0
    assert "Ana @ana" in result.out and "insisted once" in result.out
    assert result.out.index("¿Abrís el domingo?") < result.out.index("¿Hola?")
    assert "5:00" in result.out, "times are Madrid's"


def test_a_conversations_json_adds_its_messages(desk: Run) -> None:
    found = desk("show", "1", "--json").json
    assert [message["text"] for message in found["messages"]] == ["¿Abrís el domingo?", "¿Hola?"]
    assert set(found["messages"][0]) == {
        "id",
        "direction",
        "at",
        "author",
        "title",
        "text",
        "attachments",
        "kind",
        "delivery",
        "automatic",
        "acts",
        "rating",
    }
    assert found["messages"][0]["at"] == "2026-11-22T04:00:00.000+00:00"
    assert desk("show", "1", "--json", "--limit", "1").json["messages"][0]["text"] == "¿Hola?"


def test_an_unknown_conversation_is_named_with_the_next_step(desk: Run) -> None:
    result = desk("show", "99")
    assert result.code == 1
    assert result.out == ""
    assert "99" in result.err and "socialdesk queue" in result.err


def test_a_reply_waits_to_be_undone_and_can_be_taken_back(desk: Run) -> None:
    sent = desk("reply", "1", "--text", "Sí, de 9 a 14 h.", "--json").json
    assert list(sent) == [
        "id",
        "conversation",
        "state",
        "attempts",
        "next_attempt_at",
        "reason",
        "text",
        "key",
        "agent",
        "approval",
        "scheduled",
        "after",
        "public_of",
    ]
    assert (sent["conversation"], sent["state"], sent["text"]) == (1, "queued", "Sí, de 9 a 14 h.")
    assert sent["next_attempt_at"] == "2026-11-22T10:00:10.000+00:00"
    assert desk("outbox", "--json").json == [sent]
    shown = desk("show", "1", "--json").json["messages"][-1]
    assert (shown["delivery"], shown["direction"]) == ("queued", "out")
    assert desk("outbox", "undo", str(sent["id"])).code == 0
    assert desk("outbox", "--json").json == []
    again = desk("outbox", "undo", str(sent["id"]))
    assert again.code == 1 and "cannot be taken back" in again.err


def test_c7_an_answer_to_a_conversation_is_checked_with_the_brands_facts(desk: Run) -> None:
    say = ("check", "1", "--public", "--text", "Es el +34 960 000 118, sí.", "--json")
    assert "personal-data" in [one["family"] for one in desk(*say).json["findings"]]
    folder = paths.find().config / "facts"
    folder.mkdir(parents=True)
    (folder / "all.toml").write_text('[[fact]]\nname = "phone"\ntext = "960 000 118"\n')
    assert "personal-data" not in [one["family"] for one in desk(*say).json["findings"]]


def test_a_reply_now_says_who_will_send_it(desk: Run) -> None:
    result = desk("reply", "1", "--text", "Sí.", "--now")
    assert result.out == "Reply 1 waits in the outbox.\n", "nothing leaves of a paused account"
    [account] = desk("account", "list", "--json").json
    resume = ("account", "resume", account["name"])
    assert f"socialdesk {' '.join(resume)}" in result.err, "an imported account is paused"
    desk(*resume)
    result = desk("reply", "1", "--text", "Sí.", "--now")
    assert "leaves now" in result.out
    assert "socialdesk sync" in result.err, "no engine is running"


def test_a_reply_that_nothing_could_ever_send_is_refused_and_kept(
    desk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NEEDS A1: accepted, it would wait for ever while the customer does."""
    monkeypatch.setattr(registry, "names", lambda: ("bluesky", "demo"))
    result = desk("reply", "1", "--text", "Sí, abrimos.")
    assert (result.code, result.out) == (1, "")
    assert "No connector is installed" in result.err and "draft is kept" in result.err
    assert desk("outbox", "--json").json == []
    monkeypatch.setattr(registry, "names", lambda: ("x",))
    desk("account", "remove", "sol-x", "--yes")
    result = desk("reply", "1", "--text", "Otra cosa.")
    assert result.code == 1
    assert "was removed" in result.err and "draft is kept" in result.err and "add the account" in result.err


def test_a_reply_whose_writer_was_overtaken_is_refused_once(
    desk: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NEEDS G3: somebody answers while this answer is being typed; run again, the command insists."""

    class Typing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert desk("reply", "1", "--text", "Theirs", "--now").code == 0
            return super().read(size)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Typing(b"Mine")))
    result = desk("reply", "1", "-")
    assert result.code == 1 and "Another answer" in result.err and "draft is kept" in result.err
    assert [item["text"] for item in desk("outbox", "--json").json] == ["Theirs"]
    assert desk("reply", "1", "--text", "Mine").code == 0


def test_a_conversation_whose_messages_were_all_deleted_says_so(desk: Run, sealed_home: Path) -> None:
    """NEEDS A1: an empty line would look like a fault."""
    [path] = sealed_home.rglob("desk.db")
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE conversation SET preview = '', messages = 0 WHERE id = 1")
    assert "(deleted by its author)" in desk("queue").out
    assert desk("queue", "--json").json[0]["preview"] == "", "scripts get what there is: nothing"


def test_a_reply_comes_from_a_file_or_from_standard_input(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answer.txt").write_text("¡Sí, abrimos!\n", encoding="utf-8")
    assert (
        desk("reply", "1", "--file", str(tmp_path / "answer.txt"), "--json").json["text"] == "¡Sí, abrimos!"
    )
    for words in (["-"], ["--file", "-"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Hasta mañana".encode())))
        assert desk("reply", "1", *words, "--json").json["text"] == "Hasta mañana"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["reply", "1"], 2, "required"),
        (["reply", "1", "Hola"], 2, '--text "Hello"'),
        (["reply", "1", "--text", "  "], 1, "nothing to send"),
        (["reply", "1", "--text", "a", "--file", "b"], 2, "not allowed with"),
        (["reply", "1", "--file", "/no/such/file"], 1, "No such file"),
        (["reply", "1", "--text", "bad \udcff byte"], 1, "UTF-8"),
        (["reply", "one", "--text", "a"], 2, "whole number"),
        (["reply", "1", "--text", "a", "--at", "tomorrow"], 2, "moment"),
        (["outbox", "resend"], 2, "which reply"),
        (["outbox", "burn", "1"], 2, "resend"),
        (["outbox", "resend", "7"], 1, "no reply of that number"),
        (["snooze", "1", "yesterday"], 2, "For example"),
        (["snooze", "1", "2026-11-21T09:00"], 2, "in the past"),
        (["queue", "--limit", "-1"], 2, "--limit"),
        (["nonsense"], 2, "queue"),
        (["--language", "fr", "queue"], 2, "es"),
        (["import", "/no/such/file"], 1, "No such file"),
    ],
)
def test_a_mistake_is_told_with_a_next_step(desk: Run, words: list[str], code: int, told: str) -> None:
    result = desk(*words)
    assert result.code == code
    assert told in result.err
    assert result.out == ""
    assert "Traceback" not in result.err


def test_conversations_are_settled_snoozed_and_reopened(desk: Run) -> None:
    """B4: nothing is closed for good."""
    assert "done" in desk("resolve", "1").out
    assert desk("queue", "--json", "--view", "done").json[0]["id"] == 1
    assert desk("reopen", "1").code == 0
    assert desk("snooze", "1", "2h").code == 0
    assert desk("queue", "--json", "--view", "snoozed").json[0]["id"] == 1


def test_a_snooze_that_is_over_is_seen_without_an_engine(desk: Run, clock: ManualClock) -> None:
    desk("snooze", "1", "2h")
    clock.moment += timedelta(hours=3)
    assert 1 in [row["id"] for row in desk("queue", "--json").json]


def test_bad_lines_are_named_and_the_rest_is_imported(run: Run, tmp_path: Path) -> None:
    path = history(
        tmp_path, [line(0, "Hola"), "{oops", line(1, "x", direction="sideways"), line(2, "¿Sigue?")]
    )
    result = run("import", path)
    assert result.code == 3
    assert "line 2:" in result.err and "line 3:" in result.err
    assert "2 new of 4" in result.out and "2 lines were skipped" in result.out
    again = run("import", path, "--json").json
    assert (again["added"], [entry["line"] for entry in again["skipped"]]) == (0, [2, 3])


def test_a_long_import_shows_a_bar_on_a_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = history(tmp_path, (line(n, "Hola") for n in range(1_000)))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    result = run("import", path)
    assert "100%" in result.err and "1,000" in result.err
    assert result.err.endswith("\r"), "the bar is wiped away"


def test_the_document_names_the_keys_and_commands_that_there_are(desk: Run) -> None:
    text = " ".join((Path(__file__).parents[2] / "docs/commands.md").read_text(encoding="utf-8").split())
    for word in re.findall(r"socialdesk ([a-z]+) ", text):
        assert word in (*COMMANDS, "does"), word
    row = desk("queue", "--json").json[0]
    for key in (*row, *desk("reply", "1", "--text", "Sí", "--json").json):
        assert re.search(rf"\b{key}\b", text), key


def test_a_line_that_is_no_utf8_spoils_itself_only(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(line(0, "Hola").encode() + b'\n{"text": "\xff\xfe"}\n' + line(1, "¿Hola?").encode())
    result = run("import", str(path))
    assert result.code == 3
    assert "2 new" in result.out


def test_the_files_are_the_persons_own(desk: Run, sealed_home: Path) -> None:
    for path in (sealed_home, *sealed_home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_everything_is_said_in_spanish_too(desk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert "1 h de retraso" in desk("queue").out
    wrong = desk("reply", "1")
    assert wrong.err.startswith("uso: ")
    assert "hace falta uno de estos argumentos" in wrong.err
    assert "CUSTOMER" in desk("--language", "en", "queue").out
    assert os.environ.get("LANGUAGE") is None


@pytest.mark.parametrize(
    ("good", "kept"), [(0, "Nothing was imported yet"), (5, "the first 4 lines is kept")]
)
def test_ctrl_c_in_an_import_says_what_is_kept_and_how_to_go_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: int, kept: str
) -> None:
    """A1: stopped in the middle, then imported again: everything is there, once."""
    path = history(tmp_path, [line(number, f"Text {number}") for number in range(7)])
    parse, parsed = importing.parse, list[str]()

    def interrupted(text: str) -> importing.Line:
        if len(parsed) == good:
            raise KeyboardInterrupt
        parsed.append(text)
        return parse(text)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "BATCH", 2)
        patch.setattr(importing, "parse", interrupted)
        result = run("import", path)
    assert result.code == 130 and not result.out
    assert "Stopped." in result.err and kept in result.err and "import the same again" in result.err
    assert "Traceback" not in result.err
    assert run("import", path, "--json").json == {"read": 7, "added": 7 - good // 2 * 2, "skipped": []}
    assert run("import", path, "--json").json == {"read": 7, "added": 0, "skipped": []}
