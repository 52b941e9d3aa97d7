"""Reading letters out of a folder: in the connection's thread, for ``wire``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.exceptions import IMAPClientAbortError  # type: ignore[import-untyped]

from socialdesk.connectors.mail import headers, payload, structure, threads
from socialdesk.connectors.mail.places import Place
from socialdesk.connectors.mail.structure import UNREADABLE

WHOLE = 256 * 1024
"""Bytes up to which a letter is read whole, to have its words; of a larger one only the words are read."""
BATCH, BATCH_BYTES = 50, 4 * 1024 * 1024
FIRST = timedelta(days=14)
"""How far back the first visit goes."""
AGAIN = timedelta(days=14)
"""How far back before the newest known letter a folder is read again that was numbered anew."""
_LOOKS = 3


class Folder:
    """A folder that was opened, read only."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name
        told = client.select_folder(name, readonly=True)
        self.validity = int(told.get(b"UIDVALIDITY") or 0)
        self._next = int(told.get(b"UIDNEXT") or 0)
        self._exists = int(told.get(b"EXISTS") or 0)

    def new(self, place: Place | None, now: datetime) -> tuple[list[int], Place]:
        """Return the numbers of letters that were not read yet, oldest first, and the place to start from."""
        if place is not None and place.validity == self.validity:
            if not self._exists or 0 < self._next <= place.uid + 1:
                return [], place
            found = self._client.search(["UID", f"{place.uid + 1}:*"])
            return sorted(uid for uid in found if uid > place.uid), place  # n:* always names the last one
        newest = place.moment() if place is not None else None
        since = newest - AGAIN if newest is not None else now - FIRST
        start = Place(self.validity, 0, place.at if place is not None else "")
        if not self._exists:
            return [], start
        return sorted(self._client.search(["SINCE", (since - timedelta(days=1)).date()])), start

    def read(self, uids: Sequence[int]) -> tuple[list[dict[str, Any]], list[int]]:
        """Return the first of these letters, as many as fit a page, and the numbers of the rest."""
        facts = self._asked(uids[:BATCH], ["RFC822.SIZE", "INTERNALDATE"])
        taken: list[int] = []
        size = 0
        for uid in uids[:BATCH]:
            size += min(int(facts.get(uid, {}).get(b"RFC822.SIZE") or 0), WHOLE)
            if taken and size > BATCH_BYTES:
                break
            taken.append(uid)
        small = [uid for uid in taken if int(facts.get(uid, {}).get(b"RFC822.SIZE") or 0) <= WHOLE]
        bodies = self._asked(small, ["BODY.PEEK[]"])
        found = [
            self._letter(uid, facts[uid], bodies.get(uid, {}).get(b"BODY[]")) for uid in taken if uid in facts
        ]
        return found, list(uids[len(taken) :])

    def _asked(self, uids: Sequence[int], items: list[str]) -> dict[int, Any]:
        """Return what is known of these letters; one that the server or the library fails on costs no other."""
        if not uids:
            return {}
        try:
            return dict(self._client.fetch(list(uids), items))
        except IMAPClientAbortError:
            raise
        except UNREADABLE:
            if len(uids) == 1:
                return {}
            return {uid: facts for one in uids for uid, facts in self._asked([one], items).items()}

    def _letter(self, uid: int, facts: Any, body: Any) -> dict[str, Any]:
        received = facts.get(b"INTERNALDATE")
        size = int(facts.get(b"RFC822.SIZE") or 0)
        if not isinstance(body, bytes):
            node = structure.read(self._client, uid) if size > WHOLE else {}
        else:
            node = payload.tree(body)
        stamp = received.astimezone(UTC).isoformat() if isinstance(received, datetime) else ""
        return {
            "folder": self.name,
            "validity": self.validity,
            "uid": uid,
            "received": stamp,
            "size": size,
            "node": node,
        }

    def has(self, message_id: str) -> list[int]:
        """Return the letters of that id; also where the server has given it another one."""
        if not message_id or not message_id.isascii():
            return []
        return sorted(self._client.search(["HEADER", "Message-ID", message_id])) or sorted(
            self._client.search(["HEADER", threads.ORIGINAL, message_id])
        )


def root_of(client: Any, folders: Sequence[str], head: headers.Headers, contact: str) -> str:
    """Return the id that begins the thread of a letter which names its parent at most; "" where nothing is found."""
    found = ""
    for _ in range(_LOOKS):
        above = threads.above(head)
        parent = _by_id(client, folders, above[0]) if above else _by_subject(client, folders, head, contact)
        if parent is None:
            return found
        head, found = parent, threads.root(parent)
        if not threads.is_loose(head) or not threads.above(head):
            return found
    return found


def _by_id(client: Any, folders: Sequence[str], wanted: str) -> headers.Headers | None:
    for name in folders:
        found = Folder(client, name).has(wanted)
        if found:
            return _head(client, found[:1]).get(found[0])
    return None


def _by_subject(
    client: Any, folders: Sequence[str], head: headers.Headers, contact: str
) -> headers.Headers | None:
    """Return the oldest letter of the last weeks with this customer and this subject."""
    subject = headers.bare(headers.words(headers.first(head, "subject")))
    written = headers.moment(headers.first(head, "date"))
    if not subject or written is None or not contact.isascii():
        return None
    for name in folders:
        Folder(client, name)
        since = (written - FIRST).date()
        found = sorted(client.search(["SINCE", since, "OR", "FROM", contact, "TO", contact]))[-BATCH:]
        for _uid, other in sorted(_head(client, found).items()):
            same = (
                headers.bare(headers.words(headers.first(other, "subject"))).casefold() == subject.casefold()
            )
            before = headers.moment(headers.first(other, "date"))
            if same and before is not None and before < written:
                return other
    return None


def _head(client: Any, uids: Sequence[int]) -> dict[int, headers.Headers]:
    if not uids:
        return {}
    answer = client.fetch(list(uids), ["BODY.PEEK[HEADER]"])
    found = {}
    for uid, one in answer.items():
        lines = one.get(b"BODY[HEADER]")
        if isinstance(lines, bytes):
            found[uid] = payload.tree(lines)["headers"]
    return found
