"""A small and strict stand-in for Google's sign-in and its Business Profile API (shared facts: "latest updates" of July 2026)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from contract.judging import judge
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

CLIENT = "1-desktop.apps.googleusercontent.com"
LOCATION = "accounts/1/locations/7"


def refuse(status: int, name: str, message: str = "", **details: Any) -> httpx.Response:
    """Return a refusal as Google words it."""
    error: dict[str, Any] = {"code": status, "message": message or name, "status": name}
    return httpx.Response(status, json={"error": {**error, **({"details": [details]} if details else {})}})


class Leave:
    """The vault: what the sign-in left."""

    def __init__(self, google: FakeAccounts) -> None:
        self.token = json.dumps({"refresh": google.renewal, "client_secret": google.secret})

    async def secret(self, name: str) -> str:
        """Return the token."""
        assert name == "token"
        return self.token

    async def load_session(self) -> dict[str, str]:
        """There is none."""
        return {}

    async def save_session(self, session: Mapping[str, str]) -> None:
        """There is none."""
        raise AssertionError("no session here")


class FakeAccounts:
    """Google's sign-in: a code in the browser, a key for an hour, a lasting leave to renew it."""

    scope = ""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.secret, self.renewal = canary("google-client"), canary("google-renewal")
        self.revoked = False
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self.files: dict[str, bytes] = {}
        self._keys: dict[str, datetime] = {}
        self._codes: dict[str, str] = {}
        self._numbers = 0
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: Leave, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"client": CLIENT, **options}, vault, client, self.clock)

    def authorize(self, url: str) -> str:
        """The person says yes in the browser; returns the address where it ends."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
        assert (
            asked["client_id"] == CLIENT
            and asked["access_type"] == "offline"
            and asked["scope"] == self.scope
        )
        code = canary(f"google-code-{self.number()}")
        self._codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}&scope={asked['scope']}"

    def number(self) -> int:
        """Return the next number."""
        self._numbers += 1
        return self._numbers

    def stamp(self, at: datetime | None = None) -> str:
        """Return a moment as Google writes them: nanoseconds, or none at all."""
        text = (at or self.clock.now()).strftime("%Y-%m-%dT%H:%M:%S")
        return text + (".123456789Z" if self._numbers % 2 else "Z")

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (answer := await self.answer(request)) is not None:
            return answer
        return self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as Google does."""
        url = request.url
        if url.host.endswith((".googleusercontent.com", ".ytimg.com")):
            found = self.files.get(url.path)
            return httpx.Response(200, content=found) if found is not None else httpx.Response(404)
        if url.host == "oauth2.googleapis.com":
            return self._token({k: v[0] for k, v in parse_qs(request.content.decode()).items()})
        self.calls.append((request.method, f"{url.host}{url.path}", dict(url.params)))
        access = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._keys.get(access, self.clock.now()) <= self.clock.now():
            return refuse(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        return self.serve_api(request, json.loads(request.content) if request.content else None)

    def serve_api(self, request: httpx.Request, body: Any) -> httpx.Response:
        """Answer what only who signed in may ask."""
        raise NotImplementedError

    def _token(self, form: dict[str, str]) -> httpx.Response:
        if form.get("client_id") != CLIENT or form.get("client_secret") != self.secret:
            return httpx.Response(401, json={"error": "invalid_client", "error_description": "Unauthorized"})
        more = {}
        if form.get("grant_type") == "refresh_token":
            good = form.get("refresh_token") == self.renewal and not self.revoked
        else:
            proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            told = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
            good = self._codes.pop(form.get("code", ""), "") == told
            more = {"refresh_token": self.renewal}
        if not good:
            told = "Token has been expired or revoked."
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": told})
        access = canary(f"google-access-{self.number()}")
        self._keys[access] = self.clock.now() + timedelta(hours=1)
        return httpx.Response(
            200, json={"access_token": access, "expires_in": 3599, "token_type": "Bearer", **more}
        )


class FakeReviews(FakeAccounts):
    """One account with one business, and what customers say of it."""

    scope = "https://www.googleapis.com/auth/business.manage"

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.reviews: dict[str, dict[str, Any]] = {}
        self.locations = [{"name": "locations/7", "title": "La Tienda", "storeCode": "Sol"}]
        self.flaky = 0

    def review(
        self, comment: str | None, stars: str = "TWO", location: str = LOCATION, **more: Any
    ) -> dict[str, Any]:
        """A customer judges; returns the review."""
        number, at = self.number(), self.stamp()
        made: dict[str, Any] = {
            "name": f"{location}/reviews/r{number}",
            "reviewId": f"r{number}",
            "reviewer": {"displayName": "Ana"},
            "starRating": stars,
            "createTime": at,
            "updateTime": at,
            **({} if comment is None else {"comment": comment}),
            **more,
        }
        self.reviews[made["name"]] = made
        return made

    def replies(self) -> list[str]:
        """Return the answers that stand, oldest first."""
        found = [one["reviewReply"] for one in self.reviews.values() if "reviewReply" in one]
        return [one["comment"] for one in found]

    def serve_api(self, request: httpx.Request, body: Any) -> httpx.Response:
        """Answer as the Business Profile API does."""
        url, query = request.url, dict(request.url.params)
        if url.host != "mybusiness.googleapis.com":
            judge("google", request)
        if url.host == "mybusinessaccountmanagement.googleapis.com":
            return httpx.Response(200, json={"accounts": [{"name": "accounts/1", "accountName": "Tiendas"}]})
        if url.host == "mybusinessbusinessinformation.googleapis.com":
            assert "name" in query["readMask"].split(",")
            return httpx.Response(200, json={"locations": self.locations} if self.locations else {})
        assert url.host == "mybusiness.googleapis.com"
        name = url.path.removeprefix("/v4/")
        if name.endswith("/reviews") and request.method == "GET":
            return self._list(name.removesuffix("/reviews"), query)
        if name.endswith("/reply") and request.method == "PUT":
            return self._reply(name.removesuffix("/reply"), body)
        if name not in self.reviews or request.method != "GET":
            return refuse(404, "NOT_FOUND", "Requested entity was not found.")
        return httpx.Response(200, json=self.reviews[name])

    def _list(self, location: str, query: dict[str, str]) -> httpx.Response:
        if self.flaky:
            self.flaky -= 1
            return refuse(404, "NOT_FOUND", "Requested entity was not found.")
        size, start = int(query["pageSize"]), int(query.get("pageToken", "0"))
        assert size <= 50 and query.get("orderBy", "updateTime desc") == "updateTime desc"
        found = [one for name, one in self.reviews.items() if name.startswith(location + "/")]
        found.sort(key=lambda one: str(one["updateTime"])[:19], reverse=True)
        page = found[start : start + size]
        answer: dict[str, Any] = {"averageRating": 3.5, "totalReviewCount": len(found)}
        if page:
            answer["reviews"] = page
        if start + size < len(found):
            answer["nextPageToken"] = str(start + size)
        return httpx.Response(200, json=answer)

    def _reply(self, name: str, body: Any) -> httpx.Response:
        if name not in self.reviews:
            return refuse(404, "NOT_FOUND", "Requested entity was not found.")
        if len(body["comment"].encode()) > 4096:
            return refuse(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
        made = {"comment": body["comment"], "updateTime": self.stamp(), "reviewReplyState": "PENDING"}
        self.reviews[name]["reviewReply"] = made
        return httpx.Response(200, json=made)
