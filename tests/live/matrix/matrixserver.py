"""Synapse on SQLite, and people with accounts on it who use it through the API as their own programs would."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from live.servers import LIVE, NotInstalled, _await_port, _free_port, _running

NAME = "tienda.test"
PASSWORD = 'clave-ñ"&-de-pega'
_numbers = itertools.count(1)
_SHARED = "the-secret-for-new-accounts"
_SYNAPSE = LIVE / "synapse" / "bin" / "python"


@dataclass
class MatrixServer:
    """Where it listens; ``admin`` may lift limits."""

    base: str
    admin: Person | None = None

    def person(self, name: str, *, limited: bool = False) -> Person:
        """Open an account; with ``limited`` under the server's usual limits for newcomers."""
        known = f"{name}{next(_numbers)}"
        made = self._register(known, admin=False)
        if not limited and self.admin is not None:
            where = f"/_synapse/admin/v1/users/{quote(made.user)}/override_ratelimit"
            answer = self.admin.http.post(where, json={"messages_per_second": 0, "burst_count": 0})
            assert answer.status_code == 200, answer.text
        return made

    def _register(self, name: str, *, admin: bool) -> Person:
        where = f"{self.base}/_synapse/admin/v1/register"
        nonce = _good(httpx.get(where, trust_env=False))["nonce"]
        parts = [nonce, name, PASSWORD, "admin" if admin else "notadmin"]
        mac = hmac.new(_SHARED.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "displayname": name.capitalize(), "password": PASSWORD}
        made = _good(httpx.post(where, json={**body, "admin": admin, "mac": mac}, trust_env=False))
        http = httpx.Client(base_url=self.base, trust_env=False, timeout=60)
        http.headers["Authorization"] = f"Bearer {made['access_token']}"
        return Person(made["user_id"], http)


@dataclass
class Person:
    """Somebody with an account."""

    user: str
    http: httpx.Client = field(repr=False)

    def call(self, method: str, where: str, body: Any = None, **params: Any) -> dict[str, Any]:
        """Call the API."""
        return _good(self.http.request(method, f"/_matrix/client/v3/{where}", json=body, params=params))

    def room(self, *invited: Person, direct: bool = False, **more: Any) -> str:
        """Open a room and invite these."""
        people = [one.user for one in invited]
        body = {"preset": "private_chat", "invite": people, "is_direct": direct, **more}
        return str(self.call("POST", "createRoom", body)["room_id"])

    def enter(self, room: str) -> None:
        """Accept an invitation."""
        self.call("POST", f"join/{quote(room)}", {})

    def say(self, room: str, text: str, **content: Any) -> str:
        """Write; returns the event's id."""
        return self.event(room, "m.room.message", {"msgtype": "m.text", "body": text, **content})

    def event(self, room: str, kind: str, content: Any) -> str:
        """Send an event; returns its id."""
        where = f"rooms/{quote(room)}/send/{kind}/{secrets.token_hex(8)}"
        return str(self.call("PUT", where, content)["event_id"])

    def redact(self, room: str, event: str) -> None:
        """Take something back."""
        self.call("PUT", f"rooms/{quote(room)}/redact/{quote(event)}/{secrets.token_hex(8)}", {})

    def upload(self, content: bytes, kind: str) -> str:
        """Upload a file; returns its address."""
        answer = self.http.post("/_matrix/media/v3/upload", content=content, headers={"Content-Type": kind})
        return str(_good(answer)["content_uri"])

    def seen(self, room: str, sender: str) -> list[dict[str, Any]]:
        """Return all messages of somebody in a room, the oldest first."""
        wanted = json.dumps({"types": ["m.room.message"], "senders": [sender]})
        found: list[dict[str, Any]] = []
        params: dict[str, Any] = {"dir": "b", "limit": 100, "filter": wanted}
        while True:
            page = self.call("GET", f"rooms/{quote(room)}/messages", **params)
            found += page["chunk"]
            if not page.get("end"):
                return found[::-1]
            params["from"] = page["end"]


@contextlib.contextmanager
def synapse() -> Iterator[MatrixServer]:
    """Run it; raises ``NotInstalled``."""
    if not _SYNAPSE.exists():
        raise NotInstalled("Synapse is not installed; run tests/live/install.sh")
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="socialdesk-matrix-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port = _free_port()
        command = [str(_SYNAPSE), "-m", "synapse.app.homeserver", "-c", str(_configured(folder, port))]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
        stack.enter_context(_running(command, folder / "output.log", environment=environment))
        try:
            _await_port(port)
        except AssertionError:
            raise AssertionError((folder / "output.log").read_text()[-2000:]) from None
        server = MatrixServer(f"http://127.0.0.1:{port}")
        server.admin = server._register("jefa", admin=True)
        stack.callback(server.admin.http.close)
        yield server


def _configured(folder: Path, port: int) -> Path:
    key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_live {key}\n")
    (folder / "log.yaml").write_text("version: 1\nroot: {level: WARNING}\ndisable_existing_loggers: false\n")
    listener = {
        "port": port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client", "media"]}],
    }
    plenty = {"per_second": 1000, "burst_count": 1000}
    settings = {
        "server_name": NAME,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "log_config": str(folder / "log.yaml"),
        "registration_shared_secret": _SHARED,
        "macaroon_secret_key": secrets.token_hex(16),
        "report_stats": False,
        "trusted_key_servers": [],
        "refreshable_access_token_lifetime": "5m",
        # Of messages the usual limits hold; signing in and inviting would take the tests minutes under them.
        "rc_login": {"address": plenty, "account": plenty, "failed_attempts": plenty},
        "rc_joins": {"local": plenty, "remote": plenty},
        "rc_invites": {"per_room": plenty, "per_user": plenty, "per_issuer": plenty},
        "rc_room_creation": plenty,
        "rc_registration": plenty,
    }
    path = folder / "homeserver.yaml"
    path.write_text(json.dumps(settings))  # YAML is a superset of JSON
    return path


def _good(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def shared(opener: Person, *others: Person) -> str:
    """A room with these in it."""
    room = opener.room(*others)
    for one in others:
        one.enter(room)
    return room
