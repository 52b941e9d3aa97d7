"""A small and strict IMAP server: it refuses what servers refuse, and what this program must never ask fails the test.

IMAP4rev1 (RFC 3501) with IDLE, SPECIAL-USE, SASL-IR left out on purpose, as far as a reader of mail needs it.
"""

from __future__ import annotations

import asyncio
import base64
import re
from datetime import date, datetime
from typing import Any

from contract.fake_mailbox import Folder, Letter, Mailbox
from contract.fake_structure import section, structure
from socialdesk.connectors.standin import Trouble

_TOKENS = re.compile(rb'"((?:[^"\\]|\\.)*)"|\(|\)|(BODY(?:\.PEEK)?\[[^\]]*\](?:<[\d.]+>)?)|([^\s()"]+)')
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n$")


class Refused(Exception):
    """What the server answers with NO or BAD."""


class ImapSession:
    """One connection."""

    def __init__(self, server: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.box: Mailbox = server.box
        self.reader, self.writer = reader, writer
        self.signed_in = False
        self.folder: Folder | None = None
        self.told = 0
        self.encrypted = False
        self.told = 0

    async def serve(self) -> None:
        """Talk until the end."""
        if self.server.kind is Trouble.SILENT:
            await asyncio.Event().wait()
        if self.server.kind is Trouble.GARBLED:
            self.writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Sign in to the hotel's network</html>\r\n"
            )
            return
        self.say(f"* OK [CAPABILITY {self.able()}] ready")
        while (line := await self.line()) is not None:
            tag, _, rest = line.partition(b" ")
            name, _, arguments = rest.partition(b" ")
            command = name.strip().upper().decode("latin-1")
            self.server.calls.append(
                command if command != "UID" else f"UID {arguments.split(b' ')[0].decode('latin-1').upper()}"
            )
            if not await self.one(tag.decode("latin-1"), command, arguments):
                return

    async def one(self, tag: str, command: str, arguments: bytes) -> bool:
        """Answer a command; False ends the connection."""
        match self.server.kind:
            case Trouble.SILENT:
                await asyncio.Event().wait()
            case Trouble.LIMITED:
                self.say(f"{tag} NO [LIMIT] Too many requests from this account")
                return True
            case Trouble.BROKEN:
                self.say(f"{tag} NO [UNAVAILABLE] Temporary internal error")
                return True
            case Trouble.GARBLED:
                self.writer.write(b"<html>Sign in to the hotel's network</html>\r\n")
                return False
        try:
            done = await self.command(command, arguments)
        except Refused as refusal:
            self.say(f"{tag} {refusal}")
            return True
        if command == "LOGOUT":
            self.say("* BYE bye")
            self.say(f"{tag} OK done")
            return False
        self.say(f"{tag} OK {done or 'done'}")
        if command == "STARTTLS":
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True
        return True

    async def command(self, name: str, arguments: bytes) -> str:
        """Carry a command out; returns words for its OK."""
        if name in ("CAPABILITY", "NOOP", "LOGOUT"):
            if name == "CAPABILITY":
                self.say(f"* CAPABILITY {self.able()}")
            if name == "NOOP" and self.folder is not None:
                self.say(f"* {len(self.folder.letters)} EXISTS")
            return ""
        if name == "STARTTLS" and self.server.tls is not None and not self.encrypted:
            return "begin"
        if name in ("AUTHENTICATE", "LOGIN") and not self.encrypted:
            self.server.clear_passwords += 1
        if name == "AUTHENTICATE":
            return await self.authenticate(arguments.strip().upper())
        if name == "LOGIN":
            words = tokens(arguments)
            return self.enter(words[0].decode(), words[1].decode())
        if not self.signed_in:
            raise Refused("BAD not signed in")
        handler = getattr(self, f"do_{name.lower()}", None)
        if handler is None:
            raise Refused(f"BAD unknown command {name}")
        found = handler(arguments)
        return str(await found if asyncio.iscoroutine(found) else found or "")

    def able(self) -> str:
        """What it offers now."""
        more = " STARTTLS" if self.server.tls is not None and not self.encrypted else ""
        return f"{self.server.capabilities}{more}"

    async def authenticate(self, mechanism: bytes) -> str:
        """Sign in by SASL."""
        if f"AUTH={mechanism.decode()}" not in self.server.capabilities:
            raise Refused("NO [CANNOT] no such mechanism")
        self.writer.write(b"+ \r\n")
        given = base64.b64decode((await self.line() or b"").strip())
        if mechanism == b"PLAIN":
            _, user, password = given.decode().split("\0")
            return self.enter(user, password)
        match = re.fullmatch(rb"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", given)
        assert match, "no XOAUTH2"
        if match.group(2).decode() in self.box.tokens:
            self.signed_in = True
            return ""
        self.writer.write(b"+ " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}') + b"\r\n")
        await self.line()
        raise Refused("NO AUTHENTICATE failed.")

    def enter(self, user: str, password: str) -> str:
        """Take or refuse a password."""
        if (
            self.server.kind is Trouble.SIGNED_OUT
            or password != self.box.password
            or user != self.server.user
        ):
            raise Refused("NO [AUTHENTICATIONFAILED] Invalid credentials")
        self.signed_in = True
        return f"[CAPABILITY {self.able()}] signed in"

    # Folders -----------------------------------------------------------------------

    def do_namespace(self, _arguments: bytes) -> None:
        """The one personal namespace."""
        self.say('* NAMESPACE (("" "/")) NIL NIL')

    def do_list(self, arguments: bytes) -> None:
        """The folders."""
        pattern = tokens(arguments)[1].decode()
        for name in self.box.folders:
            special = " \\Sent" if name == "Sent" and self.box.special_use else ""
            if pattern in ("*", name):
                self.say(f'* LIST (\\HasNoChildren{special}) "/" "{name}"')

    def do_select(self, _arguments: bytes) -> None:
        """Never: reading must not change anything."""
        raise AssertionError("a folder was opened for writing")

    def do_examine(self, arguments: bytes) -> str:
        """Open a folder to read."""
        self.folder = self.box.folders.get(tokens(arguments)[0].decode())
        if self.folder is None:
            raise Refused("NO [NONEXISTENT] no such folder")
        self.told = len(self.folder.letters)
        self.say(f"* {self.told} EXISTS")
        self.say("* 0 RECENT")
        self.say("* FLAGS (\\Seen)")
        self.say(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
        self.say(f"* OK [UIDNEXT {self.folder.next}] next")
        return "[READ-ONLY] done"

    async def do_append(self, arguments: bytes) -> str:
        """Put a letter into a folder."""
        match = re.match(rb'("?)([^" ]+)\1 \(([^)]*)\) "([^"]+)" \{(\d+)\+?\}\r\n(.*)$', arguments, re.S)
        assert match, arguments[:100]
        at = datetime.strptime(match.group(4).decode().strip(), "%d-%b-%Y %H:%M:%S %z")
        source = match.group(6)[: int(match.group(5))]
        assert b"\r\n\r\n" in source and b"\n" not in source.replace(b"\r\n", b""), "lines end with CRLF"
        letter = self.box.folders[match.group(2).decode()].add(source, at)
        letter.flags = set(match.group(3).decode().split())
        return "[APPENDUID 9 1] done"

    async def do_idle(self, _arguments: bytes) -> str:
        """Tell of changes until the client has enough."""
        if self.folder is None:
            raise Refused("BAD no folder is open")
        folder = self.folder

        def tell() -> None:
            self.told = len(folder.letters)
            self.say(f"* {self.told} EXISTS")

        self.writer.write(b"+ idling\r\n")
        if len(folder.letters) != self.told:
            tell()  # as servers do of what came in since the folder was opened
        self.box.changed.append(tell)
        try:
            assert (await self.line() or b"DONE\r\n").strip().upper() == b"DONE"
        finally:
            self.box.changed.remove(tell)
        return ""

    # Letters -----------------------------------------------------------------------

    def do_uid(self, arguments: bytes) -> None:
        """Search or fetch, by unique number."""
        if self.folder is None:
            raise Refused("BAD no folder is open")
        name, _, rest = arguments.partition(b" ")
        if name.upper() == b"SEARCH":
            words = [word for word in tokens(rest) if word not in (b"(", b")")]
            if words[:1] == [b"CHARSET"]:
                words = words[2:]
            found = [str(letter.uid) for letter in self.folder.letters if self.fits(letter, list(words))]
            self.say(f"* SEARCH {' '.join(found)}".rstrip())
        elif name.upper() == b"FETCH":
            self.fetch(*rest.split(b" ", 1))
        else:
            raise Refused("BAD what?")

    def fits(self, letter: Letter, words: list[bytes]) -> bool:
        """Say whether a letter meets all the criteria."""
        result = True
        while words:
            result &= self.criterion(letter, words)
        return result

    def criterion(self, letter: Letter, words: list[bytes]) -> bool:
        """Take one criterion from the words and judge it."""
        name = words.pop(0).upper()
        if name == b"UID":
            return letter.uid in self.range(words.pop(0))
        if name == b"SINCE":
            return letter.received.date() >= _day(words.pop(0))
        if name == b"OR":
            left, right = self.criterion(letter, words), self.criterion(letter, words)
            return left or right
        if name == b"HEADER":
            header, wanted = words.pop(0).decode(), words.pop(0).decode()
            return any(wanted.lower() in str(value).lower() for value in letter.head.get_all(header, []))
        if name in (b"FROM", b"TO"):
            wanted = words.pop(0).decode().lower()
            return wanted in str(letter.head.get(name.decode(), "")).lower()
        raise Refused(f"BAD criterion {name.decode()}")

    def range(self, words: bytes) -> set[int]:
        """The numbers in a set; n:* always holds the last one."""
        assert self.folder is not None
        last = max((letter.uid for letter in self.folder.letters), default=0)
        found: set[int] = set()
        for part in words.decode().split(","):
            start, _, end = part.partition(":")
            low, high = (last if one == "*" else int(one) for one in (start, end or start))
            found |= set(range(min(low, high), max(low, high) + 1))
        return found

    def fetch(self, numbers: bytes, wanted: bytes) -> None:
        """Give parts of letters."""
        assert self.folder is not None
        items = [word for word in tokens(wanted.strip()) if word not in (b"(", b")")]
        chosen = self.range(numbers)
        for place, letter in enumerate(self.folder.letters, 1):
            if letter.uid in chosen:
                if letter.uid in self.server.unfetchable and any(b"BODY" in item for item in items):
                    raise Refused("NO [SERVERBUG] this letter cannot be read")
                self.writer.write(f"* {place} FETCH (UID {letter.uid}".encode())
                for item in items:
                    self.writer.write(b" " + self.item(letter, item))
                self.writer.write(b")\r\n")

    def item(self, letter: Letter, item: bytes) -> bytes:
        """One thing that is known of a letter."""
        name = item.upper()
        if name == b"RFC822.SIZE":
            return f"RFC822.SIZE {len(letter.source)}".encode()
        if name == b"INTERNALDATE":
            return f'INTERNALDATE "{letter.received:%d-%b-%Y %H:%M:%S %z}"'.encode()
        if name == b"BODYSTRUCTURE":
            return b"BODYSTRUCTURE " + bytes(self.server.structure(letter.source))
        match = re.fullmatch(rb"BODY\.PEEK\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", name)
        assert match, f"{item!r} would mark the letter as read"
        data = section(letter.source, match.group(1).decode())
        origin = b""
        if match.group(2):
            start, most = int(match.group(2)), int(match.group(3))
            data, origin = data[start : start + most], b"<%d>" % start
        self.server.carried += len(data)
        return b"BODY[%s]%s {%d}\r\n%s" % (match.group(1), origin, len(data), data)

    # The line ------------------------------------------------------------------------

    def say(self, words: str) -> None:
        """Send a line."""
        if not self.writer.is_closing():
            self.writer.write(words.encode() + b"\r\n")

    async def line(self) -> bytes | None:
        """Read a command with its literals; None at the end."""
        line = await self.reader.readline()
        if not line:
            return None
        while match := _LITERAL.search(line):
            if not match.group(2):
                self.writer.write(b"+ go on\r\n")
            line += await self.reader.readexactly(int(match.group(1)))
            line += await self.reader.readline()
        return line[:-2] if line.endswith(b"\r\n") else line


def tokens(words: bytes) -> list[bytes]:
    """Split arguments: atoms, quoted strings, parentheses; literals count as they are."""
    match = re.match(rb"^(.*?)\{(\d+)\+?\}\r\n(.*)$", words, re.S)
    if match:
        size = int(match.group(2))
        return [*tokens(match.group(1)), match.group(3)[:size], *tokens(match.group(3)[size:])]
    found = []
    for one in _TOKENS.finditer(words):
        quoted, body, atom = one.groups()
        found.append(re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else body or atom or one.group())
    return found


def _day(words: bytes) -> date:
    return datetime.strptime(words.decode(), "%d-%b-%Y").date()  # noqa: DTZ007  # a day of the server's own


__all__ = ["ImapSession", "Refused", "structure"]
