"""Attachments and acts from the shell, and the process by which the screen saves (B1, D5)."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from helpers.commands import Run
from socialdesk import saving
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.connectors.demo import DemoConnector
from socialdesk.fetchchild import FetchFailed, fetch
from socialdesk.i18n import choose

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(run: Run, tmp_path: Path, clock: ManualClock) -> Run:
    """A workshop that gets letters, some with something attached."""
    context = Context(clock)
    options = {"brand": "ronda", "channel": "mail", "world": str(tmp_path / "network")}
    context.desk.add_account("demo", "ronda", "Ciclos Ronda", options, {}, None)
    context.close()
    assert run("sync", "--once").code == 0
    return run


def numbered(desk: Run, handle: str) -> str:
    """Return the number of a customer's conversation."""
    return next(str(row["id"]) for row in desk("queue", "--json").json if handle in str(row))


def test_b1_the_list_tells_what_came_and_the_thread_shows_it_below_its_subject(desk: Run) -> None:
    number = numbered(desk, "i.rebollo")
    (found,) = desk("attachment", "list", number, "--json").json
    assert (found["number"], found["media"], found["name"]) == (1, "file", "recibo-señal.pdf")
    assert found["fetchable"]
    assert "[file: recibo-señal.pdf, 562 B]" in desk("attachment", "list", number).out
    shown = desk("show", number)
    assert "Bicicleta de niño: ¿para cuándo?" in shown.out
    assert "[file: recibo-señal.pdf" in shown.out


def test_b1_saved_twice_there_are_two_files_only_their_owner_can_read(desk: Run, tmp_path: Path) -> None:
    number = numbered(desk, "i.rebollo")
    folder = tmp_path / "mine"
    folder.mkdir()
    assert desk("attachment", "save", number, "1", "--to", str(folder)).code == 0
    (saved,) = desk("attachment", "save", number, "--to", str(folder), "--json").json
    assert Path(saved["path"]) == folder / "recibo-señal (2).pdf"
    files = sorted(folder.iterdir())
    assert [file.read_bytes()[:5] for file in files] == [b"%PDF-", b"%PDF-"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_b1_what_cannot_be_saved_says_why(desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, other = numbered(desk, "i.rebollo"), numbered(desk, "hotel.mirador")
    assert "no such attachment" in desk("attachment", "save", number, "7", "--to", str(tmp_path)).err
    assert "no such attachment" in desk("attachment", "save", other, "--to", str(tmp_path)).err
    assert "no such folder" in desk("attachment", "save", number, "--to", str(tmp_path / "none")).err
    assert "no conversation" in desk("attachment", "list", "4711").err

    async def endless(*_: object) -> bytes:
        return b"x" * (saving.MOST + 1)

    monkeypatch.setattr(DemoConnector, "download", endless)
    told = desk("attachment", "save", number, "--to", str(tmp_path))
    assert (told.code, "50 MB" in told.err) == (1, True)
    assert not list(tmp_path.glob("*.pdf"))


def test_d5_spam_is_asked_for_held_and_done_by_the_engine(desk: Run, clock: ManualClock) -> None:
    number = numbered(desk, "ventas")
    assert "in 10 s" in desk("act", number, "spam").out
    assert desk("act", number, "spam", "--undo").out == "Taken back before it was done.\n"
    assert desk("act", number, "spam", "--now").code == 0
    assert "done already" in desk("act", number, "spam").err
    assert desk("sync", "--once").code == 0
    (done,) = desk("show", number, "--json").json["messages"][0]["acts"]
    assert (done["act"], done["state"]) == ("spam", "done")
    assert "marked as spam" in desk("show", number).out
    (line,) = desk("audit", "--what", "acted", "--json").json
    assert line["detail"] == "spam"


def test_d5_what_the_network_does_not_offer_is_refused_at_once(desk: Run) -> None:
    told = desk("act", numbered(desk, "ventas"), "like")
    assert told.code == 1
    assert "offers no such thing" in told.err


async def test_b1_the_screen_saves_by_a_process_of_its_own(
    desk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "person"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    number = int(numbered(desk, "i.rebollo"))
    choose("es")
    (path,) = await fetch(number, 1)
    assert Path(path) == home / "Descargas" / "recibo-señal.pdf"
    with pytest.raises(FetchFailed, match="No hay tal adjunto"):
        await fetch(number, 9)


async def test_b1_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    choose("en")
    with pytest.raises(FetchFailed, match="Nothing was saved"):
        await fetch(1, 1, command=(sys.executable, "-c", "raise SystemExit(1)"))
