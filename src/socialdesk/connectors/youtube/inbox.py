"""New comments. The list is sorted by when a thread began, so answers to older threads are found by their number.

Every page costs one of the 10,000 units of a day. The public's comments are looked at each time, with those that wait for the
owner's word or count as spam every ten minutes, and threads of the last days every hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors.contract import Raw, Rejected
from socialdesk.connectors.googleauth import size
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, items, mapping, mappings, moment, stamp, text
from socialdesk.connectors.youtube.client import SERVER, Client
from socialdesk.connectors.youtube.parsing import author_of

WINDOW = timedelta(days=30)
"""Threads that began earlier are not looked at for answers."""
LISTS = ("published", "heldForReview", "likelySpam")
_OVERLAP = timedelta(minutes=10)
_MOST_THREADS = 3000
_DEEP_PAGES = 40
"""How far the hourly look at older threads goes down, for the quota's sake."""
_SAME_PAGES = 110
"""How many pages may bring nothing older: 10,000 comments of one second, or pages that turn in a circle."""
_REPLY_PAGES = 110
_OF_THREADS = {"part": "snippet,replies", "order": "time", "maxResults": "100", "textFormat": "plainText"}
_SHARED = ("thread", "video", "me", "customer")
_VOLATILE = frozenset({"likeCount", "viewerRating", "canRate", "authorProfileImageUrl"})
_PICTURE = "imageUrl"
"""Signed anew for six hours at each look; that there is one is kept."""


class Place(NamedTuple):
    """How far a list was read: all threads up to ``seen``; ``page`` is where a reading stands, its ``number`` th, up to ``newest``.

    ``oldest`` is down to when it was read, and ``same`` how many pages in a row brought nothing older.
    """

    seen: datetime
    newest: datetime
    page: str = ""
    number: int = 0
    oldest: datetime | None = None
    same: int = 0

    def dump(self) -> list[Any]:
        """Return it for the cursor."""
        oldest = stamp(self.oldest) if self.oldest else ""
        return [stamp(self.seen), stamp(self.newest), self.page, self.number, oldest, self.same]

    def after(self, token: str, began: list[datetime], edge: datetime | None) -> Place:
        """Return the place after a page whose threads began then; ``edge`` is down to when more than ``seen`` is wanted."""
        newest, oldest = max([self.newest, *began]), min(began, default=self.seen)
        further = self.oldest is None or oldest < self.oldest
        wanted = oldest > self.seen - _OVERLAP
        deeper = edge is not None and oldest > edge and self.number < _DEEP_PAGES
        if token and token != self.page and (wanted or deeper) and (further or self.same < _SAME_PAGES):
            down = oldest if further else self.oldest
            return Place(self.seen, newest, token, self.number + 1, down, 0 if further else self.same + 1)
        return Place(newest, newest)


def place_from(kept: object, now: datetime) -> Place:
    """Return the place in a cursor; a damaged one begins anew."""
    parts = [*kept, "", 0][:6] if isinstance(kept, list) and len(kept) in (4, 6) else []
    seen, newest = (moment(one) for one in parts[:2]) if parts else (None, None)
    if not (seen and newest):
        return Place(now - WINDOW, now - WINDOW)
    return Place(seen, newest, text(parts[2]), size(parts[3]), moment(parts[4]), size(parts[5]))


