"""The part of the conformance suite about what must not leak: secrets, and one account into another."""

from __future__ import annotations

import logging
import sys
from types import FunctionType, ModuleType
from typing import Any

import pytest

from socialdesk.connectors.contract import Connector, ConnectorError
from socialdesk.connectors.standin import Network, Trouble, a_reply, asked, needs, read, understood

HOSTS_OWN = ("httpx", "httpcore", "asyncio")
"""Who logs under the host's rules: the host silences or searches them."""


class IsolationSuite:
    """What a connector must keep to itself; part of ``testing.ConnectorSuite``."""

    @pytest.mark.parametrize(
        "trouble", [Trouble.SIGNED_OUT, Trouble.LIMITED, Trouble.BROKEN, Trouble.GARBLED, Trouble.UNREACHABLE]
    )
    async def test_secrets_are_never_told(
        self, network: Network, connector: Connector, trouble: Trouble, caplog: pytest.LogCaptureFixture
    ) -> None:
        """No password and no token is in an error, its causes, the log or the connector's ``repr``."""
        needs(network, trouble)
        caplog.set_level(logging.DEBUG)
        outgoing = await a_reply(network, connector, "Gracias")
        secrets = list(network.secrets)
        network.trouble(trouble)
        shown = repr(connector) + repr(vars(connector))
        for call in (connector.fetch(""), connector.send(outgoing)):
            with pytest.raises(ConnectorError) as told:
                await call
            shown += _all_of(told.value)
        shown += "".join(_logged(record) for record in caplog.records if not _is_hosts(record))
        assert not [secret for secret in [*secrets, *network.secrets] if secret and secret in shown]

    async def test_messages_hold_no_secret(self, network: Network, connector: Connector) -> None:
        """What is stored and shown is the customer's: no token in payloads, addresses or what ``send`` needs."""
        network.arrive("¿Hola?")
        raws, cursor = await read(connector)
        shown = repr(raws) + cursor + repr(understood(connector, raws))
        assert not [secret for secret in network.secrets if secret and secret in shown]

    async def test_nothing_changes_at_the_level_of_modules(
        self, network: Network, connector: Connector
    ) -> None:
        """All that a connector knows is in itself: reading and sending leave its modules and classes as they were."""
        await connector.check()
        before = _globals_of(type(connector))
        await connector.send(await a_reply(network, connector, "Gracias"))
        await read(connector)
        after = _globals_of(type(connector))
        assert {name: after[name] for name in before} == before

    async def test_two_accounts_do_not_mix(self, network: Network, connector: Connector) -> None:
        """Two connectors in one process, in turns: each has its own customers and its own replies."""
        second = network.another()
        if second is None:
            pytest.skip("there is one account only on this network")
        other = second.connector()
        try:
            assert (await asked(second, other, "para la otra")).text == "para la otra"
            await connector.send(await a_reply(network, connector, "de esta"))
            await other.send(await a_reply(second, other, "de la otra"))
            assert (network.sent(), second.sent()) == (["de esta"], ["de la otra"])
            raws, _ = await read(connector)
            assert "para la otra" not in [item.text for item in understood(connector, raws)]
        finally:
            await other.aclose()
            await second.aclose()


def _all_of(error: BaseException | None) -> str:
    shown = ""
    while error is not None:
        shown += repr(error) + str(error) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return shown


def _logged(record: logging.LogRecord) -> str:
    return record.getMessage() + _all_of(record.exc_info[1] if record.exc_info else None)


def _is_hosts(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in HOSTS_OWN


def _globals_of(kind: type[Connector]) -> dict[str, str]:
    """Return what stands in the modules and classes of a connector's package, as text."""
    room = kind.__module__ if "." not in kind.__module__ else kind.__module__.rpartition(".")[0]
    found: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        if name == kind.__module__ or (name + ".").startswith(room + "."):
            found |= {f"{name}.{key}": _seen(value) for key, value in vars(module).items() if _is_ours(key)}
    return found


def _is_ours(key: str) -> bool:
    return not key.startswith("__") and key != "_abc_impl"


def _seen(value: Any) -> str:
    """Return a value as text: classes by what is in them, code and modules by their names."""
    if isinstance(value, type):
        inside = {k: v for k, v in vars(value).items() if _is_ours(k) and not callable(v)}
        return f"{value.__name__} {inside!r}"
    if isinstance(value, FunctionType | ModuleType):
        return value.__name__
    return repr(value)
