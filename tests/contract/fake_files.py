"""Files on the stand-in for Bluesky: kept by the servers of their authors, told of by the directory, shown by the network."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx

from contract.fake_parts import answer, error

DIRECTORY, PICTURES = "https://plc.directory", "https://cdn.bsky.app"
ELSEWHERE = "https://oyster.us-west.host.bsky.network"
"""Another of the network's servers, where customers have their accounts."""


class Files:
    """The part of the network that keeps files; a server has those of its own accounts only."""

    posts: dict[str, dict[str, Any]]

    def keep_files(self) -> None:
        """Begin with none."""
        self.files: dict[tuple[str, str], bytes] = {}
        self.homes: dict[str, str] = {}

    def upload(
        self, did: str, content: bytes, kind: str = "image/png", home: str = ELSEWHERE
    ) -> dict[str, Any]:
        """Somebody whose account is kept there uploads a file; returns what a record says of it."""
        name = "bafkrei" + hashlib.sha256(content).hexdigest()[:52]
        self.files[did, name] = content
        self.homes[did] = home
        return {"$type": "blob", "ref": {"$link": name}, "mimeType": kind, "size": len(content)}

    def serve_file(self, request: httpx.Request) -> httpx.Response | None:
        """Answer what concerns files; None for anything else. A token has no business there."""
        url = request.url
        where, params = f"{url.scheme}://{url.host}", url.params
        if where == DIRECTORY:
            self._anonymous(request)
            return self._document(url.path.removeprefix("/"))
        if where == PICTURES:
            self._anonymous(request)
            _, _, _, did, name = url.path.strip("/").split("/")
            return httpx.Response(200, content=self.files[did, name])
        if url.path != "/xrpc/com.atproto.sync.getBlob":
            return None
        self._anonymous(request)
        if self.homes.get(params["did"]) != where:
            return error(400, "RepoNotFound", f"Could not find repo for DID: {params['did']}")
        content = self.files.get((params["did"], params["cid"]))
        return (
            httpx.Response(200, content=content) if content else error(400, "BlobNotFound", "Blob not found")
        )

    def _document(self, did: str) -> httpx.Response:
        if did not in self.homes:
            return httpx.Response(404, json={"message": f"DID not registered: {did}"})
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer"}
        return answer({"id": did, "service": [service | {"serviceEndpoint": self.homes[did]}]})

    @staticmethod
    def _anonymous(request: httpx.Request) -> None:
        assert request.method == "GET" and "authorization" not in request.headers


def picture(did: str, blob: dict[str, Any]) -> str:
    """Return where the network shows a picture."""
    return f"{PICTURES}/img/feed_fullsize/plain/{did}/{blob['ref']['$link']}"
