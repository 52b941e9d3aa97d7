"""The relay over HTTP: networks bring to ``/hooks/NAME``, desks fetch from ``/v1``. Starlette.

A delivery is answered with 200 when it is on the disk, never before; with 503 where it cannot be put there, so that the
network brings it again.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from socialdesk.clock import Clock
from socialdesk.errors import SecretError
from socialdesk.relay.signatures import challenge, is_genuine
from socialdesk.relay.store import Incoming, Item, Mailbox, Store
from socialdesk.relay.writer import Writer

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
MOST_ITEMS = 500
MOST_BYTES = 8 << 20
"""In one answer; a single item may be larger."""
CLEANED = 3600.0
STALE = 60.0
"""Seconds after which mailboxes are read anew, for those that were removed or changed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one delivery, and all that are being taken at a time, may have in bytes; and the seconds that one may take to come."""

    body: int = 4 << 20
    held: int = 64 << 20
    patience: float = 20.0


class Refusal(Exception):
    """The answer to a request that is not taken."""

    def __init__(self, status: int) -> None:
        self.status = status


class Relay:
    """The service on one open store. ``secrets`` gives what a mailbox's network signs with."""

    def __init__(
        self, store: Store, clock: Clock, secrets: Callable[[str], str], limits: Limits | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets
        self._known: dict[str, tuple[Mailbox, str]] = {}
        self._looked = 0.0
        self._limits = limits or Limits()
        self._held = 0
        self._news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._writer = Writer(store, self._tell)
        self._leaving = asyncio.Event()

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/hooks/{name}", self._hook, methods=["GET", "POST"]),
            Route("/v1/items", self._items, methods=["GET"]),
            Route("/v1/confirm", self._confirm, methods=["POST"]),
            Route("/health", self._health, methods=["GET"]),
        ]
        handlers = {Refusal: _refused, sqlite3.Error: _unavailable}
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=self._life)

    def leave(self) -> None:
        """End the long waits: the service is about to stop."""
        self._leaving.set()
        for event in self._news.values():
            event.set()

    @asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        await self._look()
        cleaning = asyncio.create_task(self._clean())
        yield
        cleaning.cancel()
        await self._writer.close()

    async def _clean(self) -> None:
        while True:
            with suppress(
                sqlite3.Error
            ):  # tried again; what comes meanwhile says that the disk is in trouble
                await asyncio.to_thread(self._store.clean, self._clock.now())
            await asyncio.sleep(CLEANED)

    # Networks -------------------------------------------------------------------

    async def _hook(self, request: Request) -> Response:
        mailbox, secret = await self._mailbox(request.path_params["name"])
        if request.method == "GET":
            answer = challenge(mailbox.kind, secret, mailbox.token, request.query_params)
            if answer is None:
                raise Refusal(403)
            return Response(answer[1], media_type=answer[0])
        body = await self._body(request)
        if not is_genuine(mailbox.kind, secret, body, request.headers):
            raise Refusal(401)
        kind = request.headers.get("content-type", "")[:200]
        await self._writer.keep(Incoming(mailbox.name, self._clock.now(), kind, body))
        return PlainTextResponse("kept")

    async def _mailbox(self, name: str) -> tuple[Mailbox, str]:
        """Return a mailbox and what its network signs with; one that was made just now is found within a second."""
        if name not in self._known or monotonic() - self._looked > STALE:
            await self._look()
        if name not in self._known:
            raise Refusal(404)
        return self._known[name]

    async def _look(self) -> None:
        if self._looked and monotonic() - self._looked < 1:
            return
        self._looked = monotonic()
        found = await asyncio.to_thread(self._store.mailboxes)
        known = {}
        for one in found:
            try:
                known[one.name] = (one, await asyncio.to_thread(self._secrets, one.secret))
            except SecretError as error:
                log.error("mailbox %s takes nothing: its secret cannot be read (%s)", one.name, error.code)
        self._known = known

    async def _body(self, request: Request) -> bytes:
        """Return the whole body, as far as there is room for it."""
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.patience):
                async for part in request.stream():
                    size += len(part)
                    self._held += len(part)
                    if size > self._limits.body:
                        raise Refusal(413)
                    if self._held > self._limits.held:
                        raise Refusal(503)
                    parts.append(part)
        except TimeoutError:
            raise Refusal(408) from None
        except ClientDisconnect:
            raise Refusal(400) from None
        finally:
            self._held -= size
        return b"".join(parts)

    # Desks ----------------------------------------------------------------------

    async def _items(self, request: Request) -> Response:
        mailbox, query = await self._desk(request), request.query_params
        after, limit = _whole(query.get("after"), 0), _whole(query.get("limit"), 100)
        wait = min(_whole(query.get("wait"), 0), LONGEST_WAIT)
        self._news[mailbox].clear()
        found, newest, oldest = await self._after(mailbox, after, limit)
        if not found and wait and not self._leaving.is_set():
            await self._wait(mailbox, wait)
            found, newest, oldest = await self._after(mailbox, after, limit)
        return JSONResponse({"items": [_told(one) for one in found], "newest": newest, "oldest": oldest})

    async def _after(self, mailbox: str, position: int, limit: int) -> tuple[list[Item], int, int]:
        most = max(1, min(limit, MOST_ITEMS))
        return await asyncio.to_thread(self._store.after, mailbox, position, most, MOST_BYTES)

    async def _wait(self, mailbox: str, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news[mailbox].wait()

    async def _confirm(self, request: Request) -> Response:
        mailbox = await self._desk(request)
        try:
            through = (await request.json())["through"]
        except (ValueError, KeyError, TypeError):
            raise Refusal(400) from None
        if type(through) is not int or not 0 <= through < 1 << 62:
            raise Refusal(400)
        await asyncio.to_thread(self._store.confirm, mailbox, through, self._clock.now())
        return Response(status_code=204)

    async def _desk(self, request: Request) -> str:
        """Return the mailbox that the key opens."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        name = (
            await asyncio.to_thread(self._store.opened_by, key.strip()) if scheme.lower() == "bearer" else ""
        )
        if not name:
            raise Refusal(401)
        return name

    async def _health(self, _request: Request) -> Response:
        await asyncio.to_thread(self._store.mailboxes)
        return PlainTextResponse("ok")

    def _tell(self, mailbox: str) -> None:
        self._news[mailbox].set()


async def _refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    return PlainTextResponse("", refusal.status, headers)


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("", 503)


def _told(item: Item) -> dict[str, object]:
    body = base64.b64encode(item.body).decode()
    return {"position": item.position, "at": item.at.isoformat(), "type": item.type, "body": body}


def _whole(given: str | None, default: int) -> int:
    return int(given) if given and given.isascii() and given.isdecimal() and len(given) < 19 else default
