"""Runs the relay until it is asked to end. uvicorn."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType

from socialdesk.clock import Clock
from socialdesk.relay.service import Limits, Relay
from socialdesk.relay.settings import Settings
from socialdesk.relay.store import Store

LEAVING = 15
"""Seconds that what is under way gets to end."""


def serve(settings: Settings, clock: Clock, secrets: Callable[[str], str]) -> None:
    """Listen until SIGTERM or SIGINT. Raises ``Refused`` where the file cannot be used."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            relay.leave()
            super().handle_exit(sig, frame)

    store = Store(settings.file)
    try:
        relay = Relay(store, clock, secrets, Limits(body=settings.most_kb << 10))
        config = uvicorn.Config(
            relay.app(),
            host=settings.host,
            port=settings.port,
            access_log=False,  # it would name addresses of people
            server_header=False,
            limit_concurrency=2_000,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=LEAVING,
            log_level="warning",
        )
        Server(config).run()
    finally:
        store.close()
