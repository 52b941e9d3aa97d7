"""mastodon_mock (PyPI, in an environment of its own) on this machine: accounts, posts, streams and faults, kept in memory."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from live.servers import LIVE, NotInstalled, _await_port, _free_port, _running

_ACCOUNT = '[[seed.accounts]]\nusername = "{name}"\ndisplay_name = "{name}"\naccess_token = "{name}-token"\n'


class Mastodon:
    """The server, as people meet it; each account's token is its name and "-token"."""

    def __init__(self, port: int, log: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._log = log
        self._http = httpx.Client(base_url=self.address, trust_env=False, timeout=30)

    def post(self, name: str, words: str, **more: Any) -> dict[str, Any]:
        """Somebody posts something; returns the post."""
        made: dict[str, Any] = self._call("POST", "/api/v1/statuses", name, json={"status": words, **more})
        return made

    def get(self, name: str, path: str, **params: Any) -> Any:
        """Somebody looks something up."""
        return self._call("GET", f"/api/v1/{path}", name, params=params)

    def change(self, name: str, number: str, words: str) -> None:
        """Somebody edits a post."""
        self._call("PUT", f"/api/v1/statuses/{number}", name, json={"status": words})

    def remove(self, name: str, number: str) -> None:
        """Somebody deletes a post."""
        self._call("DELETE", f"/api/v1/statuses/{number}", name)

    def answers(self, name: str) -> list[dict[str, Any]]:
        """Return all that an account has answered, newest first."""
        me, below = self.get(name, "accounts/verify_credentials")["id"], dict[str, str]()
        found: list[dict[str, Any]] = []
        while page := self.get(name, f"accounts/{me}/statuses", limit=40, **below):
            found += page
            below = {"max_id": page[-1]["id"]}
        return [one for one in found if one["in_reply_to_id"]]

    def fault(self, path: str, effect: Mapping[str, Any], count: int = 1, method: str = "POST") -> None:
        """The next requests of that kind go wrong."""
        rule = {"match": {"path": path, "methods": [method]}, "effect": dict(effect), "count": count}
        self._http.post("/api/v1/_mock/faults", json=rule).raise_for_status()

    def at_peace(self) -> bool:
        """Say whether all that was to go wrong with what is posted has gone wrong."""
        rules = self._http.get("/api/v1/_mock/faults").raise_for_status().json()
        return "POST" not in str(rules)

    def served(self, method: str = "") -> int:
        """Return how many requests were answered so far."""
        return self._log.read_text().count(f'"{method}' if method else " HTTP/1.1")

    def let_in(self, name: str) -> str:
        """Somebody signs in by the browser; returns the page that shows the code."""
        form = {"username": name, "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
        return self._http.post("/oauth/authorize", data=form).text

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _call(self, method: str, path: str, name: str, **more: Any) -> Any:
        answer = self._http.request(method, path, headers={"Authorization": f"Bearer {name}-token"}, **more)
        return answer.raise_for_status().json()


@contextlib.contextmanager
def mastodon_server(names: Sequence[str], streams: bool = True) -> Iterator[Mastodon]:
    """Run it with these accounts. Raises ``NotInstalled``."""
    program = LIVE / "mastodon" / "bin" / "mastodon_mock"
    if not program.exists():
        raise NotInstalled("mastodon_mock is not installed; run tests/live/install.sh")
    with tempfile.TemporaryDirectory(prefix="socialdesk-mastodon-") as folder:
        port, settings, log = _free_port(), Path(folder) / "mock.toml", Path(folder) / "server.log"
        accounts = "".join(_ACCOUNT.format(name=name) for name in names)
        settings.write_text(f"[streaming]\nenabled = {str(streams).lower()}\n{accounts}")
        command = [str(program), "serve", "--config", str(settings), "--in-memory"]
        with _running([*command, "--host", "127.0.0.1", "--port", str(port)], log):
            _await_port(port)
            server = Mastodon(port, log)
            yield server
            server.close()


def moment(status: Mapping[str, Any]) -> datetime:
    """Return when a post was written, to the millisecond, as the desk keeps it."""
    at = datetime.fromisoformat(status["created_at"])
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
