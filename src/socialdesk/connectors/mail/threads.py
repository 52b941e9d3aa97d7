"""Which letters belong together: by the ids that they name; by subject where they name none.

A conversation is one thread with one customer, so that those who answer the same circular never meet in one.
"""

from __future__ import annotations

import hashlib
import re

from socialdesk.connectors.mail import headers
from socialdesk.connectors.mail.headers import Headers

ORIGINAL = "x-microsoft-original-message-id"
"""Where Microsoft's servers, which give letters another id, keep the one that their writer gave."""
_LAST = 12


def own_id(head: Headers) -> str:
    """Return a letter's own id as its writer gave it, without brackets; "" where it has none."""
    found = headers.ids(headers.all_of(head, ORIGINAL)[:1]) or headers.ids(
        headers.all_of(head, "message-id")[:1]
    )
    return found[0] if found else ""


def above(head: Headers) -> list[str]:
    """Return the ids of the letters above, the thread's first one first."""
    found = headers.ids(headers.all_of(head, "references"))
    parent = headers.ids(headers.all_of(head, "in-reply-to")[:1])
    return [*found, *(one for one in parent[:1] if one not in found)]


def root(head: Headers) -> str:
    """Return the id of the letter that began the thread, as far as this one tells."""
    return next(iter(above(head)), "") or own_id(head)


def is_loose(head: Headers) -> bool:
    """Say whether a look at the mailbox may tell more about its thread than the letter itself does."""
    if headers.ids(headers.all_of(head, "references")):
        return False
    return bool(above(head)) or headers.is_reply(headers.words(headers.first(head, "subject")))


def chain(first: str, ids: list[str], own: str) -> list[str]:
    """Return what an answer refers to: the beginning and the last of those above, and the letter itself."""
    found = [one for one in dict.fromkeys([first, *ids[:1], *ids[-_LAST:], own]) if one]
    return [one for one in found if one != own and not re.search(r"\s", one)] + ([own] if own else [])


def no_id(identity: str) -> str:
    """Return an id for a letter that has none; our answer names it, and the customer's next one repeats it."""
    return f"{identity}@no-id.invalid"


def key(first: str, contact: str) -> str:
    """Return the key of a conversation."""
    if len(first) > 200:
        first = hashlib.sha256(first.encode()).hexdigest()
    return f"{first}|{contact}"


def identity(head: Headers, content: str = "") -> str:
    """Return what tells a letter from all others, wherever it lies: its id, its date and its sender.

    Ids are missing, and given twice by careless programs; without one, ``content`` (of its text) tells it apart.
    """
    own = own_id(head)
    date = headers.moment(headers.first(head, "date"))
    written = str(int(date.timestamp())) if date else headers.first(head, "date")
    sender = next((address.lower() for _name, address in headers.addresses(headers.all_of(head, "from"))), "")
    rest = [] if own else [headers.first(head, "subject"), headers.first(head, "to"), content]
    return mark(own, written, sender, *rest)


def mark(own: str, written: str, sender: str, *rest: str) -> str:
    """Return the identity made of these."""
    return hashlib.sha256(
        "\0".join((own, written, sender, *rest)).encode("utf-8", "surrogatepass")
    ).hexdigest()[:32]
