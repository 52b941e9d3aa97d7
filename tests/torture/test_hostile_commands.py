"""What strangers write is only words in the output of every command too, plain and as JSON (promise 9).

In plain output no control character but the end of a line is let through, in JSON neither; what is printed is exact.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpers.commands import Result, Run
from helpers.controls import in_lines
from helpers.hostile import PAYLOADS, SURROGATE, Payload
from helpers.hostile_desk import HostileDesk, quoted
from helpers.killing import seed
from socialdesk.cli.parser import COMMANDS
from socialdesk.clock import ManualClock

CALLS: dict[str, list[list[str]]] = {
    "queue": [["--limit", "0"]],
    "show": [["{conversation}"]],
    "call": [["{text}", "--brand", "{line} & Co", "--who", "{text}"]],
    "visit": [["{text}", "--brand", "{line} & Co"]],
    "act": [["{conversation}", "spam"], ["{conversation}", "block", "--undo"]],
    "attachment": [["list", "{conversation}"], ["save", "{conversation}", "2", "--to", "{odd}"]],
    "outbox": [["--all"], ["approve", "{reply}"], ["refuse", "{reply}", "--note", "{line}"]],
    "account": [["list"], ["check", "{line}"], ["pause", "{line}"], ["resume", "{line}"]],
    "reply": [["{conversation}", "--text", "{text}"]],
    "situation": [["{conversation}", "s{number}"], ["{conversation}", "none"]],
    "tag": [["{conversation}", "{text}"]],
    "commitments": [[], ["{conversation}"]],
    "canned": [["list", "{mark}"], ["show", "h{number}/understand"], ["insert", "{conversation}", "h{number}/understand"]],
    "facts": [["list"], ["list", "{line} & Co"], ["confirm", "f{number}"]],
    "protocol": [["list"], ["show", "p{number}"]],
    "check": [["{conversation}", "--text", "{text}"], ["--text", "{text}"]],
    "import": [["{file}"]],
    "due": [["--brand", "c{number} {text}"], ["--brand", "{line} & Co", "--situation", "s{number}"]],
    "promises": [[], ["--apply"]],
    "clock": [[], ["--text"], ["--html"], ["--svg"], ["--brand", "c{number} {text}"]],
    "export": [["{handle}"]],
    "audit": [[]],
    "backup": [[], ["{odd}"]],
    "restore": [[], ["{odd}"]],
    "doctor": [[]],
    "resolve": [["{conversation}"]],
    "reopen": [["{conversation}"]],
    "snooze": [["{conversation}", "5h"]],
    "connector": [["list"], ["new", "{text}", "--to", "{odd}"]],
    "sync": [["--once"]],
    "erase": [["{handle}", "--yes"]],
}  # fmt: skip
"""What is asked of each command; ``{text}`` is a payload as a script would hand it over."""

NOT_HERE = {
    "demo": "opens the screen, with customers of its own",
    "encrypt": "changes the desk under the others; prints a key, and nothing that anybody else has written",
    "decrypt": "as encrypt",
    "relay": "knows no desk, and never looks into what it passes on",
}
NO_JSON = {"tag", "situation", "resolve", "reopen", "snooze", "export"}


def test_every_command_is_tried() -> None:
    assert set(CALLS) | set(NOT_HERE) == set(COMMANDS)


def sample(number: int) -> list[Payload]:
    """Return some payloads, chosen by the seed."""
    return Random(seed()).sample(PAYLOADS, number)


@pytest.mark.parametrize("way", ["door", "hole"])
def test_no_command_lets_a_stranger_through(run: Run, clock: ManualClock, tmp_path: Path, way: str) -> None:
    """Promise 9, DESIGN 6: every command for one payload of some; the long form has all of them."""
    try_all(run, clock, tmp_path, sample(3), way, turns=True)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", ["door", "hole"])
def test_no_payload_gets_through_any_command(
    run: Run, clock: ManualClock, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 9: every payload in the output of every command."""
    calls = 0
    for at in range(0, len(PAYLOADS), 10):
        monkeypatch.setenv("SOCIALDESK_HOME", str(tmp_path / f"home{at}"))
        calls += try_all(run, clock, tmp_path, PAYLOADS[at : at + 10], way)
    print(f"{len(PAYLOADS)} payloads, {way}: {calls} calls, nothing foreign")


