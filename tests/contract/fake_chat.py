"""Direct messages on the stand-in for Bluesky, behind the account's own server and its proxy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from contract.fake_parts import ANA, BRAND, answer, error, iso
from socialdesk.clock import ManualClock

CHAT_SERVICE = "did:web:api.bsky.chat#bsky_chat"


class DirectMessages:
    """The part of the network that keeps conversations."""

    clock: ManualClock
    convos: dict[str, dict[str, Any]]
    log: list[dict[str, Any]]
    numbers: int
    page_size: int
    dm_allowed: bool
    chat_works: bool
    _handler: Callable[[str], Callable[[httpx.QueryParams, Any], httpx.Response]]
    _page: Callable[[list[Any], httpx.QueryParams], tuple[list[Any], dict[str, str]]]

    def message(self, convo: str, sender: dict[str, Any], text: str) -> dict[str, Any]:
        """Somebody writes a direct message in a conversation with Ana."""
        self.numbers += 1
        members = [dict(BRAND), dict(ANA)]
        kept = self.convos.setdefault(convo, {"id": convo, "rev": "1", "members": members, "messages": []})
        made = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": f"m{self.numbers:05}",
            "rev": f"r{self.numbers:05}",
            "text": text,
            "sender": {"did": sender["did"]},
            "sentAt": iso(self.clock.now()),
        }
        kept["messages"].append(made)
        self.event("logCreateMessage", convo, message=made)
        return made

    def event(self, kind: str, convo: str, **more: Any) -> None:
        """Something is written to the log of direct messages."""
        self.log.append({"$type": f"chat.bsky.convo.defs#{kind}", "convoId": convo, "rev": "r", **more})

    def _chat(self, nsid: str, request: httpx.Request, body: Any) -> httpx.Response:
        if request.headers.get("atproto-proxy") != CHAT_SERVICE:
            return error(404, "XRPCNotSupported", "XRPCNotSupported")
        if not self.chat_works:
            return error(500, "InternalServerError", "Internal Server Error")
        if not self.dm_allowed:
            return error(400, "InvalidToken", "Bad token method")
        return self._handler("_chat_" + nsid.rsplit(".", 1)[1])(request.url.params, body)

    def _chat_listConvos(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        convos = [
            {**{k: v for k, v in c.items() if k != "messages"}, "lastMessage": (c["messages"] or [{}])[-1]}
            for c in self.convos.values()
        ]
        convos.sort(key=lambda c: c["lastMessage"].get("sentAt", ""), reverse=True)
        page, cursor = self._page(convos, params)
        return answer({"convos": page} | cursor)

    def _chat_getConvo(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        if params["convoId"] not in self.convos:
            return error(400, "InvalidConvo", "Convo not found")
        return answer({"convo": {k: v for k, v in self.convos[params["convoId"]].items() if k != "messages"}})

    def _chat_getConvoForMembers(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        member = params["members"]
        found = next((c for c in self.convos.values() if member in [m["did"] for m in c["members"]]), None)
        if found is None:
            found = {
                "id": f"c-{member}",
                "rev": "1",
                "members": [BRAND, {"did": member, "handle": "x"}],
                "messages": [],
            }
            self.convos[found["id"]] = found
        return answer({"convo": {k: v for k, v in found.items() if k != "messages"}})

    def _chat_getMessages(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        page, cursor = self._page(self.convos[params["convoId"]]["messages"][::-1], params)
        return answer({"messages": page} | cursor)

    def _chat_getLog(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        if "cursor" not in params:
            return answer({"logs": [], "cursor": str(len(self.log))})
        start = int(params["cursor"])
        page = self.log[start : start + self.page_size]
        return answer({"logs": page, "cursor": str(start + len(page))})

    def _chat_sendMessage(self, params: httpx.QueryParams, body: Any) -> httpx.Response:
        assert set(body) == {"convoId", "message"} and set(body["message"]) <= {"text", "facets", "replyTo"}
        return answer(self.message(body["convoId"], BRAND, body["message"]["text"]))
