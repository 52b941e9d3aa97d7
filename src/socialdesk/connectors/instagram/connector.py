"""The connector: what Meta lets a professional account on Instagram do, and how the parts of this package do it."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from socialdesk.connectors.contract import (
    N_,
    Act,
    Capabilities,
    Connector,
    Count,
    Host,
    Identity,
    Item,
    Limit,
    Outgoing,
    Page,
    Proof,
    RateLimited,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Temporary,
    measure,
)
from socialdesk.connectors.instagram import inbox, parsing, sending
from socialdesk.connectors.instagram.account import BY_ITSELF, BY_PAGE, Account
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.graph import VERSION
from socialdesk.connectors.shapes import items, mapping, moment, stamp, text, web

_log = logging.getLogger("socialdesk.connectors.instagram")
_VERSION = 1
PUBLIC = Limit(2200, Count.CODE_POINTS)
PRIVATE = Limit(1000, Count.BYTES)
_PAUSES = {"tags": timedelta(minutes=10), "sweep": timedelta(hours=6), "lacking": timedelta(hours=12)}


class InstagramConnector(Connector):
    """One professional account."""

    name: ClassVar[str] = "instagram"
    label: ClassVar[str] = "Instagram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=PUBLIC,
        private_limit=PRIVATE,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=60),
        poll=timedelta(seconds=60),
        private_reply=True,
        private_once=True,
        private_window=timedelta(days=7),
        acts=frozenset({Act.HIDE}),
        undoable=frozenset({Act.HIDE}),
        revisit=timedelta(minutes=30),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "account",
            N_("Account"),
            N_("Its name on Instagram; needed only where the token is good for several."),
            required=False,
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "Either that of a system user of the page it belongs to (business.facebook.com, Settings, System users), with "
                "instagram_basic, instagram_manage_comments, instagram_manage_messages, pages_show_list, pages_read_engagement and "
                "pages_manage_metadata; or one of Instagram's own sign-in, from the app's dashboard, beginning with IG. In the account's "
                "own settings messages must be allowed to apps."
            ),
            secret=True,
        ),
        Setting(
            "app_secret",
            N_("App secret"),
            N_("Only where the app demands a proof of it with each call."),
            secret=True,
            required=False,
        ),
        Setting(
            "human_agent",
            N_("Human agent"),
            N_(
                '"yes" where Meta granted the app the Human Agent permission: then a person may answer for 7 days instead of 24 hours.'
            ),
            required=False,
            default="no",
        ),
        Setting("version", N_("Version"), N_("Of the Graph API."), required=False, default=VERSION),
        Setting("server", N_("Server"), N_("Only for a server of your own."), required=False),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's hosts and those of the files; none where the address cannot be read."""
        own = options.get("server", "").strip()
        try:
            servers = [httpx.URL(one).host for one in ([own] if own else [BY_PAGE, BY_ITSELF])]
        except httpx.InvalidURL:
            return ()
        return (*servers, "*.cdninstagram.com", "*.fbcdn.net", "*.fbsbx.com")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._account = Account(host)
        self._inbox = inbox.Inbox(self._account)
        self._given = ""
        self._again: dict[str, datetime] = {}

    async def check(self) -> Identity:
        """Say which account this is, and what the token may not do."""
        us = await self._account.us()
        return Identity(us.id, f"@{us.name}", us.name, await self._account.lacking())

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds what is known of each recent picture, as JSON, and moments."""
        now, kept = self.host.clock.now(), _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._again.clear()
        us = await self._account.us()
        seen = moment(kept.get("messages")) or now - messages.FIRST_VISIT
        tagged = moment(kept.get("tags")) or now - inbox.WINDOW
        found, seen, more = await messages.changed(self._account, us, seen)
        known = {key: [str(part) for part in items(one)] for key, one in mapping(kept.get("media")).items()}
        raws, known, unread = await self._comments(known, now)
        found += raws
        if self._due("tags", now):
            raws, tagged = await self._tags(tagged)
            found += raws
        moments = {"messages": stamp(seen), "tags": stamp(tagged)}
        self._given = json.dumps({"v": _VERSION, "media": known, **moments})
        lacking = await self._account.lacking() if self._due("lacking", now) else None
        return Page(found, self._given, more or unread, lacking)

    async def _comments(
        self, known: dict[str, list[str]], now: datetime
    ) -> tuple[list[Raw], dict[str, list[str]], bool]:
        """Return the new comments of changed pictures, what is known of them then, and whether more is unread."""
        media = {str(one["id"]): one for one in await self._inbox.media(now)}
        if self._due("sweep", now):
            known = {name: ["", one[1]] for name, one in known.items()}
        changed = [name for name, one in media.items() if known.get(name, ["0"])[0] != inbox.mark(one)]
        found: list[Raw] = []
        for name in reversed(changed[-inbox.AT_ONCE :]):
            raws, known[name] = await self._inbox.comments(media[name], known.get(name) or None, now)
            found += raws
        return (
            found,
            {name: one for name, one in known.items() if name in media},
            len(changed) > inbox.AT_ONCE,
        )

    async def _tags(self, seen: datetime) -> tuple[list[Raw], datetime]:
        try:
            return await self._inbox.tags(seen)
        except (RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: tags: %s (%s)", self.host.account, error.code, error)
            return [], seen

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return messages.with_windows(parsing.parse(raw), self.host.options)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at comments: Instagram's lists tell nothing of deletions."""
        return await self._inbox.again(list(known))

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a file; their addresses end after some days."""
        url = web(remote.get("url"))
        if not url:
            raise Rejected("no address", code="bad_address")
        return await self._account.wire.file(url, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer, below a comment or privately."""
        limit, said = (PRIVATE, outgoing.text) if outgoing.private else (PUBLIC, sending.words(outgoing))
        if measure(said, limit.count) > limit.size:
            raise Rejected(f"> {limit.size}", code="too_long")
        if outgoing.private:
            return await messages.send(self._account, await self._account.us(), outgoing)
        return await sending.send(self._account, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        if outgoing.private:
            return await messages.find_sent(self._account, await self._account.us(), outgoing)
        return await sending.find_sent(self._account, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Hide a comment from all but its author."""
        comment = on.get("comment", "")
        if act is not Act.HIDE or not comment:
            raise Rejected("not there", code="act_not_here")
        await self._account.ask("POST", comment, form={"hide": "false" if undo else "true"})

    def _due(self, what: str, now: datetime) -> bool:
        """Say whether it is time for something that need not be done each time; less often while Meta counts much."""
        again = self._again.get(what)
        if again is not None and now < again:
            return False
        self._again[what] = now + _PAUSES[what] * (5 if self._account.is_busy else 1)
        return True


def _unpacked(cursor: str) -> dict[str, Any]:
    """Return what a cursor holds; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION and text(kept.get("messages")) else {}
