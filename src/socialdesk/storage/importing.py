"""Takes in a history from another tool: a stream of JSON, one message a line.

A line is ``{"account", "channel", "conversation", "id", "direction": "in"|"out", "at", "text",
"author": {"handle", "name"}, "reply_to"?, "agent"?, "brand"?, "title"?, "attachments"?: [{"media"?, "name"?,
"description"?, "type"?, "size"?}]}``; ``at`` is ISO 8601 with its offset, unknown keys
are ignored. Accounts that are missing are made, paused: nothing is fetched or sent for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from socialdesk.domain.models import Attachment, Direction, ImportReport, Media
from socialdesk.domain.priority import to_ms
from socialdesk.domain.text import one_line, scrub
from socialdesk.i18n import _
from socialdesk.storage import registering
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import Changes, finish, store
from socialdesk.storage.ledger import Ledger
from socialdesk.storage.quiet import undisturbed

BATCH = 5_000
"""Messages a transaction."""
_MOST_ATTACHMENTS = 50
_LARGEST = 1 << 50
_MEDIA = frozenset(Media)


class BadLine(Exception):
    """A line that is no message; its text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, understood."""

    account: str
    channel: str
    brand: str
    item: Incoming


@dataclass(slots=True)
class _Import:
    database: Database
    now: Callable[[], datetime]
    ledger: Ledger
    sources: dict[str, Source] = field(default_factory=dict)
    brands: dict[int, str] = field(default_factory=dict)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    read: int = 0


def import_history(
    database: Database,
    lines: Iterable[str],
    now: Callable[[], datetime],
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Import every good line, in batches that are committed one by one; ``progress`` is told the lines read."""
    state = _Import(database, now, Ledger(database.path))
    before = _messages(database)
    numbered = enumerate(lines, start=1)
    with undisturbed():
        while batch := list(islice(numbered, BATCH)):
            _take(state, batch)
            state.read = batch[-1][0]
            if progress is not None:
                progress(state.read)
    return ImportReport(state.read, _messages(database) - before, tuple(state.skipped))


def _messages(database: Database) -> int:
    row = database.read().one("SELECT count(*) FROM message")
    assert row is not None
    return int(row[0])


def _take(state: _Import, batch: list[tuple[int, str]]) -> None:
    parsed = list(_parsed(state, batch))
    if not parsed:
        return
    grouped: dict[Source, list[Incoming]] = {}
    with state.database.write() as connection:
        state.ledger.refresh()
        for number, line in parsed:
            try:
                source = _source(state, connection, line)
                _refuse_erased(state, connection, source, line)
                grouped.setdefault(source, []).append(line.item)
            except BadLine as error:
                state.skipped.append((number, str(error)))
        changes = Changes()
        for source, items in grouped.items():
            store(connection, source, items, state.now(), changes)
        finish(connection, changes)


def _parsed(state: _Import, batch: list[tuple[int, str]]) -> Iterator[tuple[int, Line]]:
    for number, text in batch:
        if not text or text.isspace():
            continue
        try:
            yield number, parse(text)
        except BadLine as error:
            state.skipped.append((number, str(error)))


def _source(state: _Import, connection: Connection, line: Line) -> Source:
    """Return the account of a line, made where it is missing."""
    source = state.sources.get(line.account)
    if source is None:
        source = registering.source(connection, line.account)
        if source is None:
            now = state.now()
            registering.add(connection, line.channel, line.account, line.brand, now, paused=True)
            source = registering.source(connection, line.account)
            assert source is not None
        state.sources[line.account] = source
    if source.channel != line.channel:
        raise BadLine(
            _("account {account} is on {channel}").format(account=line.account, channel=source.channel)
        )
    return source


def _refuse_erased(state: _Import, connection: Connection, source: Source, line: Line) -> None:
    """Raise ``BadLine`` for what a person wrote, or was written to, up to their erasure (promise 14)."""
    ledger = state.ledger
    if ledger.empty:
        return
    if source.brand_id not in state.brands:
        found = connection.exec_driver_sql("SELECT name FROM brand WHERE id = ?", (source.brand_id,))
        state.brands[source.brand_id] = str(found.scalar_one())
    item = line.item
    people = {one.id for one in (item.author, item.contact) if one is not None}
    place = (source.channel, state.brands[source.brand_id])
    if ledger.has_item(*place, item.id) or to_ms(item.at) <= ledger.erased_at(
        *place, people, to_ms(state.now()), item.conversation
    ):
        raise BadLine(_("this person was erased from the desk"))


def parse(text: str) -> Line:
    """Read one line; raises ``BadLine``."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadLine(_("not in UTF-8")) from None
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise BadLine(_("not a line of JSON")) from None
    if not isinstance(data, dict):
        raise BadLine(_("not a JSON object"))
    account = _name(data, "account")
    author = _author(data)
    inbound = _direction(data) is Direction.IN
    return Line(
        account,
        _name(data, "channel"),
        _name(data, "brand", account),
        Incoming(
            _id(data, "id"),
            _id(data, "conversation"),
            Direction.IN if inbound else Direction.OUT,
            _moment(data),
            author,
            author if inbound else None,
            scrub(_string(data, "text")),
            reply_to=_id(data, "reply_to", ""),
            agent=_name(data, "agent", ""),
            title=_name(data, "title", ""),
            attachments=_attachments(data),
        ),
    )


def _attachments(data: dict[str, Any]) -> tuple[Attachment, ...]:
    given = data.get("attachments")
    if not given:
        return ()
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadLine(_("{key} is no list of objects").format(key="attachments"))
    return tuple(_attachment(one) for one in given[:_MOST_ATTACHMENTS])


def _attachment(data: dict[str, Any]) -> Attachment:
    media, size = data.get("media"), data.get("size")
    whole = type(size) is int and 0 <= size < _LARGEST
    return Attachment(
        Media(media) if isinstance(media, str) and media in _MEDIA else Media.OTHER,
        _name(data, "name", ""),
        scrub(_string(data, "description", "")),
        _name(data, "type", ""),
        size if whole else None,
    )


def _string(data: dict[str, Any], key: str, default: str | None = None) -> str:
    value = data.get(key, default)
    if value is None and default is not None:
        value = default
    if not isinstance(value, str):
        raise BadLine(_("{key} is missing or not a text").format(key=key))
    return value


def _name(data: dict[str, Any], key: str, default: str | None = None) -> str:
    value = _one_line(_string(data, key, default))
    if not value and default is None:
        raise BadLine(_("{key} is empty").format(key=key))
    return value or default or ""


@lru_cache(maxsize=10_000)
def _one_line(name: str) -> str:
    return one_line(name)


def _id(data: dict[str, Any], key: str, default: str | None = None) -> str:
    value = _string(data, key, default)
    if value != default and (not value or not value.isprintable()):
        raise BadLine(_("{key} is empty or holds control characters").format(key=key))
    return value


def _direction(data: dict[str, Any]) -> Direction:
    value = data.get("direction")
    if value == "in":
        return Direction.IN
    if value == "out":
        return Direction.OUT
    raise BadLine(_("direction must be in or out"))


def _moment(data: dict[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_string(data, "at"))
        if moment.tzinfo is None:
            raise BadLine(_("at has no offset from UTC"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine(_("at is not a time in ISO 8601")) from None


def _author(data: dict[str, Any]) -> Person:
    author = data.get("author")
    if not isinstance(author, dict):
        raise BadLine(_("{key} is missing or not an object").format(key="author"))
    handle = _name(author, "handle")
    return Person(handle, handle, _name(author, "name", ""))
