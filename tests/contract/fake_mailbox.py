"""A mailbox and the mail system around it, for the strict stand-ins of its servers."""

from __future__ import annotations

import email
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.errors import AuthRequired

ME = "info@tienda.test"
ANA = "ana@cliente.test"
PASSWORD = canary("mailpassword", '-ñ"&\\')
REFRESH = canary("mailrefresh")


@dataclass
class Letter:
    """A letter in a folder."""

    uid: int
    received: datetime
    source: bytes
    flags: set[str] = field(default_factory=set)

    @property
    def head(self) -> Any:
        """Its headers."""
        return email.message_from_bytes(self.source, policy=policy.compat32)


@dataclass
class Folder:
    """A folder; its numbers only grow, until it is numbered anew."""

    name: str
    validity: int = 7
    next: int = 1
    letters: list[Letter] = field(default_factory=list)

    def add(self, source: bytes, at: datetime) -> Letter:
        """Put a letter in."""
        letter = Letter(self.next, at, source)
        self.next += 1
        self.letters.append(letter)
        return letter

    def renumber(self) -> None:
        """Number all letters anew, as after a server was restored."""
        self.validity += 1
        for number, letter in enumerate(self.letters, 1):
            letter.uid = number
        self.next = len(self.letters) + 1


@dataclass
class Mailbox:
    """One brand's mailbox, with what its servers have taken to be sent."""

    clock: ManualClock
    folders: dict[str, Folder] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    password: str = PASSWORD
    tokens: set[str] = field(default_factory=set)
    keeps_sent: bool = False
    number: int = 0
    changed: list[Callable[[], None]] = field(default_factory=list)
    special_use: bool = True

    def __post_init__(self) -> None:
        """Every mailbox has these."""
        for name in ("INBOX", "Sent"):
            self.folders.setdefault(name, Folder(name, 7 if name == "INBOX" else 9))

    def letter(self, text: str, *, sender: str = f"Ana García <{ANA}>", **more: str | None) -> EmailMessage:
        """Write a letter to the brand; further headers by their names with ``_`` for ``-``, None leaves one out."""
        self.number += 1
        made = EmailMessage(policy=policy.SMTP)
        values: dict[str, str | None] = {
            "From": sender,
            "To": ME,
            "Subject": "Una pregunta",
            "Date": format_datetime(self.clock.now()),
            "Message-ID": f"<letter{self.number}@cliente.test>",
        }
        values |= {name.replace("_", "-"): value for name, value in more.items()}
        for name, value in values.items():
            if value is not None:
                made[name] = value
        made.set_content(text)
        return made

    def arrive(self, letter: EmailMessage | bytes | str, folder: str = "INBOX") -> Letter:
        """A letter comes in."""
        if isinstance(letter, str):
            letter = letter.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        source = letter if isinstance(letter, bytes) else letter.as_bytes()
        added = self.folders[folder].add(source, self.clock.now().replace(microsecond=0))
        for tell in list(self.changed):
            tell()
        return added

    def take(self, source: bytes) -> None:
        """The sending server has taken a letter."""
        self.taken.append(source)
        if self.keeps_sent:
            self.folders["Sent"].add(source, self.clock.now().replace(microsecond=0))

    def sent(self) -> list[str]:
        """The texts of what was taken."""
        return [_text(source) for source in self.taken]


def _text(source: bytes) -> str:
    letter: Any = email.message_from_bytes(source, policy=policy.default)
    return str(letter.get_content()).replace("\r\n", "\n").rstrip("\n")


class MailVault:
    """Secrets and session of one account, in memory."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = dict(secrets or {"password": PASSWORD})
        self.kept: dict[str, str] = {}

    async def secret(self, name: str) -> str:
        """Return a secret; there may be none of that name."""
        if name not in self.secrets:
            raise AuthRequired(name, code="secret")
        return self.secrets[name]

    async def load_session(self) -> dict[str, str]:
        """Return what was stored."""
        return dict(self.kept)

    async def save_session(self, session: Mapping[str, str]) -> None:
        """Store it."""
        self.kept = dict(session)
