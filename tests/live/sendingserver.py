"""The sending server of the live tests, as a process of its own: takes letters with a password and hands them to LMTP.

    python sendingserver.py PORT LMTP_PORT FOLDER DOMAIN

Each letter taken lies in FOLDER/taken, its envelope in the first line; while FOLDER/loses exists, one answer to a
letter that was taken is lost and the file removed. The password is that of FOLDER/password.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import signal
import smtplib
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Takes:
    """What the server does with a letter."""

    def __init__(self, lmtp: int, folder: Path, domain: str) -> None:
        self._lmtp, self._folder, self._domain = lmtp, folder, domain
        self._numbers = itertools.count(1)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuse the one who does not exist."""
        if address == f"nadie@{self._domain}":
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep it, and bring it to those who live here."""
        line = json.dumps([envelope.mail_from, envelope.rcpt_tos]).encode()
        path = self._folder / "taken" / f"{next(self._numbers):06}"
        path.with_suffix(".new").write_bytes(line + b"\n" + envelope.content)
        path.with_suffix(".new").rename(path)
        here = [address for address in envelope.rcpt_tos if address.endswith(f"@{self._domain}")]
        if here:
            await asyncio.to_thread(self._deliver, envelope.mail_from, here, envelope.content)
        loses = self._folder / "loses"
        if loses.exists():
            loses.unlink()
            server.transport.abort()
        return "250 2.0.0 Taken"

    def _deliver(self, sender: str, to: list[str], source: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self._lmtp) as lmtp:
            lmtp.sendmail(sender, to, source)


def main(port: str, lmtp: str, folder: str, domain: str) -> None:
    """Serve until told to stop."""
    password = (Path(folder) / "password").read_bytes()

    def who(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == password
        return AuthResult(success=right, handled=False)

    controller = Controller(
        Takes(int(lmtp), Path(folder), domain),
        hostname="127.0.0.1",
        port=int(port),
        authenticator=who,
        auth_required=True,
        auth_require_tls=False,
        decode_data=False,
    )
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(*sys.argv[1:])
