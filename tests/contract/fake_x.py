"""A small and strict stand-in for X's API v2: it refuses what the real one refuses (shared facts: OpenAPI 2.167).

Keys live for two hours, each renewal works once, lists come newest first, and every post and message that is handed over is counted.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from contract.judging import judge
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Count, Host, measure
from socialdesk.connectors.x.shape import first_id

ME, NAME = "9000000000000000001", "tienda"
ANA = {"id": "9000000000000000002", "username": "ana", "name": "Ana"}
LUIS = {"id": "9000000000000000003", "username": "luis", "name": "Luis"}
SHOP = {"id": ME, "username": NAME, "name": "La Tienda"}
CLIENT = "a-native-app"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of "
    "the post you are replying to."
)


def problem(status: int, title: str, detail: str = "", kind: str = "", **more: Any) -> httpx.Response:
    """Return a refusal as X words it."""
    where = f"https://api.x.com/2/problems/{kind}" if kind else "about:blank"
    return httpx.Response(
        status, json={"title": title, "detail": detail or title, "type": where, "status": status, **more}
    )


class Keys:
    """The vault: what the sign-in left, and the session."""

    def __init__(self, server: FakeX) -> None:
        self.token = json.dumps(server.grant())
        self.session: dict[str, str] = {}

    async def secret(self, name: str) -> str:
        """Return the token."""
        assert name == "token"
        return self.token

    async def load_session(self) -> dict[str, str]:
        """Return what was kept."""
        return dict(self.session)

    async def save_session(self, session: Mapping[str, str]) -> None:
        """Keep it."""
        self.session = dict(session)


class FakeX:
    """The network and the brand's account on it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.posts: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.media: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.people = {one["id"]: one for one in (SHOP, ANA, LUIS)}
        self.hidden: set[str] = set()
        self.likes: set[str] = set()
        self.closed: dict[str, str] = {}
        self.no_messages: set[str] = set()
        self.lost: set[str] = set()
        self.gone: dict[str, str] = {}
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self.handed = 0
        self.scope = "tweet.read users.read tweet.write dm.read dm.write offline.access"
        self._numbers = 0
        self._keys: dict[str, datetime] = {}
        self._renewals: set[str] = set()
        self._codes: dict[str, tuple[str, datetime]] = {}
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: Keys, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"client": CLIENT, **options}, vault, client, self.clock)

    # What people do ----------------------------------------------------------

    def number(self, at: datetime | None = None) -> str:
        """Return a new id, which holds the moment."""
        self._numbers += 1
        return str(int(first_id(at or self.clock.now())) + self._numbers)

    def write(
        self, text: str, who: dict[str, str] = ANA, to: str = "", quotes: str = "", **more: Any
    ) -> dict[str, Any]:
        """Somebody posts, below another post or quoting one; returns the post."""
        name = self.number(more.pop("at", None))
        above = self.posts.get(to, {})
        post: dict[str, Any] = {
            "id": name,
            "text": escape(text, quote=False),
            "author_id": who["id"],
            "created_at": self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "conversation_id": above.get("conversation_id", name),
            "edit_history_tweet_ids": [name],
            "lang": "es",
            "reply_settings": "everyone",
            **({"in_reply_to_user_id": above["author_id"]} if above else {}),
            **more,
        }
        linked = [("replied_to", to), ("quoted", quotes)]
        if references := [{"type": kind, "id": one} for kind, one in linked if one]:
            post["referenced_tweets"] = references
        self.posts[name] = post
        return post

    def edit(self, name: str, text: str) -> dict[str, Any]:
        """Its author changes a post: another id, linked by its history."""
        old = self.posts[name]
        new = self.write(text, self.people[old["author_id"]])
        history = [*old["edit_history_tweet_ids"], new["id"]]
        new.update(
            {k: old[k] for k in ("conversation_id", "in_reply_to_user_id", "referenced_tweets") if k in old}
        )
        for one in history:
            self.posts[one]["edit_history_tweet_ids"] = history
        return new

    def whisper(self, text: str, who: dict[str, str] = ANA, **more: Any) -> dict[str, Any]:
        """Somebody writes a private message."""
        other = more.pop("to", ME)
        place = "-".join(sorted((who["id"], other), key=int))
        event = {
            "id": self.number(),
            "text": escape(text, quote=False),
            "event_type": "MessageCreate",
            "created_at": self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "sender_id": who["id"],
            "dm_conversation_id": place,
            **more,
        }
        self.events.append(event)
        return event

    def said(self) -> list[str]:
        """Return the texts of the brand's answers, oldest first."""
        ours = [one for one in self.posts.values() if one["author_id"] == ME and "referenced_tweets" in one]
        private = [one for one in self.events if one["sender_id"] == ME]
        return [unescape(one["text"]) for one in sorted([*ours, *private], key=lambda one: int(one["id"]))]

    # Signing in --------------------------------------------------------------

    def grant(self) -> dict[str, str]:
        """Return two new keys, as a sign-in leaves them."""
        self._numbers += 1
        access, renewal = (canary(f"x-{what}-{self._numbers}") for what in ("access", "renewal"))
        self._keys[access] = self.clock.now() + timedelta(hours=2)
        self._renewals.add(renewal)
        return {"access": access, "refresh": renewal, "scope": self.scope}

    def revoke(self) -> None:
        """The person withdraws the app's leave."""
        self._keys.clear()
        self._renewals.clear()

    def authorize(self, url: str) -> str:
        """The person says yes in the browser; returns the address where it ends."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code" and "offline.access" in asked["scope"].split()
        code = canary(f"x-code-{self.number()}")
        self._codes[code] = (asked["code_challenge"], self.clock.now() + timedelta(seconds=30))
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}"

    def _token(self, form: dict[str, str]) -> httpx.Response:
        if form.get("client_id") != CLIENT:
            return self._no_token("unauthorized_client", "Missing or invalid client")
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self._renewals:
                return self._no_token("invalid_request", "Value passed for the token was invalid.")
            self._renewals.discard(form["refresh_token"])
        else:
            challenge, until = self._codes.pop(form.get("code", ""), ("", self.clock.now()))
            proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if (
                self.clock.now() >= until
                or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != challenge
            ):
                return self._no_token(
                    "invalid_request", "Value passed for the authorization code was invalid."
                )
        made = self.grant()
        return httpx.Response(
            200,
            json={
                "token_type": "bearer",
                "expires_in": 7200,
                "access_token": made["access"],
                "refresh_token": made["refresh"],
                "scope": self.scope,
            },
        )

    def _no_token(self, error: str, told: str) -> httpx.Response:
        return httpx.Response(400, json={"error": error, "error_description": told})

    # The API -----------------------------------------------------------------

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (answer := await self.answer(request)) is not None:
            return answer
        return self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as X does."""
        url, query = request.url, dict(request.url.params)
        if url.host.endswith(".twimg.com"):
            content = self.files.get(url.path)
            return httpx.Response(200, content=content) if content is not None else httpx.Response(404)
        assert url.host == "api.x.com", url
        self.calls.append((request.method, url.path, query))
        if url.path == "/2/oauth2/token":
            return self._token({k: v[0] for k, v in parse_qs(request.content.decode()).items()})
        access = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._keys.get(access, self.clock.now()) <= self.clock.now():
            return problem(401, "Unauthorized")
        judge("x", request)
        body = json.loads(request.content) if request.content else None
        return self._route(request.method, url.path.removeprefix("/2"), query, body)

    def _route(self, method: str, path: str, query: dict[str, str], body: Any) -> httpx.Response:
        match method, path.strip("/").split("/"):
            case "GET", ["users", "me"]:
                return httpx.Response(200, json={"data": SHOP})
            case "GET", ["users", who, "mentions"] if who == ME:
                return self._list(
                    query, lambda post: f"@{NAME}" in post["text"].split() or f"@{NAME} " in post["text"]
                )
            case "GET", ["users", who, "tweets"] if who == ME:
                return self._list(query, lambda post: post["author_id"] == ME)
            case "GET", ["tweets", "search", "recent"]:
                return self._search(query)
            case "GET", ["tweets"]:
                return self._several(query)
            case "POST", ["tweets"]:
                return self._post(body)
            case "PUT", ["tweets", name, "hidden"]:
                return self._hide(name, body)
            case "POST", ["users", who, "likes"] if who == ME:
                self.likes.add(body["tweet_id"])
                return httpx.Response(200, json={"data": {"liked": True}})
            case "DELETE", ["users", who, "likes", name] if who == ME:
                self.likes.discard(name)
                return httpx.Response(200, json={"data": {"liked": False}})
            case "GET", ["dm_events"]:
                return self._events(query, [one for one in self.events if one["id"] not in self.lost])
            case "GET", ["dm_conversations", *where, "dm_events"]:
                return self._events(
                    query, [one for one in self.events if one["dm_conversation_id"] == self._place(where)]
                )
            case "POST", ["dm_conversations", *where, "messages"]:
                return self._whispered(self._place(where), body)
        return problem(404, "Not Found Error", kind="resource-not-found")

    def _list(self, query: dict[str, str], wanted: Callable[[dict[str, Any]], bool]) -> httpx.Response:
        most = int(query.get("max_results", "10"))
        if not 5 <= most <= 100 or not query.get("since_id", "1").isdecimal():
            return problem(
                400,
                "Invalid Request",
                "One or more parameters to your request was invalid.",
                "invalid-request",
            )
        since = int(query.get("since_id", "0"))
        newest = {one["edit_history_tweet_ids"][-1] for one in self.posts.values()}
        found = [
            one
            for name, one in self.posts.items()
            if name in newest
            and int(name) > since
            and name not in self.gone
            and name not in self.lost
            and wanted(one)
        ]
        return self._page(
            sorted(found, key=lambda one: int(one["id"]), reverse=True), query, most, "pagination_token"
        )

    def _search(self, query: dict[str, str]) -> httpx.Response:
        week = int(first_id(self.clock.now() - timedelta(days=7)))
        if (
            len(query["query"]) > 512
            or int(query.get("since_id", week)) < week
            or "pagination_token" in query
        ):
            return problem(
                400, "Invalid Request", "since_id must be of the last seven days.", "invalid-request"
            )
        mine = {name for name, one in self.posts.items() if one["author_id"] == ME}

        def wanted(post: dict[str, Any]) -> bool:
            quoted = any(
                one["type"] == "quoted" and one["id"] in mine for one in post.get("referenced_tweets", [])
            )
            return post["author_id"] != ME and (post.get("in_reply_to_user_id") == ME or quoted)

        return self._list({**query, "pagination_token": query.get("next_token", "")}, wanted)

    def _page(
        self, found: list[dict[str, Any]], query: dict[str, str], most: int, name: str
    ) -> httpx.Response:
        token = query.get(name) or "p0"
        if not token.startswith("p"):
            return problem(400, "Invalid Request", "pagination_token is not valid.", "invalid-request")
        start = int(token[1:])
        page = found[start : start + most]
        self.handed += len(page)
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if start + most < len(found):
            meta["next_token"] = f"p{start + most}"
        answer: dict[str, Any] = {"meta": meta}
        if page:
            answer |= {"data": page, "includes": self._includes(page)}
        return httpx.Response(200, json=answer)

    def _includes(self, page: list[dict[str, Any]]) -> dict[str, Any]:
        named = [one["id"] for post in page for one in post.get("referenced_tweets", [])]
        posts = [self.posts[name] for name in named if name in self.posts and name not in self.gone]
        people = {post.get("author_id") or post.get("sender_id") for post in [*page, *posts]}
        keys = [key for post in [*page, *posts] for key in post.get("attachments", {}).get("media_keys", [])]
        return {
            "users": [self.people[one] for one in sorted(filter(None, people)) if one in self.people],
            "tweets": posts,
            "media": [self.media[key] for key in keys if key in self.media],
        }

    def _several(self, query: dict[str, str]) -> httpx.Response:
        names = query["ids"].split(",")
        if len(names) > 100:
            return problem(400, "Invalid Request", "too many ids", "invalid-request")
        page = [self.posts[name] for name in names if name in self.posts and name not in self.gone]
        self.handed += len(page)
        errors = [
            {
                "value": one,
                "resource_id": one,
                "title": "x",
                "type": f"https://api.twitter.com/2/problems/{self.gone[one]}",
            }
            for one in names
            if one in self.gone
        ]
        answer: dict[str, Any] = {"data": page, "includes": self._includes(page)} if page else {}
        return httpx.Response(200, json={**answer, **({"errors": errors} if errors else {})})

    def _post(self, body: Any) -> httpx.Response:
        assert set(body) <= {"text", "reply"}, body
        to = body["reply"]["in_reply_to_tweet_id"]
        if measure(body["text"], Count.WEIGHTED) > 280:
            return problem(403, "Forbidden", "Your Tweet text is too long.", "client-forbidden")
        if to in self.closed:
            return problem(403, "Forbidden", self.closed[to], "client-forbidden")
        if to not in self.posts or to in self.gone:
            return problem(
                403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        recent = [
            one for one in self.posts.values() if one["author_id"] == ME and one["text"] == body["text"]
        ]
        if any(one["referenced_tweets"][0]["id"] == to for one in recent if one.get("referenced_tweets")):
            return problem(403, "Forbidden", DUPLICATE, "client-forbidden")
        made = self.write(body["text"], SHOP, to)
        data = {"id": made["id"], "text": made["text"], "edit_history_tweet_ids": [made["id"]]}
        return httpx.Response(201, json={"data": data})

    def _hide(self, name: str, body: Any) -> httpx.Response:
        post = self.posts.get(name, {})
        root = self.posts.get(post.get("conversation_id", ""), {})
        if root.get("author_id") != ME or root.get("id") == name:
            return problem(403, "Forbidden", "You are not permitted to hide this reply.", "client-forbidden")
        (self.hidden.add if body["hidden"] else self.hidden.discard)(name)
        return httpx.Response(200, json={"data": {"hidden": body["hidden"]}})

    def _events(self, query: dict[str, str], events: list[dict[str, Any]]) -> httpx.Response:
        if "dm.read" not in self.scope:
            return problem(403, "Forbidden", "the scope dm.read is missing", "client-forbidden")
        most = int(query.get("max_results", "100"))
        assert 1 <= most <= 100 and "since_id" not in query
        return self._page(
            sorted(events, key=lambda one: int(one["id"]), reverse=True), query, most, "pagination_token"
        )

    def _place(self, where: list[str]) -> str:
        return "-".join(sorted((where[1], ME), key=int)) if where[0] == "with" else where[0]

    def _whispered(self, place: str, body: Any) -> httpx.Response:
        assert set(body) == {"text"}, body
        other = next((one for one in place.split("-") if one != ME), "")
        if other in self.no_messages:
            return problem(403, "Forbidden", "You cannot send messages to this user.", "client-forbidden")
        made = self.whisper(body["text"], SHOP, to=other, dm_conversation_id=place)
        return httpx.Response(201, json={"data": {"dm_conversation_id": place, "dm_event_id": made["id"]}})
