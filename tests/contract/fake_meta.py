"""A small and strict stand-in for the Graph API: a page, its posts and Messenger, and its account on Instagram (shared facts: v26.0)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from contract.fake_relay import FakeRelay
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

PAGE, GRAM = "100", "17841400000000000"
ANA, LUIS = {"id": "501", "name": "Ana"}, {"id": "502", "name": "Luis"}
SHOP = {"id": PAGE, "name": "La Tienda"}
GRAM_ANA = {"id": "901", "username": "ana"}
GRAM_SHOP = {"id": GRAM, "username": "tienda"}
PSID = {"501": "9501", "502": "9502"}
"""The same people have other numbers in Messenger."""


def no(code: int, message: str, subcode: int = 0, status: int = 400, **more: Any) -> httpx.Response:
    """Return a refusal as Meta words it."""
    error: dict[str, Any] = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "x",
        **more,
    }
    if subcode:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error})


GONE = no(100, "Object does not exist, cannot be loaded due to missing permissions", 33)
LATE = no(10, "(#10) This message is sent outside of allowed window.", 2018278)


class Safe:
    """The vault: the token, and the session where there is one."""

    def __init__(self, token: str, app_secret: str = "", relay_key: str = "") -> None:
        self.secrets = {"token": token, "app_secret": app_secret, "relay_key": relay_key}
        self.session: dict[str, str] = {}

    async def secret(self, name: str) -> str:
        """Return a secret."""
        return self.secrets[name]

    async def load_session(self) -> dict[str, str]:
        """Return what was kept."""
        return dict(self.session)

    async def save_session(self, session: Mapping[str, str]) -> None:
        """Keep it."""
        self.session = dict(session)


class FakeMeta:
    """The network, seen by a page and by its account on Instagram."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.system, self.page_key = canary("system-user"), canary("page-key")
        self.own_key, self.app_secret = "IG" + canary("gram-key"), canary("app-secret")
        self.relay = FakeRelay(clock, canary("relay-key"))
        self.demands_proof = False
        self.timed_pages = False
        self.granular: list[dict[str, Any]] = []
        self.blocked: set[str] = set()
        self.mentions: dict[str, dict[str, Any]] = {}
        self.tasks = ["MODERATE", "MESSAGING", "CREATE_CONTENT"]
        self.scopes: list[str] | None = None
        self.expires = 0
        self.posts: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.ratings: list[dict[str, Any]] = []
        self.media: dict[str, dict[str, Any]] = {}
        self.rooms: dict[str, dict[str, Any]] = {}
        self.likes: set[str] = set()
        self.hidden: set[str] = set()
        self.answered: set[str] = set()
        self.human_agent = False
        self.pages = [{**SHOP, "access_token": self.page_key, "instagram_business_account": GRAM_SHOP}]
        self.files: dict[str, bytes] = {}
        self.usage: dict[str, Any] = {}
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self._numbers = 1000
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: Safe, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", options, vault, client, self.clock)

    def number(self) -> str:
        """Return the next number."""
        self._numbers += 1
        return str(self._numbers)

    def stamp(self) -> str:
        """Return this moment as Meta writes it, without a colon in the zone."""
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%S+0000")

    # What people do ----------------------------------------------------------

    def post(self, message: str = "Rebajas", who: dict[str, str] | None = None) -> dict[str, Any]:
        """The page, or a visitor on it, writes a post."""
        name, at = f"{PAGE}_{self.number()}", self.stamp()
        made = {"id": name, "message": message, "created_time": at, "updated_time": at, "from": who or SHOP}
        self.posts[name] = {**made, "permalink_url": f"https://www.facebook.com/{name}"}
        return self.posts[name]

    def comment(
        self, text: str | None, to: str, who: dict[str, Any] | None = ANA, **more: Any
    ) -> dict[str, Any]:
        """Somebody comments on a post, or answers a comment: two levels are shown."""
        above = self.comments.get(to)
        top = above.get("_top", above["id"]) if above else ""
        made = {
            "id": f"{self.number()}_{self.number()}",
            "created_time": self.stamp(),
            "_post": above["_post"] if above else to,
            **({"message": text} if text is not None else {}),
            **({"from": who} if who else {}),
            **({"_top": top, "parent": self._brief(self.comments[top])} if top else {}),
            **more,
        }
        self.comments[made["id"]] = made
        if not top:
            self.posts[made["_post"]]["updated_time"] = self.stamp()
        return made

    def _brief(self, comment: dict[str, Any]) -> dict[str, Any]:
        return {key: comment[key] for key in ("id", "from") if key in comment}

    def whisper(
        self, text: str | None, who: dict[str, str] = ANA, *, gram: bool = False, **more: Any
    ) -> dict[str, Any]:
        """Somebody writes a private message, on Messenger or on Instagram."""
        person = {**who, "id": PSID.get(who["id"], who["id"])}
        room = self._room(person, "instagram" if gram else "messenger")
        return self._say(room, person, GRAM_SHOP if gram else SHOP, text, **more)

    def _room(self, person: dict[str, str], platform: str) -> dict[str, Any]:
        name = f"t_{platform}_{person['id']}"
        return self.rooms.setdefault(
            name,
            {"id": name, "_platform": platform, "_person": person, "_said": [], "updated_time": self.stamp()},
        )

    def _say(
        self,
        room: dict[str, Any],
        who: Mapping[str, str],
        to: Mapping[str, str],
        text: str | None,
        **more: Any,
    ) -> dict[str, Any]:
        made: dict[str, Any] = {"id": f"m_{self.number()}", "created_time": self.stamp(), "from": dict(who)}
        made |= {"to": {"data": [dict(to)]}, "message": text or "", **more}
        room["_said"].append(made)
        room["updated_time"] = self.stamp()
        return made

    def picture(self, caption: str = "Rebajas") -> dict[str, Any]:
        """The brand shows a picture on Instagram."""
        name = self.number()
        self.media[name] = {
            "id": name,
            "caption": caption,
            "timestamp": self.stamp(),
            "permalink": f"https://www.instagram.com/p/{name}/",
            "_comments": [],
        }
        return self.media[name]

    def remark(
        self, text: str, media: str, who: dict[str, Any] | None = GRAM_ANA, to: str = "", **more: Any
    ) -> dict[str, Any]:
        """Somebody comments on a picture, or answers a comment there."""
        top = next(
            (one.get("parent_id", one["id"]) for one in self.media[media]["_comments"] if one["id"] == to), ""
        )
        made = {"id": self.number(), "text": text, "timestamp": self.stamp(), **more}
        if who:
            made |= {"from": who, "username": who.get("username")}
        if top:
            made["parent_id"] = top
        self.media[media]["_comments"].append(made)
        return made

    def said(self, *, gram: bool = False) -> list[str]:
        """Return the brand's own words, oldest first."""
        private = [one for room in self.rooms.values() for one in room["_said"]]
        public = (
            [one for media in self.media.values() for one in media["_comments"]]
            if gram
            else list(self.comments.values())
        )
        us = GRAM if gram else PAGE
        mine = [one for one in [*private, *public] if one.get("from", {}).get("id") == us]
        mine.sort(key=lambda one: int(str(one["id"]).replace("m_", "").partition("_")[0]))
        return [one.get("message") or one.get("text") for one in mine]

    # The API -----------------------------------------------------------------

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (answer := await self.answer(request)) is not None:
            return answer
        return self.serve(request)

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the Graph API does."""
        url = request.url
        if url.host == "relay.example.org":
            return self.relay.serve(request)
        if url.host.endswith((".fbcdn.net", ".cdninstagram.com")):
            found = self.files.get(url.path)
            return httpx.Response(200, content=found) if found is not None else httpx.Response(403)
        query = dict(url.params)
        self.calls.append((request.method, url.path, query))
        assert "access_token" not in query, "a key in an address ends in logs"
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        if key not in (self.system, self.page_key, self.own_key):
            return no(190, "Error validating access token: Session has expired", 463)
        if self.demands_proof and query.get("appsecret_proof") != self._proof(key):
            return no(100, "API calls from the server require an appsecret_proof argument")
        if url.path == "/refresh_access_token":
            return httpx.Response(200, json={"access_token": self.own_key, "expires_in": 5184000})
        path = url.path.split("/", 2)[2].strip("/")
        sent = request.content.decode()
        kind = request.headers.get("content-type", "")
        body = (
            json.loads(sent)
            if "json" in kind
            else {k: v[0] for k, v in parse_qs(sent, keep_blank_values=True).items()}
        )
        answer = self._signed(self._route(request.method, path, query, body, key))
        if self.usage:
            answer.headers["x-business-use-case-usage"] = json.dumps(self.usage)
        return answer

    def _signed(self, answer: httpx.Response) -> httpx.Response:
        """Sign the addresses of files anew, as each answer does."""
        self._numbers += 1
        sign = f".jpg?oh={self._numbers}"
        return httpx.Response(answer.status_code, json=json.loads(answer.text.replace(".jpg", sign)))

    def _proof(self, key: str) -> str:
        return hmac.new(self.app_secret.encode(), key.encode(), hashlib.sha256).hexdigest()

    def _route(self, method: str, path: str, query: dict[str, str], body: Any, key: str) -> httpx.Response:
        match method, path.split("/"):
            case "GET", ["me", "accounts"]:
                if key != self.system:
                    return no(100, "Tried accessing nonexisting field (accounts) on node type (Page)")
                return httpx.Response(
                    200, json={"data": [{**one, "tasks": self.tasks} for one in self.pages]}
                )
            case "GET", ["me"]:
                if key == self.own_key:
                    return httpx.Response(200, json={"user_id": GRAM, "username": "tienda", "id": "26"})
                who = (
                    {**SHOP, "instagram_business_account": GRAM_SHOP}
                    if key == self.page_key
                    else {"id": "7", "name": "Bot"}
                )
                return httpx.Response(200, json=who)
            case "GET", ["debug_token"]:
                about: dict[str, Any] = {
                    "is_valid": True,
                    "expires_at": self.expires,
                    "data_access_expires_at": 0,
                }
                return httpx.Response(
                    200,
                    json={
                        "data": {
                            **about,
                            **({} if self.scopes is None else {"scopes": self.scopes}),
                            **({"granular_scopes": self.granular} if self.granular else {}),
                        }
                    },
                )
        if key == self.system:
            return httpx.Response(200, json={"data": []})  # a person's key: nothing, and no error
        match method, path.split("/"):
            case "GET", [account, edge] if account in (PAGE, GRAM):
                return self._edge(edge, query)
            case "POST", [_, "messages"]:
                return self._sent(body, gram=key == self.own_key)
            case "POST", [account, "blocked"] if account == PAGE:
                self.blocked.update(json.loads(body["user"]))
                return httpx.Response(200, json=dict.fromkeys(self.blocked, True))
            case "DELETE", [account, "blocked"] if account == PAGE:
                self.blocked.discard(query["user"])
                return httpx.Response(200, json={"success": True})
            case "GET", [account] if account == GRAM:
                return self._mentioned(query["fields"])
            case "POST", [_, "mentions"]:
                assert set(body) <= {"media_id", "comment_id", "message"}, body
                if body["media_id"] not in self.media:
                    self.media[body["media_id"]] = {"id": body["media_id"], "_comments": []}
                made = self.remark(body["message"], body["media_id"], GRAM_SHOP)
                return httpx.Response(200, json={"id": made["id"]})
            case "GET", [name, "comments"]:
                return self._comments(name, query)
            case "POST", [name, "comments"]:
                return self._commented(name, body)
            case "GET", [name, "replies"]:
                return self._page(self._replies(name), query)
            case "POST", [name, "replies"]:
                return self._replied(name, body)
            case "GET", [name, "messages"]:
                room = self.rooms[name]
                assert int(query["limit"]) <= 20
                assert room["_platform"] == "messenger", "Instagram's are a field of their conversation"
                if "story" in query["fields"]:
                    return no(100, "(#100) Tried accessing nonexisting field (story)")
                return httpx.Response(200, json={"data": room["_said"][::-1][:20]})
            case (("POST" | "DELETE"), [name, "likes"]) if name in self.comments:
                (self.likes.add if method == "POST" else self.likes.discard)(name)
                return httpx.Response(200, json={"success": True})
            case "POST", [name] if body.get("is_hidden") or body.get("hide"):
                return self._hide(name, body.get("is_hidden") or body.get("hide"))
            case "GET", [name] if name in self.rooms:
                assert self.rooms[name]["_platform"] == "instagram"
                if "sticker" in query["fields"]:
                    return no(100, "(#100) Tried accessing nonexisting field (sticker)")
                return httpx.Response(200, json=self._shown(self.rooms[name], query["fields"]))
            case "GET", [name]:
                return self._one(name, query)
        return no(2500, "Unknown path components")

    def _edge(self, edge: str, query: dict[str, str]) -> httpx.Response:
        since = float(query.get("since", "0"))
        newest = sorted(self.posts.values(), key=lambda one: str(one["created_time"]), reverse=True)
        if edge == "feed":
            recent = [
                one for one in newest if datetime.fromisoformat(one["created_time"]).timestamp() >= since
            ]
            return self._page([self._with_count(one, query["fields"]) for one in recent], query)
        if edge == "media":
            pictures = sorted(self.media.values(), key=lambda one: int(one["id"]), reverse=True)
            return self._page(
                [{**_plain(one), "comments_count": len(one["_comments"])} for one in pictures], query
            )
        if edge == "ratings":
            return self._page(self.ratings[::-1], query)
        if edge == "conversations":
            return self._rooms(query)
        return self._page([], query)

    def _mentioned(self, fields: str) -> httpx.Response:
        kind, _, rest = fields.partition(".")
        found = self.mentions.get(rest.partition("(")[2].partition(")")[0])
        return httpx.Response(200, json={kind: found, "id": GRAM}) if found else GONE

    def _with_count(self, post: dict[str, Any], fields: str) -> dict[str, Any]:
        """Count a post's comments: all of them only where that is asked for, else the first ones."""
        deep = "comments.filter(stream)" in fields
        below = [one for one in self.comments.values() if one["_post"] == post["id"]]
        total = sum(deep or "_top" not in one for one in below)
        return {**post, "comments": {"data": [], "summary": {"total_count": total}}}

    def _rooms(self, query: dict[str, str]) -> httpx.Response:
        rooms = [one for one in self.rooms.values() if one["_platform"] == query["platform"]]
        if person := query.get("user_id"):
            rooms = [one for one in rooms if one["_person"]["id"] == person]
        rooms.sort(key=lambda one: str(one["updated_time"]), reverse=True)
        return self._page([self._shown(one, query["fields"]) for one in rooms], query)

    def _shown(self, room: dict[str, Any], fields: str) -> dict[str, Any]:
        us = GRAM_SHOP if room["_platform"] == "instagram" else SHOP
        made = {**_plain(room), "participants": {"data": [room["_person"], us]}}
        if "messages" in fields:
            made["messages"] = {"data": room["_said"][::-1][:20]}
        return made

    def _comments(self, name: str, query: dict[str, str]) -> httpx.Response:
        if name in self.media:
            return self._page(self._threads(name), query)
        if name not in self.posts and name not in self.comments:
            return GONE
        assert query["filter"] == "stream" and query["order"] == "reverse_chronological"
        found = [one for one in self.comments.values() if name in (one["_post"], one.get("_top"))]
        return self._page([_plain(one) for one in reversed(found)], query)

    def _threads(self, media: str) -> list[dict[str, Any]]:
        tops = [one for one in self.media[media]["_comments"] if "parent_id" not in one]
        made = []
        for top in reversed(tops):
            replies = self._replies(top["id"])
            more = {"paging": {"next": "https://graph/next"}} if len(replies) > 50 else {}
            made.append({**top, **({"replies": {"data": replies[:50], **more}} if replies else {})})
        return made

    def _replies(self, top: str) -> list[dict[str, Any]]:
        return [
            one for media in self.media.values() for one in media["_comments"] if one.get("parent_id") == top
        ]

    def _page(self, found: list[dict[str, Any]], query: dict[str, str]) -> httpx.Response:
        size, start = int(query.get("limit", "25")), int(query.get("after", "0"))
        assert size <= 100
        page = found[start : start + size]
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(page))}}
        if start + size < len(found):
            paging["next"] = f"https://graph.facebook.com/next?access_token=x&after={start + len(page)}"
        if self.timed_pages:  # as some lists of posts: an address, and no cursors
            paging.pop("cursors")
        return httpx.Response(200, json={"data": page, "paging": paging})

    def _commented(self, name: str, body: dict[str, str]) -> httpx.Response:
        assert set(body) == {"message"}, body
        if name not in self.comments and name not in self.posts:
            return GONE
        if len(body["message"]) > 8000:
            return no(100, "message is too long")
        return httpx.Response(200, json={"id": self.comment(body["message"], name, SHOP)["id"]})

    def _replied(self, name: str, body: dict[str, str]) -> httpx.Response:
        for media in self.media.values():
            for one in media["_comments"]:
                if one["id"] == name:
                    assert "parent_id" not in one, "only first comments are answered"
                    return httpx.Response(
                        200, json={"id": self.remark(body["message"], media["id"], GRAM_SHOP, name)["id"]}
                    )
        return GONE

    def _sent(self, body: Any, *, gram: bool) -> httpx.Response:
        words, to = body["message"]["text"], body["recipient"]
        gram = gram or any(
            one["_platform"] == "instagram" and one["_person"]["id"] == to.get("id")
            for one in self.rooms.values()
        )
        gram = gram or any(
            one["id"] == to.get("comment_id") for media in self.media.values() for one in media["_comments"]
        )
        us = GRAM_SHOP if gram else SHOP
        if comment := to.get("comment_id"):
            if comment in self.posts:
                return no(100, "Invalid parameter: comment_id")
            return self._private_reply(comment, words, us)
        if post := to.get("post_id"):
            return self._private_reply(post, words, us)
        room = self.rooms.get(f"t_{'instagram' if gram else 'messenger'}_{to['id']}")
        if room is None:
            return no(100, "No matching user found", 2534014 if gram else 2018001)
        last = max(
            datetime.fromisoformat(one["created_time"])
            for one in room["_said"]
            if one["from"]["id"] == to["id"]
        )
        since = self.clock.now() - last
        if body["messaging_type"] == "RESPONSE" and since > timedelta(hours=24):
            return LATE
        if body["messaging_type"] == "MESSAGE_TAG":
            if body["tag"] != "HUMAN_AGENT" or not self.human_agent:
                return no(100, "Invalid parameter", 1893061)
            if since > timedelta(days=7):
                return LATE
        made = self._say(room, us, room["_person"], words)
        return httpx.Response(200, json={"recipient_id": to["id"], "message_id": made["id"]})

    def _private_reply(self, comment: str, words: str, us: dict[str, str]) -> httpx.Response:
        found = (
            self.comments.get(comment)
            or self.posts.get(comment)
            or next(
                (one for media in self.media.values() for one in media["_comments"] if one["id"] == comment),
                None,
            )
        )
        if found is None:
            return GONE
        if comment in self.answered:
            return no(10900, "Activity already replied to", 2534037)
        self.answered.add(comment)
        author = found.get("from") or {"id": "999"}
        person = {**author, "id": PSID.get(author["id"], author["id"])}
        room = self._room(person, "instagram" if us is GRAM_SHOP else "messenger")
        found["_room"] = room["id"]
        made = self._say(room, us, person, words)
        return httpx.Response(200, json={"recipient_id": person["id"], "message_id": made["id"]})

    def _hide(self, name: str, value: str) -> httpx.Response:
        known = name in self.comments or any(
            one["id"] == name for media in self.media.values() for one in media["_comments"]
        )
        if not known:
            return GONE
        (self.hidden.add if value == "true" else self.hidden.discard)(name)
        return httpx.Response(200, json={"success": True})

    def _one(self, name: str, query: dict[str, str]) -> httpx.Response:
        said = [one for room in self.rooms.values() for one in room["_said"]]
        found = self.comments.get(name) or self.posts.get(name)
        found = found or next((one for one in said if one["id"] == name), None)
        found = found or next(
            (one for media in self.media.values() for one in media["_comments"] if one["id"] == name), None
        )
        if found is None:
            return GONE
        if "private_reply" in query.get("fields", "") and name not in self.comments:
            return no(100, "(#100) Tried accessing nonexisting field (private_reply_conversation)")
        made = _plain(found)
        if "private_reply_conversation" in query.get("fields", "") and "_room" in found:
            made["private_reply_conversation"] = self._shown(self.rooms[found["_room"]], "messages")
        return httpx.Response(200, json=made)


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if not key.startswith("_")}
