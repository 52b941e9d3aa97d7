"""A full disk: nothing is sent that could not be written down (promise 6 of docs/reliability.md)."""

from __future__ import annotations

import contextlib
import errno
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from helpers.bench import Bench
from helpers.commands import Run
from socialdesk import logs
from socialdesk.clock import ManualClock
from socialdesk.errors import DeskFileError
from socialdesk.storage import reserve
from socialdesk.storage.database import Database
from socialdesk.storage.faults import in_plain_words

pytestmark = pytest.mark.anyio


class Usage(NamedTuple):
    """As ``shutil.disk_usage`` returns it."""

    total: int
    used: int
    free: int


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A desk with one account and one customer."""
    bench = Bench(clock)
    bench.add()
    bench.network.customer("shop", "1", "question", clock.now())
    yield bench
    bench.close()


def no_room(*_ignored: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def test_nothing_is_sent_without_room_and_all_is_once_there_is(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: not one request leaves; then each reply exactly once."""
    async with bench.running():
        await bench.advance(60)
        with monkeypatch.context() as full:
            full.setattr(reserve, "_fill", no_room)
            bench.reply("answer")
            await bench.advance(600)
            assert bench.network.posts() == []
            assert bench.states() == ["queued"]
        await bench.advance(60)
    assert bench.network.posts() == ["answer"]
    assert bench.states() == ["sent"]


async def test_a_single_round_says_why_nothing_was_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: ``socialdesk sync --once`` names it and fails."""
    await bench.engine().once()
    bench.reply("answer")
    monkeypatch.setattr(reserve, "_fill", no_room)
    (visit,) = await bench.engine().once()
    assert (visit.ok, visit.problem, visit.sent) == (False, "desk_full", 0)


async def test_what_has_left_is_written_into_the_room_that_was_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: the disk is full by then, and the kept room is what the desk file takes."""
    real = Database.write

    @contextlib.contextmanager
    def write(database: Database) -> Iterator[Any]:
        if bench.network.posts() and reserve.is_held(database.path):
            raise DeskFileError("database or disk is full", code="desk_full")
        with real(database) as connection:
            yield connection

    async with bench.running():
        await bench.advance(60)
        bench.reply("answer")
        monkeypatch.setattr(Database, "write", write)
        await bench.advance(2)
        assert bench.states() == ["sent"]
    assert bench.network.posts() == ["answer"]


def test_a_command_refuses_to_answer_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 6: in plain words, before anything is queued."""
    run("account", "add", "demo", "--brand", "Lola", "--name", "lola")
    run("sync", "--once")
    number = str(run("queue", "--json").json[0]["id"])
    (reserve._place(_desk())).unlink(missing_ok=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 10**5))
    result = run("reply", number, "--text", "Hola")
    assert result.code == 1
    assert "The disk is full: nothing can be stored or sent." in result.err
    assert "Make room" in result.err
    assert run("outbox", "--json").json == []


def test_room_is_kept_once_and_given_back(bench: Bench) -> None:
    """Promise 6: really taken from the disk, not only promised by it."""
    path = bench.database.path
    assert reserve.hold(path)
    assert reserve.hold(path)
    assert reserve._place(path).stat().st_blocks * 512 >= reserve.SIZE
    assert reserve.release(path)
    assert not reserve.release(path)


def _desk() -> Any:
    from socialdesk import paths

    return paths.find().database


def test_what_has_no_room_in_the_log_is_told_to_nobody(
    bench: Bench, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promises 6 and 11: Python would print the line, as it is, on the person's screen."""
    logs.start(bench.paths.data / "socialdesk.log")
    try:
        monkeypatch.setattr(logs.PrivateFile, "_open", no_room)
        logging.getLogger("socialdesk").error("a line")
    finally:
        logs.stop()
    assert capfd.readouterr() == ("", "")


def test_reading_without_room_names_the_full_disk() -> None:
    """Promise 6: SQLite calls it an error of the disk, and no permission is at fault (tmpfs: ENOSPC for -shm)."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    assert in_plain_words(error).code == "desk_full"
