"""A bad line to good servers: connections that do not come about, requests and answers that are lost, and short limits."""

from __future__ import annotations

import time
from collections import Counter
from random import Random

import httpx

LOST = 0.03
"""Of each kind, of all requests."""


class BadLine(httpx.AsyncBaseTransport):
    """Stands between an engine and servers on this machine; ``done`` counts what it did to requests."""

    def __init__(self, seed: int) -> None:
        self._inner = httpx.AsyncHTTPTransport(trust_env=False)
        self._random = Random(seed)
        self.done: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry out a request, or not, or carry it out and lose its answer."""
        kind = self._random.choices(
            ("refused", "lost", "limited", "answer lost", ""), [LOST, LOST, LOST / 3, LOST, 1]
        )[0]
        self.done[kind or "carried out"] += 1
        if kind == "refused":
            raise httpx.ConnectError("no route to host", request=request)
        if kind == "lost":
            raise httpx.ReadTimeout("nothing came back", request=request)
        if kind == "limited":
            headers = {"RateLimit-Reset": str(int(time.time()) + 2)}
            return httpx.Response(429, json={"error": "RateLimitExceeded"}, headers=headers, request=request)
        response = await self._inner.handle_async_request(request)
        if kind == "answer lost":
            await response.aread()
            await response.aclose()
            raise httpx.ReadTimeout("the answer is lost", request=request)
        return response

    async def aclose(self) -> None:
        """Do nothing: each engine closes it, and the next one goes on with it."""
