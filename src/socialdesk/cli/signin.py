"""Trying an account's sign-in, and keeping its secrets where the person wants them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from socialdesk import discretion, logs
from socialdesk.cli import keeping
from socialdesk.cli.context import Context
from socialdesk.cli.output import flowing
from socialdesk.connectors import registry
from socialdesk.domain.models import Account, AccountState
from socialdesk.errors import ConnectorError, PluginError, Refused, SecretError
from socialdesk.i18n import _
from socialdesk.secrets import Secrets
from socialdesk.wording import Explanation, explain

if TYPE_CHECKING:
    from socialdesk.connectors.contract import Identity
    from socialdesk.storage.standing import Enrolled
    from socialdesk.sync.opening import Opened

T = TypeVar("T")
LIMIT = 60.0
"""Seconds that a sign-in may take."""
FETCH_LIMIT = 300.0
"""Seconds that an attachment may take."""


@dataclass(frozen=True, slots=True)
class Given:
    """A secret as the person gave it: its value, and where it lives unless it was typed."""

    value: str = field(repr=False)
    reference: str = ""


class _Typed(Secrets):
    """Secrets that are not kept yet; their references are the settings' names."""

    def __init__(self, given: Mapping[str, Given]) -> None:
        super().__init__(Path())
        self._given = given

    def read(self, reference: str) -> str:
        """Return what was given; a network that repeats it is not believed to do so on purpose."""
        value = self._given[reference].value
        logs.hide(value)
        return value


def converse(context: Context, connector: str, options: Mapping[str, str]) -> dict[str, Given]:
    """Let the connector get its secrets in a conversation with the person. Raises ``ConnectorError``."""
    from socialdesk.cli.dialog import TerminalDialog

    async def talk(opened: Opened) -> Mapping[str, str]:
        return await opened.connector.sign_in(TerminalDialog())

    with TemporaryDirectory() as folder:
        enrolled = _enrolled(connector, options, {})
        got = asyncio.run(_with(context, enrolled, _Typed({}), Path(folder), talk, None))
    for value in got.values():
        logs.hide(value)
    return {name: Given(value) for name, value in got.items()}


def try_out(
    context: Context, connector: str, options: Mapping[str, str], given: Mapping[str, Given]
) -> Identity:
    """Sign in once with what was given, keeping nothing. Raises ``ConnectorError``."""
    sys.stderr.write(_("Signing in...") + "\n")
    with TemporaryDirectory() as folder:
        return asyncio.run(_check(context, _enrolled(connector, options, given), _Typed(given), Path(folder)))


def _enrolled(connector: str, options: Mapping[str, str], given: Mapping[str, Given]) -> Enrolled:
    """Return an account that is not on the desk yet."""
    from socialdesk.storage.standing import Enrolled

    discretion.begin()
    account = Account(
        id=0,
        connector=connector,
        channel=connector,
        name=connector,
        brand_id=0,
        brand="",
        handle="",
        options=options,
        state=AccountState.NEW,
        problem="",
        detail="",
        lacking=(),
        last_success_at=None,
        next_attempt_at=None,
        quarantined=0,
    )
    return Enrolled(account, "", {name: name for name in given}, paused=False, cursor="", failures=0)


def check_stored(context: Context, accounts: Sequence[Account]) -> list[tuple[Account, Explanation | None]]:
    """Sign in to accounts with their stored secrets; the explanation tells why one does not work."""
    from socialdesk.storage.standing import enrolled

    known = {entry.account.id: entry for entry in enrolled(context.database.read())}
    results: list[tuple[Account, Explanation | None]] = []
    for account in accounts:
        try:
            identity = asyncio.run(
                _check(context, known[account.id], context.secrets, context.paths.sessions)
            )
        except ConnectorError as error:
            results.append((account, explain(error.code, error.detail)))
        else:
            lacking = " ".join(str(explain(code)) for code in identity.lacking)
            results.append((account, None))
            if lacking:
                sys.stderr.write(f"{flowing(f'{account.name}: {lacking}')}\n")
    return results


def try_settings(context: Context, account: Account, options: Mapping[str, str]) -> None:
    """Sign in with what is stored and with other settings. Raises ``ConnectorError``, and ``Refused`` where that is somebody else.

    The session is the account's own: some networks take each renewal once, so that another one would sign the account out.
    """
    from socialdesk.storage.standing import enrolled

    known = next(one for one in enrolled(context.database.read()) if one.account.id == account.id)
    changed = replace(known, account=account._replace(options=options))
    identity = asyncio.run(_check(context, changed, context.secrets, context.paths.sessions))
    if known.remote_id and identity.remote_id != known.remote_id:
        raise Refused(code="other_account")


def fetched(context: Context, account: Account, remote: Mapping[str, str], most: int) -> bytes:
    """Return an attachment, fetched by its account's connector. Raises ``ConnectorError`` and ``Refused``."""
    from socialdesk.storage.standing import enrolled

    known = {entry.account.id: entry for entry in enrolled(context.database.read())}
    if account.id not in known:
        raise Refused(account.name, code="account_removed")

    async def fetch(opened: Opened) -> bytes:
        content = await opened.connector.download(remote, most)
        if not isinstance(content, bytes):
            raise PluginError("download returned no bytes")
        return content

    content = asyncio.run(
        _with(context, known[account.id], context.secrets, context.paths.sessions, fetch, FETCH_LIMIT)
    )
    if len(content) > most:
        raise Refused(code="too_large")
    return content


async def _check(context: Context, enrolled: Enrolled, secrets: Secrets, sessions: Path) -> Identity:
    """Return who the network says we are."""

    async def ask(opened: Opened) -> Identity:
        return await opened.connector.check()

    return await _with(context, enrolled, secrets, sessions, ask, LIMIT)


async def _with(
    context: Context,
    enrolled: Enrolled,
    secrets: Secrets,
    sessions: Path,
    action: Callable[[Opened], Awaitable[T]],
    limit: float | None,
) -> T:
    """Open the account's connector for one action; whatever goes wrong becomes a ``ConnectorError``."""
    from socialdesk.sync import trouble
    from socialdesk.sync.opening import Opener

    opener = Opener(registry.load, secrets, sessions, context.clock, context.config)
    try:
        async with asyncio.timeout(limit):
            opened = await opener.open(enrolled)
            try:
                return await action(opened)
            finally:
                await opened.aclose()
    except Refused:
        raise
    except Exception as error:
        found = trouble.of_account(error)
        raise ConnectorError(found.detail, code=found.code) from error


@contextmanager
def kept(context: Context, given: Mapping[str, Given]) -> Iterator[dict[str, str]]:
    """Keep the typed secrets and give all references; forgets them again where what follows fails."""
    references: dict[str, str] = {}
    try:
        for name, secret in given.items():
            references[name] = secret.reference or keeping.keep(context.secrets, secret.value)
        yield references
    except BaseException:
        forget(context, references)
        raise


def forget(context: Context, references: Mapping[str, str]) -> None:
    """Delete what we keep of these; a keyring that is mute now keeps a secret that nothing names any more."""
    for reference in references.values():
        with suppress(SecretError):
            context.secrets.forget(reference)


def references_of(context: Context, account: Account) -> Mapping[str, str]:
    """Return where the account's secrets live."""
    from socialdesk.storage.standing import enrolled

    for entry in enrolled(context.database.read()):
        if entry.account.id == account.id:
            return entry.secrets
    return {}
