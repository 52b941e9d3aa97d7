"""A fuse: ends its process as ``kill -9`` does, at the n-th boundary between the desk, its file and the network.

Boundaries are both sides of every SQL statement of a transaction and of its commit, and both sides of every request
and of what the network does with it. They are counted from the moment the fuse is laid.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

from helpers.network import Network, Scripted

F = TypeVar("F", bound=Callable[..., Any])


class Fuse:
    """Counts boundaries; at number ``at`` the process is gone. 0 counts for ever."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._passed = 0

    def reach(self, where: str) -> None:
        """Be at a boundary; its name is the last that is heard of the process, on its standard output."""
        self._passed += 1
        if self._passed == self._at:
            os.write(1, f"at {where}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def lay(self) -> None:
        """Put boundaries around all that this process writes and sends from now on."""

        @event.listens_for(Engine, "before_cursor_execute")
        def _before(_c: Any, _cursor: Any, sql: str, *_more: Any) -> None:
            self.reach(f"before {_verb(sql)}")

        @event.listens_for(Engine, "after_cursor_execute")
        def _after(_c: Any, _cursor: Any, sql: str, *_more: Any) -> None:
            self.reach(f"after {_verb(sql)}")

        self._around(DefaultDialect, "do_commit", "commit")
        self._around(Network, "take", "taken")
        self._around(Network, "find", "found")
        for name in ("send", "find_sent", "fetch"):
            self._around_request(Scripted, name)

    def _around(self, owner: Any, name: str, called: str) -> None:
        work = getattr(owner, name)

        @functools.wraps(work)
        def between(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before {called}")
            result = work(*args, **kwargs)
            self.reach(f"after {called}")
            return result

        setattr(owner, name, between)

    def _around_request(self, owner: Any, name: str) -> None:
        work = getattr(owner, name)

        @functools.wraps(work)
        async def between(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before request {name}")
            try:
                return await work(*args, **kwargs)
            finally:
                self.reach(f"after request {name}")

        setattr(owner, name, between)


def _verb(sql: str) -> str:
    """Return a statement's first words, enough to tell where one is."""
    return " ".join(sql.split()[:2])
