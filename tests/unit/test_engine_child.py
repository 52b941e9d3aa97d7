"""The engine as a child process, and the one-engine-a-desk lock."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from socialdesk import paths
from socialdesk.sync.child import EngineChild
from socialdesk.sync.enginelock import EngineLock, is_running, lock_of


def until(true: Callable[[], bool], patience: float = 10) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def child(tmp_path: Path, body: str) -> EngineChild:
    command = (sys.executable, "-c", f"import sys, os\nout = open({str(tmp_path / 'said')!r}, 'a')\n{body}")
    return EngineChild(paths.find(), paths.find().database, command=command, pauses=(0.01, 0.02))


def said(tmp_path: Path) -> str:
    file = tmp_path / "said"
    return file.read_text() if file.exists() else ""


def test_it_hears_nudges_and_leaves_when_the_screen_does(tmp_path: Path) -> None:
    engine = child(
        tmp_path, "for line in sys.stdin: out.write(line); out.flush()\nout.write('gone'); out.flush()"
    )
    engine.wake()
    engine.start()

    def heard() -> bool:
        engine.wake()
        return "wake" in said(tmp_path)

    until(heard)
    engine.stop(patience=10)
    assert said(tmp_path).endswith("gone")


def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    engine = child(tmp_path, "out.write('x'); out.flush(); os._exit(1)")
    engine.start()
    until(lambda: said(tmp_path).count("x") >= 3)
    engine.stop(patience=10)


def test_a_child_that_does_not_listen_never_holds_up_the_screen(tmp_path: Path) -> None:
    engine = child(tmp_path, "out.write('x'); out.flush()\nimport time\nos.close(0); time.sleep(0.5)")
    engine.start()
    until(lambda: "x" in said(tmp_path))
    began = time.monotonic()
    for _ in range(20_000):
        engine.wake()
    assert time.monotonic() - began < 2
    engine.stop(patience=10)


def test_what_a_dying_interpreter_says_is_in_the_log(tmp_path: Path) -> None:
    engine = child(tmp_path, "sys.exit('cannot begin')")
    engine.start()
    log = paths.find().log_file
    until(lambda: log.exists() and "cannot begin" in log.read_text())
    engine.stop(patience=10)
    assert log.stat().st_mode & 0o777 == 0o600


def test_one_engine_a_desk(tmp_path: Path) -> None:
    file = tmp_path / "data" / "desk.db.engine"
    one, two = EngineLock(file), EngineLock(file)
    assert not is_running(file)
    assert one.take() and one.take()
    assert not two.take()
    assert is_running(file)
    one.release()
    assert not is_running(file)
    assert two.take()
    two.release()


@pytest.mark.anyio
async def test_the_second_engine_takes_over_when_the_first_ends() -> None:
    from datetime import UTC, datetime

    from helpers.bench import Bench
    from socialdesk.clock import ManualClock
    from socialdesk.errors import Refused

    bench = Bench(ManualClock(datetime(2026, 3, 2, tzinfo=UTC)))
    bench.add()
    async with bench.running():
        with pytest.raises(Refused):
            await bench.engine().once()
        async with bench.running():
            first = len(bench.scripts["shop"].calls)
            await bench.advance(3)
            assert len(bench.scripts["shop"].calls) == first
    async with bench.running():
        await bench.advance(3)
        assert len(bench.scripts["shop"].calls) > first
    bench.close()


def test_two_homes_that_share_a_desk_share_its_engine(tmp_path: Path) -> None:
    """Promises 1 and 5: two engines on one desk would send twice; the way to the file does not matter."""
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    first = EngineLock(lock_of(tmp_path / "there" / "desk.db"))
    second = EngineLock(lock_of(tmp_path / "here" / "desk.db"))
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()
