"""Letters that no person wrote: bounces, absences, newsletters, receipts. They are shown, and get no automatic answer.

Sources: RFC 3834 (Auto-Submitted), RFC 3464 (delivery reports), RFC 2919 (List-Id), and what servers do besides.
"""

from __future__ import annotations

import re
from typing import Any

from socialdesk.connectors.mail import headers
from socialdesk.connectors.mail.headers import Headers

_MARKS = (
    "list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress",
    "x-failed-recipients", "x-loop", "feedback-id", "x-mailer-daemon", "x-ms-exchange-generated-message-source",
)  # fmt: skip
_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|noresponder|bounces?|daemon|nobody)(?:[-_.+=].*)?",
    re.I,
)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*(?:[\w-]+\s*;)?\s*<?([^\s<>;]+@[^\s<>;]+?)>?\s*$", re.I | re.M
)


def is_robot(head: Headers, node: dict[str, Any], address: str) -> bool:
    """Say whether no person sent this letter, or one to very many at once."""
    submitted = headers.first(head, "auto-submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if headers.first(head, "precedence").lower() in _PRECEDENCE or headers.first(head, "return-path") == "<>":
        return True
    if any(headers.all_of(head, name) for name in _MARKS) or node.get("type") == "multipart/report":
        return True
    return bool(_NOBODY.fullmatch(address.partition("@")[0]))


def failed_recipient(node: dict[str, Any]) -> str:
    """Return to whom a bounce says that our letter did not get; "" where it is no bounce or does not say."""
    if node.get("type") != "multipart/report":
        head = node.get("headers") or []
        found = headers.addresses(headers.all_of(head, "x-failed-recipients"))
        return found[0][1] if found else ""
    for part in flat(node):
        if part.get("type") in ("message/delivery-status", "message/global-delivery-status"):
            match = _RECIPIENT.search(str(part.get("text", "")))
            if match:
                return match.group(1).strip()
    return ""


def returned(node: dict[str, Any]) -> Headers:
    """Return the headers of the letter that a bounce brings back, as far as it does."""
    for part in flat(node):
        if part.get("type") == "text/rfc822-headers":
            return _parsed(str(part.get("text", "")))
        if part.get("type") == "message/rfc822":
            inner = [one for one in part.get("parts") or [] if isinstance(one, dict)]
            return inner[0].get("headers") or [] if inner else []
    return []


def flat(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a node and all below it, in their order, but nothing inside enclosed letters."""
    found = [node]
    if node.get("type") != "message/rfc822":
        for part in node.get("parts") or []:
            if isinstance(part, dict):
                found += flat(part)
    return found


def _parsed(lines: str) -> Headers:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", lines)
    pairs = (line.partition(":") for line in unfolded.splitlines())
    return [[name.strip(), value.strip()] for name, colon, value in pairs if colon]
