"""Accounts on the reference network, used as people would: through their own apps, not through socialdesk."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

POST, GATE, BLOCK = "app.bsky.feed.post", "app.bsky.feed.threadgate", "app.bsky.graph.block"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with an account; ``app_password`` is what they would type into socialdesk."""

    service: str
    handle: str
    did: str
    app_password: str
    http: httpx.Client = field(repr=False)

    def query(self, nsid: str, **params: Any) -> dict[str, Any]:
        """Read something."""
        return _answer(self.http.get(f"/xrpc/{nsid}", params=params))

    def post(
        self,
        text: str,
        *,
        mention: Person | None = None,
        reply_to: str = "",
        quote: str = "",
        at: datetime | None = None,
        **more: Any,
    ) -> str:
        """Post something; returns its address. The mention stands before the text; ``more`` goes into the record."""
        record: dict[str, Any] = {"$type": POST, "createdAt": _stamp(at), "langs": ["es"], **more}
        record["text"] = f"@{mention.handle} {text}" if mention else text
        if mention:
            place = {"byteStart": 0, "byteEnd": len(mention.handle) + 1}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": mention.did}
            record["facets"] = [{"index": place, "features": [feature]}]
        if reply_to:
            parent = self._seen(reply_to)
            root = parent["record"].get("reply", {}).get("root") or _reference(parent)
            record["reply"] = {"root": root, "parent": _reference(parent)}
        if quote:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": _reference(self._seen(quote))}
        return self._create({"collection": POST, "record": record})

    def upload(self, content: bytes, kind: str) -> dict[str, Any]:
        """Upload a file; returns what a record says of it."""
        headers = {"Content-Type": kind}
        answer = self.http.post("/xrpc/com.atproto.repo.uploadBlob", content=content, headers=headers)
        blob: dict[str, Any] = _answer(answer)["blob"]
        return blob

    def close(self, uri: str) -> None:
        """Let nobody answer a post of one's own."""
        gate = {"$type": GATE, "post": uri, "allow": [], "createdAt": _stamp()}
        self._create({"collection": GATE, "rkey": uri.rsplit("/", 1)[1], "record": gate})

    def block(self, other: Person) -> None:
        """Want nothing more of somebody."""
        record = {"$type": BLOCK, "subject": other.did, "createdAt": _stamp()}
        self._create({"collection": BLOCK, "record": record})

    def delete(self, uri: str) -> None:
        """Take a post back."""
        body = {"repo": self.did, "collection": POST, "rkey": uri.rsplit("/", 1)[1]}
        _answer(self.http.post("/xrpc/com.atproto.repo.deleteRecord", json=body))

    def may_not_answer(self, uri: str) -> bool:
        """Whether this person is told that a post takes no answer of theirs."""
        posts = self.query("app.bsky.feed.getPosts", uris=[uri])["posts"]
        return bool(posts and posts[0]["viewer"].get("replyDisabled"))

    def written(self) -> list[dict[str, Any]]:
        """Return all that this person has posted, from their own repository."""
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            page = self.query(
                "com.atproto.repo.listRecords", repo=self.did, collection=POST, limit=100, **more
            )
            found += page["records"]
            if not page.get("cursor"):
                return found
            more = {"cursor": page["cursor"]}

    def replies(self, uri: str) -> list[dict[str, Any]]:
        """Return the posts that this person sees directly below a post, none while it is not shown yet."""
        answer = self.http.get("/xrpc/app.bsky.feed.getPostThread", params={"uri": uri, "depth": 1})
        if answer.status_code == 400:
            return []
        return [one["post"] for one in _answer(answer)["thread"].get("replies", [])]

    def sees(self, *uris: str) -> bool:
        """Whether these posts are shown to this person."""
        parts = [uris[start : start + 25] for start in range(0, len(uris), 25)]
        return all(
            len(self.query("app.bsky.feed.getPosts", uris=part)["posts"]) == len(part) for part in parts
        )

    def told(self) -> list[str]:
        """Return the addresses of what this person is notified of."""
        found = self.query("app.bsky.notification.listNotifications", limit=50)
        return [one["uri"] for one in found["notifications"]]

    def _create(self, body: dict[str, Any]) -> str:
        answer = self.http.post("/xrpc/com.atproto.repo.createRecord", json={"repo": self.did, **body})
        return str(_answer(answer)["uri"])

    def _seen(self, uri: str) -> dict[str, Any]:
        """Return a post, from its author's own repository: the view of it may be a moment late."""
        _, _, repo, collection, rkey = uri.split("/")
        found = self.query("com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey)
        return {"uri": uri, "cid": found["cid"], "record": found["value"]}


def newcomer(service: str, name: str) -> Person:
    """Open an account with an app password; the caller closes ``http``."""
    handle = f"{name}{next(_numbers)}.test"
    http = httpx.Client(base_url=service, trust_env=False, timeout=30)
    body = {"handle": handle, "email": f"{handle}@example.test", "password": "the-main-password"}
    session = _answer(http.post("/xrpc/com.atproto.server.createAccount", json=body))
    http.headers["Authorization"] = f"Bearer {session['accessJwt']}"
    made = _answer(http.post("/xrpc/com.atproto.server.createAppPassword", json={"name": "socialdesk"}))
    return Person(service, handle, str(session["did"]), str(made["password"]), http)


def _reference(post: dict[str, Any]) -> dict[str, str]:
    return {"uri": post["uri"], "cid": post["cid"]}


def _answer(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def _stamp(at: datetime | None = None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
