"""The connector: what Meta lets a page do, and how the parts of this package do it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

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
    Raw,
    Receipt,
    Rejected,
    Setting,
    measure,
)
from socialdesk.connectors.facebook import page, parsing, sending, visiting
from socialdesk.connectors.facebook.revisiting import Revisitor
from socialdesk.connectors.meta import answering, files, hooks, messages
from socialdesk.connectors.meta.graph import VERSION
from socialdesk.connectors.shapes import web

PUBLIC = Limit(8000, Count.CODE_POINTS)
PRIVATE = Limit(2000, Count.CODE_POINTS)


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
        acts=frozenset({Act.LIKE, Act.HIDE, Act.BLOCK}),
        undoable=frozenset({Act.LIKE, Act.HIDE, Act.BLOCK}),
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
        hooks.RELAY,
        hooks.RELAY_KEY,
        Setting("version", N_("Version"), N_("Of the Graph API."), required=False, default=VERSION),
        Setting(
            "server", N_("Server"), N_("Only for a server of your own."), required=False, default=page.SERVER
        ),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's host and those of the files; none where the address cannot be read."""
        try:
            told = (options.get("server", "").strip() or page.SERVER, options.get("relay", "").strip())
            servers = [httpx.URL(one).host for one in told if one]
        except httpx.InvalidURL:
            return ()
        return (*filter(None, servers), "*.fbcdn.net", "*.fbsbx.com")

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what the page can do: with a relay it hears at once."""
        return hooks.limits(cls.capabilities, options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.capabilities = self.limits(host.options)  # type: ignore[misc]
        self._page = page.Page(host)
        self._hooks = hooks.Hooks(host)
        self._visitor = visiting.Visitor(self._page, self._hooks)
        self._revisitor = Revisitor(self._page)

    async def check(self) -> Identity:
        """Say which page this is, and what the token may not do."""
        us = await self._page.us()
        return Identity(us.id, us.name or us.id, us.name, await self._page.lacking(self.host.clock.now()))

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds what is known of each post, as JSON, and moments."""
        return await self._visitor.fetch(cursor)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait at the relay."""
        await self._hooks.listen(news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return messages.with_windows(parsing.parse(raw), self.host.options)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at comments: Meta's lists tell nothing of edits and deletions."""
        return await self._revisitor.changed(known)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a file, from where it lies now: Meta's addresses end."""
        if comment := remote.get("comment", ""):
            url = web(parsing.picture(await self._page.get(comment, {"fields": "attachment"})))
        else:
            url = await files.address(self._page, await self._page.us(), remote)
        if not url:
            raise Rejected("no address", code="parent_gone")
        return await self._page.wire.file(url, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer, below a comment or privately."""
        limit = PRIVATE if outgoing.private else PUBLIC
        if measure(outgoing.text, limit.count) > limit.size:
            raise Rejected(f"> {limit.size}", code="too_long")
        if outgoing.private:
            return await answering.send(self._page, await self._page.us(), outgoing)
        return await sending.send(self._page, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        if outgoing.private:
            return await answering.find_sent(self._page, await self._page.us(), outgoing)
        return await sending.find_sent(self._page, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Like a comment, hide it from all but its author and their friends, or block who wrote it from the page."""
        comment, writer = on.get("comment", ""), on.get("writer", "")
        if act is Act.HIDE and comment:
            await self._page.ask("POST", comment, form={"is_hidden": "false" if undo else "true"})
        elif act is Act.LIKE and comment:
            await self._page.ask("DELETE" if undo else "POST", f"{comment}/likes")
        elif act is Act.BLOCK and writer:
            await self._block(writer, undo=undo)
        else:
            raise Rejected("not there", code="act_not_here")

    async def _block(self, writer: str, *, undo: bool) -> None:
        blocked = f"{(await self._page.us()).id}/blocked"
        if undo:
            await self._page.ask("DELETE", blocked, params={"user": writer})
        else:
            await self._page.ask("POST", blocked, form={"user": json.dumps([writer])})
