"""Runs the relay until it is asked to end. uvicorn."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn

from socialdesk.clock import Clock
from socialdesk.errors import Refused
from socialdesk.relay.service import Limits, Relay
from socialdesk.relay.settings import Settings
from socialdesk.relay.store import Store

LEAVING = 15
"""Seconds that what is under way gets to end."""


class _Server(uvicorn.Server):
    """Lets the desks go that wait, as soon as it is asked to end."""

    def __init__(self, config: uvicorn.Config, leave: Callable[[], None]) -> None:
        super().__init__(config)
        self._leave = leave

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._leave()
        super().handle_exit(sig, frame)


def listen(settings: Settings) -> socket.socket:
    """Take the address. Raises ``Refused`` where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Refused(f"{where}: {error.strerror or error}", code="relay_port") from error


def serve(
    store: Store, line: socket.socket, settings: Settings, clock: Clock, secrets: Callable[[str], str]
) -> None:
    """Serve until SIGTERM or SIGINT."""
    relay = Relay(store, clock, secrets, Limits(body=settings.most_kb << 10))
    config = uvicorn.Config(
        relay.app(),
        access_log=False,  # it would name addresses of people
        server_header=False,
        limit_concurrency=2_000,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=LEAVING,
        log_level="warning",
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again once it has ended
    _Server(config, relay.leave).run(sockets=[line])
