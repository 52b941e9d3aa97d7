"""Header lines as they really come: encoded words, raw eight-bit bytes, folded ids, addresses nobody would believe.

The values are those of the payload: each character one byte, as the server gave them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from socialdesk.connectors.mail.charsets import decoded, readable

Headers = Sequence[Sequence[str]]
_ID = re.compile(r"<([^<>]{1,1000})>")
_ADDRESS = re.compile(r"[^\s<>\"(),:;@\[\]\\]{1,64}@[^\s<>\"(),:;@\\]{1,255}")
_PREFIX = re.compile(
    r"\s*(?:re|rv|resp|r|aw|antw|antwort|sv|vs|ref|odp|ynt|res)(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：]", re.I
)
_FORWARD = re.compile(r"\s*(?:fwd?|rv|wg|tr|i|enc|doorst)\s*[:：]", re.I)


def all_of(headers: Headers, name: str) -> list[str]:
    """Return the values of all headers of that name."""
    return [pair[1] for pair in headers if len(pair) == 2 and pair[0].lower() == name]


def first(headers: Headers, name: str) -> str:
    """Return the first value of that name, unfolded; "" where there is none."""
    return next((re.sub(r"[\r\n]+", "", value).strip() for value in all_of(headers, name)), "")


def words(value: str) -> str:
    """Return a header's text for people."""
    value = readable(re.sub(r"\r?\n[ \t]*", " ", value))
    if "=?" not in value:
        return value.strip()
    try:
        parts = decode_header(value)
    except Exception:  # nothing in a header may cost the letter
        return value.strip()
    text = "".join(
        part if isinstance(part, str) else decoded(part, charset or "ascii") for part, charset in parts
    )
    return re.sub(r"\s+", " ", text).strip() or value.strip()


def addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return the addresses with their names; what is no address is left out."""
    values = [re.sub(r"[\r\n]+", "", value) for value in values]
    try:
        found = [(name, address) for name, address in getaddresses(values) if _ADDRESS.fullmatch(address)]
    except Exception:
        found = []
    if not found:
        found = [("", address) for value in values for address in _ADDRESS.findall(value)]
    return [(words(name).strip("'\" "), readable(address)) for name, address in found]


def ids(values: Iterable[str]) -> list[str]:
    """Return the message ids named in headers, without brackets and folding, each once."""
    found: dict[str, None] = {}
    for value in values:
        flat = readable(re.sub(r"[\r\n]+", "", value))
        for one in _ID.findall(flat) or [token for token in flat.split() if "@" in token]:
            found[re.sub(r"\s+", "", one)[:500]] = None
    found.pop("", None)
    return list(found)


def moment(value: Any) -> datetime | None:
    """Return the moment of a Date header, in UTC; None where it is none."""
    try:
        found = parsedate_to_datetime(str(value).strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def is_reply(subject: str) -> bool:
    """Say whether a subject begins as answers' do."""
    return bool(_PREFIX.match(subject))


def bare(subject: str) -> str:
    """Return the subject without what answering and forwarding put before it."""
    for _ in range(20):
        match = _PREFIX.match(subject) or _FORWARD.match(subject)
        if match is None:
            break
        subject = subject[match.end() :]
    return re.sub(r"\s+", " ", subject).strip()
