"""News of mail at once, and attachments when they are asked for (B3)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from contract.fake_mail import FakeMail
from contract.mailreading import at_work, read
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Rejected, Temporary
from socialdesk.connectors.mail import listening, wire

pytestmark = pytest.mark.anyio
TOKEN = canary("mailaccess")


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """A mailbox."""
    return FakeMail(clock)


# Listening ---------------------------------------------------------------------------


async def test_news_at_once(mail: FakeMail) -> None:
    """IDLE: told when it begins to listen, and at each letter; cancelled, it hangs up."""
    heard = asyncio.Queue[int]()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.put_nowait(1)))
        async with asyncio.timeout(5):
            await heard.get()
            for number in range(3):
                while not mail.box.changed:
                    await asyncio.sleep(0)
                mail.box.arrive(mail.box.letter(f"{number}"))
                await heard.get()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_news_that_comes_while_idle_begins(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one piece with the server's consent, where the library would not look; told all the same."""
    heard: list[int] = []
    taken = wire.Wire.call

    async def call(self: wire.Wire, function: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        if getattr(function, "__name__", "") == "_idle" and len(heard) == 2:
            mail.box.folders["INBOX"].add(b"From: a@b.c\r\n\r\n", mail.clock.now())
        return await taken(self, function, *arguments, **more)

    monkeypatch.setattr(wire.Wire, "call", call)
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.append(1)))
        async with asyncio.timeout(5):
            while not (heard and mail.box.changed):
                await asyncio.sleep(0.01)
            mail.box.arrive(mail.box.letter("una"))
            while len(heard) < 3:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_it_stops_listening_when_the_line_goes_dead(mail: FakeMail) -> None:
    """Then the host fetches at its usual pace and calls again."""
    heard = asyncio.Event()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(heard.set))
        async with asyncio.timeout(5):
            await heard.wait()
            while not mail.box.changed:
                await asyncio.sleep(0)
            mail.hang_up()
            with pytest.raises(Temporary):
                await task


async def test_a_server_without_idle_is_asked(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """NOOP tells of news too, a little later."""
    monkeypatch.setattr(listening, "NOOP", 0.01)
    mail.capabilities = mail.capabilities.replace(" IDLE", "")
    heard = asyncio.Queue[int]()
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: heard.put_nowait(1)))
        async with asyncio.timeout(5):
            await heard.get()
            mail.box.arrive(mail.box.letter("hola"))
            await heard.get()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_idle_is_asked_for_anew(mail: FakeMail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before servers or routers forget it."""
    monkeypatch.setattr(listening, "AGAIN", 0.01)
    async with at_work(mail) as connector:
        task = asyncio.create_task(connector.listen(lambda: None))
        async with asyncio.timeout(5):
            while mail.calls.count("IDLE") < 3:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# Attachments -----------------------------------------------------------------------


async def test_attachments_come_when_they_are_asked_for(mail: FakeMail) -> None:
    """B3: whole or not at all; found again where the folder was numbered anew; gone is told."""
    made = mail.box.letter("Mirad")
    made.add_attachment(b"%PDF" + b"\0\n=" * 999, maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment("línea\nü=3", filename="nota.txt")
    mail.box.arrive(mail.box.letter("otra"))
    mail.box.arrive(made)
    async with at_work(mail) as connector:
        item = next(one for one in (await read(connector))[0] if one.text == "Mirad")
        pdf, note = item.attachments
        assert (pdf.size, pdf.type, note.name) == (3001, "application/pdf", "nota.txt")
        assert await connector.download(pdf.remote, 3001) == b"%PDF" + b"\0\n=" * 999
        assert (await connector.download(note.remote, 99)).decode().replace(
            "\r\n", "\n"
        ).strip() == "línea\nü=3"
        with pytest.raises(Rejected) as told:
            await connector.download(pdf.remote, 3000)
        assert told.value.code == "too_large"
        del mail.box.folders["INBOX"].letters[0]
        mail.box.folders["INBOX"].renumber()
        assert len(await connector.download(pdf.remote, 3001)) == 3001
        mail.box.folders["INBOX"].letters.clear()
        with pytest.raises(Rejected) as gone:
            await connector.download(pdf.remote, 3001)
    assert gone.value.code == "attachment_gone"


@pytest.mark.parametrize("section", ["", "1.MIME", "HEADER", "1]<0.9> BODY[2", "TEXT"])
async def test_only_parts_can_be_asked_for(mail: FakeMail, section: str) -> None:
    """What was stored is not believed to be what we stored."""
    async with at_work(mail) as connector:
        with pytest.raises(Rejected):
            await connector.download({"folder": "INBOX", "validity": "7", "uid": "1", "section": section}, 99)