def try_all(
    run: Run, clock: ManualClock, folder: Path, payloads: Sequence[Payload], way: str, *, turns: bool = False
) -> int:
    """Call every command for each payload, or with ``turns`` for one of them; returns how many calls that were."""
    desk = HostileDesk(payloads, clock)
    desk.fill()
    if way == "hole":
        desk.spoil()
    desk.close()
    calls = 0
    for number, payload in enumerate(payloads):
        if way == "door":
            exact(run, desk, number, payload)
        for nth, words in enumerate(calls_of(desk, number, folder)):
            if turns and nth % len(payloads) != number:
                continue
            look(run(*words), words, "--json" in words)
            calls += 1
    return calls


def exact(run: Run, desk: HostileDesk, number: int, payload: Payload) -> None:
    """Assert that the words stand there to the letter, in lines and in JSON."""
    shown = run("show", str(desk.conversations[number])).out
    assert f"{desk.line(number)} https://e.example/" in " ".join(shown.split()), payload.name
    told = run("show", str(desk.conversations[number]), "--json").json
    assert told["contact"]["name"] == desk.line(number), payload.name
    assert " ".join(told["messages"][0]["text"].split()).startswith(desk.line(number)), payload.name


def calls_of(desk: HostileDesk, number: int, folder: Path) -> Iterator[list[str]]:
    """Yield what is asked for a payload, plain and as JSON."""
    text, line = desk.text(number), desk.line(number)
    reply = next(iter(desk.desk.outbox(all_states=True)), None)
    given = {
        "conversation": str(desk.conversations[number]),
        "reply": str(reply.id if reply else 1),
        "text": text.replace("\0", ""),
        "line": line,
        "handle": line,
        "mark": line[:3],
        "number": str(number),
        "file": str(history(folder, text)),
        "odd": str(folder / text.replace("\0", "").replace("/", "_")[:60]),
    }
    for command, all_words in CALLS.items():
        for words in all_words:
            asked = [command, *(word.format(**given) for word in words)]
            yield asked
            if (
                command not in NO_JSON
                and "--html" not in words
                and "--svg" not in words
                and "--text" not in words
            ):
                yield [*asked, "--json"]
    for command in (*COMMANDS, given["text"]):
        yield [command, given["text"], f"--{given['text']}"]


def look(result: Result, words: Sequence[str], is_json: bool) -> None:
    """Assert that nothing in the output steers a terminal."""
    assert not (found := in_lines(result.out)), (words, found, result.out[-2000:])
    assert not (found := in_lines(result.err)), (words, found, result.err)
    assert "Something unexpected" not in result.err, (words, result.err)
    if is_json and result.out:
        json.loads(result.out)


def history(folder: Path, text: str) -> Path:
    """Return a history of another tool that says it everywhere; one line is spoilt."""
    said: dict[str, Any] = dict.fromkeys(
        ("id", "conversation", "author", "text", "brand", "account", text), text
    )
    path = folder / "history.jsonl"
    lines = [json.dumps(said), json.dumps({**said, "text": SURROGATE}), text.replace("\n", " ")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


READERS = {
    "config.toml": ["promises"],
    "replies/x.toml": ["canned", "list"],
    "facts/x.toml": ["facts", "list"],
    "protocols/x.toml": ["protocol", "list"],
}
WRONG = ("{said} = 1", "[{said}", "x = {said}", "agent = {said}\nagent = {said}", "theme = {said}")


@pytest.mark.parametrize("name", READERS)
def test_what_is_wrong_in_a_file_is_told_in_plain_letters(run: Run, sealed_home: Path, name: str) -> None:
    """Promise 9: files come from other people too, and an error repeats what they say."""
    path = sealed_home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for wrong, payload in zip(WRONG, sample(len(WRONG)), strict=True):
        for said in (quoted(payload.text), payload.text):
            path.write_text(wrong.format(said=said), encoding="utf-8")
            look(run(*READERS[name]), READERS[name], False)
