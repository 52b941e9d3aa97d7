"""Direct messages (``chat.bsky``): the log of what happened since, and at the first visit what was there before.

An app password may lack the right to them; that is told by ``check`` and never troubles the public side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import items, lasting, mapping, moment, stamp, text
from socialdesk.connectors.contract import Raw, Rejected

FIRST_DEPTH = timedelta(days=7)
_CONVOS_A_VISIT = 10
_MESSAGES = 100
_HISTORY_PAGES = 5
_LOG_PAGES = 5
_CREATED = "chat.bsky.convo.defs#logCreateMessage"
_DELETED = "chat.bsky.convo.defs#logDeleteMessage"
_MESSAGE = "chat.bsky.convo.defs#messageView"
_GROUP = "groupConvo"


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """The position in the log; while ``begun`` is false, ``older`` is the page of conversations to look through.

    ``failing`` is since when every attempt has failed; kept here, it outlives a restart.
    """

    log: str = ""
    older: str = ""
    begun: bool = False
    failing: datetime | None = None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        told = {"failing": stamp(self.failing)} if self.failing else {}
        return {"log": self.log, "older": self.older, "begun": self.begun, **told}


def place_from(value: Any) -> ChatPlace:
    """Return the place that ``dump`` wrote; what cannot be read counts as never read."""
    value = mapping(value)
    return ChatPlace(
        text(value.get("log")),
        text(value.get("older")),
        value.get("begun") is True,
        moment(value.get("failing")),
    )


class Chat:
    """Reads one account's direct messages."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._convos: dict[str, dict[str, Any]] = {}

    async def allowed(self) -> bool:
        """Say whether this app password may read direct messages; other trouble is raised."""
        try:
            await self._client.query("chat.bsky.convo.listConvos", {"limit": 1}, chat=True)
        except Rejected as refusal:
            if refusal.code == "dm_not_allowed":
                return False
            raise
        return True

    async def read(self, place: ChatPlace, now: datetime) -> tuple[list[Raw], ChatPlace, bool]:
        """Return what is new, oldest first."""
        if place.begun:
            return await self._log(place)
        if not place.log:
            # The position is taken before the first look round, so that nothing falls between the two.
            answer = await self._client.query("chat.bsky.convo.getLog", {}, chat=True)
            place = replace(place, log=text(answer.get("cursor")))
        return await self._look_round(place, now - FIRST_DEPTH)

    async def _look_round(self, place: ChatPlace, since: datetime) -> tuple[list[Raw], ChatPlace, bool]:
        params = {"limit": _CONVOS_A_VISIT} | ({"cursor": place.older} if place.older else {})
        answer = await self._client.query("chat.bsky.convo.listConvos", params, chat=True)
        result: list[Raw] = []
        fresh = [
            one for one in map(mapping, items(answer.get("convos"))) if _since(one.get("lastMessage"), since)
        ]
        for convo in fresh:
            self._convos[text(convo.get("id"))] = convo
            result += [
                await self._raw(one, text(convo.get("id"))) for one in await self._history(convo, since)
            ]
        following = text(answer.get("cursor"))
        more = bool(fresh and following and following != place.older)
        return result, replace(place, older=following if more else "", begun=not more), more

    async def _history(self, convo: dict[str, Any], since: datetime) -> list[dict[str, Any]]:
        params: dict[str, Any] = {"convoId": text(convo.get("id")), "limit": _MESSAGES}
        found: list[dict[str, Any]] = []
        for _ in range(_HISTORY_PAGES):
            answer = await self._client.query("chat.bsky.convo.getMessages", params, chat=True)
            page = [mapping(one) for one in items(answer.get("messages"))]
            fresh = [one for one in page if _since(one, since)]
            found += [one for one in fresh if one.get("$type", _MESSAGE) == _MESSAGE]
            following = text(answer.get("cursor"))
            if len(fresh) < len(page) or not following:
                break
            params["cursor"] = following
        return found[::-1]

    async def _log(self, place: ChatPlace) -> tuple[list[Raw], ChatPlace, bool]:
        result: list[Raw] = []
        for _ in range(_LOG_PAGES):
            params = {"cursor": place.log} if place.log else {}
            answer = await self._client.query("chat.bsky.convo.getLog", params, chat=True)
            logs, following = items(answer.get("logs")), text(answer.get("cursor"))
            result += [await self._raw_event(one) for one in map(mapping, logs) if _speaks(one)]
            if not logs or not following or following == place.log:
                return result, replace(place, log=following or place.log), False
            place = replace(place, log=following)
        return result, place, True

    async def _raw_event(self, event: dict[str, Any]) -> Raw:
        raw = await self._raw(mapping(event.get("message")), text(event.get("convoId")))
        return replace(raw, payload={**raw.payload, "deleted": event.get("$type") == _DELETED})

    async def _raw(self, message: dict[str, Any], convo: str) -> Raw:
        members, group = await self._members(convo)
        me = (await self._client.session()).did
        payload = {"kind": "dm", "message": lasting(message), "convo": convo, "members": members, "me": me}
        return Raw(text(message.get("id")), {**payload, "group": group, "deleted": False})

    async def _members(self, convo: str) -> tuple[list[dict[str, str]], bool]:
        """Return who takes part; only the person who wrote is in a message, by DID."""
        if convo not in self._convos:
            try:
                answer = await self._client.query("chat.bsky.convo.getConvo", {"convoId": convo}, chat=True)
            except Rejected:
                answer = {}  # left or locked meanwhile; the message says enough
            self._convos[convo] = mapping(answer.get("convo"))
        known = self._convos[convo]
        people = [_person(one) for one in map(mapping, items(known.get("members")))]
        return people, text(mapping(known.get("kind")).get("$type")).endswith(_GROUP) or len(people) > 2


def _person(member: dict[str, Any]) -> dict[str, str]:
    return {name: text(member.get(name)) for name in ("did", "handle", "displayName")}


def _since(message: Any, since: datetime) -> bool:
    sent = moment(mapping(message).get("sentAt"))
    return sent is not None and sent >= since


def _speaks(event: dict[str, Any]) -> bool:
    """Whether the event is a message written or deleted; reactions, reading and kinds to come are not."""
    message = mapping(event.get("message"))
    if event.get("$type") == _DELETED:
        return bool(text(message.get("id")))
    return (
        event.get("$type") == _CREATED
        and message.get("$type", _MESSAGE) == _MESSAGE
        and bool(message.get("id"))
    )
