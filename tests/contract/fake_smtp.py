"""A small and strict SMTP submission server: its order is kept, or the letter is refused (RFC 5321, 6409, 4954)."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

from contract.fake_mailbox import ME
from socialdesk.connectors.standin import Trouble

_ANSWERS = {
    Trouble.LIMITED: "421 4.7.0 Try again later, closing connection.",
    Trouble.BROKEN: "451 4.3.0 Mail server temporarily rejected message",
}


class SmtpSession:
    """One connection."""

    def __init__(self, server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader, self.writer = reader, writer
        self.greeted = self.signed_in = False
        self.encrypted = False
        self.sender = ""
        self.recipients: list[str] = []

    async def serve(self) -> None:
        """Talk until the end."""
        if self.server.kind is Trouble.SILENT:
            await asyncio.Event().wait()
        if self.server.kind is Trouble.GARBLED:
            self.say("<html>Sign in to the hotel's network</html>")
            return
        self.say("220 smtp.tienda.test ESMTP")
        while line := await self.reader.readline():
            command, _, rest = line.decode("latin-1").strip().partition(" ")
            self.server.calls.append(f"SMTP {command.upper()}")
            if self.server.kind in _ANSWERS:
                self.say(_ANSWERS[self.server.kind])
                continue
            answer = await self.one(command.upper(), rest)
            if not answer:
                return
            if answer != "-":
                self.say(answer)

    async def one(self, command: str, rest: str) -> str:
        """Answer a command; nothing ends the connection."""
        if command == "EHLO":
            self.greeted = bool(rest)
            self.say("250-smtp.tienda.test")
            self.say("250-SIZE 35882577")
            if self.server.tls is not None and not self.encrypted:
                self.say("250-STARTTLS")
            return "250 AUTH PLAIN XOAUTH2"
        if command == "STARTTLS" and self.server.tls is not None and not self.encrypted:
            self.say("220 2.0.0 Ready to start TLS")
            await self.writer.start_tls(self.server.tls)
            self.encrypted, self.greeted = True, False
            return "-"
        if command == "QUIT" or not self.greeted:
            return "503 5.5.1 EHLO first" if command != "QUIT" else ""
        if command == "AUTH":
            return await self.authenticate(*rest.split(" "))
        if not self.signed_in:
            return "530 5.7.0 Authentication Required"
        if (scripted := self.server.scripted.pop(command, None)) is not None:
            return str(scripted)
        match command:
            case "MAIL":
                self.sender = _address(rest)
                return (
                    "250 2.1.0 OK"
                    if self.sender == ME
                    else "553 5.7.1 Sender address rejected: not owned by user"
                )
            case "RCPT":
                return self.recipient(_address(rest))
            case "DATA":
                return await self.data()
        return "502 5.5.2 Unknown command"

    async def authenticate(self, mechanism: str, given: str = "") -> str:
        """Sign in."""
        self.server.clear_passwords += not self.encrypted
        if not given:
            self.say("334 ")
            given = (await self.reader.readline()).decode().strip()
        words = base64.b64decode(given).decode()
        if mechanism.upper() == "PLAIN":
            _, user, password = words.split("\0")
            right = (user, password) == (self.server.user, self.server.box.password)
        else:
            match = re.fullmatch(r"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", words)
            right = bool(match and match.group(2) in self.server.box.tokens)
            if not right:
                self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
                await self.reader.readline()
        if not right or self.server.kind is Trouble.SIGNED_OUT:
            return "535 5.7.8 Username and Password not accepted"
        self.signed_in = True
        return "235 2.7.0 Accepted"

    def recipient(self, address: str) -> str:
        """Take a recipient."""
        if not self.sender:
            return "503 5.5.1 MAIL first"
        if address.startswith("nadie@"):
            return "550 5.1.1 The email account that you tried to reach does not exist"
        self.recipients.append(address)
        return "250 2.1.5 OK"

    async def data(self) -> str:
        """Take the letter."""
        if not self.recipients:
            return "503 5.5.1 RCPT first"
        self.say("354 Go ahead")
        lines = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            assert len(line) <= 1000, "RFC 5321, 4.5.3.1.6"
            assert line.isascii(), "8BITMIME was not asked for"
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.kind is Trouble.LOST_REQUEST:
            return ""
        if (scripted := self.server.scripted.pop("DOT", None)) is not None:
            return str(scripted)
        self.server.box.take(b"".join(lines))
        self.server.envelopes.append((self.sender, tuple(self.recipients)))
        return "" if self.server.kind is Trouble.LOST_ANSWER else "250 2.0.0 OK"

    def say(self, words: str) -> None:
        """Send a line."""
        if not self.writer.is_closing():
            self.writer.write(words.encode() + b"\r\n")


def _address(rest: str) -> str:
    match = re.search(r"<([^<>]*)>", rest)
    return match.group(1) if match else ""
