"""A strict stand-in for Mastodon 4.5: it refuses what the real one refuses (https://docs.joinmastodon.org/methods/)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx

from contract.fake_door import GRANULAR, FakeDoor, may
from contract.fake_toots import (
    ANA,
    BRAND,
    DOMAIN,
    FILES,
    LUIS,
    SERVER,
    TOKEN,
    TokenVault,
    counted,
    good,
    iso,
    marked_up,
    mention_of,
    refuse,
)
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

_POSTED = {"status", "in_reply_to_id", "visibility", "spoiler_text", "sensitive", "language"}
_PAGED = {"max_id", "since_id", "min_id", "limit"}


class _Stream(httpx.AsyncByteStream):
    """An open stream of events."""

    def __init__(self, first: bytes) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.queue.put_nowait(first)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (part := await self.queue.get()) is not None:
            yield part


class FakeMastodon:
    """The server, the brand's account on it, and people elsewhere."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.token = TOKEN
        self.scopes = list(GRANULAR)
        self.statuses: dict[str, dict[str, Any]] = {}
        self.sources: dict[str, str] = {}
        self.notes: list[Any] = []
        self.filtered: set[str] = set()
        self.keys: dict[str, str] = {}
        self.heeds_keys = True
        self.note = ""
        self.files: dict[str, bytes] = {}
        self.favourites: set[str] = set()
        self.muted: set[str] = set()
        self.blocked: set[str] = set()
        self.reports: list[dict[str, Any]] = []
        self.door = FakeDoor()
        self.streams: list[_Stream] = []
        self.max_characters = 500
        self.most = 40
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.missing: set[str] = set()
        """Paths that this server does not have, as prefixes."""
        self.number = 116_000_000_000_000_000
        self.people = {one["id"]: one for one in (BRAND, ANA, LUIS)}
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: TokenVault, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"server": DOMAIN, **options}, vault, client, self.clock)

    def new_id(self) -> str:
        """Return an id, longer and greater than all before it."""
        self.number += 65_537
        return str(self.number)

    # What people do -----------------------------------------------------------------

    def post(
        self,
        words: str,
        who: dict[str, Any] = ANA,
        *,
        to: str | None = None,
        visibility: str = "public",
        warning: str = "",
        language: str | None = "es",
        **more: Any,
    ) -> dict[str, Any]:
        """Somebody posts something; returns the post. Whoever is named in it is told."""
        names = {f"@{one['acct']}".lower(): one for one in self.people.values()}
        found = [
            names[n.lower()]
            for n in re.findall(r"(?<![=/\w])@\w+(?:@[\w.-]*\w)?", words)
            if n.lower() in names
        ]
        parent = self.statuses.get(to or "", {})
        number = self.new_id()
        made: dict[str, Any] = {
            "id": number,
            "created_at": iso(self.clock.now()),
            "in_reply_to_id": to,
            "in_reply_to_account_id": parent["account"]["id"] if parent else None,
            "sensitive": bool(warning),
            "spoiler_text": warning,
            "visibility": visibility,
            "language": language,
            "uri": f"{who['url']}/{number}",
            "url": f"{who['url']}/{number}",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "edited_at": None,
            "content": marked_up(words, list(self.people.values())),
            "account": who,
            "media_attachments": [],
            "mentions": [mention_of(one) for one in {one["id"]: one for one in found}.values()],
            "tags": [],
            "emojis": [],
            "card": None,
            "poll": None,
            "reblog": None,
            "filtered": [],
            **more,
        }
        self.statuses[number] = made
        self.sources[number] = words
        if parent:
            parent["replies_count"] += 1
        if who["id"] != BRAND["id"] and any(one["id"] == BRAND["id"] for one in found):
            self.tell("mention", made)
        return made

    def mention(self, words: str, who: dict[str, Any] = ANA, **more: Any) -> dict[str, Any]:
        """A customer names the brand."""
        return self.post(f"@tienda {words}", who, **more)

    def tell(
        self, kind: str, status: dict[str, Any] | None, who: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The brand gets a notification."""
        account = who or (status or {}).get("account")
        made = {"id": str(len(self.notes) + 34_975_861), "type": kind, "created_at": iso(self.clock.now())}
        note = {**made, "account": account, **({"status": status} if status else {})}
        self.notes.append(note)
        self.push("notification", note)
        return note

    def push(self, event: str, payload: Any) -> None:
        """Say something to everybody who listens."""
        data = payload if isinstance(payload, str) else json.dumps(payload)
        for stream in self.streams:
            stream.queue.put_nowait(f":thump\nevent: {event}\ndata: {data}\n\n".encode())

    def remove(self, number: str) -> None:
        """A post is deleted, and with it what told of it."""
        del self.statuses[number]
        self.notes = [one for one in self.notes if one.get("status", {}).get("id") != number]

    def replies(self) -> list[str]:
        """Return the brand's answers that are there and reach somebody, without the name at their beginning."""
        found = []
        for number, status in self.statuses.items():
            if status["account"]["id"] == BRAND["id"] and status["in_reply_to_id"]:
                assert status["mentions"], "an answer that names nobody reaches nobody"
                found.append(re.sub(r"^@\S+ ?", "", self.sources[number], count=1))
        return found

    # The server ---------------------------------------------------------------------

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (response := await self.answer(request)) is not None:
            return response
        return self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the real one does."""
        path, method = request.url.path, request.method
        params = parse_qs(request.url.query.decode(), keep_blank_values=True)
        body = _body(request)
        if request.url.host == FILES:
            assert "authorization" not in request.headers, "a token for a host of files"
            return httpx.Response(200, content=self.files[path])
        assert f"{request.url.scheme}://{request.url.host}" == SERVER, request.url
        self.calls.append((method, path, {**params, **body}))
        if any(path.startswith(one) for one in self.missing):
            return refuse(404, "Record not found")
        open_to_all = self._open(method, path, body)
        if open_to_all is not None:
            return open_to_all
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return refuse(401, "The access token is invalid")
        if not may(self.scopes, method, path):
            return refuse(403, "This action is outside the authorized scopes")
        return self._signed(method, path, params, body, request)

    def _open(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response | None:
        if (method, path) == ("GET", "/api/v2/instance"):
            return good(self._instance())
        if (method, path) == ("GET", "/.well-known/oauth-authorization-server"):
            return good({"scopes_supported": GRANULAR, "code_challenge_methods_supported": ["S256"]})
        if (method, path) == ("POST", "/api/v1/apps"):
            return self.door.register(body)
        if (method, path) == ("POST", "/oauth/token"):
            return self.door.let_in(body, self.token)
        return None

    def _instance(self) -> dict[str, Any]:
        statuses = {"max_characters": self.max_characters, "characters_reserved_per_url": 23}
        return {
            "domain": DOMAIN,
            "version": "4.5.0",
            "api_versions": {"mastodon": 7},
            "thumbnail": {"url": f"https://{FILES}/thumbnail.png"},
            "configuration": {"urls": {"streaming": f"wss://{DOMAIN}"}, "statuses": statuses},
        }

    def _signed(
        self,
        method: str,
        path: str,
        params: dict[str, list[str]],
        body: dict[str, Any],
        request: httpx.Request,
    ) -> httpx.Response:
        parts = path.removeprefix("/api/v1/").split("/")
        match (method, parts):
            case ("GET", ["accounts", "verify_credentials"]):
                return good({**BRAND, "source": {"note": self.note, "fields": []}})
            case ("GET", ["apps", "verify_credentials"]):
                return good({"name": "socialdesk", "scopes": self.scopes})
            case ("PATCH", ["accounts", "update_credentials"]):
                assert request.headers["content-type"] == "application/x-www-form-urlencoded"
                return self._describe(body)
            case ("GET", ["notifications"]):
                return self._notifications(params)
            case ("GET", ["accounts", number, "statuses"]):
                assert set(params) <= _PAGED | {"exclude_reblogs", "exclude_replies"}
                found = [one for one in self.statuses.values() if one["account"]["id"] == number]
                return self._page(found, params, path)
            case ("GET", ["statuses"]):
                wanted = params["id[]"]
                if len(wanted) > 20:
                    return refuse(422, "Validation failed: too many")
                return good([self.statuses[one] for one in wanted if one in self.statuses])
            case ("GET", ["streaming", "user", "notification"]):
                stream = _Stream(b":)\n\n")
                self.streams.append(stream)
                return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=stream)
            case ("POST", ["statuses"]):
                return self._post(body, request.headers.get("idempotency-key", ""))
            case ("POST", ["reports"]):
                assert body["category"] in ("spam", "other") and body["account_id"] in self.people
                self.reports.append(body)
                return good({"id": "1"})
            case (_, ["statuses", number, *rest]):
                return self._status(method, number, rest)
            case ("POST", ["accounts", number, what]):
                return self._account(number, what)
        return refuse(404, "Record not found")

    def _describe(self, body: dict[str, Any]) -> httpx.Response:
        assert set(body) == {"note"}
        if counted(body["note"]) > 500:
            return refuse(422, "Validation failed: Bio is too long")
        self.note = body["note"]
        return good({**BRAND, "source": {"note": self.note}})

    def _notifications(self, params: dict[str, list[str]]) -> httpx.Response:
        assert set(params) <= _PAGED | {"types[]", "include_filtered"}
        kinds = params.get("types[]")
        every = params.get("include_filtered") == ["true"]
        found = [
            one
            for one in self.notes
            if (not kinds or one.get("type") in kinds) and (every or one["id"] not in self.filtered)
        ]
        return self._page(found, params, "/api/v1/notifications")

    def _page(self, found: list[Any], params: dict[str, list[str]], path: str) -> httpx.Response:
        """Return a page, newest first; the ids here are numbers that grow."""
        values = {name: one[-1] for name, one in params.items()}
        size = min(int(values.get("limit", "20")), self.most)
        if "max_id" in values:
            found = [one for one in found if int(one["id"]) < int(values["max_id"])]
        if "min_id" in values:
            page = [one for one in found if int(one["id"]) > int(values["min_id"])][:size]
        else:
            lowest = int(values.get("since_id", "0"))
            page = [one for one in found if int(one["id"]) > lowest][-size:]
        page = page[::-1]
        base = f"{SERVER}{path}?limit={size}"
        links = (
            f'<{base}&max_id={page[-1]["id"]}>; rel="next", <{base}&min_id={page[0]["id"]}>; rel="prev"'
            if page
            else ""
        )
        return good(page, **({"link": links} if links else {}))

    def _post(self, body: dict[str, Any], key: str) -> httpx.Response:
        assert set(body) <= _POSTED, set(body) - _POSTED
        assert key, "every attempt bears a key"
        if self.heeds_keys and key in self.keys:
            return good(self.statuses[self.keys[key]])
        if body["in_reply_to_id"] not in self.statuses:
            return refuse(404, "Record not found")
        if body["visibility"] not in ("public", "unlisted", "private", "direct"):
            return refuse(422, "Validation failed: Visibility is not included in the list")
        if "language" in body and not re.fullmatch("[a-z]{2}", body["language"]):
            return refuse(422, "Validation failed: Language is invalid")
        size = counted(body["status"]) + counted(body.get("spoiler_text", ""))
        if size > self.max_characters:
            return refuse(422, f"Validation failed: Text character limit of {self.max_characters} exceeded")
        made = self.post(
            body["status"],
            BRAND,
            to=body["in_reply_to_id"],
            visibility=body["visibility"],
            warning=body.get("spoiler_text", ""),
            language=body.get("language"),
        )
        self.keys[key] = made["id"]
        return good(made)

    def _status(self, method: str, number: str, rest: list[str]) -> httpx.Response:
        status = self.statuses.get(number)
        if status is None:
            return refuse(404, "Record not found")
        match (method, rest):
            case ("GET", []):
                return good(status)
            case ("GET", ["source"]):
                return good(
                    {"id": number, "text": self.sources[number], "spoiler_text": status["spoiler_text"]}
                )
            case ("GET", ["context"]):
                return good({"ancestors": self._above(status), "descendants": self._below(number)})
            case ("POST", ["favourite"]):
                self.favourites.add(number)
                return good(status)
            case ("POST", ["unfavourite"]):
                self.favourites.discard(number)
                return good(status)
        return refuse(404, "Record not found")

    def _above(self, status: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while above := self.statuses.get(status["in_reply_to_id"] or ""):
            found.insert(0, above)
            status = above
        return found

    def _below(self, number: str) -> list[dict[str, Any]]:
        found = []
        for one in self.statuses.values():
            if one["in_reply_to_id"] == number:
                found += [one, *self._below(one["id"])]
        return found

    def _account(self, number: str, what: str) -> httpx.Response:
        if number not in self.people:
            return refuse(404, "Record not found")
        room = self.muted if "mute" in what else self.blocked
        (room.discard if what.startswith("un") else room.add)(number)
        return good({"id": number})

    def limited(self, seconds: int = 60) -> httpx.Response:
        """Return what the real one answers to too many requests: a moment with microseconds, no Retry-After."""
        until = self.clock.now() + timedelta(seconds=seconds)
        headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"}
        headers["X-RateLimit-Reset"] = until.strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
        return httpx.Response(429, json={"error": "Too many requests"}, headers=headers)


def _body(request: httpx.Request) -> dict[str, Any]:
    if not request.content:
        return {}
    if request.headers.get("content-type", "").startswith("application/json"):
        found: dict[str, Any] = json.loads(request.content)
        return found
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True))
