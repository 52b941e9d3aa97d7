"""A connector that is as careless with its secrets as one can be, each account in a way of its own.

Found by its entry point in processes that ``helpers.careless`` starts. What it does wrong is its setting ``deed``.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from datetime import datetime, timedelta

from socialdesk.connectors.contract import (
    Author,
    AuthRequired,
    Capabilities,
    Connector,
    Direction,
    Identity,
    Item,
    Limit,
    OutcomeUnknown,
    Outgoing,
    Page,
    PluginError,
    RateLimited,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Temporary,
)

ERRORS = {
    "rejected": Rejected,
    "auth": AuthRequired,
    "limited": RateLimited,
    "temporary": Temporary,
    "plugin": PluginError,
    "value": ValueError,
    "system": OSError,
    "key": KeyError,
    "unicode": RuntimeError,
}
ECHOES = ("echo/400", "echo/401", "echo/429", "echo/500", "quoted/400", "cut/400", "redirect", "html/502")
SAYS = (
    "print",
    "stderr",
    "log",
    "log_ours",
    "warn",
    "thread",
    "task",
    "destructor",
    "chain",
    "group",
    "note",
)
LATER = ("parse", "send", "find", "address", "session")
FATAL = ("abort", "segment", "kill", "exit", "leave", "interrupt", "recursion", "memory")
DEEDS = (*ERRORS, *ECHOES, *SAYS, *LATER)


class Gone:
    """Breaks down when it is thrown away."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __del__(self) -> None:
        raise ValueError(f"destroyed with {self.secret}")


class Leaky(Connector):
    """Signs in, and tells."""

    name = "leaky"
    label = "Leaky"
    capabilities = Capabilities(Limit(500), Limit(500), poll=timedelta(seconds=1))
    settings = (
        Setting("deed", "Deed"),
        Setting("service", "Server", required=False),
        Setting("password", "Password", secret=True),
    )

    async def check(self) -> Identity:
        """Sign in; tells the password, but for those that are to get further."""
        secret, deed = await self._signed_in(), self.host.options["deed"]
        if deed not in ("parse", "send", "find", "session"):
            await self._do(deed, secret)
        return Identity(f"id-{self.host.account}", self.host.account)

    async def fetch(self, cursor: str) -> Page:
        """One question of a customer, and then the deed."""
        secret, deed = await self._signed_in(), self.host.options["deed"]
        if not cursor:
            return Page((Raw("1", {"text": "¿Abrís mañana?", "at": self.host.clock.now().isoformat()}),), "1")
        if deed not in ("parse", "send", "find", "session"):
            await self._do(deed, secret)
        return Page((), cursor)

    async def _signed_in(self) -> str:
        """Return the password; the session holds a token made from it."""
        self.secret = secret = await self.host.vault.secret("password")
        session = await self.host.vault.load_session()
        if not session:
            await self.host.vault.save_session({"token": f"{secret}-token", "user": self.host.account})
        self.token = session.get("token", f"{secret}-token")
        return secret

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Understand the question, unless that is the deed."""
        if self.host.options["deed"] == "parse":
            raise ValueError(f"cannot parse as {self.secret}")
        at, author = datetime.fromisoformat(raw.payload["at"]), Author("ana", "ana", "Ana")
        text = str(raw.payload["text"])
        return [Item(raw.id, "c", Direction.IN, at, author, author, text, remote={"id": raw.id})]

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Fail, and tell."""
        secret = await self._signed_in()
        if self.host.options["deed"] == "find":
            raise OutcomeUnknown(f"lost {secret}")
        raise ValueError(f"sent with {secret} and {self.token}")

    async def _do(self, deed: str, secret: str) -> None:
        if error := ERRORS.get(deed):
            raise error(f"told {secret} and {self.token!r}")
        if deed in ECHOES:
            await self._ask(deed, secret)
        else:
            await getattr(self, f"_{deed}")(secret)

    async def _ask(self, deed: str, secret: str) -> None:
        response = await self.host.http.post(
            f"{self.host.options['service']}/{deed}?access={self.token}",
            headers={b"Authorization": f"Bearer {self.token}".encode(), b"X-Key": secret.encode()},
            json={"password": secret},
        )
        if response.status_code == 400:
            raise Rejected(response.json()["message"][:500])
        if response.status_code == 429:
            raise Temporary(response.text)
        if response.status_code == 502:
            raise ValueError(f"unreadable: {response.text} {response.headers} {response.request.headers}")
        response.raise_for_status()
        raise ValueError(f"{response.headers}")

    async def _address(self, secret: str) -> None:
        await self.host.http.get(f"http://127.0.0.1:1/{self.token}?password={secret}")

    async def _print(self, secret: str) -> None:
        print("signed in with", secret)
        sys.stdout.writelines([secret[:9], secret[9:], "\n"])

    async def _stderr(self, secret: str) -> None:
        print({"password": secret}, secret.encode(), file=sys.stderr, flush=True)

    async def _log(self, secret: str) -> None:
        logging.getLogger("leaky.client").error("token %r", self.token)

    async def _log_ours(self, secret: str) -> None:
        logging.getLogger("socialdesk.connectors.leaky").error("token %r of %s", self.token, [secret])

    async def _warn(self, secret: str) -> None:
        warnings.warn(f"deprecated: {secret}", stacklevel=1)

    async def _thread(self, secret: str) -> None:
        def breaks() -> None:
            raise ValueError(f"in a thread: {secret}")

        thread = threading.Thread(target=breaks)
        thread.start()
        thread.join()

    async def _task(self, secret: str) -> None:
        async def breaks() -> None:
            raise ValueError(f"in a task: {secret}")

        task = asyncio.create_task(breaks())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    async def _destructor(self, secret: str) -> None:
        Gone(secret)

    async def _chain(self, secret: str) -> None:
        try:
            int(secret)
        except ValueError as error:
            raise LookupError(secret) from error

    async def _group(self, secret: str) -> None:
        raise ExceptionGroup(f"several with {secret}", [ValueError(secret), KeyError(secret)])

    async def _note(self, secret: str) -> None:
        error = ValueError("short")
        error.add_note(f"noted {secret}")
        raise error

    # How it ends ---------------------------------------------------------------------------------

    async def _abort(self, secret: str) -> None:
        os.abort()

    async def _segment(self, secret: str) -> None:
        ctypes.string_at(0)

    async def _kill(self, secret: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def _exit(self, secret: str) -> None:
        os._exit(3)

    async def _leave(self, secret: str) -> None:
        sys.exit(f"leaving with {secret}")

    async def _interrupt(self, secret: str) -> None:
        raise KeyboardInterrupt(secret)

    async def _recursion(self, secret: str) -> None:
        await self._recursion(secret)

    async def _memory(self, secret: str) -> None:
        raise MemoryError(secret)
