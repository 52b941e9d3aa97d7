"""A Bot API server of the live tests, as a process of its own: it refuses what Telegram refuses (Bot API 10.1).

    python telegramserver.py PORT TOKEN...

Where aiogram is installed its models judge each request and each update; what they find is kept as a fault. What happens
on the network, and what the server shall do wrong, is told it at /control (no part of the Bot API).
"""

from __future__ import annotations

import importlib
import json
import random
import select
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

METHODS: Any
TYPES: Any
try:
    METHODS, TYPES = importlib.import_module("aiogram.methods"), importlib.import_module("aiogram.types")
except ImportError:
    METHODS = TYPES = None

_KNOWN = {"getMe", "getWebhookInfo", "getUpdates", "sendMessage", "getFile", "setMessageReaction"}
_RETENTION_READS = 0.02
"""Seconds between two looks whether whoever waits is still there."""


class Refused(Exception):
    """An answer with ``ok`` false."""

    def __init__(self, code: int, told: str, **parameters: Any) -> None:
        super().__init__(told)
        more = {"parameters": parameters} if parameters else {}
        self.code, self.body = code, {"ok": False, "error_code": code, "description": told, **more}


class Bot:
    """One bot's account and what lies ready for it."""

    def __init__(self, number: int, news: threading.Condition) -> None:
        self.me = {
            "id": 100 + number,
            "is_bot": True,
            "first_name": "Tienda",
            "username": f"tienda{number}_bot",
        }
        self.news = news
        self.next_update = random.Random(number).randrange(10**8, 10**9)
        self.queue: list[dict[str, Any]] = []
        self.confirmed = 0
        self.reader = 0
        self.numbers: dict[str, int] = {}
        self.chats: dict[str, dict[str, Any]] = {}
        self.topics: set[tuple[str, int]] = set()
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.webhook = ""
        self.loses = 0
        self.rough = False
        self.calls: dict[str, int] = {}
        self.conflicts = 0
        self.faults: list[str] = []

    # What happens on the network --------------------------------------------------

    def arrive(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        """Somebody writes; the message gets its number in its chat."""
        place = _place(message["chat"]["id"], message.get("business_connection_id", ""))
        self.chats[place] = message["chat"]
        if "message_thread_id" in message:
            self.topics.add((place, message["message_thread_id"]))
        made = {"message_id": self._number(place), "date": int(time.time()), **message}
        update = {"update_id": self.next_update, kind: made}
        self._judge_update(update)
        self.next_update += 1
        self.queue.append(update)
        self.news.notify_all()
        return made

    def _number(self, place: str) -> int:
        self.numbers[place] = self.numbers.get(place, 0) + 1
        return self.numbers[place]

    # What the bot asks ------------------------------------------------------------

    def answer(self, method: str, body: dict[str, Any], there: socket.socket) -> Any:
        """Return the result of a method; raises ``Refused``."""
        if method not in _KNOWN:
            raise Refused(404, "Not Found: method not found")
        self._judge(method, body)
        self.calls[method] = self.calls.get(method, 0) + 1
        match method:
            case "getMe":
                return {**self.me, "can_join_groups": True, "can_read_all_group_messages": False}
            case "getWebhookInfo":
                return {
                    "url": self.webhook,
                    "has_custom_certificate": False,
                    "pending_update_count": len(self.queue),
                }
            case "getUpdates":
                return self._updates(body, there)
            case "sendMessage":
                return self._send(body)
            case "getFile":
                if body.get("file_id") not in self.files:
                    raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
                name = body["file_id"]
                size = len(self.files[name])
                return {
                    "file_id": name,
                    "file_unique_id": name,
                    "file_size": size,
                    "file_path": f"documents/{name}",
                }
        return True

    def _updates(self, body: dict[str, Any], there: socket.socket) -> list[dict[str, Any]]:
        if self.webhook:
            told = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(409, told)
        if self.rough and self.calls["getUpdates"] % 37 == 0:
            raise Refused(502, "Bad Gateway")
        offset, end = body.get("offset", 0), time.monotonic() + body.get("timeout", 0)
        if offset < 0 or not 1 <= body.get("limit", 100) <= 100:
            self.faults.append(f"getUpdates: {body}")
        self.reader += 1
        mine = self.reader
        self.news.notify_all()
        self.confirmed += sum(one["update_id"] < offset for one in self.queue)
        self.queue = [one for one in self.queue if one["update_id"] >= offset]
        while not self.queue and time.monotonic() < end and self.reader == mine and not _gone(there):
            self.news.wait(_RETENTION_READS)
        if self.reader != mine:
            self.conflicts += not _gone(there)
            told = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            raise Refused(409, told)
        return self.queue[: body.get("limit", 100)]

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        business = body.get("business_connection_id", "")
        place, words = _place(body["chat_id"], business), body["text"]
        if place not in self.chats:
            if _known_elsewhere(self.chats, body["chat_id"]):
                raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
            raise Refused(
                400, "Bad Request: BUSINESS_PEER_INVALID" if business else "Bad Request: chat not found"
            )
        if not words.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(words) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        topic = body.get("message_thread_id")
        if topic is not None and (place, topic) not in self.topics:
            raise Refused(400, "Bad Request: message thread not found")
        answered = body.get("reply_parameters", {}).get("message_id", 0)
        if answered > self.numbers[place] and not body["reply_parameters"].get("allow_sending_without_reply"):
            raise Refused(400, "Bad Request: message to be replied not found")
        if self.rough and self.calls["sendMessage"] % 29 == 0:
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        number = self._number(place)
        self.sent.append({**body, "message_id": number})
        made = {
            "message_id": number,
            "date": int(time.time()),
            "chat": self.chats[place],
            "from": self.me,
            "text": words,
        }
        return {**made, **({"business_connection_id": business} if business else {})}

    # The judge --------------------------------------------------------------------

    def _judge(self, method: str, body: dict[str, Any]) -> None:
        if METHODS is None:
            return
        model = getattr(METHODS, method[0].upper() + method[1:])
        names = {field.alias or name for name, field in model.model_fields.items()}
        try:
            model.model_validate(body)
            if strange := set(body) - names:
                self.faults.append(f"{method}: {sorted(strange)}")
        except ValueError as error:
            self.faults.append(f"{method}: {error}")

    def _judge_update(self, update: dict[str, Any]) -> None:
        if TYPES is not None:
            try:
                TYPES.Update.model_validate(update)
            except ValueError as error:
                self.faults.append(f"our own update: {error}")


def _place(chat: int, business: str) -> str:
    return f"{business}:{chat}"


def _known_elsewhere(chats: dict[str, dict[str, Any]], chat: int) -> bool:
    return chat > 0 and any(one["id"] == chat for one in chats.values())


def _gone(there: socket.socket) -> bool:
    readable, _, _ = select.select([there], [], [], 0)
    try:
        return bool(readable) and not there.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP."""

    protocol_version = "HTTP/1.1"
    bots: dict[str, Bot]
    news: threading.Condition

    def do_POST(self) -> None:
        """Answer a method, or do as told."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/control":
            with self.news:
                self._reply(200, _controlled(self.bots[body["token"]], body))
            return
        token, _, method = self.path.removeprefix("/bot").partition("/")
        bot = self.bots.get(token)
        if bot is None:
            self._refuse(Refused(401, "Unauthorized"))
            return
        try:
            with self.news:
                result = bot.answer(method, body, self.connection)
                hangs_up = method == "sendMessage" and bot.loses > 0
                bot.loses -= hangs_up
        except Refused as refused:
            self._refuse(refused)
            return
        if hangs_up:
            self.close_connection = True
        else:
            self._reply(200, {"ok": True, "result": result})

    def do_GET(self) -> None:
        """Give a file."""
        _, _, rest = self.path.partition("/file/bot")
        token, _, path = rest.partition("/documents/")
        bot = self.bots.get(token)
        if bot is None or path not in bot.files:
            self._refuse(Refused(404, "Not Found"))
        else:
            self._give(200, bot.files[path], "application/octet-stream")

    def _refuse(self, refused: Refused) -> None:
        if refused.code == 502:
            self._give(502, b"<html><h1>502 Bad Gateway</h1></html>", "text/html")
        else:
            self._reply(refused.code, refused.body)

    def _reply(self, code: int, body: Any) -> None:
        self._give(code, json.dumps(body).encode(), "application/json")

    def _give(self, code: int, content: bytes, kind: str) -> None:
        try:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Say nothing: addresses hold tokens."""


def _controlled(bot: Bot, order: dict[str, Any]) -> Any:
    match order["do"]:
        case "arrive":
            return bot.arrive(order["kind"], order["message"])
        case "set":
            for name, value in order["values"].items():
                setattr(bot, name, value)
        case "file":
            bot.files[order["name"]] = order["content"].encode()
    counts = {"confirmed": bot.confirmed, "waiting": len(bot.queue), "conflicts": bot.conflicts}
    return {
        **counts,
        "sent": bot.sent,
        "calls": bot.calls,
        "faults": bot.faults,
        "judged": METHODS is not None,
    }


def main(port: str, *tokens: str) -> None:
    """Serve until told to stop."""
    Handler.news = threading.Condition()
    Handler.bots = {token: Bot(number, Handler.news) for number, token in enumerate(tokens)}
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
