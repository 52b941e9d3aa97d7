"""The part of the conformance suite about what a connector may have and need not: each is tried where it is declared."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

import pytest

from socialdesk.connectors.contract import (
    Act,
    AuthRequired,
    Connector,
    Item,
    OutcomeUnknown,
    Raw,
    Rejected,
    Temporary,
)
from socialdesk.connectors.standin import (
    Network,
    Trouble,
    asked,
    latest,
    needs,
    read,
    understood,
    well_formed,
)

PATIENCE = 5.0
"""Seconds after which news that did not come will not come: a test fails then, and none waits for it otherwise."""
ONCE = (Act.REPORT, Act.SPAM)
"""What the host never repeats."""
FILE = bytes(range(256)) * 8


class OptionalSuite:
    """Listening, changes, acts, attachments and sign-in; part of ``testing.ConnectorSuite``."""

    # Listening -------------------------------------------------------------------

    async def test_it_listens(self, network: Network, connector: Connector) -> None:
        """News is told as soon as it listens, and again for what arrives; to be told to stop is to stop."""
        _needs(connector.limits(connector.host.options).push, "listen")
        _, cursor = await read(connector)
        told = asyncio.Event()
        listening = asyncio.ensure_future(connector.listen(told.set))
        try:
            for text in ("uno", "dos"):
                await _first(told.wait(), listening)
                told.clear()
                network.arrive(text)
            await _first(told.wait(), listening)
            raws, _ = await read(connector, cursor)  # while it listens
        finally:
            await _end(listening)
        assert {"uno", "dos"} <= {item.text for item in understood(connector, raws)}

    async def test_listening_ends_with_its_connection(self, network: Network, connector: Connector) -> None:
        """It returns or raises a named trouble, and can be begun again."""
        _needs(connector.limits(connector.host.options).push, "listen")
        for _ in range(2):
            told = asyncio.Event()
            listening = asyncio.ensure_future(connector.listen(told.set))
            try:
                await _first(told.wait(), listening)
                if not network.hang_up():
                    pytest.skip("nobody hangs up on this network")
                with contextlib.suppress(Temporary):
                    await asyncio.wait_for(asyncio.shield(listening), PATIENCE)
            finally:
                await _end(listening)

    # Changes ---------------------------------------------------------------------

    async def test_an_edit_is_noticed(self, network: Network, connector: Connector) -> None:
        """The same message with other words: by ``revisit`` where it is declared, else by ``fetch``."""
        known, cursor = await _known(network, connector)
        network.clock.moment = network.clock.moment.replace(second=59)
        if not network.edit("¿Hola, hay alguien?"):
            pytest.skip("nobody edits on this network")
        before = {item.id for item in understood(connector, known)}
        items = understood(connector, await _changed(connector, known, cursor))
        (edited,) = [item for item in items if item.text == "¿Hola, hay alguien?"]
        well_formed(edited)
        assert edited.id in before, "an edit is the same message"

    async def test_a_deletion_is_noticed(self, network: Network, connector: Connector) -> None:
        """The message is said to be deleted, under the same id."""
        known, cursor = await _known(network, connector)
        if not network.delete():
            pytest.skip("nobody deletes on this network")
        before = {item.id for item in understood(connector, known) if item.text == "¿Hola?"}
        items = understood(connector, await _changed(connector, known, cursor))
        assert before & {item.id for item in items if item.deleted}

    async def test_what_did_not_change_is_not_given_again(
        self, network: Network, connector: Connector
    ) -> None:
        """Looking again, a hundred messages at a time, at what is as it was."""
        _needs(connector.limits(connector.host.options).revisit, "revisit")
        for number in range(100):
            network.arrive(f"mensaje número {number}")
        raws, _ = await read(connector)
        assert list(await connector.revisit(raws[-100:])) == []

    # Acts ------------------------------------------------------------------------

    @pytest.mark.parametrize("act", list(Act))
    async def test_an_act_is_done_once(self, network: Network, connector: Connector, act: Act) -> None:
        """However often it is asked for; and taken back likewise."""
        able, item = connector.limits(connector.host.options), await _to_act_on(network, connector, act)
        for _ in range(1 if act in ONCE else 2):
            await connector.act(act, item.remote)
            assert network.acted() == [act]
        for _ in range(2 if act in able.undoable else 0):
            await connector.act(act, item.remote, undo=True)
            assert network.acted() == []

    @pytest.mark.parametrize("act", [act for act in Act if act not in ONCE])
    async def test_an_act_may_be_repeated(self, network: Network, connector: Connector, act: Act) -> None:
        """After an answer was lost the same call again changes nothing more."""
        needs(network, Trouble.LOST_ANSWER)
        item = await _to_act_on(network, connector, act)
        network.trouble(Trouble.LOST_ANSWER)
        with contextlib.suppress(OutcomeUnknown, Temporary):
            await connector.act(act, item.remote)
        network.trouble(None)
        await connector.act(act, item.remote)
        assert network.acted() == [act]

    # Attachments -----------------------------------------------------------------

    async def test_an_attachment_is_fetched(self, network: Network, connector: Connector) -> None:
        """To the byte, by what the message says of it; a message that cannot be asked for more says nothing."""
        _needs(connector.limits(connector.host.options).downloads, "download")
        remote = await _attached(network, connector)
        assert await connector.download(remote, len(FILE)) == FILE

    async def test_what_is_too_large_is_refused(self, network: Network, connector: Connector) -> None:
        """One byte more than wanted is too much, whatever the network said of the size."""
        _needs(connector.limits(connector.host.options).downloads, "download")
        remote = await _attached(network, connector)
        with pytest.raises(Rejected) as refused:
            await connector.download(remote, len(FILE) - 1)
        assert refused.value.code == "too_large"

    # Sign-in ---------------------------------------------------------------------

    async def test_it_signs_in_by_a_conversation(self, network: Network, connector: Connector) -> None:
        """What it got are secrets that it has settings for, none of which is asked for otherwise."""
        person = network.person() if connector.signs_in else None
        _needs(person, "sign_in")
        assert person is not None
        secrets = {setting.name for setting in connector.settings if setting.secret}
        assert not [setting for setting in connector.settings if setting.secret and setting.required]
        got = await connector.sign_in(person)
        assert got and set(got) <= secrets and all(isinstance(one, str) and one for one in got.values())
        said = repr(getattr(person, "told", ""))
        assert not [one for one in got.values() if one in said], "a secret is never shown"

    async def test_a_wrong_answer_does_not_sign_in(self, network: Network, connector: Connector) -> None:
        """And the reason is the network's."""
        person = network.person(honest=False) if connector.signs_in else None
        _needs(person, "sign_in")
        assert person is not None
        with pytest.raises(AuthRequired):
            await connector.sign_in(person)


