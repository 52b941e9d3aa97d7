"""The small change of the stand-in for Mastodon: posts, people, mark-up and how long a text is."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any

import httpx
import regex  # type: ignore[import-untyped]

from helpers.canaries import canary

TOKEN = canary("mastodontoken").replace("/", "_")
DOMAIN = "social.example"
SERVER = f"https://{DOMAIN}"
FILES = "files.social.example"


class TokenVault:
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


def person(number: str, acct: str, name: str, **more: Any) -> dict[str, Any]:
    """Return an account as a server describes it."""
    user, _, domain = acct.partition("@")
    return {
        "id": number,
        "username": user,
        "acct": acct,
        "display_name": name,
        "locked": False,
        "bot": False,
        "url": f"https://{domain or DOMAIN}/@{user}",
        "avatar": f"https://{FILES}/avatars/{number}.png",
        "followers_count": 42,
        "statuses_count": 7,
        "emojis": [],
        "fields": [],
        **more,
    }


BRAND = person("1001", "tienda", "La Tienda")
ANA = person("2001", "ana@otro.example", "Ana :heart:")
LUIS = person("2002", "luis", "Luis")


def mention_of(account: dict[str, Any]) -> dict[str, Any]:
    """Return how a post lists somebody whom it names."""
    return {key: account[key] for key in ("id", "username", "acct", "url")}


def marked_up(words: str, people: list[dict[str, Any]]) -> str:
    """Return words as the server shows them: names and addresses as links, the rest escaped."""
    known = {one["acct"].lower(): one for one in people}

    def name(match: re.Match[str]) -> str:
        who = known.get(match.group(1).lower())
        if who is None:
            return match.group()
        link = f'<a href="{who["url"]}" class="u-url mention">@<span>{who["username"]}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>'

    def address(match: re.Match[str]) -> str:
        whole = match.group()
        rest = whole.removeprefix("https://")
        shown = f'<span class="invisible">https://</span><span class="ellipsis">{rest[:30]}</span>'
        return (
            f'<a href="{whole}" rel="nofollow noopener">{shown}<span class="invisible">{rest[30:]}</span></a>'
        )

    safe = html.escape(words, quote=False)
    safe = re.sub(r"https://[^\s<]+", address, safe)
    safe = re.sub(r"(?<![=/\w])@(\w+(?:@[\w.-]*\w)?)", name, safe)
    paragraphs = re.split(r"\n{2,}", safe)
    return "".join(f"<p>{one.replace(chr(10), '<br>')}</p>" for one in paragraphs)


def counted(words: str) -> int:
    """Return the length as Mastodon's StatusLengthValidator has it."""
    words = re.sub(r"https?://\S+", "x" * 23, words)
    words = re.sub(r"(?<![=/\w])@(\w+)@[\w.-]+\w", r"@\1", words)
    return len(regex.findall(r"\X", words))


def iso(at: datetime) -> str:
    """Return a moment as the servers write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def refuse(status: int, told: str, **headers: str) -> httpx.Response:
    """Return a refusal."""
    return httpx.Response(status, json={"error": told}, headers=headers)


def good(result: Any, **headers: str) -> httpx.Response:
    """Return a good answer; what it holds is a copy."""
    kind = {"content-type": "application/json"}
    return httpx.Response(200, content=json.dumps(result).encode(), headers=kind | headers)
