"""What is new: notifications that are messages, the brand's own answers, and replies that name nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from socialdesk.connectors.contract import AuthRequired, Raw
from socialdesk.connectors.mastodon import raws, reading
from socialdesk.connectors.mastodon.client import Client, Me
from socialdesk.connectors.mastodon.shape import digest, identity, items, lasting, mapping, step, text
from socialdesk.connectors.mastodon.threads import PARENTS, Threads
from socialdesk.connectors.mastodon.wire import Answer, Refusal

_MESSAGES = frozenset({"mention", "quote"})
_NO_MESSAGES = frozenset(
    {"reblog", "follow", "follow_request", "favourite", "poll", "update", "status", "quoted_update", "move"}
    | {"admin.sign_up", "admin.report", "severed_relationships", "moderation_warning", "annual_report"}
    | {"added_to_collection", "collection_update", "pleroma:emoji_reaction", "emoji_reaction", "reaction"}
    | {"pleroma:report", "pleroma:chat_mention", "pleroma:participation_request_accepted"}
)
_WAYS: tuple[dict[str, Any], ...] = (
    {"types[]": ["mention", "quote"], "include_filtered": "true"},
    {"types[]": ["mention"], "include_filtered": "true"},
    {"types[]": ["mention"]},
    {},
)
"""Ways to ask for messages only, the fullest first: some servers refuse kinds that they do not know."""
_FIRST_OWN = 200
NOTES, OWN, BELOW = "notes", "own", "below"
"""Who reads: each has failures of its own."""


class Inbox:
    """Reads one account."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._threads = Threads(client)
        self._way = 0

    def forget(self) -> None:
        """Ask again for the surroundings of what comes again."""
        self._threads.forget()

    # Notifications ---------------------------------------------------------------

    async def notifications(
        self, place: reading.Place, now: datetime
    ) -> tuple[list[Raw], reading.Place, bool]:
        """Return what customers wrote since, with what stands above it."""
        me = await self._client.me()
        found = await reading.visit(self._notes, place, now)
        result: list[Raw] = []
        for note in found.found:
            result += await self._message(note, me)
        self._threads.settled(NOTES)
        return result, found.place, found.more

    async def _notes(self, params: Mapping[str, str]) -> Answer:
        way = self._way
        while True:
            try:
                answer = await self._client.listed("/api/v1/notifications", {**_WAYS[way], **params})
            except Refusal as refusal:
                if refusal.status == 403:
                    raise AuthRequired(refusal.detail, code="reading_not_allowed") from refusal
                if refusal.status not in (400, 422) or way + 1 == len(_WAYS):
                    raise
                way += 1
            else:
                self._way = way
                return answer

    async def _message(self, note: Any, me: Me) -> list[Raw]:
        if not isinstance(note, dict):
            odd = lasting(note)
            return [Raw(f"odd|{digest(odd)}", {"kind": "odd", "odd": odd})]
        status = mapping(note.get("status"))
        kind = text(note.get("type"))
        known = kind in _MESSAGES or (is_message(kind) and _speaks_to(status, me))
        if not known or not status or identity(mapping(status.get("account")).get("id")) == me.id:
            return []
        return await self.message(status, note, me, NOTES)

    async def message(self, status: dict[str, Any], note: dict[str, Any], me: Me, reader: str) -> list[Raw]:
        """Return what a customer wrote, after what stands above it."""
        account = raws.author_of(status, note)
        root, above = await self._threads.of(status, reader)
        key = raws.conversation(status, root, identity(account.get("id")))
        result = [raw for one in above[-PARENTS:] if (raw := self._above(one, key, account, root, me))]
        quoted = raws.quoted_of(status)
        if identity(quoted.get("id")) and identity(account.get("id")):
            result.insert(0, raws.context(quoted, key, account, "", me))
        return [*result, raws.incoming(status, note, root, me)]

    def _above(
        self, status: dict[str, Any], key: str, customer: dict[str, Any], root: str, me: Me
    ) -> Raw | None:
        if not identity(status.get("id")) or not identity(customer.get("id")):
            return None
        if identity(mapping(status.get("account")).get("id")) == me.id:
            to = raws.customer_of(status, me, {})
            if to and raws.conversation(status, root, identity(to.get("id"))) == key:
                return raws.own(status, to, root, me)
        return raws.context(status, key, customer, root, me)

    # Our own ---------------------------------------------------------------------

    async def own_posts(self, place: reading.Place, now: datetime) -> tuple[list[Raw], reading.Place, bool]:
        """Return the brand's answers since, wherever they were written."""
        me = await self._client.me()
        ask = partial(self._statuses, me)
        found = await reading.visit(ask, place, now, _FIRST_OWN)
        result = [raw for one in found.found if (raw := await self._own(mapping(one), me))]
        self._threads.settled(OWN)
        return result, found.place, found.more

    async def _own(self, status: dict[str, Any], me: Me) -> Raw | None:
        name = identity(status.get("id"))
        if not name or identity(mapping(status.get("account")).get("id")) != me.id:
            return None
        root, parent = name, identity(status.get("in_reply_to_id"))
        if parent and not raws.is_private(status):
            root, _ = await self._threads.of(status, OWN)
        self._threads.remember(status, root)
        customer = raws.customer_of(status, me, self._threads.remembered(parent))
        return raws.own(status, customer, root, me) if customer else None

    async def _statuses(self, me: Me, params: Mapping[str, str]) -> Answer:
        path = f"/api/v1/accounts/{step(me.id)}/statuses"
        return await self._client.listed(path, {"exclude_reblogs": "true", **params})

    # Replies that name nobody ----------------------------------------------------

    async def recent(self) -> list[dict[str, Any]]:
        """Return the brand's newest posts and answers."""
        me = await self._client.me()
        page = (await self._statuses(me, {"limit": str(reading.PAGE)})).body
        mine = [mapping(one) for one in page]
        return [one for one in mine if identity(mapping(one.get("account")).get("id")) == me.id]

    async def below(self, post: dict[str, Any]) -> list[Raw]:
        """Return the replies below one of the brand's posts, and what their authors added to them."""
        me, name = await self._client.me(), identity(post.get("id"))
        root, _ = await self._threads.of(post, BELOW)
        result: list[Raw] = []
        for one in await self._threads.below(name, me.id):
            self._threads.remember(one, root)
            if identity(mapping(one.get("account")).get("id")) != me.id:
                result += await self.message(one, {}, me, BELOW)
        self._threads.settled(BELOW)
        return result


def replies_of(post: Mapping[str, Any]) -> int:
    """Return how many replies its server counts."""
    count = post.get("replies_count")
    return count if isinstance(count, int) and not isinstance(count, bool) else 0


def is_message(kind: object) -> bool:
    """Say whether a notification of that kind may be something that a customer wrote."""
    return kind not in _NO_MESSAGES


def _speaks_to(status: dict[str, Any], me: Me) -> bool:
    """Say whether a post names us or answers us."""
    named: Iterable[Any] = items(status.get("mentions"))
    return identity(status.get("in_reply_to_account_id")) == me.id or any(
        identity(mapping(one).get("id")) == me.id for one in named
    )
