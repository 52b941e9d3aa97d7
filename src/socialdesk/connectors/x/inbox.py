"""What is new for an account: mentions, answers and quotes that name nobody, private messages, and the brand's own answers.

Every post and message that X hands over costs money, so each list is asked for what came after the last one only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, mappings, text
from socialdesk.connectors.x import raws
from socialdesk.connectors.x.client import Client, Me
from socialdesk.connectors.x.shape import first_id, given_at, newest

FIRST_VISIT = timedelta(days=7)
_FOUND_FOR = timedelta(days=6, hours=20)
"""How far back the search may look: seven days, and X counts to the second."""
_LATE = timedelta(minutes=10)
"""How much later than its neighbours a private message may show up in the list."""
OF_POSTS = {
    "tweet.fields": "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,"
    "edit_history_tweet_ids,lang,note_tweet,reply_settings,possibly_sensitive",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id,attachments.media_keys",
    "user.fields": "username,name",
    "media.fields": "url,type,alt_text,variants",
}
_OF_MESSAGES = {
    "dm_event.fields": "id,text,event_type,created_at,sender_id,dm_conversation_id,attachments,referenced_tweets,entities",
    "expansions": "sender_id,attachments.media_keys",
    "user.fields": "username,name",
    "media.fields": "url,type,alt_text,variants",
}


class Place(NamedTuple):
    """How far a list was read: all up to ``since``; ``page`` is where the reading of what is newer stands, up to ``newest``."""

    since: str = ""
    newest: str = ""
    page: str = ""

    def dump(self) -> list[str]:
        """Return it for the cursor."""
        return list(self)


def place_from(kept: object) -> Place:
    """Return the place in a cursor; a damaged one begins anew."""
    parts = [text(one) for one in kept] if isinstance(kept, list) else []
    return Place(*parts) if len(parts) == 3 else Place()


class Inbox:
    """Reads lists, a page at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def mentions(
        self, place: Place, now: datetime, *, since: datetime | None = None
    ) -> tuple[list[Raw], Place]:
        """Return posts that name the brand; ``since`` looks again from there on, because X's list leaves some out."""
        me = await self._client.me()
        if since is not None and place.since:
            place = Place(min(place.since, first_id(since), key=int), place.since)
        return await self._posts(f"/2/users/{me.id}/mentions", {}, place, now - FIRST_VISIT, raws.posts)

    async def search(self, place: Place, now: datetime) -> tuple[list[Raw], Place]:
        """Return answers to the brand and quotes of it that do not name it, of the last seven days."""
        me = await self._client.me()
        oldest = first_id(now - _FOUND_FOR)
        if (
            place.since and not place.page and int(place.since) < int(oldest)
        ):  # pages belong to their beginning
            place = place._replace(since=oldest)
        quoted = f'(url:"x.com/{me.name}/status" OR url:"twitter.com/{me.name}/status")'
        query = {"query": f"(to:{me.name} OR {quoted}) -from:{me.name} -is:retweet"}
        return await self._posts("/2/tweets/search/recent", query, place, now - _FOUND_FOR, raws.posts)

    async def own(self, place: Place, now: datetime) -> tuple[list[Raw], Place]:
        """Return the brand's answers, wherever they were written."""
        me = await self._client.me()
        return await self._posts(
            f"/2/users/{me.id}/tweets", {"exclude": "retweets"}, place, now - FIRST_VISIT, raws.answers
        )

    async def messages(self, place: Place, now: datetime) -> tuple[list[Raw], Place]:
        """Return private messages; the list knows no beginning, so it is read from its end to what is known."""
        me = await self._client.me()
        few = await self._client.page(20 if place.since else 100)  # each one costs, known or not
        answer, place = await self._page("/2/dm_events", {**_OF_MESSAGES, "max_results": few}, place)
        events = mappings(answer.get("data"))
        known = given_at(place.since) if place.since else now - FIRST_VISIT
        oldest = (known or now - FIRST_VISIT) - (_LATE if place.since else timedelta())
        names = [identity(one.get("id")) for one in events]
        fresh = [one for one in events if (given_at(identity(one.get("id"))) or now) > oldest]
        found = list(raws.messages({**answer, "data": fresh}, me))
        rest = _rest(answer, place) if len(fresh) == len(events) else ""
        return found, _after(place, names, rest)

    async def _posts(
        self,
        path: str,
        query: dict[str, str],
        place: Place,
        start: datetime,
        reader: Callable[[dict[str, Any], Me], Iterator[Raw]],
    ) -> tuple[list[Raw], Place]:
        since = place.since or first_id(start)
        many = await self._client.page(100, 10 if "search" in path else 5)
        answer, place = await self._page(
            path, {**OF_POSTS, **query, "since_id": since, "max_results": many}, place
        )
        names = [identity(one.get("id")) for one in mappings(answer.get("data"))]
        names.append(text(mapping(answer.get("meta")).get("newest_id")))
        found = list(reader(answer, await self._client.me()))
        return found, _after(place._replace(since=since), names, _rest(answer, place))

    async def _page(self, path: str, params: dict[str, str], place: Place) -> tuple[dict[str, Any], Place]:
        """Return a page and where it was; one that X has forgotten meanwhile is read again from the first."""
        name = "next_token" if "search" in path else "pagination_token"
        if place.page:
            try:
                return await self._client.get(path, {**params, name: place.page}), place
            except Refusal as refusal:
                if refusal.status != 400:
                    raise
        return await self._client.get(path, params), place._replace(page="")


def _rest(answer: dict[str, Any], place: Place) -> str:
    """Return where the next page begins, "" where there is none or X turns in a circle."""
    token = identity(mapping(answer.get("meta")).get("next_token"))
    return "" if token == place.page else token


def _after(place: Place, names: list[str], rest: str) -> Place:
    """Return the place after a page: only the last one moves what is known."""
    top = newest(place.newest, place.since, *names)
    return Place(place.since, top, rest) if rest else Place(top)
