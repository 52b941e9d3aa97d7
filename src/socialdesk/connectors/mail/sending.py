"""Answers leave by SMTP, under an id of ours that was fixed before the first attempt, and a copy goes to Sent.

What the server says after the letter's final dot is definite. Where it says nothing, Sent is asked, if the provider
puts a copy there by itself; elsewhere a copy is there only when we have put it, so nobody can know, and a person is asked.
"""

from __future__ import annotations

import contextlib
import logging
import re
import ssl
from typing import TYPE_CHECKING, Any

from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Count,
    Host,
    Limit,
    OutcomeUnknown,
    Outgoing,
    RateLimited,
    Receipt,
    Rejected,
    Temporary,
    measure,
)
from socialdesk.connectors.mail import composing
from socialdesk.connectors.mail.access import Access, Pass
from socialdesk.connectors.mail.post import connect, sent_folder
from socialdesk.connectors.mail.servers import Security, Server, provider
from socialdesk.connectors.mail.threads import key

if TYPE_CHECKING:
    from aiosmtplib import SMTP

_log = logging.getLogger("socialdesk.connectors.mail")
LIMIT = Limit(50_000, Count.CODE_POINTS)
_PATIENCE, _COPY_PATIENCE, _FAREWELL = 25.0, 12.0, 2.0
_SLOWER = re.compile(
    r"\b[45]\.4\.5\b|\b4\.7\.(?:0|28|500)\b|too many|rate|quota|limit|throttl|try again later", re.I
)


class Sender:
    """Sends one account's answers."""

    def __init__(self, host: Host, access: Access) -> None:
        self._host = host
        self._access = access

    @property
    def me(self) -> str:
        """The account's address."""
        return self._host.options.get("address", "").strip()

    @property
    def keeps_sent(self) -> bool:
        """Whether the provider puts a copy of what it takes into Sent."""
        typed = self._host.options.get("keeps_sent", "").strip().lower()
        return typed in ("yes", "true", "1") if typed else provider(self._host.options).keeps_sent

    async def check(self) -> None:
        """Sign in to the sending server."""
        async with self._open():
            pass

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send a letter, once."""
        length = measure(outgoing.text, LIMIT.count)
        if length > LIMIT.size:
            raise Rejected(f"{length} > {LIMIT.size}", code="too_long")
        source = composing.letter(outgoing, self.me, self._host.options.get("sender", ""))
        async with self._open() as smtp:
            await _step(smtp.mail(self.me))
            await _step(smtp.rcpt(outgoing.reply_to["to"]))
            await _hand_over(smtp, source)
            with contextlib.suppress(Exception):  # a farewell; the answer has left already
                await smtp.quit(timeout=_FAREWELL)
        if not self.keeps_sent:
            await self._copy(outgoing, source)
        return self._receipt(outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look into Sent for the letter with that id."""
        from socialdesk.connectors.mail.letters import Folder

        wire = await connect(self._host, self._access)
        try:
            sent = await wire.call(sent_folder, wire.client, self._host.options)
            if not sent:
                raise Temporary("there is no folder for what was sent", code="no_sent_folder")
            wanted = composing.message_id(outgoing.key, self.me)
            found = await wire.call(lambda: Folder(wire.client, sent).has(wanted))
        finally:
            wire.close()
        return self._receipt(outgoing) if found else None

    def _receipt(self, outgoing: Outgoing) -> Receipt:
        own = composing.message_id(outgoing.key, self.me)
        remote = {
            **outgoing.reply_to,
            "message_id": own,
            "references": " ".join([*composing.chain(outgoing), own]),
        }
        root = next(iter(composing.chain(outgoing)), own)
        return Receipt(
            composing.identity(outgoing, self.me),
            at=outgoing.at,
            conversation=key(root, outgoing.reply_to["to"].lower()),
            remote=remote,
        )

    async def _copy(self, outgoing: Outgoing, source: bytes) -> None:
        """Put a copy into Sent; the answer has left, so trouble here is only told to the log."""
        from socialdesk.connectors.mail.letters import Folder

        def put(client: Any) -> None:
            sent = sent_folder(client, self._host.options)
            if sent and not Folder(client, sent).has(composing.message_id(outgoing.key, self.me)):
                client.append(sent, source, ("\\Seen",), outgoing.at)

        with contextlib.suppress(TimeoutError):
            try:
                wire = await connect(self._host, self._access)
            except ConnectorError as error:
                _log.warning("%s: no copy was put into Sent: %s", self._host.account, error.code)
                return
            try:
                await wire.call(put, wire.client, patience=_COPY_PATIENCE)
            except ConnectorError as error:
                _log.warning("%s: no copy was put into Sent: %s", self._host.account, error.code)
            finally:
                wire.close()

    @contextlib.asynccontextmanager
    async def _open(self) -> Any:
        """Give a connection that is signed in."""
        server = provider(self._host.options).smtp
        if server is None:
            raise Rejected(code="server_unknown")
        given = await self._access.get()
        try:
            smtp = await self._signed_in(server, given)
        except AuthRequired:
            if not given.token:
                raise
            await self._access.refused()
            smtp = await self._signed_in(server, await self._access.get())
        try:
            yield smtp
        finally:
            smtp.close()

    async def _signed_in(self, server: Server, given: Pass) -> SMTP:
        from aiosmtplib import SMTP

        sock = await self._host.dial(server.host, server.port)
        smtp = SMTP(
            hostname=server.host,  # whose certificate is asked for
            sock=sock,
            use_tls=server.security is Security.TLS,
            start_tls=False,
            tls_context=ssl.create_default_context(),
            local_hostname="[127.0.0.1]",
            timeout=_PATIENCE,
        )
        try:
            await _step(smtp.connect())
            if server.security is Security.STARTTLS:
                await _step(smtp.starttls(server_hostname=server.host))
            await _sign_in(smtp, given)
        except BaseException:
            smtp.close()
            sock.close()
            raise
        return smtp