class Inbox:
    """Reads threads; ``counts`` is how many answers of each are known, with when it began."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def page(
        self, which: str, place: Place, counts: dict[str, list[Any]], *, deep: bool, now: datetime
    ) -> tuple[list[Raw], Place]:
        """Return a page of what is new in one list, and the place after it.

        ``deep`` reads on through all threads of the window, for answers to the older ones.
        """
        channel, _, _ = await self._client.me()
        params = {**_OF_THREADS, "allThreadsRelatedToChannelId": channel}
        if which != "published":
            params["moderationStatus"] = which
        answer, place = await self._list(params, place)
        threads = mappings(answer.get("items"))
        found: list[Raw] = []
        for thread in reversed(threads):
            found += await self._thread(thread, counts, which)
        began = [min(at, now) for one in threads if (at := _began(one))]  # a clock may be wrong
        token = identity(answer.get("nextPageToken"))
        return found, place.after(token if threads else "", began, now - WINDOW if deep else None)

    async def _list(self, params: dict[str, str], place: Place) -> tuple[dict[str, Any], Place]:
        """Return a page and where it was; one that YouTube has forgotten meanwhile is read again from the first."""
        url = f"{SERVER}/commentThreads"
        if place.page:
            try:
                return await self._client.get(url, {**params, "pageToken": place.page}), place
            except Refusal as refusal:
                if refusal.status != 400:
                    raise
        return await self._client.get(url, params), Place(place.seen, place.newest)

    async def _thread(self, thread: dict[str, Any], counts: dict[str, list[Any]], which: str) -> list[Raw]:
        """Return the comments of a thread if it is new or has other answers than are known."""
        about = mapping(thread.get("snippet"))
        top = mapping(about.get("topLevelComment"))
        name = identity(thread.get("id")) or identity(top.get("id"))
        me, _, _ = await self._client.me()
        known, total = counts.get(name), size(about.get("totalReplyCount"))
        replies = mappings(mapping(thread.get("replies")).get("comments"))
        if name and total > len(replies) and (known is None or known[1] != total):
            replies = await self.known_replies(name) or replies
        began = _began(thread)
        if name and began and which == "published":
            counts[name] = [stamp(began), total]
        customer = _customer(top, me)
        shared = {"thread": name, "video": text(about.get("videoId")), "me": me, "customer": customer}
        return [as_raw(one, shared) for one in [top, *sorted(replies, key=_at)] if one]

    async def known_replies(self, thread: str) -> list[dict[str, Any]]:
        """Return all answers of a thread; a thread that is gone meanwhile has none."""
        try:
            return await self.replies(thread)
        except Rejected:
            return []

    async def replies(self, thread: str) -> list[dict[str, Any]]:
        """Return all answers of a thread."""
        found: dict[str, dict[str, Any]] = {}
        page = ""
        for _ in range(_REPLY_PAGES):
            params = {"part": "snippet", "parentId": thread, "maxResults": "100", "textFormat": "plainText"}
            answer = await self._client.get(
                f"{SERVER}/comments", {**params, **({"pageToken": page} if page else {})}
            )
            new = {identity(one.get("id")): one for one in mappings(answer.get("items"))}
            before, page = page, identity(answer.get("nextPageToken"))
            if not page or page == before or (new and new.keys() <= found.keys()):
                return list({**found, **new}.values())
            found |= new
        return list(found.values())


def pruned(counts: Mapping[str, list[Any]], now: datetime) -> dict[str, list[Any]]:
    """Return the counts of the threads that are still looked at, the newest if there are very many."""
    oldest = stamp(now - WINDOW)
    kept = sorted(
        (item for item in counts.items() if str(item[1][0]) > oldest), key=lambda item: str(item[1][0])
    )
    return dict(kept[-_MOST_THREADS:])


def counts_from(kept: object) -> dict[str, list[Any]]:
    """Return the counts in a cursor; a damaged one knows nothing, which repeats but loses nothing."""
    found = mapping(kept)
    return {key: one for key, one in found.items() if isinstance(one, list) and len(one) == 2}


def as_raw(comment: dict[str, Any], shared: Mapping[str, Any]) -> Raw:
    """Return what is stored of a comment, without what changes by itself."""
    about = {key: one for key, one in mapping(comment.get("snippet")).items() if key not in _VOLATILE}
    if about.pop(_PICTURE, None):
        about["picture"] = True
    kept = {"id": comment.get("id"), "snippet": about}
    return Raw(
        identity(comment.get("id")) or f"odd|{digest(comment)}",
        {"kind": "comment", "comment": kept, **shared},
    )


def with_standing(raw: Raw, held: dict[str, None]) -> Raw:
    """Return it with the word that the public sees it now, where it did not; ``held`` are those it does not see."""
    if _held(raw):
        held[raw.id] = None
    elif raw.id in held:
        del held[raw.id]
        return Raw(raw.id, {**mapping(raw.payload), "shown": True})
    return raw


def _held(raw: Raw) -> bool:
    about = mapping(mapping(mapping(raw.payload).get("comment")).get("snippet"))
    return text(about.get("moderationStatus")) not in ("", "published")


def held_from(kept: object) -> dict[str, None]:
    """Return the comments in a cursor that the public does not see, the newest if there are very many."""
    return dict.fromkeys([text(one) for one in items(kept)][-_MOST_THREADS:])


async def again(client: Client, known: list[Raw], missing: set[str]) -> list[Raw]:
    """Return those that were edited, or that YouTube twice did not have; ``missing`` is brought up to date."""
    now: dict[str, dict[str, Any]] = {}
    for start in range(0, len(known), 50):
        names = ",".join(raw.id for raw in known[start : start + 50])
        answer = await client.get(
            f"{SERVER}/comments", {"part": "snippet", "id": names, "textFormat": "plainText"}
        )
        now |= {identity(one.get("id")): one for one in items(answer.get("items")) if isinstance(one, dict)}
    found = []
    for raw in known:
        payload = mapping(raw.payload)
        if raw.id in now:
            missing.discard(raw.id)
            shared: dict[str, Any] = {key: payload[key] for key in _SHARED if key in payload}
            new = as_raw(_as_before(now[raw.id], payload), shared)
        else:
            gone = raw.id in missing and not _held(raw)  # those it may keep from whoever asks by name
            new = Raw(raw.id, {**payload, "deleted": True}) if gone else raw
            missing.add(raw.id)
        if new.payload != raw.payload:
            found.append(new)
    return found


def _as_before(comment: dict[str, Any], payload: dict[str, Any]) -> dict[str, Any]:
    """Return a comment as the lists tell it: alone it may come without its video."""
    before = mapping(mapping(payload.get("comment")).get("snippet"))
    about = mapping(comment.get("snippet"))
    same = {key: before[key] for key in before if key not in about and key != "picture"}
    told = {key: about[key] for key in about if key in before or key == _PICTURE}
    return {**comment, "snippet": told | same}


def _customer(top: dict[str, Any], me: str) -> dict[str, str]:
    """Return whom the brand's answers in a thread are for: whoever began it."""
    author = author_of(top)
    return {} if author.id == me else {"id": author.id, "handle": author.handle, "name": author.name}


def _began(thread: dict[str, Any]) -> datetime | None:
    top = mapping(mapping(mapping(thread.get("snippet")).get("topLevelComment")).get("snippet"))
    return moment(top.get("publishedAt"))


def _at(comment: dict[str, Any]) -> str:
    return text(mapping(comment.get("snippet")).get("publishedAt"))
