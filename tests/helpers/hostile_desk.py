"""A desk in which every word that somebody else may write is hostile (promise 9).

``fill`` takes the doors by which such words come in: networks and plugins through what understands them, people
through the desk, files as files. ``spoil`` writes straight into the desk file, past all that cleans: a desk of another
program, or a hole in a door.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

from helpers.hostile import Payload
from socialdesk import paths
from socialdesk.clock import Clock, SystemClock
from socialdesk.config import Answering, ApprovalSettings, Config
from socialdesk.configfile import read
from socialdesk.connectors.contract import Attachment, Author, Connector, Identity, Item, Page, Raw, Rejected
from socialdesk.desk import Desk
from socialdesk.domain.models import AccountState, Act, ActState, Delivery, Direction, Kind, Media
from socialdesk.storage import acts, inbox, standing
from socialdesk.storage.database import Database
from socialdesk.storage.steps import move
from socialdesk.sync import trouble, understand

DUE = timedelta(hours=3)


def mark(number: int) -> str:
    """Return what the texts of that payload begin with, to be found again."""
    return f"b{number:02}"


class Stranger:
    """A plugin that hands over whatever the network said, and fails with the network's words."""

    name = "demo"

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Make a message of it, or break down."""
        said = raw.payload["text"]
        if raw.payload.get("bad"):
            raise ValueError(said)
        who = Author(raw.payload["who"], said, said, reach=20)
        at = SystemClock().now() - timedelta(minutes=raw.payload["minutes"])
        return [
            Item(
                raw.id,
                raw.payload["who"],
                Direction.IN,
                at,
                who,
                who,
                f"{said}\nhttps://e.example/{said}",
                Kind.MENTION,
                private=bool(raw.payload["minutes"] % 2),
                url=f"https://e.example/{said}",
                language=said,
                title=said,
                attachments=[
                    Attachment(
                        Media.IMAGE, said, said, said, remote={said: said} if said.isprintable() else {}
                    ),
                    Attachment(Media.FILE, said, "", said, 7, {"id": "1"}),
                ],
            )
        ]


class HostileDesk:
    """Fills the desk of this test's home."""

    def __init__(self, payloads: Sequence[Payload], clock: Clock | None = None) -> None:
        self.payloads = payloads
        self.clock = clock or SystemClock()
        self.home = paths.find()
        self.file = self.home.database
        self.database = Database(self.file)
        self.desk = Desk(self.database, self.clock, Config(agent="eva"))
        self.conversations: list[int] = []

    def text(self, number: int) -> str:
        """Return a payload behind its mark."""
        return mark(number) + self.payloads[number].text

    def line(self, number: int) -> str:
        """Return what may be seen of it on one line."""
        return mark(number) + self.payloads[number].line

    def fill(self) -> None:
        """Let every payload in by every door."""
        write_files(self.home.config_file, [self.text(n) for n in range(len(self.payloads))])
        self.desk.adopt_policy(read(self.home.config_file).policy)
        for number in range(len(self.payloads)):
            text = self.text(number)
            name = self._account(number, text)
            conversation = self._hear(name, number, text)
            self.conversations.append(conversation)
            self._answer(conversation, number, text)
            self._trouble(name, number, text)

    def _account(self, number: int, text: str) -> str:
        """Sign in to an account of which the network says hostile things; its name and brand are a person's."""
        line = self.line(number)
        self.desk.add_account("demo", line, f"{line} & Co", {"channel": "demo"}, {}, None)
        self.desk.sign_in(line, {}, Identity(f"id-{text}", text, text, (text,)))
        return line

    def _hear(self, account: str, number: int, text: str) -> int:
        found = next(one for one in self.desk.accounts() if one.name == account)
        good = {"text": text, "who": f"who-{number}", "minutes": number + 3}
        bad = {**good, "bad": True}
        page = Page([Raw(f"r{number}", good), Raw(text, bad)], text)
        stranger = cast("Connector", Stranger())
        with self.database.write() as connection:
            inbox.store_page(connection, found.id, understand.given(page), page.cursor, self.clock.now())
        waiting = inbox.pending(self.database.read(), found.id, "1")
        known = [understand.understand(stranger, one) for one in waiting]
        with self.database.write() as connection:
            return next(iter(inbox.take_in(connection, found, known, "1", self.clock.now())))

    def _answer(self, conversation: int, number: int, text: str) -> None:
        """Answer with it, in all the ways in which an answer can stand there afterwards."""
        desk, now = self.desk, self.clock.now()
        refused = trouble.of_attempt(Rejected(text), left=False)
        broken = trouble.of_attempt(RuntimeError(text), left=True)
        for verdict in (refused, broken):
            reply = desk.reply(conversation, text, now=True)
            steps = [Delivery.QUEUED, Delivery.SENDING, verdict.target]
            if verdict.target is Delivery.UNKNOWN:
                steps.append(Delivery.NEEDS_PERSON)
            with self.database.write() as connection:
                for current, target in itertools.pairwise(steps):
                    move(connection, reply.id, current, target, reason=verdict.code, detail=verdict.detail)
        asking = Config(
            agent=self.line(number),
            answering={"": Answering(approval=True)},
            approval=ApprovalSettings(people=("eva", self.line(number))),
        )
        Desk(self.database, self.clock, asking).reply(conversation, text)
        with self.database.write() as connection:
            newest = acts.newest(self.database.read(), conversation)
            assert newest is not None
            acts.queue(connection, conversation, newest, Act.BLOCK, now, now + DUE, self.line(number))
            number_of = acts.queue(connection, conversation, newest, Act.LIKE, now, now, text)
            job = acts.Job(number_of, conversation, newest, Act.LIKE, False, 0, text, now, {})
            acts.settle(connection, job, ActState.FAILED, now, refused.code, refused.detail)
        desk.add_commitment(conversation, text, now + DUE)
        desk.start_protocol(conversation, f"p{number}")
        desk.set_tags(conversation, [self.line(number)])
        desk.save_draft(conversation, text)

    def _trouble(self, account: str, number: int, text: str) -> None:
        found = next(one for one in self.desk.accounts() if one.name == account)
        why = trouble.of_account(RuntimeError(text) if number % 2 else Rejected(text))
        with self.database.write() as connection:
            standing.note_trouble(
                connection, found.id, why.state, why.code, why.detail, 1, self.clock.now() + DUE
            )
            if number % 3 == 0:
                state = AccountState.OK
                standing.note_trouble(connection, found.id, state, "", "", 0, self.clock.now() + DUE)

    def spoil(self) -> None:
        """Write the payloads into every column that is shown, past every door."""
        self.close()
        texts = [self.text(number) for number in range(len(self.payloads))]
        with sqlite3.connect(self.file) as file:
            file.create_function("hostile", 1, lambda row: texts[int(row) % len(texts)], deterministic=True)
            for table, columns in COLUMNS.items():
                changed = ", ".join(f"{column} = {how}" for column, how in columns.items())
                file.execute(f"UPDATE {table} SET {changed}")
        file.close()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


