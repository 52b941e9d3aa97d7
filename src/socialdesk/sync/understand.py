"""From a connector's items to the desk's own: checked, scrubbed, nothing of the plugin's left inside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from importlib import metadata
from itertools import islice

from socialdesk import __version__
from socialdesk.connectors import contract
from socialdesk.connectors.contract import Author, Connector, Item, Page, Raw
from socialdesk.domain.models import Attachment, Media
from socialdesk.domain.text import MAX_BYTES, one_line, preview, scrub
from socialdesk.errors import PluginError
from socialdesk.logs import safe_detail
from socialdesk.storage.inbox import Given, Stored, Understood, as_json
from socialdesk.storage.incoming import Incoming, Person

_LONGEST_ID = 2048
_LONGEST_NAME = 256
_MOST_REACH = 1 << 40
_LONGEST_TITLE = 1_000
"""Characters; a subject of mail has 998 in a line (RFC 5322, 2.1.1)."""
_LONGEST_DESCRIPTION = 10_000
_MOST_ATTACHMENTS = 50
_LARGEST = 1 << 50
_LONGEST_REMOTE = 16_384
_TYPE = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}", re.ASCII)


def version_of(connector: type[Connector]) -> str:
    """Return which version of socialdesk and of the plugin understands items now."""
    package = connector.__module__.partition(".")[0]
    try:
        plugin = metadata.version(package)
    except metadata.PackageNotFoundError:
        plugin = str(getattr(connector, "version", ""))
    return f"{__version__} {connector.name} {plugin}".strip()


def given(page: Page) -> list[Given]:
    """Return the page's items as they are stored; one that is not JSON is kept as its description and quarantined later."""
    if not isinstance(page, Page) or not isinstance(page.cursor, str):
        raise PluginError("fetch returned no page")
    return [_given(raw) for raw in page.items]


def _given(raw: Raw) -> Given:
    try:
        payload = as_json(raw.payload)
    except (TypeError, ValueError, RecursionError):
        payload = as_json({"unusable": repr(raw.payload)[:65536]})
    name = raw.id if isinstance(raw.id, str) else repr(raw.id)
    name = name.encode("utf-8", "replace").decode()
    if not 0 < len(name) <= _LONGEST_ID:
        name = f"sha256:{sha256(payload.encode()).hexdigest()}"
    return Given(name, payload)


def understand(connector: Connector, stored: Stored) -> Understood:
    """Return the messages of one raw item, or why there are none to have; never raises."""
    try:
        items = connector.parse(Raw(stored.id, json.loads(stored.payload)))
        return Understood(stored.row, tuple(_incoming(item) for item in items))
    except Exception as error:
        reason = safe_detail(f"{type(error).__name__}: {error}")
        return Understood(stored.row, error=reason or type(error).__name__)


def _incoming(item: Item) -> Incoming:
    if item.at.tzinfo is None or (item.edited_at is not None and item.edited_at.tzinfo is None):
        raise PluginError("a time without a zone")
    return Incoming(
        id=_id(item.id),
        conversation=_id(item.conversation),
        direction=item.direction,
        at=item.at,
        author=_person(item.author),
        contact=_person(item.contact),
        text=scrub(item.text),
        kind=item.kind,
        private=bool(item.private),
        reply_to=_text(item.reply_to),
        language=_language(item.language),
        url=one_line(item.url)[:_LONGEST_ID],
        context=bool(item.context),
        deleted=bool(item.deleted),
        edited_at=item.edited_at,
        remote=_strings(item.remote),
        title=_short(item.title, _LONGEST_TITLE),
        attachments=_attachments(item.attachments),
        answer_until=_aware(item.answer_until),
        rating=item.rating if type(item.rating) is int and 1 <= item.rating <= 5 else None,
    )


def _aware(moment: datetime | None) -> datetime | None:
    """Return a moment that can be believed; the message must not be lost for nonsense beside it."""
    known = isinstance(moment, datetime) and moment.utcoffset() is not None and 1971 < moment.year < 9000
    return moment if known else None


def _language(text: str) -> str:
    """Return the two letters of a language; whatever else a network says is no name of one, nor of a folder."""
    code = one_line(text)[:2].lower()
    return code if code.isascii() and code.isalpha() else ""


def _person(author: Author) -> Person:
    reach = author.reach if isinstance(author.reach, int) and 0 <= author.reach < _MOST_REACH else None
    return Person(_id(author.id), _name(author.handle), _name(author.name), bool(author.robot), reach)


def _name(text: str) -> str:
    return one_line(text[: _LONGEST_NAME * 8])[:_LONGEST_NAME]


def _attachments(given: Sequence[contract.Attachment]) -> tuple[Attachment, ...]:
    """Return what can be understood of attachments: the message must not be lost for nonsense beside it."""
    if not isinstance(given, list | tuple):
        return ()
    told = (one for one in given if isinstance(one, contract.Attachment))
    return tuple(_attachment(one) for one in islice(told, _MOST_ATTACHMENTS))


def _attachment(one: contract.Attachment) -> Attachment:
    media = Media(one.media) if one.media in _MEDIA else Media.OTHER
    whole = type(one.size) is int and 0 <= one.size < _LARGEST
    described = scrub(one.description[:MAX_BYTES]) if isinstance(one.description, str) else ""
    kind = one.type.lower() if isinstance(one.type, str) and _TYPE.fullmatch(one.type) else ""
    return Attachment(
        media,
        _file_name(one.name),
        described[:_LONGEST_DESCRIPTION].strip(),
        kind,
        one.size if whole else None,
        _address(one.remote),
    )


_MEDIA = frozenset(Media)


def _address(remote: Mapping[str, str]) -> dict[str, str]:
    """Return what fetches an attachment; nothing where that is no few strings."""
    try:
        strings = _strings(remote)
        fits = len(json.dumps(strings)) <= _LONGEST_REMOTE
        json.dumps(strings, ensure_ascii=False).encode()  # a lone surrogate cannot be stored
    except (PluginError, AttributeError, TypeError, ValueError):
        return {}
    return strings if fits else {}


def _file_name(text: object) -> str:
    """Return a name with its ending, whatever has to go between: that tells what a file is."""
    if not isinstance(text, str):
        return ""
    line = one_line(
        text if len(text) <= 8 * _LONGEST_NAME else text[: 4 * _LONGEST_NAME] + text[-_LONGEST_NAME:]
    )
    return line if len(line) <= _LONGEST_NAME else one_line(f"{line[: _LONGEST_NAME - 33]}…{line[-32:]}")


def _short(text: str, limit: int) -> str:
    return preview(text[: limit * 8], limit) if isinstance(text, str) else ""


def _id(value: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise PluginError("an id that is empty, too long or no text")
    return _text(value)


def _text(value: str) -> str:
    value.encode()  # a lone surrogate cannot be stored
    return value


def _strings(values: Mapping[str, str]) -> dict[str, str]:
    if not all(isinstance(part, str) for pair in values.items() for part in pair):
        raise PluginError("remote holds something else than text")
    return dict(values)
