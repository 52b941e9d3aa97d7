"""Catches two processes that hand over replies at the same time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from helpers.network import Scripted
from socialdesk.connectors.contract import Outgoing, Receipt


class Flight:
    """A lock of the kernel's that a process holds while it hands over a reply; a death frees it.

    Who finds it taken writes its number into the file.
    """

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._under_way = 0

    def __enter__(self) -> None:
        if self._under_way == 0:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.write(self._handle, f"{os.getpid()}\n".encode())
        self._under_way += 1

    def __exit__(self, *_: object) -> None:
        self._under_way -= 1
        if self._under_way == 0:
            fcntl.flock(self._handle, fcntl.LOCK_UN)


def guarded(kind: type[Scripted], file: Path) -> type[Scripted]:
    """Return that connector for one process; whoever sends while another one does is written into the file."""
    flight = Flight(file)
    send: Callable[[Any, Outgoing], Any] = kind.send

    async def alone(self: Scripted, outgoing: Outgoing) -> Receipt:
        with flight:
            receipt: Receipt = await send(self, outgoing)
            return receipt

    return type("Guarded", (kind,), {"send": alone})


def met(file: Path) -> list[str]:
    """Return the processes that sent while another one did."""
    return file.read_text().split() if file.exists() else []
