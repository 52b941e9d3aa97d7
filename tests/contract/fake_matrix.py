"""A small and strict stand-in for a Matrix homeserver: it refuses what a real one refuses (client-server API v1.19).

One stream of events; marks are places in it. An answer of ``/sync`` holds few events of a room, ``/messages`` the rest; an access
token belongs to a device, and a transaction to the device that made it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx

from contract.fake_mailbox import MailVault as Vault
from helpers.canaries import canary
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Host

NAME, SERVER = "tienda.example", "https://matrix.tienda.example"
SHOP, ANA, LUIS = f"@tienda:{NAME}", "@ana:fuera.example", f"@luis:{NAME}"
PASSWORD = canary("matrixpassword", '-ñ"&')
STRIPPED = ("m.room.create", "m.room.join_rules", "m.room.member", "m.room.name", "m.room.encryption")
Answer = httpx.Response


class No(Exception):
    """A refusal."""

    def __init__(self, status: int, errcode: str, error: str = "", **more: Any) -> None:
        super().__init__(errcode)
        self.answer = httpx.Response(status, json={"errcode": errcode, "error": error or errcode, **more})


@dataclass
class FakeRoom:
    """A room: its events with their places in the stream, and who is in it since when."""

    id: str
    events: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    members: dict[str, str] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    direct_invite: bool = False

    def joined(self) -> list[str]:
        """Who is in."""
        return [who for who, what in self.members.items() if what == "join"]


@dataclass
class Device:
    """A signed-in device."""

    id: str
    access: str
    renewal: str = ""
    old: set[str] = field(default_factory=set)


class FakeMatrix:
    """The homeserver, with the shop's account on it; customers write by the methods below."""

    page = 30
    """The most events that ``/messages`` gives at once, whatever is asked for."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.rooms: dict[str, FakeRoom] = {}
        self.stream = 0
        self.devices: dict[str, Device] = {}
        self.transactions: dict[tuple[str, str, str], str] = {}
        self.account_data: dict[str, tuple[int, dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.calls: list[tuple[str, str]] = []
        self.joins: list[str] = []
        self.joins_answer: Callable[[str], httpx.Response | None] = lambda _room: None
        self.password = PASSWORD
        self.takes_passwords = True
        self.refreshes = True
        self.reads_forward = True
        self.heeds_end = True
        self.old_media = False
        self.well_known: httpx.Response | None = None
        self.oauth: dict[str, Any] | None = None
        self.waiting = 0
        self._numbers = itertools.count(1)
        self._news = asyncio.Event()
        self._hang_up = asyncio.Event()
        self.answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None

    def host(self, vault: Vault | None = None, **options: str) -> Host:
        """Return what a connector is built with; the caller closes ``http``."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        settings = {"user": SHOP, **options}
        return Host("tienda", settings, vault or Vault(password=PASSWORD), client, self.clock)

    # What people do -----------------------------------------------------------------

    def room(self, *members: str, open_: bool = False, ours: bool = True, name: str = "") -> FakeRoom:
        """Somebody opens a room with these in it; with ``ours`` the shop, too."""
        made = FakeRoom(f"!{name or 'sala'}{next(self._numbers)}:{NAME}")
        self.rooms[made.id] = made
        creator = members[0] if members else SHOP
        self.state(made, creator, "m.room.create", {"room_version": "11"})
        self.state(made, creator, "m.room.join_rules", {"join_rule": "public" if open_ else "invite"})
        for who in [*members, *([SHOP] if ours else [])]:
            self.enter(made, who)
        return made

    def enter(self, room: FakeRoom, who: str, name: str = "") -> None:
        """Somebody joins."""
        room.members[who] = "join"
        room.names[who] = name or who[1:].partition(":")[0].capitalize()
        self.state(room, who, "m.room.member", {"membership": "join", "displayname": room.names[who]}, who)
        room.since[who] = self.stream

    def invite(self, room: FakeRoom, by: str, direct: bool = False) -> None:
        """Somebody invites the shop."""
        room.members[SHOP], room.direct_invite = "invite", direct
        content = {"membership": "invite", **({"is_direct": True} if direct else {})}
        self.state(room, by, "m.room.member", content, SHOP)

    def state(
        self, room: FakeRoom, who: str, kind: str, content: dict[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """Set a piece of the room's state."""
        return self.event(room, who, kind, content, state_key=key)

    def say(self, room: FakeRoom, text: str, who: str = ANA, **content: Any) -> dict[str, Any]:
        """Somebody writes."""
        return self.event(room, who, "m.room.message", {"msgtype": "m.text", "body": text, **content})

    def event(self, room: FakeRoom, who: str, kind: str, content: Any, **more: Any) -> dict[str, Any]:
        """Something happens in a room."""
        self.stream += 1
        made = {
            "event_id": f"${next(self._numbers):04}-{'Az09_-' * 6}",
            "type": kind,
            "sender": who,
            "origin_server_ts": int(self.clock.now().timestamp() * 1000),
            "content": content,
            **more,
        }
        room.events.append((self.stream, made))
        self._news.set()
        return made

    def edit(self, room: FakeRoom, original: dict[str, Any], text: str, who: str = "") -> dict[str, Any]:
        """The author changes a message."""
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": original["event_id"]}
        content = {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        made = self.event(room, who or original["sender"], "m.room.message", content)
        original.setdefault("unsigned", {})["m.relations"] = {"m.replace": made}
        return made

    def redact(self, room: FakeRoom, target: dict[str, Any], who: str = "") -> dict[str, Any]:
        """Somebody takes something back."""
        made = self.event(
            room,
            who or target["sender"],
            "m.room.redaction",
            {"redacts": target["event_id"]},
            redacts=target["event_id"],
        )
        target["content"] = {}
        target["unsigned"] = {"redacted_because": made}
        return made

    def account(self, kind: str, content: dict[str, Any]) -> None:
        """The shop's own data changes."""
        self.stream += 1
        self.account_data[kind] = (self.stream, content)
        self._news.set()

    def hang_up(self) -> None:
        """End all long answers."""
        self._hang_up.set()

    def expire(self, soft: bool = True) -> None:
        """End all access tokens; devices stay where ``soft``."""
        for device in self.devices.values():
            device.old.add(device.access)
            device.access = ""
        if not soft:
            self.devices.clear()

    def secrets(self) -> list[str]:
        """All tokens in use, and the password."""
        tokens = [(one.access, one.renewal) for one in self.devices.values()]
        return [PASSWORD, *(token for pair in tokens for token in pair if token)]

    # The server ---------------------------------------------------------------------

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.answer is not None and (response := await self.answer(request)) is not None:
            return response
        return await self.serve(request)

    async def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the real one does."""
        path = request.url.raw_path.decode().partition("?")[0]
        self.calls.append((request.method, path))
        try:
            return await self._serve(request, path)
        except No as no:
            return no.answer

    async def _serve(self, request: httpx.Request, path: str) -> httpx.Response:
        if request.url.host == NAME and path == "/.well-known/matrix/client":
            return self.well_known or good({"m.homeserver": {"base_url": SERVER + "/"}, "m.other": None})
        if f"{request.url.scheme}://{request.url.host}" != SERVER:
            return httpx.Response(404, text="<html>nothing here</html>")
        assert path.startswith("/_matrix/"), path
        body = (
            json.loads(request.content)
            if request.content and "json" in request.headers["content-type"]
            else {}
        )
        query = parse_qs(request.url.query.decode())
        method, _, rest = path.removeprefix("/_matrix/").partition("/")
        where = rest.split("/")
        if path == "/_matrix/client/versions":
            return good({"versions": ["r0.6.1", "v1.1", "v1.19"]})
        assert method in ("client", "media"), path
        version, *parts = [unquote(part) for part in where]
        if method == "client" and version == "v1" and parts == ["auth_metadata"]:
            if self.oauth is None:
                raise No(404, "M_UNRECOGNIZED")
            return good(self.oauth)
        if method == "client" and version == "v3" and parts == ["login"]:
            return self._login(request.method, body)
        if method == "client" and version == "v3" and parts == ["refresh"]:
            return self._refresh(body)
        device = self._device(request)
        if "media" in (method, *parts[:1]):
            return self._media(method, version, parts)
        assert version == "v3", path
        return await self._signed_in(request, device, parts, query, body)

    def _device(self, request: httpx.Request) -> Device:
        assert "access_token" not in str(request.url), "tokens do not belong into addresses"
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise No(401, "M_MISSING_TOKEN")
        for device in self.devices.values():
            if device.access == token:
                return device
            if token in device.old:
                raise No(401, "M_UNKNOWN_TOKEN", "expired", soft_logout=True)
        raise No(401, "M_UNKNOWN_TOKEN", "unknown", soft_logout=False)

    def _login(self, method: str, body: dict[str, Any]) -> httpx.Response:
        if method == "GET":
            kinds = ["m.login.sso", *(["m.login.password"] if self.takes_passwords else [])]
            return good({"flows": [{"type": kind} for kind in kinds]})
        if not self.takes_passwords:
            raise No(403, "M_UNKNOWN", "Password login has been disabled.")
        assert body["type"] == "m.login.password" and body["identifier"]["type"] == "m.id.user"
        if body["identifier"]["user"] not in (SHOP, "tienda") or body["password"] != self.password:
            raise No(403, "M_FORBIDDEN", "Invalid username or password")
        device = self.sign_in(body.get("device_id", ""))
        more = (
            {"refresh_token": device.renewal, "expires_in_ms": 300_000}
            if body.get("refresh_token") and self.refreshes
            else {}
        )
        return good({"user_id": SHOP, "device_id": device.id, "access_token": device.access, **more})

    def sign_in(self, name: str = "") -> Device:
        """A device of the shop signs in; the tokens that it had end."""
        number = next(self._numbers)
        device = Device(name or f"OTHER{number}", canary(f"matrixaccess{number}"))
        device.renewal = canary(f"matrixrenewal{number}") if self.refreshes else ""
        self.devices[device.id] = device
        return device

    def _refresh(self, body: dict[str, Any]) -> httpx.Response:
        for device in self.devices.values():
            if device.renewal and device.renewal == body.get("refresh_token"):
                if device.access:
                    device.old.add(device.access)
                number = next(self._numbers)
                device.access = canary(f"matrixaccess{number}")
                device.renewal = canary(f"matrixrenewal{number}")
                return good(
                    {"access_token": device.access, "refresh_token": device.renewal, "expires_in_ms": 300_000}
                )
        raise No(401, "M_UNKNOWN_TOKEN", "no such refresh token")

    def _media(self, method: str, version: str, parts: list[str]) -> httpx.Response:
        old = (method, version) == ("media", "v3")
        if not old and self.old_media:
            raise No(404, "M_UNRECOGNIZED")
        if old and not self.old_media:
            raise No(404, "M_NOT_FOUND")
        content = self.files.get("/".join(parts[-2:]))
        if content is None:
            raise No(404, "M_NOT_FOUND")
        return httpx.Response(200, content=content)

    async def _signed_in(
        self, request: httpx.Request, device: Device, parts: list[str], query: dict[str, list[str]], body: Any
    ) -> httpx.Response:
        match (request.method, *parts):
            case ("GET", "account", "whoami"):
                return good({"user_id": SHOP, "device_id": device.id, "is_guest": False})
            case ("GET", "profile", _):
                return good({"displayname": "La Tienda", "avatar_url": None})
            case ("POST", "logout"):
                del self.devices[device.id]
                return good({})
            case ("GET", "sync"):
                return await self._sync(query)
            case ("POST", "join", room_id):
                return self._join(room_id)
            case ("GET", "rooms", room_id, *rest):
                return self._read(self._mine(room_id), rest, query)
            case ("PUT", "rooms", room_id, "send", kind, key):
                return self._send(device, self._mine(room_id), kind, key, body)
        raise No(404, "M_UNRECOGNIZED", f"{request.method} {parts}")

    def _mine(self, room_id: str) -> FakeRoom:
        room = self.rooms.get(room_id)
        if room is None or room.members.get(SHOP) not in ("join", "leave"):
            raise No(403, "M_FORBIDDEN", "you are not in that room")
        return room

    def _join(self, room_id: str) -> httpx.Response:
        self.joins.append(room_id)
        if (special := self.joins_answer(room_id)) is not None:
            return special
        room = self.rooms[room_id]
        if room.members.get(SHOP) not in ("invite", "join"):
            raise No(403, "M_FORBIDDEN", "you are not invited")
        self.enter(room, SHOP)
        return good({"room_id": room_id})

    # Reading ------------------------------------------------------------------------

    def _place(self, mark: str) -> int:
        if not re.fullmatch(r"s\d+_x", mark):
            raise No(400, "M_UNKNOWN", f"Invalid stream token {mark!r}")
        return int(mark[1:-2])

    async def _sync(self, query: dict[str, list[str]]) -> httpx.Response:
        wanted = json.loads(query["filter"][0])
        since = self._place(query["since"][0]) if "since" in query else -1
        if since > self.stream:
            raise No(400, "M_UNKNOWN", "a mark of the future")
        wait = int(query["timeout"][0])
        if "since" in query and wait:
            await self._wait(since, wait)
        return good(self._told(wanted, since))

    async def _wait(self, since: int, wait: int) -> None:
        assert wait <= 60_000
        self.waiting += 1
        try:
            while self.stream <= since:
                self._news.clear()
                self._hang_up.clear()
                tasks = [asyncio.ensure_future(one.wait()) for one in (self._news, self._hang_up)]
                try:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in tasks:
                        task.cancel()
                if self._hang_up.is_set():
                    raise httpx.RemoteProtocolError("the server hung up")
        finally:
            self.waiting -= 1

    def _told(self, wanted: dict[str, Any], since: int) -> dict[str, Any]:
        found: dict[str, Any] = {"next_batch": f"s{self.stream}_x", "device_one_time_keys_count": {}}
        if wanted["room"].get("rooms") == []:
            return found
        assert wanted["room"]["state"]["lazy_load_members"] is True
        rooms: dict[str, dict[str, Any]] = {"join": {}, "invite": {}, "leave": {}, "knock": {}}
        for room in self.rooms.values():
            what = room.members.get(SHOP)
            if what == "join" and (told := self._joined(room, wanted, since)):
                rooms["join"][room.id] = told
            elif what == "invite" and any(place > since for place, _ in room.events):
                state = [
                    event for _, event in room.events if event["type"] in STRIPPED and "state_key" in event
                ]
                kept = ("type", "sender", "state_key", "content")
                stripped = [{key: event[key] for key in kept} for event in state]
                rooms["invite"][room.id] = {"invite_state": {"events": stripped}}
            elif what == "leave" and since >= 0 and any(place > since for place, _ in room.events):
                rooms["leave"][room.id] = self._joined(room, wanted, since)
        found["rooms"] = {key: value for key, value in rooms.items() if value}
        data = [
            {"type": kind, "content": content}
            for kind, (place, content) in self.account_data.items()
            if place > since
        ]
        if data:
            found["account_data"] = {"events": data}
        return found

    def _joined(self, room: FakeRoom, wanted: dict[str, Any], since: int) -> dict[str, Any] | None:
        new = room.since.get(SHOP, 0) > since
        seen = [(place, event) for place, event in room.events if new or place > since]
        not_types = wanted["room"]["timeline"]["not_types"]
        seen = [(place, event) for place, event in seen if event["type"] not in not_types]
        if not seen:
            return None
        limit = wanted["room"]["timeline"]["limit"]
        events = [self._shown(event, False) for _, event in seen[-limit:]]
        types = wanted["room"]["state"]["types"]
        names = self._names(room, events)
        state = [
            event
            for _, event in room.events
            if "state_key" in event and event["type"] in types and event["type"] != "m.room.member"
        ]
        told: dict[str, Any] = {
            "timeline": {
                "events": events,
                "limited": len(seen) > limit,
                "prev_batch": f"s{seen[-limit:][0][0] - 1}_x",
            },
            "state": {"events": [*(state if new else []), *names]},
            "unread_notifications": {"notification_count": 1},
        }
        if new or any(event["type"] == "m.room.member" for event in events):
            others = [who for who in room.joined() if who != SHOP]
            told["summary"] = {
                "m.heroes": others[:5],
                "m.joined_member_count": len(room.joined()),
                "m.invited_member_count": 0,
            }
        return told

    def _names(self, room: FakeRoom, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        senders = {event.get("sender") for event in events}
        return [
            event
            for _, event in room.events
            if event["type"] == "m.room.member" and event["state_key"] in senders
        ]

    def _shown(self, event: dict[str, Any], bundled: bool) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(json.dumps(event))
        unsigned = {
            key: value for key, value in shown.get("unsigned", {}).items() if bundled or key != "m.relations"
        }
        age = next(self._numbers)  # another one each time it is told
        return {**shown, "unsigned": {**unsigned, "age": age}}

    def _read(self, room: FakeRoom, rest: list[str], query: dict[str, list[str]]) -> httpx.Response:
        match rest:
            case ["messages"]:
                return self._messages(room, query)
            case ["event", event_id]:
                for _, event in room.events:
                    if event.get("event_id") == event_id:
                        return good({**self._shown(event, True), "room_id": room.id})
                raise No(404, "M_NOT_FOUND")
            case ["joined_members"]:
                return good({"joined": {who: {"display_name": room.names.get(who)} for who in room.joined()}})
            case ["state", kind, *_]:
                found = [
                    event
                    for _, event in room.events
                    if event["type"] == kind and event.get("state_key") == ""
                ]
                if not found:
                    raise No(404, "M_NOT_FOUND")
                return good(found[-1]["content"])
        raise No(404, "M_UNRECOGNIZED")

    def _messages(self, room: FakeRoom, query: dict[str, list[str]]) -> httpx.Response:
        forward = {"f": True, "b": False}[query["dir"][0]]
        if forward and not self.reads_forward:
            raise No(400, "M_INVALID_PARAM", "unknown token")
        limit, wanted = min(int(query["limit"][0]), self.page), json.loads(query["filter"][0])
        start = self._place(query["from"][0]) if "from" in query else self.stream
        end = self._place(query["to"][0]) if "to" in query and self.heeds_end else None
        events = [one for one in room.events if self._wanted(one[1], wanted)]
        if forward:
            events = [one for one in events if one[0] > start and (end is None or one[0] <= end)]
        else:
            events = [one for one in reversed(events) if one[0] <= start and (end is None or one[0] > end)]
        chunk = events[:limit]
        told = [self._shown(event, True) for _, event in chunk]
        found: dict[str, Any] = {"start": f"s{start}_x", "chunk": told, "state": self._names(room, told)}
        if len(events) > limit:
            found["end"] = f"s{chunk[-1][0] - (0 if forward else 1)}_x"
        return good(found)

    def _wanted(self, event: dict[str, Any], wanted: dict[str, Any]) -> bool:
        if event["type"] in wanted.get("not_types", ()) or event["type"] not in wanted.get(
            "types", [event["type"]]
        ):
            return False
        return event.get("sender") in wanted.get("senders", [event.get("sender")])

    # Writing ------------------------------------------------------------------------

    def _send(self, device: Device, room: FakeRoom, kind: str, key: str, body: Any) -> httpx.Response:
        if known := self.transactions.get((device.id, room.id, key)):
            return good({"event_id": known})
        if room.members.get(SHOP) != "join":
            raise No(403, "M_FORBIDDEN", "you are not in that room")
        if kind != "m.room.message" or not isinstance(body.get("body"), str) or not body.get("msgtype"):
            raise No(400, "M_BAD_JSON")
        if any(event["type"] == "m.room.encryption" for _, event in room.events):
            raise AssertionError("words in clear into an encrypted room")
        if len(json.dumps(body, ensure_ascii=False).encode()) > 64_500:
            raise No(413, "M_TOO_LARGE")
        made = self.event(room, SHOP, kind, body)
        self.transactions[(device.id, room.id, key)] = made["event_id"]
        self.posted.append((room.id, body))
        return good({"event_id": made["event_id"]})


def good(answer: Any) -> httpx.Response:
    """Return a good answer; what it holds is a copy."""
    return httpx.Response(200, json=json.loads(json.dumps(answer)))
