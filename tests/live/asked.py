"""A plugin for pytest: writes down every request that a stand-in in memory is asked, for ``test_published_live``.

A line a request, as JSON, in the file that ``SOCIALDESK_ASKED`` names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest


@pytest.fixture(autouse=True)
def written_down(request: pytest.FixtureRequest) -> Iterator[None]:
    """Look over the shoulder of httpx's transport in memory."""
    answer = httpx.MockTransport.handle_async_request

    async def handle(self: httpx.MockTransport, asked: httpx.Request) -> httpx.Response:
        await asked.aread()
        if not asked.url.path.endswith("/token"):  # the sign-in's are secrets
            _write(file, asked, request.node.nodeid)
        return await answer(self, asked)

    with (
        Path(os.environ["SOCIALDESK_ASKED"]).open("a", encoding="utf-8") as file,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(httpx.MockTransport, "handle_async_request", handle)
        yield


def _write(file: IO[str], asked: httpx.Request, test: str) -> None:
    url = asked.url
    one = {
        "method": asked.method,
        "host": url.host,
        "path": url.path,
        "query": url.params.multi_items(),
        "body": asked.content.decode(),
        "kind": asked.headers.get("content-type", ""),
        "test": test,
    }
    file.write(json.dumps(one) + "\n")
