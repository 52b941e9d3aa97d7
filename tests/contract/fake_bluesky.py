"""A small and strict stand-in for Bluesky: it refuses what the real one refuses.

Rules are those of the lexicons and of the reference server; what it has no rule for fails the test.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from contract import fake_profile
from contract.fake_chat import DirectMessages
from contract.fake_files import Files
from contract.fake_moderation import BLOCK, GATE, LIKE, Moderation
from contract.fake_parts import (
    ANA,
    BRAND,
    LUIS,
    PASSWORD,
    MemoryVault,
    answer,
    cid,
    error,
    iso,
    record_fault,
    sort_at,
)
from helpers.canaries import MARK, canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

SERVICE = "https://bsky.social"
PDS = "https://morel.host.bsky.network"
POST = "app.bsky.feed.post"
Handler = Callable[[httpx.QueryParams, Any], httpx.Response]
_READS = {
    "app.bsky.notification.listNotifications": {"limit", "cursor", "reasons", "priority"},
    "app.bsky.feed.getAuthorFeed": {"actor", "limit", "cursor", "filter", "includePins"},
    "app.bsky.feed.getPostThread": {"uri", "depth", "parentHeight"},
    "app.bsky.feed.getPosts": {"uris"},
    "app.bsky.actor.getProfile": {"actor"},
    "com.atproto.server.getSession": set(),
    "com.atproto.identity.resolveHandle": {"handle"},
    "com.atproto.repo.getRecord": {"repo", "collection", "rkey", "cid"},
    "chat.bsky.convo.listConvos": {"limit", "cursor", "readState", "status"},
    "chat.bsky.convo.getConvo": {"convoId"},
    "chat.bsky.convo.getConvoForMembers": {"members"},
    "chat.bsky.convo.getMessages": {"convoId", "limit", "cursor"},
    "chat.bsky.convo.getLog": {"cursor"},
}
_WRITES = {
    "com.atproto.repo.putRecord",
    "com.atproto.repo.createRecord",
    "com.atproto.repo.deleteRecord",
    "com.atproto.moderation.createReport",
    "app.bsky.graph.muteActor",
    "app.bsky.graph.unmuteActor",
    "chat.bsky.convo.sendMessage",
}


@dataclass
class FakeBluesky(Moderation, Files, DirectMessages):
    """The network and one brand's account on it."""

    clock: ManualClock
    notes: list[dict[str, Any]] = field(default_factory=list)
    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    threads: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    convos: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    answers: list[Callable[[httpx.Request], Any]] = field(default_factory=list)
    """Asked before the server itself: return an answer, raise, or return None to let it pass."""
    page_size: int = 100
    dm_allowed: bool = True
    chat_works: bool = True
    forget_cursor: bool = False
    pds: str = PDS
    generation: int = 1
    access: str = canary("access1")
    renewal: str = canary("renewal1")
    numbers: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.keep_files()

    # What happens on the network ------------------------------------------------

    def post(
        self,
        author: dict[str, Any],
        text: str,
        *,
        parent: dict[str, Any] | None = None,
        created: datetime | str | None = None,
        **record: Any,
    ) -> dict[str, Any]:
        """Somebody posts; returns the post's view."""
        self.numbers += 1
        now = self.clock.now()
        uri = f"at://{author['did']}/{POST}/p{self.numbers:05}"
        stamp = iso(created or now) if not isinstance(created, str) else created
        made = {"$type": POST, "text": text, "createdAt": stamp, "langs": ["es"], **record}
        if parent is not None:
            root = parent["record"].get("reply", {}).get("root") or {
                "uri": parent["uri"],
                "cid": parent["cid"],
            }
            made["reply"] = {"root": root, "parent": {"uri": parent["uri"], "cid": parent["cid"]}}
        view = {
            "uri": uri,
            "cid": cid(made),
            "author": {**author, "viewer": {"muted": False}},
            "record": made,
            "indexedAt": iso(now),
            "replyCount": self.numbers,
            "viewer": {},
        }
        self.posts[uri] = view
        return view

    def notify(self, post: dict[str, Any], reason: str = "mention") -> dict[str, Any]:
        """The brand is told of a post."""
        note = {key: post[key] for key in ("uri", "cid", "author", "record", "indexedAt")}
        note |= {"reason": reason, "isRead": False, "labels": []}
        self.notes.append(note)
        return note

    def mention(self, text: str, author: dict[str, Any] = ANA, **more: Any) -> dict[str, Any]:
        """A customer mentions the brand."""
        post = self.post(author, text, **more)
        self.notify(post, "reply" if more.get("parent") else "mention")
        return post

    def expire(self) -> None:
        """The access token runs out."""
        self.access = canary(f"access{self.generation}gone")

    def revoke(self) -> None:
        """Both tokens are worthless from now on."""
        self.expire()
        self.renewal = "none"

    def next(self, answer: httpx.Response | Exception, call: str = "") -> None:
        """Answer so, once, to the next request (whose method contains ``call``)."""

        def once(request: httpx.Request) -> httpx.Response | None:
            if call not in request.url.path:
                return None
            self.answers.remove(once)
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.answers.append(once)

    def replies(self) -> list[str]:
        """Return the texts the brand has on the network by this connector, public and private."""
        private = [m["text"] for c in self.convos.values() for m in c["messages"]]
        return [one["record"]["text"] for one in self.records.values() if "text" in one["record"]] + private

    # The server ---------------------------------------------------------------

    def host(self, vault: MemoryVault, handle: str = "tienda.bsky.social") -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"handle": handle, "service": SERVICE}, vault, client, self.clock)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        nsid = request.url.path.removeprefix("/xrpc/")
        self.calls.append(nsid)
        for ask in list(self.answers):
            response = ask(request)
            if asyncio.iscoroutine(response):
                response = await response
            if isinstance(response, httpx.Response):
                return response
        return self._serve(nsid, request)

    def _serve(self, nsid: str, request: httpx.Request) -> httpx.Response:
        if (file := self.serve_file(request)) is not None:
            return file
        where = f"{request.url.scheme}://{request.url.host}"
        body = json.loads(request.content) if request.content else {}
        if nsid == "com.atproto.server.createSession":
            assert where == SERVICE and request.method == "POST"
            return self._create_session(body)
        assert where == self.pds, f"{nsid} must go to the account's own server"
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if nsid == "com.atproto.server.refreshSession":
            assert request.method == "POST" and not request.content
            return self._refresh(token)
        if token != self.access:
            known = token.startswith(f"{MARK}access")
            return error(400, "ExpiredToken" if known else "InvalidToken", "Token has expired")
        if nsid in _READS:
            assert request.method == "GET", nsid
            unknown = set(request.url.params.keys()) - _READS[nsid]
            if unknown:
                return error(400, "InvalidRequest", f"unknown parameter {unknown}")
        else:
            assert nsid in _WRITES and request.method == "POST", nsid
        if nsid.startswith("chat."):
            return self._chat(nsid, request, body)
        return self._handler("_" + nsid.rsplit(".", 1)[1])(request.url.params, body)

    def _handler(self, name: str) -> Handler:
        handler: Handler = getattr(self, name)
        return handler

    def _create_session(self, body: dict[str, Any]) -> httpx.Response:
        known = body["identifier"] in (BRAND["handle"], BRAND["did"])
        if not known or body["password"] != PASSWORD:
            return error(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _refresh(self, token: str) -> httpx.Response:
        if token != self.renewal:
            return error(400, "ExpiredToken", "Token has been revoked")
        return self._session()

    def _session(self) -> httpx.Response:
        self.generation += 1
        self.access = canary(f"access{self.generation}")
        self.renewal = canary(f"renewal{self.generation}")
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.pds}
        return answer(
            {
                "accessJwt": self.access,
                "refreshJwt": self.renewal,
                "did": BRAND["did"],
                "handle": BRAND["handle"],
            }
            | {"didDoc": {"id": BRAND["did"], "service": [service]}, "active": True}
        )

    def _getSession(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        return answer({"did": BRAND["did"], "handle": BRAND["handle"], "active": True})

    def _getProfile(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        for one in (ANA, LUIS):
            if params["actor"] == one["did"]:
                blocking = self.where(BLOCK, one["did"])
                return answer({**one, "viewer": {"blocking": blocking} if blocking else {}})
        return answer({**BRAND, "followersCount": 3})

    def _resolveHandle(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        for one in (BRAND, ANA, LUIS):
            if one["handle"] == params["handle"]:
                return answer({"did": one["did"]})
        return error(400, "HandleNotFound", "Unable to resolve handle")

    def _listNotifications(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        assert params["priority"] == "false"
        reasons = params.get_list("reasons")
        page, cursor = self._page_by_time(sorted(self.notes, key=sort_at, reverse=True), params)
        # The real server filters after paging, so that a page may be short or empty and still have a cursor.
        shown = [
            n for n in page if not isinstance(n, dict) or n.get("reason") in [*reasons, None, "invented"]
        ]
        return answer({"notifications": [n for n in shown if n != {}], "seenAt": "x"} | cursor)

    def _page(self, ordered: list[Any], params: httpx.QueryParams) -> tuple[list[Any], dict[str, str]]:
        """Return a page; each that is not empty has a cursor, as in the real one."""
        start = int(params.get("cursor", "0"))
        page = ordered[start : start + min(int(params["limit"]), self.page_size)]
        return page, {"cursor": str(start + len(page))} if page and not self.forget_cursor else {}

    def _page_by_time(
        self, ordered: list[Any], params: httpx.QueryParams
    ) -> tuple[list[Any], dict[str, str]]:
        """Return a page below a moment: what has the very moment of its end falls between two pages, as in the real one."""
        below = [one for one in ordered if sort_at(one) < params.get("cursor", "~")]
        page = below[: min(int(params["limit"]), self.page_size)]
        return page, {"cursor": sort_at(page[-1])} if page and not self.forget_cursor else {}

    def _getAuthorFeed(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        mine = [p for p in self.posts.values() if p["author"].get("did") == params["actor"]]
        page, cursor = self._page(sorted(mine, key=sort_at, reverse=True), params)
        return answer({"feed": [self._feed_entry(post) for post in page]} | cursor)

    def _feed_entry(self, post: dict[str, Any]) -> dict[str, Any]:
        reply = post["record"].get("reply")
        if reply is None:
            return {"post": post}
        gone = {"notFound": True}
        parent, root = (
            self.posts.get(reply[k]["uri"], {**gone, "uri": reply[k]["uri"]}) for k in ("parent", "root")
        )
        entry: dict[str, Any] = {"parent": parent, "root": root}
        above = parent.get("record", {}).get("reply", {}).get("parent", {}).get("uri")
        if above in self.posts:
            entry["grandparentAuthor"] = self.posts[above]["author"]
        return {"post": post, "reply": entry}

    def _getPostThread(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        uri = params["uri"]
        if uri in self.threads:
            return answer({"thread": self.threads[uri]})
        if uri not in self.posts:
            return error(400, "NotFound", f"Post not found: {uri}")
        return answer({"thread": self._node(uri, int(params["parentHeight"]))})

    def _node(self, uri: str, height: int) -> dict[str, Any]:
        if uri not in self.posts:
            return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri, "notFound": True}
        post = self.posts[uri]
        node: dict[str, Any] = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post}
        parent = post["record"].get("reply", {}).get("parent", {}).get("uri")
        if parent and height:
            node["parent"] = self._node(parent, height - 1)
        return node

    def _getPosts(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        uris = params.get_list("uris")
        assert 1 <= len(uris) <= 25
        return answer({"posts": [self._seen(uri) for uri in uris if uri in self.posts]})

    def _seen(self, uri: str) -> dict[str, Any]:
        """Return a post as the brand sees it."""
        liked = self.where(LIKE, uri)
        post = self.posts[uri]
        return {**post, "viewer": {**post.get("viewer", {}), "like": liked}} if liked else post

    def _getRecord(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        uri = f"at://{params['repo']}/{params['collection']}/{params['rkey']}"
        if uri not in self.records:
            return error(400, "RecordNotFound", f"Could not locate record: {uri}")
        return answer(self.records[uri] | {"uri": uri})

    def _createRecord(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        if body["collection"] in (LIKE, BLOCK):
            return self.create(body)
        uri = f"at://{body['repo']}/{body['collection']}/{body.get('rkey')}"
        if uri in self.records:
            return error(500, "InternalServerError", "Internal Server Error")
        return self._putRecord(params, body)

    def _putRecord(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        assert body["repo"] == BRAND["did"]
        record = body["record"]
        if body["collection"] == fake_profile.PROFILE:
            return fake_profile.put(self.records, body)
        if body["collection"] == GATE:
            return self.put_gate(body)
        assert body["collection"] == POST
        fault = record_fault(record, body["rkey"])
        if fault:
            return error(400, "InvalidRequest", fault)
        uri = f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
        self.records[uri] = {"cid": cid(record), "value": record, "record": record}
        view = {
            "uri": uri,
            "cid": cid(record),
            "author": BRAND,
            "record": record,
            "indexedAt": iso(self.clock.now()),
        }
        self.posts[uri] = view
        return answer({"uri": uri, "cid": cid(record), "validationStatus": "valid"})
