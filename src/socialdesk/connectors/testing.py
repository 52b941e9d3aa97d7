"""The conformance suite: what every connector must do, for authors of connectors to run on theirs.

    from socialdesk.connectors.testing import ConnectorSuite, Network

    class TestMine(ConnectorSuite):
        @pytest.fixture
        def network(self) -> Network:
            return MyNetwork()

``MyNetwork`` is a stand-in for the real network: customers write on it, it fails when told to, and it says which
replies it has. It need not speak HTTP. Needs pytest and its anyio plugin, nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from socialdesk.connectors.cancellingtests import CancellingSuite
from socialdesk.connectors.contenttests import ContentSuite
from socialdesk.connectors.contract import (
    CONTRACT,
    AuthRequired,
    Capabilities,
    Connector,
    ConnectorError,
    Direction,
    OutcomeUnknown,
    Proof,
    RateLimited,
    Rejected,
    Temporary,
    measure,
)
from socialdesk.connectors.hoststests import HostsSuite
from socialdesk.connectors.isolationtests import IsolationSuite
from socialdesk.connectors.noticetests import NoticeSuite
from socialdesk.connectors.optionaltests import OptionalSuite
from socialdesk.connectors.spoilttests import SpoiltSuite
from socialdesk.connectors.standin import (
    Network,
    Person,
    Trouble,
    a_reply,
    needs,
    nothing_arrives,
    read,
    stored,
    understood,
    well_formed,
    well_known,
)
from socialdesk.domain.counting import excess_at

__all__ = [
    "ConnectorSuite",
    "Network",
    "Person",
    "Trouble",
    "a_reply",
    "nothing_arrives",
    "read",
    "stored",
    "understood",
    "well_formed",
]


class ConnectorSuite(
    ContentSuite, CancellingSuite, HostsSuite, IsolationSuite, SpoiltSuite, OptionalSuite, NoticeSuite
):
    """Subclass it and give a ``network`` fixture."""

    pytestmark: ClassVar[list[pytest.MarkDecorator]] = [pytest.mark.anyio]
    many: ClassVar[int] = 250
    """How many messages arrive in the tests of paging: more than two of the network's pages."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Connectors run on asyncio."""
        return "asyncio"

    @pytest.fixture
    async def connector(self, network: Network) -> AsyncIterator[Connector]:
        """The connector under test."""
        connector = network.connector()
        yield connector
        await connector.aclose()
        await network.aclose()

    # What it says of itself ------------------------------------------------------

    async def test_it_declares_itself(self, connector: Connector) -> None:
        """Version, name, label, capabilities and settings are there and of the right kind."""
        assert connector.contract == CONTRACT
        assert connector.name.isidentifier() and connector.label
        assert isinstance(connector.capabilities, Capabilities)
        assert isinstance(connector.limits(connector.host.options), Capabilities)
        assert connector.capabilities.poll >= timedelta(seconds=1)
        names = [setting.name for setting in connector.settings]
        assert len(names) == len(set(names))

    async def test_check_says_who_we_are(self, connector: Connector) -> None:
        """The account has an id and a handle."""
        well_known(await connector.check())

    # Receiving -------------------------------------------------------------------

    async def test_nothing_is_lost_in_paging(self, network: Network, connector: Connector) -> None:
        """Every message arrives, whatever the size of a page, and is fit to be stored."""
        texts = [f"mensaje número {number}" for number in range(self.many)]
        for text in texts:
            network.arrive(text)
        raws, _ = await read(connector)
        items = understood(connector, raws)
        assert {item.text for item in items} >= set(texts)
        assert len({item.id for item in items if item.text in texts}) == len(texts)
        for item in items:
            well_formed(item)

    async def test_nothing_is_lost_between_visits(self, network: Network, connector: Connector) -> None:
        """What arrives after the first visit is all there at the next."""
        network.arrive("el primero")
        _, cursor = await read(connector)
        texts = [f"mensaje número {number}" for number in range(self.many)]
        for text in texts:
            network.arrive(text)
        raws, _ = await read(connector, cursor)
        assert {item.text for item in understood(connector, raws)} >= set(texts)

    async def test_a_replay_gives_the_same(self, network: Network, connector: Connector) -> None:
        """The same cursor again gives the same ids, payloads and messages, so that storing twice changes nothing."""
        for number in range(10):
            network.arrive(f"mensaje número {number}")
        first, _ = await read(connector)
        again, _ = await read(connector)
        assert {raw.id: raw.payload for raw in again} == {raw.id: raw.payload for raw in first}
        assert understood(connector, again) == understood(connector, first)

    async def test_a_cursor_is_not_used_up(self, network: Network, connector: Connector) -> None:
        """A page that was not stored comes again with the cursor before it."""
        _, cursor = await read(connector)
        network.arrive("¿Hola?")
        for _ in range(2):
            raws, _ = await read(connector, cursor)
            assert "¿Hola?" in [item.text for item in understood(connector, raws)]

    async def test_a_cursor_survives_a_restart(self, network: Network, connector: Connector) -> None:
        """Another process goes on from the stored cursor."""
        network.arrive("antes")
        _, cursor = await read(connector)
        network.arrive("después")
        raws, _ = await read(network.connector(), cursor)
        assert "después" in [item.text for item in understood(connector, raws)]

    async def test_one_bad_item_spoils_only_itself(self, network: Network, connector: Connector) -> None:
        """What cannot be understood comes through ``fetch`` and fails alone, in ``parse``."""
        _, cursor = await read(connector)
        network.arrive("antes")
        if not network.poison():
            pytest.skip("nothing incomprehensible can arrive on this network")
        network.arrive("después")
        raws, _ = await read(connector, cursor)
        good, bad = [], 0
        for raw in raws:
            try:
                good += [item.text for item in connector.parse(stored(raw))]
            except Exception:
                bad += 1
        assert bad == 1
        assert {"antes", "después"} <= set(good)

    async def test_parse_is_pure(self, network: Network, connector: Connector) -> None:
        """Payloads are understood later, from storage, without the network."""
        network.arrive("¿Hola?")
        raws, _ = await read(connector)
        expected = understood(connector, raws)
        if Trouble.UNREACHABLE in network.troubles:
            network.trouble(Trouble.UNREACHABLE)
        assert understood(network.connector(), raws) == expected

    # Sending ---------------------------------------------------------------------

    async def test_a_reply_arrives_once(self, network: Network, connector: Connector) -> None:
        """It is on the network, and reading it back gives the receipt's id, as ours."""
        outgoing = await a_reply(network, connector, "Sí, hasta las 20 h")
        receipt = await connector.send(outgoing)
        assert receipt.id
        assert network.sent() == ["Sí, hasta las 20 h"]
        raws, _ = await read(connector)
        back = [item for item in understood(connector, raws) if item.text == outgoing.text]
        assert [(item.id, item.direction, item.conversation) for item in back] in (
            [],
            [(receipt.id, Direction.OUT, outgoing.conversation)],
        )

    async def test_keys_differ(self, network: Network, connector: Connector) -> None:
        """Two replies of one moment have two keys: people do repeat themselves."""
        now = network.clock.now()
        assert len({connector.new_key(now) for _ in range(100)}) == 100

    async def test_the_limit_is_kept(self, network: Network, connector: Connector) -> None:
        """A text of exactly the limit leaves; one more is refused before anything does."""
        sample = await a_reply(network, connector, "")
        able = connector.limits(connector.host.options)
        limit = able.private_limit if sample.private else able.public_limit
        outgoing = await a_reply(network, connector, "a" * (limit.size + 1))
        with pytest.raises(Rejected) as refused:
            await connector.send(outgoing)
        assert refused.value.code == "too_long"
        assert network.sent() == []
        fits = "a" * limit.size
        assert measure(fits, limit.count) == limit.size
        await connector.send(await a_reply(network, connector, fits))
        assert network.sent() == [fits]

    async def test_the_longest_is_taken_whatever_it_is_made_of(
        self, network: Network, connector: Connector
    ) -> None:
        """Accents and emoji count as the connector declares: what fits leaves whole, one more does not."""
        sample = await a_reply(network, connector, "")
        able = connector.limits(connector.host.options)
        limit = able.private_limit if sample.private else able.public_limit
        endless = "ñ€👍🏽" * limit.size
        longest = endless[: excess_at(endless, limit)]
        await connector.send(await a_reply(network, connector, longest))
        assert network.sent() == [longest]
        with pytest.raises(Rejected):
            await connector.send(await a_reply(network, connector, longest + "ñ€👍🏽"))

    async def test_a_repeated_key_posts_once(self, network: Network, connector: Connector) -> None:
        """Where the key is the proof, sending the same again is harmless."""
        outgoing = await a_reply(network, connector, "Gracias")
        if connector.proof_for(outgoing) is not Proof.KEY:
            pytest.skip("this network has no keys")
        receipts = [await connector.send(outgoing) for _ in range(3)]
        assert len({receipt.id for receipt in receipts}) == 1
        assert network.sent() == ["Gracias"]

    async def test_the_same_words_twice_are_two_replies(self, network: Network, connector: Connector) -> None:
        """The key belongs to the attempt, not to the words."""
        for _ in range(2):
            await connector.send(await a_reply(network, connector, "Gracias"))
        assert network.sent() == ["Gracias", "Gracias"]

    @pytest.mark.parametrize("loss", [Trouble.LOST_ANSWER, Trouble.LOST_REQUEST])
    async def test_an_unknown_outcome_is_said_and_settled(
        self, network: Network, connector: Connector, loss: Trouble
    ) -> None:
        """The connector says that it does not know; its proof then leads to exactly one reply."""
        needs(network, loss)
        outgoing = await a_reply(network, connector, "Ya está resuelto")
        network.trouble(loss)
        with pytest.raises(OutcomeUnknown):
            await connector.send(outgoing)
        network.trouble(None)
        taken = loss is Trouble.LOST_ANSWER
        assert network.sent() == (["Ya está resuelto"] if taken else [])
        network.clock.moment += connector.capabilities.settle
        match network.connector().proof_for(outgoing):
            case Proof.KEY:
                assert (await connector.send(outgoing)).id
                assert network.sent() == ["Ya está resuelto"]
            case Proof.READ_BACK:
                assert (await connector.find_sent(outgoing) is not None) is taken

    # Trouble ---------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("trouble", "expected"),
        [
            (Trouble.SIGNED_OUT, AuthRequired),
            (Trouble.LIMITED, RateLimited),
            (Trouble.BROKEN, Temporary),
            (Trouble.GARBLED, Temporary),
            (Trouble.UNREACHABLE, Temporary),
        ],
    )
    async def test_trouble_has_its_name_and_passes(
        self, network: Network, connector: Connector, trouble: Trouble, expected: type[ConnectorError]
    ) -> None:
        """Each trouble is the right error on reading, loses nothing and is over when it is over."""
        needs(network, trouble)
        _, cursor = await read(connector)
        network.arrive("mientras tanto")
        network.trouble(trouble)
        with pytest.raises(expected) as told:
            await connector.fetch(cursor)
        if isinstance(told.value, RateLimited):
            _as_long_as_asked(told.value.until, network.limited_until())
        network.trouble(None)
        raws, _ = await read(connector, cursor)
        assert "mientras tanto" in [item.text for item in understood(connector, raws)]

    @pytest.mark.parametrize(
        ("trouble", "expected"),
        [
            (Trouble.SIGNED_OUT, (AuthRequired,)),
            (Trouble.LIMITED, (RateLimited,)),
            (Trouble.BROKEN, (Temporary, OutcomeUnknown)),
            (Trouble.GARBLED, (Temporary, OutcomeUnknown)),
            (Trouble.UNREACHABLE, (Temporary,)),
        ],
    )
    async def test_trouble_never_sends_in_secret(
        self,
        network: Network,
        connector: Connector,
        trouble: Trouble,
        expected: tuple[type[ConnectorError], ...],
    ) -> None:
        """Each trouble is the right error on sending, and nothing has left; later the same reply leaves."""
        needs(network, trouble)
        outgoing = await a_reply(network, connector, "Un momento")
        network.trouble(trouble)
        with pytest.raises(expected):
            await connector.send(outgoing)
        network.trouble(None)
        assert network.sent() == []
        await connector.send(outgoing)
        assert network.sent() == ["Un momento"]


def _as_long_as_asked(until: datetime | None, asked: datetime | None) -> None:
    """Assert that the network's own word on how long to wait was understood."""
    assert until is None or until.utcoffset() == timedelta(0), "times are aware and in UTC"
    if asked is not None:
        assert until is not None, "the network said until when"
        assert abs(until - asked) <= timedelta(seconds=2)
