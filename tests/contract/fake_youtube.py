"""A small and strict stand-in for YouTube's comments (Data API v3): lists by when a thread began, five answers beside each, a daily quota."""

from __future__ import annotations

from typing import Any

import httpx

from contract.fake_google import FakeAccounts
from contract.judging import judge
from socialdesk.clock import ManualClock

ME, ANA, LUIS = "UC-tienda", "UC-ana", "UC-luis"
NAMES = {ME: "@tienda", ANA: "@ana", LUIS: "@luis"}


def no(status: int, reason: str, message: str = "") -> httpx.Response:
    """Return a refusal as YouTube words it."""
    error = {
        "code": status,
        "message": message or reason,
        "errors": [{"domain": "youtube", "reason": reason}],
    }
    return httpx.Response(status, json={"error": error})


class FakeYouTube(FakeAccounts):
    """One channel with one film, and what people say below it."""

    scope = "https://www.googleapis.com/auth/youtube.force-ssl"

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.comments: dict[str, dict[str, Any]] = {}
        self.threads: dict[str, list[str]] = {}
        self.state: dict[str, str] = {}
        self.banned: set[str] = set()
        self.closed = False
        self.units = 0
        self.quota = 10_000
        self.circle = False

    def comment(self, text: str, who: str = ANA, thread: str = "", **more: Any) -> dict[str, Any]:
        """Somebody comments, or answers in a thread; returns the comment."""
        name = f"{thread}.r{self.number()}" if thread else f"Ugx{self.number():05}"
        at = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        snippet: dict[str, Any] = {
            "channelId": ME,
            "videoId": "film1",
            "textDisplay": text,
            "textOriginal": text,
            "authorDisplayName": NAMES.get(who, who),
            "authorChannelId": {"value": who},
            "likeCount": self.number(),
            "publishedAt": at,
            "updatedAt": at,
            **({"parentId": thread} if thread else {}),
            **more,
        }
        self.comments[name] = {"kind": "youtube#comment", "id": name, "snippet": snippet}
        self.state[name] = "published"
        self.threads.setdefault(thread or name, [])
        if thread:
            self.threads[thread].append(name)
        return self.comments[name]

    def said(self) -> list[str]:
        """Return the channel's own comments, oldest first."""
        mine = [one["snippet"] for one in self.comments.values()]
        return [one["textOriginal"] for one in mine if one["authorChannelId"]["value"] == ME]

    def serve_api(self, request: httpx.Request, body: Any) -> httpx.Response:
        """Answer as YouTube does."""
        judge("youtube", request)
        path, query = request.url.path.removeprefix("/youtube/v3/"), dict(request.url.params)
        self.units += 1 if request.method == "GET" else 50
        if self.units > self.quota:
            return no(
                403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota."
            )
        match request.method, path:
            case "GET", "channels":
                about = {"title": "La Tienda", "customUrl": "@tienda"}
                return httpx.Response(200, json={"kind": "x", "items": [{"id": ME, "snippet": about}]})
            case "GET", "commentThreads":
                return self._threads(query)
            case "GET", "comments":
                return self._comments(query)
            case "POST", "comments":
                return self._answered(body)
            case "POST", "comments/setModerationStatus":
                return self._moderated(query)
        return no(404, "notFound")

    def _threads(self, query: dict[str, str]) -> httpx.Response:
        assert query["allThreadsRelatedToChannelId"] == ME and query["order"] == "time"
        wanted = query.get("moderationStatus", "published")
        names = [name for name in self.threads if self.state.get(name) == wanted and name in self.comments]
        names.sort(key=lambda name: str(self.comments[name]["snippet"]["publishedAt"]), reverse=True)
        start = int(query.get("pageToken", "0"))
        page = names[start : start + int(query["maxResults"])]
        answer: dict[str, Any] = {"items": [self._thread(name) for name in page]}
        if start + len(page) < len(names):
            answer["nextPageToken"] = str(start + len(page))
        elif self.circle:
            answer["nextPageToken"] = "0"
        return httpx.Response(200, json=answer)

    def _thread(self, name: str) -> dict[str, Any]:
        replies = [self.comments[one] for one in self.threads[name] if one in self.comments]
        about = {"videoId": "film1", "topLevelComment": self.comments[name], "totalReplyCount": len(replies)}
        beside = {"replies": {"comments": replies[-5:]}} if replies else {}
        return {"kind": "youtube#commentThread", "id": name, "snippet": about, **beside}

    def _comments(self, query: dict[str, str]) -> httpx.Response:
        if "id" in query:
            names = query["id"].split(",")
            assert len(names) <= 50
            return httpx.Response(
                200, json={"items": [self.comments[n] for n in names if n in self.comments]}
            )
        if query["parentId"] not in self.comments:
            return no(404, "commentNotFound")
        found = [self.comments[one] for one in self.threads[query["parentId"]] if one in self.comments]
        start = int(query.get("pageToken", "0"))
        page = found[start : start + 100]
        more = {"nextPageToken": str(start + 100)} if start + 100 < len(found) else {}
        return httpx.Response(200, json={"items": page, **more})

    def _answered(self, body: Any) -> httpx.Response:
        about = body["snippet"]
        assert set(about) == {"parentId", "textOriginal"}
        if self.closed:
            return no(403, "commentsDisabled")
        if about["parentId"] not in self.threads or about["parentId"] not in self.comments:
            return no(404, "parentCommentNotFound")
        if len(about["textOriginal"]) > 10_000:
            return no(400, "commentTextTooLong")
        return httpx.Response(200, json=self.comment(about["textOriginal"], ME, about["parentId"]))

    def _moderated(self, query: dict[str, str]) -> httpx.Response:
        for name in query["id"].split(","):
            if name not in self.comments:
                return no(404, "commentNotFound")
            self.state[name] = query["moderationStatus"]
            if query.get("banAuthor") == "true":
                self.banned.add(self.comments[name]["snippet"]["authorChannelId"]["value"])
        return httpx.Response(204)
