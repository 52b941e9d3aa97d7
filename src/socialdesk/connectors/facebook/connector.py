"""The connector: what Meta lets a page do, and how the parts of this package do it."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Collection, Mapping, Sequence
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
from socialdesk.connectors.facebook import inbox, page, parsing, sending
from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.graph import VERSION
from socialdesk.connectors.shapes import items, mapping, moment, stamp, text, web

_log = logging.getLogger("socialdesk.connectors.facebook")
_VERSION = 1
PUBLIC = Limit(8000, Count.CODE_POINTS)
PRIVATE = Limit(2000, Count.CODE_POINTS)
_PAUSES = {"tagged": timedelta(minutes=5), "ads": timedelta(minutes=10), "ratings": timedelta(minutes=30)}
_SWEEP = timedelta(hours=6)
_LOOK = timedelta(hours=12)


class FacebookConnector(Connector):
    """One page."""

    name: ClassVar[str] = "facebook"
    label: ClassVar[str] = "Facebook"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=PUBLIC,
        private_limit=PRIVATE,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=60),
        poll=timedelta(seconds=60),
        private_reply=True,
        private_once=True,
        private_window=timedelta(days=7),
        acts=frozenset({Act.LIKE, Act.HIDE}),
        undoable=frozenset({Act.LIKE, Act.HIDE}),
        revisit=timedelta(minutes=15),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "page",
            N_("Page"),
            N_("Its number or its name; needed only where the token is good for several."),
            required=False,
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "Best that of a system user: business.facebook.com, Settings, Users, System users, Generate token, without an end, with "
                "pages_show_list, pages_read_engagement, pages_read_user_content, pages_manage_engagement, pages_manage_metadata "
                "and pages_messaging. A page's own token is taken, too."
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
        Setting(
            "server", N_("Server"), N_("Only for a server of your own."), required=False, default=page.SERVER
        ),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's host and those of the files; none where the address cannot be read."""
        try:
            return (httpx.URL(options.get("server", "") or page.SERVER).host, "*.fbcdn.net", "*.fbsbx.com")
        except httpx.InvalidURL:
            return ()

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._page = page.Page(host)
        self._inbox = inbox.Inbox(self._page)
        self._given = ""
        self._again: dict[str, datetime] = {}

    async def check(self) -> Identity:
        """Say which page this is, and what the token may not do."""
        us = await self._page.us()
        return Identity(us.id, us.name or us.id, us.name, await self._page.lacking(self.host.clock.now()))

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds what is known of each recent post, as JSON, and moments."""
        now, kept = self.host.clock.now(), _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._again.clear()
        us, found = await self._page.us(), list[Raw]()
        seen = moment(kept.get("messages")) or now - messages.FIRST_VISIT
        rated = moment(kept.get("ratings")) or now - inbox.WINDOW
        raws, seen, more = await messages.changed(self._page, us, seen)
        found += raws
        known = {key: [str(part) for part in items(one)] for key, one in mapping(kept.get("posts")).items()}
        raws, known, unread = await self._comments(known, now)
        found += raws
        if self._due("ratings", now):
            raws, rated = await self._aside("ratings", self._inbox.ratings(rated), ([], rated))
            found += raws
        moments = {"messages": stamp(seen), "ratings": stamp(rated)}
        self._given = json.dumps({"v": _VERSION, "posts": known, **moments})
        lacking = await self._page.lacking(now) if self._due("lacking", now) else None
        return Page(found, self._given, more or unread, lacking)

    async def _comments(
        self, known: dict[str, list[str]], now: datetime
    ) -> tuple[list[Raw], dict[str, list[str]], bool]:
        """Return the new comments of changed posts and customers' own posts, what is known then, and whether more is unread."""
        us = await self._page.us()
        posts = {str(one["id"]): one for one in await self._inbox.posts("feed", now)}
        for which in ("tagged", "ads"):
            if self._due(which, now):
                more = await self._aside(which, self._inbox.posts(which, now), [])
                posts = {**{str(one["id"]): one for one in more}, **posts}
        if self._due("sweep", now):
            known = {name: ["", one[1]] for name, one in known.items()}
        changed = [name for name, one in posts.items() if known.get(name, [""])[0] != inbox.mark(one)]
        found: list[Raw] = []
        for name in reversed(changed[-inbox.AT_ONCE :]):
            raws, after = await self._inbox.comments(posts[name], known.get(name) or None, now)
            found += [*([] if name in known else inbox.visitors(posts[name], us)), *raws]
            known[name] = after
        unread = len(changed) > inbox.AT_ONCE
        oldest = stamp(now - inbox.WINDOW - timedelta(days=2))
        return found, {name: one for name, one in known.items() if name in posts or one[1] > oldest}, unread

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return messages.with_windows(parsing.parse(raw), self.host.options)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at comments: Meta's lists tell nothing of edits and deletions."""
        return await self._inbox.again(list(known))

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a file."""
        url = web(remote.get("url"))
        if not url:
            raise Rejected("no address", code="bad_address")
        return await self._page.wire.file(url, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer, below a comment or privately."""
        limit = PRIVATE if outgoing.private else PUBLIC
        if measure(outgoing.text, limit.count) > limit.size:
            raise Rejected(f"> {limit.size}", code="too_long")
        if outgoing.private:
            return await messages.send(self._page, await self._page.us(), outgoing)
        return await sending.send(self._page, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        if outgoing.private:
            return await messages.find_sent(self._page, await self._page.us(), outgoing)
        return await sending.find_sent(self._page, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Like a comment, or hide it from all but its author and their friends."""
        comment = on.get("comment", "")
        if act not in self.capabilities.acts or not comment:
            raise Rejected("not there", code="act_not_here")
        if act is Act.HIDE:
            await self._page.ask("POST", comment, form={"is_hidden": "false" if undo else "true"})
        else:
            await self._page.ask("DELETE" if undo else "POST", f"{comment}/likes")

    def _due(self, what: str, now: datetime) -> bool:
        """Say whether it is time for something that need not be done each time; less often while Meta counts much."""
        pause = {**_PAUSES, "sweep": _SWEEP, "lacking": _LOOK}[what] * (5 if self._page.is_busy else 1)
        again = self._again.get(what)
        if again is not None and now < again:
            return False
        self._again[what] = now + pause
        return True

    async def _aside(self, what: str, call: Awaitable[Any], otherwise: Any) -> Any:
        """Return what a list brings whose failing must not stop the rest."""
        try:
            return await call
        except (RateLimited, Rejected, Temporary) as error:
            _log.warning("%s: %s: %s (%s)", self.host.account, what, error.code, error)
            return otherwise


def _unpacked(cursor: str) -> dict[str, Any]:
    """Return what a cursor holds; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION and text(kept.get("messages")) else {}
