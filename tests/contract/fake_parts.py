"""The rules and the small change of the stand-in for Bluesky."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

import httpx
import regex  # type: ignore[import-untyped]

from helpers.canaries import canary

PASSWORD = canary("apppassword", '-ñ"&')
BRAND = {"did": "did:plc:brand", "handle": "tienda.bsky.social", "displayName": "La Tienda"}
ANA = {"did": "did:plc:ana", "handle": "ana.bsky.social", "displayName": "Ana"}
LUIS = {"did": "did:plc:luis", "handle": "luis.bsky.social", "displayName": "Luis"}
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


class MemoryVault:
    """Secrets and session of one account, in memory; ``saves`` counts how often a session was stored."""

    def __init__(self, password: str = PASSWORD) -> None:
        self.password = password
        self.kept: dict[str, str] = {}
        self.saves = 0

    async def secret(self, name: str) -> str:
        """Return the password."""
        assert name == "password"
        return self.password

    async def load_session(self) -> dict[str, str]:
        """Return what was stored."""
        return dict(self.kept)

    async def save_session(self, session: Any) -> None:
        """Store it."""
        self.kept = dict(session)
        self.saves += 1


def record_fault(record: dict[str, Any], rkey: str) -> str:
    """Return what the server finds wrong with a post, or nothing."""
    if not TID.fullmatch(rkey):
        return f"rkey {rkey} is no TID"
    if len(regex.findall(r"\X", record["text"])) > 300:
        return "Record/text must not be longer than 300 graphemes"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", record["createdAt"]):
        return "Record/createdAt must be a datetime"
    for end in ("root", "parent"):
        if not all(isinstance(record["reply"][end].get(k), str) for k in ("uri", "cid")):
            return f"Record/reply/{end} must have uri and cid"
    size, last = len(record["text"].encode()), 0
    for facet in record.get("facets", []):
        start, stop = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if not last <= start < stop <= size:
            return "Record/facets overlap or lie outside"
        record["text"].encode()[start:stop].decode()
        last = stop
    return ""


def sort_at(one: Any) -> str:
    """The reference server's order: the earlier of createdAt and indexedAt, by their ISO text."""
    if not isinstance(one, dict):
        return "9"
    record = one.get("record")
    created = record.get("createdAt") if isinstance(record, dict) else None
    times = [t for t in (created, one.get("indexedAt")) if isinstance(t, str) and re.match(r"\d{4}-", t)]
    return min(times, default="9")


def iso(at: datetime) -> str:
    """Return a moment as the servers write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def cid(value: Any) -> str:
    """Return the hash of a record."""
    return "bafy" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:40]


def answer(content: dict[str, Any]) -> httpx.Response:
    """Return a good answer; what it holds is a copy."""
    return httpx.Response(200, json=json.loads(json.dumps(content)))


def error(status: int, name: str, message: str) -> httpx.Response:
    """Return a refusal."""
    return httpx.Response(status, json={"error": name, "message": message})
