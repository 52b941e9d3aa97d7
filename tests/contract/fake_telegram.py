"""A small and strict stand-in for Telegram's Bot API: it refuses what the real one refuses (shared facts: Bot API 10.1).

Updates are kept until a higher offset confirms them; a second reader ends the first with a conflict.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

TOKEN = "123456:" + canary("bottoken").replace("/", "_")
SERVER = "https://api.telegram.org"
BOT = {"id": 123456, "is_bot": True, "first_name": "La Tienda", "username": "tienda_bot"}
ANA = {"id": 7000000001, "is_bot": False, "first_name": "Ana", "last_name": "Gil", "language_code": "es"}
LUIS = {"id": 7000000002, "is_bot": False, "first_name": "Luis", "username": "luis"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Clientes", "username": "clientes"}
_KNOWN: dict[str, set[str]] = {
    "getMe": set(),
    "getWebhookInfo": set(),
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "sendMessage": {
        "chat_id",
        "text",
        "reply_parameters",
        "message_thread_id",
        "direct_messages_topic_id",
        "business_connection_id",
    },
    "setMessageReaction": {"chat_id", "message_id", "reaction"},
    "getFile": {"file_id"},
}


class BotVault:
    """The token, in memory."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token

    async def secret(self, name: str) -> str:
        """Return the token."""
        assert name == "token"
        return self.token

    async def load_session(self) -> dict[str, str]:
        """There is none."""
        return {}

    async def save_session(self, session: Any) -> None:
        """There is none."""
        raise AssertionError("no session here")


