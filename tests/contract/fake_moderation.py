"""Likes, blocks, hidden replies and reports on the stand-in for Bluesky, as strict as the reference server."""

from __future__ import annotations

from typing import Any

import httpx

from contract.fake_parts import answer, cid, error

LIKE, BLOCK, GATE = "app.bsky.feed.like", "app.bsky.graph.block", "app.bsky.feed.threadgate"
REASONS = {f"com.atproto.moderation.defs#reason{name}" for name in ("Spam", "Other", "Rude", "Violation")}
ME = "did:plc:brand"


class Moderation:
    """The part of the server that keeps what the brand thinks of others."""

    posts: dict[str, dict[str, Any]]
    records: dict[str, dict[str, Any]]

    def __post_init__(self) -> None:
        self.muted: set[str] = set()
        self.reports: list[dict[str, Any]] = []
        self._made = 0

    def create(self, body: dict[str, Any]) -> httpx.Response:
        """Serve createRecord of a like or a block; twice makes two, as in the real one."""
        record, collection = body["record"], body["collection"]
        assert record["$type"] == collection and "createdAt" in record and "rkey" not in body
        if collection == LIKE and set(record["subject"]) != {"uri", "cid"}:
            return error(400, "InvalidRequest", "Record/subject must have uri and cid")
        self._made += 1
        uri = f"at://{ME}/{collection}/3k{self._made:011}"
        self.records[uri] = {"cid": cid(record), "value": record, "record": record}
        return answer({"uri": uri, "cid": cid(record)})

    def put_gate(self, body: dict[str, Any]) -> httpx.Response:
        """Serve putRecord of a threadgate: its key is that of the brand's own root post."""
        record, uri = body["record"], f"at://{ME}/{GATE}/{body['rkey']}"
        assert (
            record["post"] == f"at://{ME}/app.bsky.feed.post/{body['rkey']}" and record["post"] in self.posts
        )
        if len(record["hiddenReplies"]) > 300:
            return error(400, "InvalidRequest", "Record/hiddenReplies must not have more than 300 elements")
        known = self.records.get(uri, {"cid": None})["cid"]
        if "swapRecord" in body and body["swapRecord"] != known:
            return error(400, "InvalidSwap", f"Record was at {known}")
        self.records[uri] = {"cid": cid(record), "value": record, "record": record}
        return answer({"uri": uri, "cid": cid(record)})

    def of(self, collection: str) -> list[dict[str, Any]]:
        """Return the brand's records of a kind."""
        return [one["record"] for uri, one in self.records.items() if f"/{collection}/" in uri]

    def where(self, collection: str, subject: str) -> str:
        """Return the address of the record of that kind about that subject, or ""."""
        for uri, one in self.records.items():
            about = one["record"].get("subject")
            if f"/{collection}/" in uri and subject in (about, isinstance(about, dict) and about["uri"]):
                return uri
        return ""

    def _deleteRecord(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        self.records.pop(f"at://{body['repo']}/{body['collection']}/{body['rkey']}", None)
        return answer({})

    def _muteActor(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        self.muted.add(body["actor"])
        return answer({})

    def _unmuteActor(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        self.muted.discard(body["actor"])
        return answer({})

    def _createReport(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        if body["reasonType"] not in REASONS:
            return error(400, "InvalidRequest", "unknown reason")
        assert body["subject"]["$type"] == "com.atproto.repo.strongRef" and body["subject"]["cid"]
        self.reports.append(body)
        return answer({"id": len(self.reports)})
