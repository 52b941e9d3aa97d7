"""The engine looks after the desk file (promise 8 of docs/reliability.md)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.errors import DeskFileError
from socialdesk.storage import backup, copies, damage

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A desk without accounts."""
    bench = Bench(clock, config=Config(backups=2))
    yield bench
    bench.close()


async def test_each_day_has_its_backup_and_the_oldest_go(bench: Bench) -> None:
    """Promise 8: over three days, of which two are kept."""
    async with bench.running():
        await bench.hours(60)
    names = [one.path.name for one in backup.all_of(bench.database.path)]
    assert names == ["desk-2026-11-24.db", "desk-2026-11-23.db"]


async def test_damage_found_after_the_start_ends_the_engine_and_all_writing(bench: Bench) -> None:
    """Promise 8: a page that no cheap look at the header could have shown."""
    path = bench.database.path
    root = bench.all("SELECT rootpage FROM sqlite_master WHERE name = 'ix_outbox_state'")[0][0]
    bench.write("UPDATE alembic_version SET version_num = version_num")
    bench.database.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xa5" * 4096)
    with pytest.raises(DeskFileError) as caught:
        async with bench.running():
            await bench.advance(5)
    assert caught.value.code == "desk_damaged"
    assert damage.noted(path) is not None
    before = path.read_bytes()
    with pytest.raises(DeskFileError):
        async with bench.running():
            await bench.advance(5)
    with pytest.raises(DeskFileError):
        bench.write("UPDATE alembic_version SET version_num = version_num")
    assert path.read_bytes() == before


async def test_a_backup_that_cannot_be_made_stops_nothing(bench: Bench) -> None:
    """Promise 8: messages go on coming in; it is tried again."""
    folder = copies.folder_of(bench.database.path)
    folder.write_text("a file where the folder should be")
    bench.add()
    async with bench.running():
        await bench.hours(1)
        folder.unlink()
        await bench.hours(2)
    assert bench.account() == ("ok", "")
    assert backup.newest(bench.database.path) is not None
