"""The part of the conformance suite about answers of another shape than expected: trouble of the network's, never a fault."""

from __future__ import annotations

import copy
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any

import httpx
import pytest

from socialdesk.connectors.contract import (
    AuthRequired,
    Connector,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.standin import Network, a_reply, read

ODD: tuple[Any, ...] = (
    *(None, True, 7, -1, 1.5, 10**30, "", "x", "\x00", "a" * 300, [], {}, [None], [[]], {"x": 7}, "://"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
)
"""What stands in place of something else."""
NAMED = (AuthRequired, RateLimited, Temporary, Rejected, OutcomeUnknown)
"""What a call may raise; anything else is called a fault of the connector's, and pauses its account."""
NONSENSE = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
ROUNDS = 30


def spoilt(random: Random, answer: Any) -> Any:
    """Return an answer (JSON) in which something is missing, or something else."""
    answer = copy.deepcopy(answer)
    places = list(_places(answer))
    if not places:
        return random.choice(ODD)
    holder, key = random.choice(places)
    if random.random() < 0.25:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(random.choice(ODD))
    return answer


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


class Spoiling:
    """Stands between a connector and its network; ``done`` counts the answers that it changed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.done = 0

    def answers_to(self, connector: Connector) -> None:
        """Change each answer in JSON that the connector gets from now on."""
        client: object = connector.host.http  # a network without HTTP may have given anything
        if not isinstance(client, httpx.AsyncClient):
            return
        send = client.send

        async def spoiling(request: httpx.Request, **how: Any) -> httpx.Response:
            try:
                return await self._changed(await send(request, **how), request)
            except NONSENSE as error:  # a strict stand-in's word on what it was asked for
                return httpx.Response(400, json={"error": str(error)}, request=request)

        vars(client).update(send=spoiling)

    async def _changed(self, answer: httpx.Response, request: httpx.Request) -> httpx.Response:
        if "json" not in answer.headers.get("content-type", ""):
            return answer
        self.done += 1
        await answer.aread()
        other = spoilt(self._random, answer.json())
        return httpx.Response(answer.status_code, json=other, request=request)


class SpoiltSuite:
    """What a connector must do when a network changes its answers overnight; part of ``testing.ConnectorSuite``."""

    @pytest.mark.parametrize("seed", range(4))
    async def test_an_answer_of_another_shape_is_no_fault(
        self, network: Network, connector: Connector, seed: int
    ) -> None:
        """It is misunderstood, or it is trouble by its name: nothing that pauses the account until somebody mends the plugin."""
        network.arrive("¿Hola?")
        known, cursor = await read(connector)
        outgoing = await a_reply(network, connector, "Gracias")
        spoiling = Spoiling(Random(seed))
        spoiling.answers_to(connector)
        calls: list[Callable[[], Coroutine[Any, Any, Any]]] = [
            connector.check,
            partial(connector.fetch, ""),
            partial(connector.fetch, cursor),
            partial(connector.send, outgoing),
        ]
        if connector.limits(connector.host.options).revisit is not None:
            calls.append(partial(connector.revisit, known[-100:]))
        for _ in range(ROUNDS):
            for call in calls:
                with suppress(*NAMED):
                    await call()
        if not spoiling.done:
            pytest.skip("this connector asks for no JSON over HTTP")
