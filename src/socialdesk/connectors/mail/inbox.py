"""What arrives: the folders that are watched, and Sent, so that answers written elsewhere count too."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from socialdesk.connectors.contract import Host, Page, Raw, Rejected, Temporary
from socialdesk.connectors.mail import headers, places, threads
from socialdesk.connectors.mail.access import Access
from socialdesk.connectors.mail.parsing import SENT
from socialdesk.connectors.mail.places import Place
from socialdesk.connectors.mail.post import connect, sent_folder

if TYPE_CHECKING:
    from socialdesk.connectors.mail.wire import Wire

_log = logging.getLogger("socialdesk.connectors.mail")
_NOTHING = "-"
_LOOKUPS = 20
"""Letters a page whose thread is looked up in the mailbox."""


class Inbox:
    """Reads one mailbox, over a connection that stays."""

    def __init__(self, host: Host, access: Access) -> None:
        self._host = host
        self._access = access
        self._wire: Wire | None = None
        self._sent: str | None = None

    async def fetch(self, cursor: str) -> Page:
        """Return the next letters, oldest first in each folder."""
        known, now = places.unpacked(cursor), self._host.clock.now()
        wire = await self._connected()
        if self._sent is None:
            self._sent = await wire.call(sent_folder, wire.client, self._host.options)
        watched = folders_of(self._host.options)
        reader = _Reader(self._host.options, [*watched, *([self._sent] if self._sent else [])], self._sent)
        found: list[Raw] = []
        more, lacking = False, []
        for name in reader.folders:
            try:
                raws, place, rest = await wire.call(reader.read, wire.client, name, known.get(name), now)
            except Rejected as refusal:
                if not wire.is_open or name == watched[0]:
                    raise
                _log.warning("%s: a folder cannot be read: %s", self._host.account, refusal.detail)
                lacking.append("no_sent_folder" if name == self._sent else "folder_missing")
                continue
            found += raws
            known[name] = place
            more |= rest
        if not self._sent:
            lacking.append("no_sent_folder")
        return Page(found, places.packed(known), more, tuple(dict.fromkeys(lacking)))

    async def check(self) -> tuple[str, ...]:
        """Sign in and look whether the folders are there; returns what is lacking."""
        from socialdesk.connectors.mail.letters import Folder

        wire = await self._connected()
        sent = await wire.call(sent_folder, wire.client, self._host.options)
        lacking = [] if sent else ["no_sent_folder"]
        for name in folders_of(self._host.options):
            try:
                await wire.call(Folder, wire.client, name)
            except Rejected:
                lacking.append("folder_missing")
        return tuple(dict.fromkeys(lacking))

    async def aclose(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()

    async def _connected(self) -> Wire:
        """Return the connection that is held; a new one where the server has hung up meanwhile, as they do."""
        wire = self._wire
        if wire is not None and wire.is_open:
            try:
                await wire.call(wire.client.noop)
                return wire
            except Temporary:
                wire.close()
        self._wire = await connect(self._host, self._access)
        return self._wire


class _Reader:
    """What the connection's thread does with one folder."""

    def __init__(self, options: Any, folders: Sequence[str], sent: str | None) -> None:
        self.folders = list(dict.fromkeys(folders))
        self._sent = sent
        self._me = options.get("address", "").strip().lower()
        self._lookups = _LOOKUPS

    def read(
        self, client: Any, name: str, place: Place | None, now: datetime
    ) -> tuple[list[Raw], Place, bool]:
        """Return a page of a folder's new letters, where it has been read to, and whether there are more."""
        from socialdesk.connectors.mail.letters import Folder

        folder = Folder(client, name)
        uids, place = folder.new(place, now)
        if not uids:
            return [], place, False
        letters, rest = folder.read(uids)
        last = uids[-len(rest) - 1] if rest else uids[-1]
        stamps = [letter["received"] for letter in letters if letter["received"]]
        raws = [self._raw(client, letter) for letter in letters]
        return raws, replace(place, uid=last, at=max([place.at, *stamps])), bool(rest)

    def _raw(self, client: Any, letter: dict[str, Any]) -> Raw:
        letter |= {"v": 1, "me": self._me, "role": SENT if letter["folder"] == self._sent else "inbox"}
        head = letter["node"].get("headers") or []
        if threads.is_loose(head) and self._lookups > 0:
            self._lookups -= 1
            letter["root"] = self._root(client, head, letter["role"])
        return Raw(threads.identity(head, _content(letter["node"])), letter)

    def _root(self, client: Any, head: headers.Headers, role: str) -> str:
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError  # type: ignore[import-untyped]

        from socialdesk.connectors.mail.letters import root_of

        wanted = ("to",) if role == SENT else ("reply-to", "from")
        people = [
            address for name in wanted for _name, address in headers.addresses(headers.all_of(head, name))
        ]
        contact = next((one for one in people if one.lower() != self._me), _NOTHING)
        try:
            return root_of(client, self.folders, head, contact)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return ""  # a server that does not search: the letter tells what it tells


def folders_of(options: Any) -> list[str]:
    """Return the names of the folders to be read."""
    named = [one.strip() for one in options.get("folders", "").split(",")]
    return list(dict.fromkeys(filter(None, named))) or ["INBOX"]


def _content(node: dict[str, Any]) -> str:
    texts = [str(node.get("text", ""))]
    texts += [_content(part) for part in node.get("parts") or [] if isinstance(part, dict)]
    return "\n".join(texts)[:4096]