def _needs(declared: object, what: str) -> None:
    if not declared:
        pytest.skip(f"this connector does not {what}")


async def _first(waiting: object, listening: asyncio.Future[None]) -> None:
    """Wait for the news, unless listening ends before or nothing is told."""
    news = asyncio.ensure_future(waiting)  # type: ignore[call-overload]
    try:
        await asyncio.wait({news, listening}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            listening.result()
        assert news.done(), "no news was told"
    finally:
        news.cancel()


async def _end(listening: asyncio.Future[None]) -> None:
    listening.cancel()
    done, _ = await asyncio.wait({listening}, timeout=PATIENCE)
    assert done, "listening does not end when it is cancelled"
    with contextlib.suppress(asyncio.CancelledError):
        listening.exception()


async def _known(network: Network, connector: Connector) -> tuple[list[Raw], str]:
    network.arrive("¿Hola?")
    return await read(connector)


async def _changed(connector: Connector, known: list[Raw], cursor: str) -> list[Raw]:
    """Return what the engine would learn of changes."""
    found, _ = await read(connector, cursor)
    if connector.limits(connector.host.options).revisit is not None:
        for _ in range(2):  # one look that finds nothing may be the network's own trouble
            found += await connector.revisit(known[-100:])
    assert {raw.id for raw in found} & {raw.id for raw in known}, "a change has the id of what it changes"
    return found


async def _to_act_on(network: Network, connector: Connector, act: Act) -> Item:
    if act not in connector.limits(connector.host.options).acts:
        pytest.skip(f"this connector does not {act}")
    item = await asked(network, connector)
    if network.acted() is None:
        pytest.skip("nobody can tell what was done on this network")
    return item


async def _attached(network: Network, connector: Connector) -> Mapping[str, str]:
    if not network.attach("la [foto] \x1b[2J.png", FILE):
        pytest.skip("nobody sends files on this network")
    raws, _ = await read(connector)
    item = latest(understood(connector, raws))
    well_formed(item)
    (one,) = [one for one in item.attachments if one.remote]
    return one.remote