async def _sign_in(smtp: SMTP, given: Pass) -> None:
    if given.token:
        await _step(smtp.auth_xoauth2(given.user, given.secret))
    else:
        await _step(smtp.login(given.user, given.secret))


async def _hand_over(smtp: SMTP, source: bytes) -> None:
    """Hand over the letter itself: from here on, silence says nothing."""
    from aiosmtplib.errors import SMTPException, SMTPResponseException

    try:
        await smtp.data(source)
    except SMTPResponseException as error:
        if not 400 <= error.code < 600:
            raise OutcomeUnknown(f"{error.code}") from error
        raise translated(error) from error
    except (SMTPException, OSError) as error:
        raise OutcomeUnknown(type(error).__name__) from error


async def _step(awaited: Any) -> None:
    from aiosmtplib.errors import SMTPException

    try:
        await awaited
    except (SMTPException, OSError, ValueError) as error:
        raise translated(error) from error


def translated(error: Exception) -> ConnectorError:
    """Return what went wrong before anything was handed over, or a definite refusal, in the contract's terms."""
    from aiosmtplib.errors import (
        SMTPAuthenticationError,
        SMTPConnectError,
        SMTPConnectResponseError,
        SMTPRecipientRefused,
        SMTPResponseException,
        SMTPServerDisconnected,
    )

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Temporary(cause.verify_message, code="bad_certificate")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, SMTPResponseException) and 400 <= error.code < 600:
        words = f"{error.code} {error.message}".replace("\n", " ")[:300]
        if _SLOWER.search(words) and (error.code < 500 or "5.4.5" in words):
            return RateLimited(words)
        if error.code in (530, 534, 535, 538) or (
            isinstance(error, SMTPAuthenticationError) and error.code >= 500
        ):
            return AuthRequired(words)
        if error.code < 500:
            return Temporary(words)
        return Rejected(
            words, code="recipient_refused" if isinstance(error, SMTPRecipientRefused) else "rejected"
        )
    if isinstance(error, TimeoutError):
        return Temporary(code="timeout")
    lost = isinstance(error, SMTPServerDisconnected | SMTPConnectError | OSError)
    if lost and not isinstance(error, SMTPConnectResponseError):
        return Temporary(type(error).__name__, code="offline")
    return Temporary(type(error).__name__, code="bad_answer")
