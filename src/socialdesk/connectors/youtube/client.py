"""YouTube's calls and refusals (https://developers.google.com/youtube/v3/docs/errors)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from socialdesk.connectors.contract import (
    N_,
    AuthRequired,
    ConnectorError,
    Host,
    Period,
    RateLimited,
    Rejected,
    Setting,
    Tariff,
    Temporary,
    charged,
)
from socialdesk.connectors.googleauth import Google, Wire, reason_of
from socialdesk.connectors.rest import doubt
from socialdesk.connectors.said import Said
from socialdesk.connectors.shapes import identity, items, mapping, text

SERVER = "https://www.googleapis.com/youtube/v3"
SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
_REFUSALS = {
    "commentsDisabled": "reply_disabled",
    "ineligibleAccount": "reply_refused",
    "commentTextTooLong": "too_long",
    "commentTextRequired": "empty",
    "parentCommentNotFound": "parent_gone",
    "parentCommentIsPrivate": "parent_gone",
    "commentNotFound": "parent_gone",
    "videoNotFound": "parent_gone",
    "forbidden": "reply_refused",
}


QUOTA = Setting(
    "quota",
    N_("Units a day"),
    N_("Of your project's daily quota, what this account may use."),
    required=False,
    default="10000",
)
READING, WRITING = 1, 50
"""Units of a call (https://developers.google.com/youtube/v3/determine_quota_cost), also of one that fails."""


class YouTubeWire(Wire):
    """Google's refusals, and YouTube's reasons among them; each call is taken from the quota, also one that is refused."""

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        posts: bool = False,
    ) -> dict[str, Any]:
        """Call, as far as the quota goes; Google's sign-in is free."""
        writes = method != "GET"
        cost = (WRITING if writes else READING) if url.startswith(SERVER) else 0
        async with charged(self.host.purse, cost, answer=writes) as charge:
            charge.cost = charge.failed = cost
            return await super().call(
                method, url, headers=headers, params=params, body=body, form=form, posts=posts
            )

    def refusal(self, response: httpx.Response, body: dict[str, Any], posts: bool) -> ConnectorError:
        """Return what a refusal means; the day's quota ends at midnight in California."""
        reason, told = reason_of(body), self.words(body)
        if reason in ("quotaExceeded", "dailyLimitExceeded"):
            return RateLimited(told, until=next_day(self.host.clock.now()), code="quota_used")
        if reason == "youtubeSignupRequired":
            return AuthRequired(told, code="no_channel")
        if reason in ("processingFailure", "backendError"):
            return doubt(posts, told)
        if code := _REFUSALS.get(reason):
            return Rejected(told, code=code)
        return super().refusal(response, body, posts)


def examine(options: Mapping[str, str]) -> None:
    """Raise ``Rejected`` where the quota is no number of units."""
    given = options.get("quota", "").strip()
    if given and not (given.isascii() and given.isdecimal() and len(given) < 8):
        raise Rejected(given, code="bad_quota")


def tariff(options: Mapping[str, str]) -> Tariff:
    """Return the day's quota; one that is no number is the default's. A look asks for two lists at least."""
    given = options.get("quota", "").strip()
    limit = int(given if given.isascii() and given.isdecimal() and len(given) < 8 else QUOTA.default)
    return Tariff(limit, Period.DAY, "America/Los_Angeles", look=2 * READING)


class Client(Google):
    """The channel's owner, as one OAuth client."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.wire = YouTubeWire(host)
        self.said = Said()
        self._me = ("", "", "")

    async def me(self) -> tuple[str, str, str]:
        """Return the channel's id, handle and title, asked for once."""
        if not self._me[0]:
            answer = await self.get(f"{SERVER}/channels", {"part": "snippet", "mine": "true"})
            found = mapping(next(iter(items(answer.get("items"))), None))
            about = mapping(found.get("snippet"))
            me = (identity(found.get("id")), text(about.get("customUrl")), text(about.get("title")))
            if not me[0]:
                if "items" in answer or not answer.get("kind"):
                    raise AuthRequired("this sign-in has no channel", code="no_channel")
                raise Temporary("the channel has no id", code="bad_answer")
            self._me = me
        return self._me


def next_day(now: datetime) -> datetime:
    """Return when YouTube counts the quota anew: midnight in California."""
    there = now.astimezone(ZoneInfo("America/Los_Angeles"))
    return (there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)).astimezone(
        now.tzinfo
    )