class FakeTelegram:
    """The server and one bot's account on it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.queue: list[dict[str, Any]] = []
        self.history: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.posted: list[dict[str, Any]] = []
        self.reactions: dict[tuple[int, int], list[Any]] = {}
        self.files: dict[str, bytes] = {}
        self.webhook = ""
        self.rival = False
        self.closed: dict[int, tuple[int, str]] = {}
        self.moved: dict[int, int] = {}
        self.businesses: set[str] = set()
        self.letters: set[int] = set()
        self.active: set[tuple[str, int]] = set()
        self.numbers = 500
        self._news = asyncio.Event()
        self._reader: asyncio.Future[None] | None = None
        self.conflicts = 0
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: BotVault) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return Host("tienda", {"server": SERVER}, vault, client, self.clock)

    def update(self, **content: Any) -> dict[str, Any]:
        """Something happens; returns the update."""
        self.numbers += 1
        made = {"update_id": self.numbers, **content}
        self.queue.append(made)
        self.history.append(made)
        self._news.set()
        return made

    def write(
        self, text: str | None, who: dict[str, Any] = ANA, chat: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """A customer writes to the bot, or in a chat; returns the message."""
        self.numbers += 1
        own: dict[str, Any] = {
            "id": who["id"],
            "type": "private",
            **{k: who[k] for k in ("first_name", "username") if k in who},
        }
        made: dict[str, Any] = {"message_id": self.numbers, "date": int(self.clock.now().timestamp())}
        made |= {"from": who}
        made |= {"chat": chat or own, **({} if text is None else {"text": text}), **more}
        if business := more.get("business_connection_id"):
            self.businesses.add(business)
            self.active.add((business, made["chat"]["id"]))
        if made["chat"].get("is_direct_messages"):
            self.letters.add(made["chat"]["id"])
        self.update(**{"business_message" if business else "message": made})
        return made

    # The server ---------------------------------------------------------------------

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (response := await self.answer(request)) is not None:
            return response
        return await self.serve(request)

    async def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the real one does."""
        assert f"{request.url.scheme}://{request.url.host}" == SERVER
        head, _, rest = request.url.path.lstrip("/").partition("/")
        if head == "file":
            bot, _, path = rest.partition("/")
            assert bot == f"bot{TOKEN}" and request.method == "GET"
            return httpx.Response(200, content=self.files[path])
        if not head.startswith("bot") or ":" not in head:
            return refuse(404, "Not Found")
        if head != f"bot{TOKEN}":
            return refuse(401, "Unauthorized")
        body = json.loads(request.content or b"{}")
        self.calls.append((rest, body))
        assert request.method == "POST" and rest in _KNOWN, rest
        assert set(body) <= _KNOWN[rest], f"{rest}: {set(body) - _KNOWN[rest]}"
        if rest == "getUpdates":
            return await self._updates(body)
        result: httpx.Response = getattr(self, f"_{rest}")(body)
        return result

    async def _updates(self, body: dict[str, Any]) -> httpx.Response:
        if self.webhook:
            return refuse(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
            )
        if self.rival:
            return refuse(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot"
            )
        assert (
            body.get("offset", 0) >= 0 and 1 <= body["limit"] <= 100 and "message" in body["allowed_updates"]
        )
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)  # whoever reads is thrown out
        self._reader = mine = asyncio.get_running_loop().create_future()
        try:
            return await self._news_for(mine, body)
        finally:
            mine.cancel()

    async def _news_for(self, mine: asyncio.Future[None], body: dict[str, Any]) -> httpx.Response:
        for _ in range(3):
            await asyncio.sleep(0)
        self.queue = [one for one in self.queue if one["update_id"] >= body.get("offset", 0)]
        if not self.queue and body["timeout"]:
            self._news.clear()
            news: asyncio.Future[Any] = asyncio.ensure_future(self._news.wait())
            try:
                await asyncio.wait([mine, news], return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()
        if mine.done():
            self.conflicts += 1
            return refuse(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot"
            )
        return good(self.queue[: body["limit"]])

    def _getMe(self, body: dict[str, Any]) -> httpx.Response:
        return good({**BOT, "can_join_groups": True, "can_read_all_group_messages": False})

    def _getWebhookInfo(self, body: dict[str, Any]) -> httpx.Response:
        return good({"url": self.webhook, "pending_update_count": len(self.queue)})

    def _sendMessage(self, body: dict[str, Any]) -> httpx.Response:
        chat, business = body["chat_id"], body.get("business_connection_id", "")
        assert isinstance(chat, int) and isinstance(body["text"], str)
        if chat in self.moved:
            more = {"migrate_to_chat_id": self.moved[chat]}
            return refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", **more)
        if chat in self.closed:
            return refuse(*self.closed[chat])
        if not body["text"].strip():
            return refuse(400, "Bad Request: message text is empty")
        if len(body["text"]) > 4096:
            return refuse(400, "Bad Request: message is too long")
        if business and business not in self.businesses:
            return refuse(400, "Bad Request: BUSINESS_CONNECTION_INVALID")
        if business and (business, chat) not in self.active:
            return refuse(400, "Bad Request: BUSINESS_PEER_USAGE_MISSING")
        if chat in self.letters and "direct_messages_topic_id" not in body:
            return refuse(400, "Bad Request: DIRECT_MESSAGES_TOPIC_REQUIRED")
        if not business and any(chat == one for _, one in self.active):
            return refuse(403, "Forbidden: bot can't initiate conversation with a user")
        self.numbers += 1
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        made = {
            "message_id": self.numbers,
            "date": int(self.clock.now().timestamp()),
            "chat": where,
            "from": BOT,
        }
        made |= {"text": body["text"], **({"business_connection_id": business} if business else {})}
        self.posted.append({**body, "message_id": self.numbers})
        return good(made)

    def _setMessageReaction(self, body: dict[str, Any]) -> httpx.Response:
        self.reactions[(body["chat_id"], body["message_id"])] = body["reaction"]
        return good(True)

    def _getFile(self, body: dict[str, Any]) -> httpx.Response:
        path = f"documents/{body['file_id']}"
        if path not in self.files:
            return refuse(400, "Bad Request: invalid file_id")
        if len(self.files[path]) > 20_000_000:
            return refuse(400, "Bad Request: file is too big")
        return good({"file_id": body["file_id"], "file_size": len(self.files[path]), "file_path": path})


def good(result: Any) -> httpx.Response:
    """Return a good answer; what it holds is a copy."""
    return httpx.Response(200, json=json.loads(json.dumps({"ok": True, "result": result})))


def refuse(code: int, told: str, **parameters: Any) -> httpx.Response:
    """Return a refusal."""
    more = {"parameters": parameters} if parameters else {}
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": told, **more})
