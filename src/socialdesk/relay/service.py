"""The relay over HTTP: networks bring to ``/hooks/NAME``, desks fetch from ``/v1``. Starlette.

A delivery is answered with 200 when it is on the disk, never before; with 503 where it cannot be put there, so that the
network brings it again.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from socialdesk.clock import Clock
from socialdesk.errors import SecretError
from socialdesk.relay.signatures import challenge, is_genuine
from socialdesk.relay.store import Fate, Incoming, Item, Mailbox, Store
from socialdesk.relay.writer import NotKept, Writer

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0
MOST_ITEMS = 500
MOST_BYTES = 8 << 20
"""In one answer; a single item may be larger."""
CLEANED = 3600.0
LOOKED = 60.0
"""Seconds after which mailboxes are read anew, for those that were removed, and secrets that could not be read."""


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


class Room:
    """The bytes that all deliveries together may hold, from their first to the moment they are on the disk."""

    def __init__(self, most: int) -> None:
        self._free = most

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """Give what takes bytes of the room until the end of the block; it raises ``Refusal`` where there are no more."""
        taken = 0

        def take(size: int) -> None:
            nonlocal taken
            taken += size
            self._free -= size
            if self._free < 0:
                raise Refusal(503)

        try:
            yield take
        finally:
            self._free += taken


class Relay:
    """The service on one open store. ``secrets`` gives what a mailbox's network signs with."""

    def __init__(
        self, store: Store, clock: Clock, secrets: Callable[[str], str], limits: Limits | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets
        self._known: dict[str, Mailbox] = {}
        self._signing: dict[str, str] = {}
        self._looked = float("-inf")
        self._limits = limits or Limits()
        self._room = Room(self._limits.held)
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
        handlers = {
            Refusal: _refused,
            NotKept: _unavailable,
            sqlite3.Error: _unavailable,
            OSError: _unavailable,
        }
        return Starlette(routes=routes, exception_handlers=handlers, lifespan=self._life)

    def leave(self) -> None:
        """End the long waits: the service is about to stop."""
        self._leaving.set()
        for name in list(self._news):
            self._tell(name)

    @asynccontextmanager
    async def _life(self, _app: Starlette) -> AsyncIterator[None]:
        await self.look()
        tasks = [
            asyncio.create_task(_every(LOOKED, self.look)),
            asyncio.create_task(_every(CLEANED, self._clean)),
        ]
        yield
        for task in tasks:
            task.cancel()
        await self._writer.close()

    async def _clean(self) -> None:
        await asyncio.to_thread(self._store.clean, self._clock.now())

    # Networks -------------------------------------------------------------------

    async def _hook(self, request: Request) -> Response:
        mailbox, secret = await self.mailbox(request.path_params["name"])
        if request.method == "GET":
            answer = challenge(mailbox.kind, secret, mailbox.token, request.query_params)
            if answer is None:
                raise Refusal(403)
            return Response(answer[1], media_type=answer[0])
        with self._room.share() as take:
            body = await self._body(request, take)
            if not is_genuine(mailbox.kind, secret, body, request.headers):
                raise Refusal(401)
            kind = request.headers.get("content-type", "")[:200]
            fate = await self._writer.keep(Incoming(mailbox.name, self._clock.now(), kind, body))
        if fate is Fate.GONE:
            raise Refusal(404)
        return PlainTextResponse("kept")

    async def mailbox(self, name: str) -> tuple[Mailbox, str]:
        """Return a mailbox and what its network signs with; one that was made just now is found within a second.

        Raises ``Refusal``: 404 where there is none, 503 where its secret cannot be read.
        """
        if name not in self._known and monotonic() - self._looked > 1:
            await self.look()
        mailbox = self._known.get(name)
        if mailbox is None:
            raise Refusal(404)
        if mailbox.secret not in self._signing:
            raise Refusal(503)
        return mailbox, self._signing[mailbox.secret]

    async def look(self) -> None:
        """Read which mailboxes there are, and the secrets that are not known yet."""
        self._looked = monotonic()
        found = await asyncio.to_thread(self._store.mailboxes)
        self._known = {one.name: one for one in found}
        for one in found:
            if one.secret not in self._signing:
                try:
                    self._signing[one.secret] = await asyncio.to_thread(self._secrets, one.secret)
                except SecretError as error:
                    log.error(
                        "mailbox %s takes nothing: its secret cannot be read (%s)", one.name, error.code
                    )

    async def _body(self, request: Request, take: Callable[[int], None]) -> bytes:
        """Return the whole body, as far as there is room for it."""
        most = self._limits.body
        if _whole(request.headers.get("content-length"), 0) > most:
            raise Refusal(413)
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._limits.patience):
                async for part in request.stream():
                    most -= len(part)
                    if most < 0:
                        raise Refusal(413)
                    take(len(part))
                    parts.append(part)
        except TimeoutError:
            raise Refusal(408) from None
        except ClientDisconnect:
            raise Refusal(400) from None
        return b"".join(parts)

    # Desks ----------------------------------------------------------------------

    async def _items(self, request: Request) -> Response:
        mailbox, query = await self._desk(request), request.query_params
        after, limit = _whole(query.get("after"), 0), _whole(query.get("limit"), 100)
        wait = min(_whole(query.get("wait"), 0), LONGEST_WAIT)
        news = self._news[mailbox]  # before the look, so that nothing comes unnoticed between the two
        found, newest, oldest = await self._after(mailbox, after, limit)
        if not found and wait and not self._leaving.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), wait)
            found, newest, oldest = await self._after(mailbox, after, limit)
        return JSONResponse({"items": [_told(one) for one in found], "newest": newest, "oldest": oldest})

    async def _after(self, mailbox: str, position: int, limit: int) -> tuple[list[Item], int, int]:
        most = max(1, min(limit, MOST_ITEMS))
        return await asyncio.to_thread(self._store.after, mailbox, position, most, MOST_BYTES)

    async def _confirm(self, request: Request) -> Response:
        mailbox = await self._desk(request)
        try:
            with self._room.share() as take:
                through = json.loads(await self._body(request, take))["through"]
        except (ValueError, KeyError, TypeError, RecursionError):
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
        return PlainTextResponse("ok") if self._writer.well else PlainTextResponse("", 503)

    def _tell(self, mailbox: str) -> None:
        waiting = self._news.pop(mailbox, None)
        if waiting is not None:
            waiting.set()


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except (sqlite3.Error, OSError) as error:
            log.error("the relay's file is in trouble: %s", error)
        await asyncio.sleep(seconds)


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