_ANY = "hostile(rowid)"
_ONLY = "rowid || hostile(rowid)"
_LIST = "json_array(hostile(rowid))"
COLUMNS: dict[str, dict[str, str]] = {
    "brand": {"name": _ONLY},
    "account": {"name": _ONLY, "handle": _ANY, "detail": _ANY, "problem": _ANY, "lacking": _LIST, "channel": _ANY},
    "contact": {"handle": _ANY, "name": _ANY, "tags": _ANY},
    "conversation": {"preview": _ANY, "channel": _ANY, "situation": _ANY, "language": _ANY},
    "message": {"handle": _ANY, "name": _ANY, "text": _ANY, "url": _ANY, "agent": _ANY, "title": _ANY},
    "attachment": {"name": _ANY, "description": _ANY, "type": _ANY},
    "act": {"reason": _ANY, "detail": _ANY, "agent": _ANY},
    "raw_item": {"error": _ANY, "remote_id": _ONLY, "payload": _ANY},
    "draft": {"text": _ANY},
    "outbox": {"text": _ANY, "agent": _ANY, "detail": _ANY, "url": _ANY, "whole": _ANY},
    "commitment": {"text": _ANY, "agent": _ANY},
    "protocol_run": {"agent": _ANY},
}  # fmt: skip
"""The columns whose words somebody else may have written, and by what they are spoilt."""


def write_files(config: Path, texts: Sequence[str]) -> None:
    """Write settings, replies, facts, protocols and calendars that say hostile things, some of them past use."""
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(settings(texts), encoding="utf-8")
    for folder in ("replies", "facts", "protocols"):
        (config.parent / folder).mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        said = quoted(text)
        shown = number % 2
        write(config.parent / "replies" / f"r{number}.toml", [f'situation = "h{number}"', 'language = "en"', f"title = {said}",
            f"keywords = {said}", "[[understand]]", f"text = {said}"])  # fmt: skip
        write(config.parent / "facts" / f"f{number}.toml", ["[[fact]]", f'name = "f{number}"', f"label = {said}", f"text = {said}"])  # fmt: skip
        write(config.parent / "protocols" / f"p{number}.toml", [f'id = "p{number}"', 'language = "en"', f"title = {said}",
            f"words = [{said}]", f"in_charge = {said}", "[[step]]", f"do = {said}", f"say = {said}", f"who = {said}"])  # fmt: skip
        if shown:
            write(config.parent / "facts" / f"{file_name(text)}.toml", [f"{said} = {said}"])


def settings(texts: Sequence[str]) -> str:
    """Return a config.toml whose names are hostile; calls of the desk are off, so that none hides another's."""
    lines = ['theme = "dark"', "[signals]", "bell = false", "notify = true", "title = true"]
    lines += ["[promises]", 'default = "1h"']
    for number, text in enumerate(texts):
        lines += ["[[views]]", f"name = {quoted(f'v{number} {text}')}", f"brand = {quoted(text)}"]
        lines += [
            "[[situation]]",
            f'id = "s{number}"',
            f"label = {quoted(text)}",
            f"words = [{quoted(text)}]",
        ]
        day = f"2027-{number % 12 + 1:02}-{number % 28 + 1:02}"
        lines += [
            f"[calendars.{quoted(f'c{number} {text}')}]",
            'zone = "Europe/Madrid"',
            'mon = "10:00-14:00"',
        ]
        lines += [f"local_days = [{quoted(f'{day[5:]} {text}')}]", f"closed = [{quoted(f'{day} {text}')}]"]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    code = ord(letter)
    if letter in '"\\' or code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\u{code:04x}"
    return letter


def file_name(text: str) -> str:
    """Return a text as the name of a file."""
    return text.replace("/", "_").replace("\0", "_")[:60]


def write(path: Path, lines: Sequence[str]) -> None:
    """Write a file."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
